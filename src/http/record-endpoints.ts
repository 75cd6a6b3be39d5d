/** Records of a module (PROTOCOL F.1). `trigger` and the like are accepted and mean nothing here. */
import type { Operation } from "../core/channel.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import type { Page } from "../core/written.ts";
import { readRecordItems } from "../wire/record-request.ts";
import { listAnswer, recordAnswer } from "../wire/record-response.ts";
import type { Version } from "../wire/versions.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { findPathFault, found, nothing, pathPart } from "./crm-endpoint.ts";
import type { Query } from "./query.ts";
import { readList, readMandatoryList, readOneOf, readPage, readText } from "./query.ts";

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

/** One record, all its fields; a missing one is 204 (CLIENTS 5). */
export async function showRecord({ engine, caller, params }: CrmCall): Promise<Result<CrmReply>> {
  const record = await engine.run("records.get", { caller, module: pathPart(params, "module"), id: pathPart(params, "id") });
  if (!record.ok) return record;
  return record.value === null ? nothing : found({ data: [record.value] });
}

/** A page of records; 204 when it has none. */
export async function listRecords({ engine, caller, version, params, query }: CrmCall): Promise<Result<CrmReply>> {
  const fields = readFields(query, version);
  if (!fields.ok) return fields;
  const ids = readList(query, "ids", limits.recordIdsPerRequestMax);
  if (!ids.ok) return ids;
  const sortBy = readOneOf(query, "sort_by", { values: ["id", "Created_Time", "Modified_Time"], fallback: "id" });
  if (!sortBy.ok) return sortBy;
  const sortOrder = readOneOf(query, "sort_order", { values: ["asc", "desc"], fallback: "desc" });
  if (!sortOrder.ok) return sortOrder;
  const page = readRecordPage(query, version);
  if (!page.ok) return page;
  const listed = await engine.run("records.list", {
    caller,
    module: pathPart(params, "module"),
    fields: fields.value,
    ids: ids.value,
    sortBy: sortBy.value,
    sortOrder: sortOrder.value,
    page: page.value,
  });
  if (!listed.ok) return listed;
  const { rows, hasMore } = listed.value;
  return ok(listAnswer(rows, { version, page: page.value, hasMore, sortBy: sortBy.value, sortOrder: sortOrder.value }));
}

async function writeBody(call: CrmCall, operation: "insert" | "update", idInPath: string | null): Promise<Result<CrmReply>> {
  const body = await call.readJson();
  if (!body.ok) return body;
  const items = readRecordItems(body.value);
  return items.ok ? writeItems(call, { operation, items: items.value, idInPath }) : items;
}

type Write = { readonly operation: Operation; readonly items: readonly unknown[]; readonly idInPath: string | null };

async function writeItems({ engine, caller, principal, version, params }: CrmCall, write: Write): Promise<Result<CrmReply>> {
  const written = await engine.run("records.write", { caller, module: pathPart(params, "module"), ...write });
  if (!written.ok) return written;
  const { results } = written.value;
  const pathFault = findPathFault(results);
  if (pathFault !== null) return refuse(pathFault);
  return ok(recordAnswer(results, { operation: write.operation, version, timeZone: principal.timeZone }));
}

/** `fields`, mandatory where the version says so; null for all fields. */
function readFields(query: Query, version: Version): Result<readonly string[] | null> {
  if (version.listNeedsFields) return readMandatoryList(query, "fields", limits.fieldsPerListMax);
  return readList(query, "fields", limits.fieldsPerListMax);
}

/** Pages reach the first rows only; beyond them a page token is needed, and this server gives none, so none is right. */
function readRecordPage(query: Query, version: Version): Result<Page> {
  if (readText(query, "page_token") !== null) return refuse({ code: "param_invalid", param: "page_token" });
  const page = readPage(query);
  if (!page.ok) return page;
  const limit = version.rowsWithoutPageToken;
  const isBeyond = limit !== null && page.value.page * page.value.perPage > limit;
  return isBeyond ? refuse({ code: "page_limit", limit }) : ok(page.value);
}
