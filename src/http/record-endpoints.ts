/** Records of a module (PROTOCOL F.1). `trigger` and the like are accepted and mean nothing here. */
import type { Operation } from "../core/channel.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { readRecordItems } from "../wire/record-request.ts";
import { recordAnswer } from "../wire/record-response.ts";
import { isModifiedSince, notModified, readModifiedSince } from "./conditional.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { findPathFault, found, nothing, pathPart } from "./crm-endpoint.ts";
import { readMandatoryList } from "./query.ts";

export function insertRecords(call: CrmCall): Promise<Result<CrmReply>> {
  return writeBody(call, "insert", null);
}

/** PUT of several, each with its `id`. */
export function updateRecords(call: CrmCall): Promise<Result<CrmReply>> {
  return writeBody(call, "update", null);
}

export function updateRecord(call: CrmCall): Promise<Result<CrmReply>> {
  return writeBody(call, "update", pathPart(call.params, "id"));
}

/** DELETE `?ids=`. */
export async function deleteRecords(call: CrmCall): Promise<Result<CrmReply>> {
  const ids = readMandatoryList(call.query, "ids", limits.recordIdsPerRequestMax);
  return ids.ok ? writeItems(call, { operation: "delete", items: ids.value, idInPath: null }) : ids;
}

export function deleteRecord(call: CrmCall): Promise<Result<CrmReply>> {
  const id = pathPart(call.params, "id");
  return writeItems(call, { operation: "delete", items: [id], idInPath: id });
}

/** One record, all its fields; a missing one is 204 (CLIENTS 5), one that is no newer than the caller's is 304. */
export async function showRecord({ engine, caller, params, headers }: CrmCall): Promise<Result<CrmReply>> {
  const record = await engine.run("records.get", { caller, module: pathPart(params, "module"), id: pathPart(params, "id") });
  if (!record.ok) return record;
  if (record.value === null) return nothing;
  const { row, modifiedAt } = record.value;
  return isModifiedSince(modifiedAt, readModifiedSince(headers["if-modified-since"])) ? found({ data: [row] }) : notModified;
}

async function writeBody(call: CrmCall, operation: "insert" | "update", idInPath: string | null): Promise<Result<CrmReply>> {
  const body = await call.readJson();
  if (!body.ok) return body;
  const items = readRecordItems(body.value);
  return items.ok ? writeItems(call, { operation, items: items.value, idInPath }) : items;
}

type Write = { readonly operation: Operation; readonly items: readonly unknown[]; readonly idInPath: string | null };

async function writeItems({ engine, caller, principal, version, params, headers }: CrmCall, write: Write): Promise<Result<CrmReply>> {
  const since = write.operation === "update" ? readModifiedSince(headers["if-unmodified-since"]) : null;
  const condition = since === null ? {} : { unmodifiedSince: since };
  const written = await engine.run("records.write", { caller, module: pathPart(params, "module"), ...write, ...condition });
  if (!written.ok) return written;
  const { results } = written.value;
  const pathFault = findPathFault(results);
  if (pathFault !== null) return refuse(pathFault);
  return ok(recordAnswer(results, { operation: write.operation, version, timeZone: principal.timeZone }));
}
