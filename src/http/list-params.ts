/** The parameters of a list of records (PROTOCOL F.1, GET list). */
import type { ListOrder, RecordFilter } from "../app/commands.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import type { Page } from "../core/written.ts";
import { readRecordDateTime } from "../wire/datetime.ts";
import type { Version } from "../wire/versions.ts";
import { readModifiedSince } from "./conditional.ts";
import type { CrmCall } from "./crm-endpoint.ts";
import type { Query } from "./query.ts";
import { readIdParam, readList, readMandatoryList, readOneOf, readPage, readText } from "./query.ts";

/** `fields`, mandatory where the version says so; null for all fields. */
export function readFields(query: Query, version: Version): Result<readonly string[] | null> {
  if (version.listNeedsFields) return readMandatoryList(query, "fields", limits.fieldsPerListMax);
  return readList(query, "fields", limits.fieldsPerListMax);
}

/** `sort_by` and `sort_order`. There are no custom views: a `cvid` names none, and with a `sort_by` it contradicts it. */
export function readListOrder(query: Query): Result<ListOrder> {
  if (readText(query, "cvid") !== null) {
    if (readText(query, "sort_by") === null) return refuse({ code: "param_invalid", param: "cvid" });
    return refuse({ code: "ambiguous", paths: [inQuery("cvid"), inQuery("sort_by")] });
  }
  const sortBy = readOneOf(query, "sort_by", { values: ["id", "Created_Time", "Modified_Time"], fallback: "id" });
  if (!sortBy.ok) return sortBy;
  const sortOrder = readOneOf(query, "sort_order", { values: ["asc", "desc"], fallback: "desc" });
  return sortOrder.ok ? ok({ sortBy: sortBy.value, sortOrder: sortOrder.value }) : sortOrder;
}

/**
 * What the list leaves out. No record here is converted, waits for approval or is in a territory, so that asking for such finds none;
 * `include_child` and `uid` are read and change nothing. `startDateTime` and `endDateTime` bound when the record was made.
 */
export function readRecordFilter({ query, headers }: Pick<CrmCall, "query" | "headers">): Result<RecordFilter> {
  const converted = readOneOf(query, "converted", { values: ["false", "true", "both"], fallback: "false" });
  if (!converted.ok) return converted;
  const approved = readOneOf(query, "approved", { values: ["both", "true", "false"], fallback: "both" });
  if (!approved.ok) return approved;
  const includeChild = readOneOf(query, "include_child", { values: ["false", "true"], fallback: "false" });
  if (!includeChild.ok) return includeChild;
  const territory = readIdParam(query, "territory_id");
  if (!territory.ok) return territory;
  const user = readIdParam(query, "uid");
  if (!user.ok) return user;
  const createdFrom = readInstant(query, "startDateTime");
  if (!createdFrom.ok) return createdFrom;
  const createdUntil = readInstant(query, "endDateTime");
  if (!createdUntil.ok) return createdUntil;
  return ok({
    modifiedSince: readModifiedSince(headers["if-modified-since"]),
    createdFrom: createdFrom.value,
    createdUntil: createdUntil.value,
    isNone: converted.value === "true" || approved.value === "false" || territory.value !== null,
  });
}

/** A page by number, or by the token that was given with another page; both at once contradict each other. */
export function readRecordPage(query: Query, version: Version): Result<{ readonly page: Page; readonly pageToken: string | null }> {
  const pageToken = readText(query, "page_token");
  if (pageToken !== null && readText(query, "page") !== null) {
    return refuse({ code: "ambiguous", paths: [inQuery("page"), inQuery("page_token")] });
  }
  const page = readPage(query);
  if (!page.ok) return page;
  const limit = version.rowsWithoutPageToken;
  const isBeyond = pageToken === null && limit !== null && page.value.page * page.value.perPage > limit;
  return isBeyond ? refuse({ code: "page_limit", limit }) : ok({ page: page.value, pageToken });
}

function inQuery(param: string): readonly string[] {
  return ["query", param];
}

/** An ISO time with its offset, or null when absent; else `param_invalid`. */
function readInstant(query: Query, param: string): Result<number | null> {
  const text = readText(query, param);
  if (text === null) return ok(null);
  const ms = readRecordDateTime(text);
  return ms === null ? refuse({ code: "param_invalid", param }) : ok(ms);
}
