/** Lists of a module's records: those that are there, how many, and those that were deleted (PROTOCOL F.1). */
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { writeDateTime } from "../wire/datetime.ts";
import { listAnswer } from "../wire/record-response.ts";
import { notModified, readModifiedSince } from "./conditional.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { found, nothing, pathPart } from "./crm-endpoint.ts";
import { readFields, readListOrder, readRecordFilter, readRecordPage } from "./list-params.ts";
import { readList, readPage, readText } from "./query.ts";

/** A page of records; 204 when it has none, 304 when it has none that is newer than the caller's. */
export async function listRecords(call: CrmCall): Promise<Result<CrmReply>> {
  const { engine, caller, principal, version, params, query } = call;
  const fields = readFields(query, version);
  if (!fields.ok) return fields;
  const ids = readList(query, "ids", limits.recordIdsPerRequestMax);
  if (!ids.ok) return ids;
  const order = readListOrder(query);
  if (!order.ok) return order;
  const filter = readRecordFilter(call);
  if (!filter.ok) return filter;
  const asked = readRecordPage(query, version);
  if (!asked.ok) return asked;
  const { page, pageToken } = asked.value;
  const module = pathPart(params, "module");
  const lists = { fields: fields.value, ids: ids.value, ...order.value, page, pageToken, filter: filter.value };
  const listed = await engine.run("records.list", { caller, module, ...lists });
  if (!listed.ok) return listed;
  const { rows, hasMore, nextPageToken, previousPageToken, pageTokensExpireAt } = listed.value;
  if (rows.length === 0 && filter.value.modifiedSince !== null) return notModified;
  const expiry = pageTokensExpireAt === null ? null : writeDateTime(pageTokensExpireAt, principal.timeZone);
  const pageTokens = { next: nextPageToken, previous: previousPageToken, expiry };
  return ok(listAnswer(rows, { version, page: { ...page, page: listed.value.page }, hasMore, ...order.value, pageTokens }));
}

/** What would narrow the count to a search; to count all in its place would be a wrong answer. */
const countFilters = ["criteria", "email", "phone", "word"] as const;

/** How many records the module has. */
export async function countRecords({ engine, caller, params, query }: CrmCall): Promise<Result<CrmReply>> {
  if (readText(query, "cvid") !== null) return refuse({ code: "param_invalid", param: "cvid" });
  const param = countFilters.find((name) => readText(query, name) !== null);
  if (param !== undefined) return refuse({ code: "not_supported", param });
  const count = await engine.run("records.count", { caller, module: pathPart(params, "module") });
  return count.ok ? found({ count: count.value }) : count;
}

const deletedTypes = ["all", "recycle", "permanent"] as const;

/** What was deleted; 204 when there is nothing, 304 when nothing is newer than the caller's. */
export async function listDeletedRecords({ engine, caller, params, query, headers }: CrmCall): Promise<Result<CrmReply>> {
  const asked = readText(query, "type") ?? "all";
  const type = deletedTypes.find((candidate) => candidate === asked);
  if (type === undefined) return refuse({ code: "param_pattern", param: "type" });
  const page = readPage(query);
  if (!page.ok) return page;
  const modifiedSince = readModifiedSince(headers["if-modified-since"]);
  const module = pathPart(params, "module");
  const listed = await engine.run("records.deleted", { caller, module, type, page: page.value, modifiedSince });
  if (!listed.ok) return listed;
  const { rows, hasMore } = listed.value;
  if (rows.length === 0) return modifiedSince === null ? nothing : notModified;
  const info = { per_page: page.value.perPage, count: rows.length, page: page.value.page, more_records: hasMore };
  return found({ data: rows, info });
}
