/** `/users` (PROTOCOL F.4). */
import type { Operation } from "../core/channel.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { readUserItems, userAnswer } from "../wire/user.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { findPathFault, found, nothing, pathPart } from "./crm-endpoint.ts";
import { readList, readPage, readText } from "./query.ts";

const typeDefault = "AllUsers";

/** A page of users; `type=CurrentUser` is the caller alone. */
export async function listUsers({ engine, caller, query }: CrmCall): Promise<Result<CrmReply>> {
  const ids = readList(query, "ids", limits.recordIdsPerRequestMax);
  if (!ids.ok) return ids;
  const page = readPage(query);
  if (!page.ok) return page;
  const type = readText(query, "type") ?? typeDefault;
  const listed = await engine.run("users.list", { caller, type, ids: ids.value, page: page.value });
  if (!listed.ok) return listed;
  const { rows, hasMore } = listed.value;
  if (rows.length === 0) return nothing;
  const info = { per_page: page.value.perPage, count: rows.length, page: page.value.page, more_records: hasMore };
  return found({ users: rows, info });
}

export async function showUser({ engine, caller, params }: CrmCall): Promise<Result<CrmReply>> {
  const user = await engine.run("users.get", { caller, id: pathPart(params, "id") });
  return user.ok ? found({ users: [user.value] }) : user;
}

export function addUser(call: CrmCall): Promise<Result<CrmReply>> {
  return writeBody(call, "insert", null);
}

/** PUT with the `id` in the item. */
export function updateUsers(call: CrmCall): Promise<Result<CrmReply>> {
  return writeBody(call, "update", null);
}

export function updateUser(call: CrmCall): Promise<Result<CrmReply>> {
  return writeBody(call, "update", pathPart(call.params, "id"));
}

export function deactivateUser(call: CrmCall): Promise<Result<CrmReply>> {
  const id = pathPart(call.params, "id");
  return writeItems(call, { operation: "delete", items: [id], idInPath: id });
}

async function writeBody(call: CrmCall, operation: "insert" | "update", idInPath: string | null): Promise<Result<CrmReply>> {
  const body = await call.readJson();
  if (!body.ok) return body;
  const items = readUserItems(body.value);
  return items.ok ? writeItems(call, { operation, items: items.value, idInPath }) : items;
}

type Write = { readonly operation: Operation; readonly items: readonly unknown[]; readonly idInPath: string | null };

async function writeItems({ engine, caller, version, forgetSessions }: CrmCall, write: Write): Promise<Result<CrmReply>> {
  const written = await engine.run("users.write", { caller, ...write });
  if (write.operation !== "insert") forgetSessions();
  if (!written.ok) return written;
  const pathFault = findPathFault(written.value);
  return pathFault === null ? ok(userAnswer(written.value, write.operation, version)) : refuse(pathFault);
}
