/**
 * Related records (PROTOCOL F.1): `/{Module}/{id}/{list}`. The scope that a path needs is its module's; what a list shows needs that of
 * the module it is of as well, so that a scope for accounts reads no contacts.
 */
import type { RelationPath } from "../app/commands.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { listAnswer, recordAnswer } from "../wire/record-response.ts";
import { linkAnswer } from "../wire/related-response.ts";
import { type ScopeNeed, type ScopeOperation, allows } from "../wire/scopes.ts";
import { isModifiedSince, notModified, readModifiedSince } from "./conditional.ts";
import type { CrmCall, CrmReply, Params } from "./crm-endpoint.ts";
import { findPathFault, found, nothing, pathPart } from "./crm-endpoint.ts";
import { type ItemWrite, itemWrites } from "./item-writes.ts";
import { readFields, readListOrder } from "./list-params.ts";
import { moduleNeed } from "./module-scopes.ts";
import { readPage } from "./query.ts";

/** A note is written under its own scope, a link under that of the record that it is made from. */
export function relatedNeed(params: Params, operation: ScopeOperation): ScopeNeed {
  const list = pathPart(params, "list").toLowerCase();
  const isNote = operation !== "READ" && list === "notes";
  return moduleNeed(isNote ? list : pathPart(params, "module"), operation);
}

/** A page of the list; 204 when it has none, 304 when it has none that is newer than the caller's. */
export async function listRelated({ engine, caller, principal, version, params, query, headers }: CrmCall): Promise<Result<CrmReply>> {
  const fields = readFields(query, version);
  if (!fields.ok) return fields;
  const order = readListOrder(query);
  if (!order.ok) return order;
  const page = readPage(query);
  if (!page.ok) return page;
  const modifiedSince = readModifiedSince(headers["if-modified-since"]);
  const lists = { fields: fields.value, ...order.value, page: page.value, modifiedSince };
  const listed = await engine.run("related.list", { caller, path: pathOf(params), ...lists });
  if (!listed.ok) return listed;
  const { rows, hasMore, module } = listed.value;
  const hidden = findHidden(principal.scopes, module);
  if (hidden !== null) return refuse(hidden);
  if (rows.length === 0 && modifiedSince !== null) return notModified;
  return ok(listAnswer(rows, { version, page: page.value, hasMore, ...order.value }));
}

export async function showRelated({ engine, caller, principal, params, headers }: CrmCall): Promise<Result<CrmReply>> {
  const relatedId = pathPart(params, "relatedId");
  const record = await engine.run("related.get", { caller, path: pathOf(params), relatedId });
  if (!record.ok) return record;
  if (record.value === null) return nothing;
  const { row, modifiedAt, module } = record.value;
  const hidden = findHidden(principal.scopes, module);
  if (hidden !== null) return refuse(hidden);
  return isModifiedSince(modifiedAt, readModifiedSince(headers["if-modified-since"])) ? found({ data: [row] }) : notModified;
}

export const relatedWrites = itemWrites("relatedId", writeItems);

async function writeItems({ engine, caller, principal, version, params }: CrmCall, write: ItemWrite): Promise<Result<CrmReply>> {
  const written = await engine.run("related.write", { caller, path: pathOf(params), ...write });
  if (!written.ok) return written;
  const { kind, results } = written.value;
  const pathFault = findPathFault(results);
  if (pathFault !== null) return refuse(pathFault);
  if (kind === "records") return ok(recordAnswer(results, { operation: write.operation, version, timeZone: principal.timeZone }));
  return ok(linkAnswer(results, { operation: write.operation === "delete" ? "delete" : "update", version }));
}

function pathOf(params: Params): RelationPath {
  return { module: pathPart(params, "module"), id: pathPart(params, "id"), list: pathPart(params, "list") };
}

/** A refusal when the scopes do not show records of the module. */
function findHidden(scopes: readonly string[], module: string): Refusal | null {
  return allows(scopes, moduleNeed(module, "READ")) ? null : { code: "scope_mismatch" };
}
