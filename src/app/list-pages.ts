/**
 * Pages of a module's records: by number, or by a page token, which reaches as far as it likes and stays right while others write.
 * A page knows the tokens of the pages beside it.
 */
import type { Module } from "../core/catalog.ts";
import { type Id, readId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { OrgKey } from "../core/org.ts";
import type { CrmRecord } from "../core/record.ts";
import { type Result, ok } from "../core/result.ts";
import type { RecordBounds, RecordPlace, RecordSort } from "../store/ports/records.ts";
import type { Input, RecordFilter, RecordPage } from "./commands.ts";
import type { Context } from "./context.ts";
import { type PageEdge, type TokenSigning, pageTokenKey, readPageToken, writePageToken } from "./page-token.ts";

type ListInput = Required<Input<"records.list">>;
type Listed = { readonly org: OrgKey; readonly module: Module };
export type PageOfRecords = Omit<RecordPage, "rows"> & { readonly records: readonly CrmRecord[] };

export const unfiltered: RecordFilter = { modifiedSince: null, createdFrom: null, createdUntil: null, isNone: false };

/** A page of the module. Refusals: those of a page token. */
export async function pageOfModule(context: Context, input: ListInput, listed: Listed): Promise<Result<PageOfRecords>> {
  const edge = input.pageToken === null ? ok(null) : await edgeOf(context, input, listed);
  if (!edge.ok) return edge;
  if (input.filter.isNone) return ok(emptyPage(input.page.page));
  const found =
    edge.value === null ? await readNumbered(context, input, listed) : await readBeside(context, input, { ...listed, edge: edge.value });
  return ok(await withTokens(context, input, { ...listed, ...found }));
}

/** The records with these ids, in their order; an id that names none is passed over. */
export async function pageOfIds(
  context: Context,
  input: ListInput,
  listed: Listed & { readonly ids: readonly string[] },
): Promise<Result<PageOfRecords>> {
  const edge = input.pageToken === null ? ok(null) : await edgeOf(context, input, listed);
  if (!edge.ok) return edge;
  const { page, perPage } = input.page;
  const bounds = boundsOf(input.filter);
  const records: CrmRecord[] = [];
  for (const id of idsOf(listed.ids)) {
    const record = input.filter.isNone ? null : await context.tx.records.get(listed.org, listed.module.apiName, id);
    if (record !== null && isWithin(record, bounds)) records.push(record);
  }
  const from = (page - 1) * perPage;
  return ok({ ...emptyPage(page), records: records.slice(from, from + perPage), hasMore: records.length > from + perPage });
}

/** The bounds of the store's lists; what is newer than a time is what a later second has. */
export function boundsOf(filter: Omit<RecordFilter, "isNone">): RecordBounds {
  return {
    ...(filter.modifiedSince === null ? {} : { modifiedFrom: nextSecondMs(filter.modifiedSince) }),
    ...(filter.createdFrom === null ? {} : { createdFrom: filter.createdFrom }),
    ...(filter.createdUntil === null ? {} : { createdUntil: filter.createdUntil }),
  };
}

/** The first instant of the second after the one that `ms` is in. */
export function nextSecondMs(ms: number): number {
  return (Math.floor(ms / 1_000) + 1) * 1_000;
}

/** What was read, and what lies on either side of it. */
type Found = {
  readonly records: readonly CrmRecord[];
  readonly page: number;
  readonly rowsBefore: number;
  readonly hasPrevious: boolean;
  readonly hasMore: boolean;
};

async function readNumbered({ tx }: Context, input: ListInput, { org, module }: Listed): Promise<Found> {
  const { page, perPage } = input.page;
  const rowsBefore = (page - 1) * perPage;
  const sort = { by: input.sortBy, order: input.sortOrder };
  const listing = { org, module: module.apiName, sort, offset: rowsBefore, limit: perPage + 1, ...boundsOf(input.filter) };
  const records = await tx.records.list(listing);
  return { records: records.slice(0, perPage), page, rowsBefore, hasPrevious: page > 1, hasMore: records.length > perPage };
}

/** What lies before a place is what lies behind it in the other order, read backwards. */
async function readBeside({ tx }: Context, input: ListInput, { org, module, edge }: Listed & { readonly edge: PageEdge }): Promise<Found> {
  const { perPage } = input.page;
  const { page, rowsBefore, place } = edge;
  const isBehind = edge.side === "behind";
  const sort: RecordSort = { by: input.sortBy, order: isBehind ? input.sortOrder : opposite[input.sortOrder] };
  const listing = { org, module: module.apiName, sort, place, limit: perPage + 1, ...boundsOf(input.filter) };
  const records = await tx.records.listAfter(listing);
  const hasFurther = records.length > perPage;
  const rows = records.slice(0, perPage);
  return isBehind
    ? { records: rows, page, rowsBefore, hasPrevious: true, hasMore: hasFurther }
    : { records: rows.toReversed(), page, rowsBefore, hasPrevious: hasFurther, hasMore: true };
}

const opposite = { asc: "desc", desc: "asc" } as const;

async function withTokens(context: Context, input: ListInput, found: Listed & Found): Promise<PageOfRecords> {
  const { records, page, rowsBefore, hasMore } = found;
  const first = records.at(0);
  const last = records.at(-1);
  const previous = found.hasPrevious && first !== undefined ? first : null;
  const next = hasMore && last !== undefined ? last : null;
  if (previous === null && next === null) return { ...emptyPage(page), records, hasMore };
  const signing = await signingOf(context, input, found);
  const expiresAt = context.now + limits.pageTokenMs;
  const tokenOf = (edge: PageEdge) => writePageToken(edge, expiresAt, signing);
  return {
    records,
    hasMore,
    page,
    nextPageToken:
      next === null
        ? null
        : tokenOf({ side: "behind", place: placeOf(next, input.sortBy), page: page + 1, rowsBefore: rowsBefore + records.length }),
    previousPageToken:
      previous === null
        ? null
        : tokenOf({
            side: "before",
            place: placeOf(previous, input.sortBy),
            page: Math.max(1, page - 1),
            rowsBefore: Math.max(0, rowsBefore - input.page.perPage),
          }),
    pageTokensExpireAt: expiresAt,
  };
}

async function edgeOf(context: Context, input: ListInput, listed: Listed): Promise<Result<PageEdge>> {
  return readPageToken(input.pageToken ?? "", context.now, await signingOf(context, input, listed));
}

/** A token is for one user, module, choice of fields and order, and for one window of time; the length of a page may change. */
async function signingOf({ tx }: Context, input: ListInput, { org, module }: Listed): Promise<TokenSigning> {
  const { caller, ids, sortBy, sortOrder, filter } = input;
  const fields = input.fields === null ? null : input.fields.toSorted();
  const window = [filter.createdFrom, filter.createdUntil, filter.isNone];
  const binding = JSON.stringify([org, caller.userId, module.apiName, fields, ids, sortBy, sortOrder, ...window]);
  return { key: await pageTokenKey(tx), binding };
}

function placeOf(record: CrmRecord, by: RecordSort["by"]): RecordPlace {
  const values = { id: record.id, Created_Time: record.createdAt, Modified_Time: record.modifiedAt };
  return { value: values[by], id: record.id };
}

function emptyPage(page: number): PageOfRecords {
  return { records: [], hasMore: false, page, nextPageToken: null, previousPageToken: null, pageTokensExpireAt: null };
}

function idsOf(given: readonly string[]): readonly Id[] {
  return [...new Set(given)].flatMap((text) => {
    const id = readId(text);
    return id === null ? [] : [id];
  });
}

function isWithin(record: CrmRecord, { modifiedFrom = 0, createdFrom = 0, createdUntil = Number.MAX_SAFE_INTEGER }: RecordBounds): boolean {
  return record.modifiedAt >= modifiedFrom && record.createdAt >= createdFrom && record.createdAt <= createdUntil;
}
