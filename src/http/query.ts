/** Readers of query parameters. A parameter that is absent or empty is null; of one given twice the first counts, a list takes all. */
import type { Id } from "../core/ids.ts";
import { readId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import type { Page } from "../core/written.ts";

const noQuery: Query = new URLSearchParams();

export type Query = Pick<URLSearchParams, "get" | "getAll" | "entries">;

/** Reads the part of a URL after the `?`; a trailing `&` is no parameter, a `+` is a space. */
export function parseQuery(text: string): Query {
  return text === "" ? noQuery : new URLSearchParams(text);
}

/** The text of a parameter, or null. */
export function readText(query: Query, param: string): string | null {
  const text = query.get(param)?.trim();
  return text === undefined || text === "" ? null : text;
}

/** A whole number from `min` to `max`, `fallback` when absent; else `param_invalid`. */
export function readCount(query: Query, param: string, range: { min: number; max: number; fallback: number }): Result<number> {
  const text = readText(query, param);
  if (text === null) return ok(range.fallback);
  const count = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return count >= range.min && count <= range.max ? ok(count) : refuse({ code: "param_invalid", param });
}

/** An int64 as text, or null when absent; else `param_invalid`. */
export function readIdParam(query: Query, param: string): Result<Id | null> {
  const text = readText(query, param);
  if (text === null) return ok(null);
  const id = readId(text);
  return id === null ? refuse({ code: "param_invalid", param }) : ok(id);
}

/** One of `values`, `fallback` when absent; else `param_invalid`. */
export function readOneOf<const T extends string>(query: Query, param: string, choice: { values: readonly T[]; fallback: T }): Result<T> {
  const text = readText(query, param);
  if (text === null) return ok(choice.fallback);
  const value = choice.values.find((candidate) => candidate === text);
  return value === undefined ? refuse({ code: "param_invalid", param }) : ok(value);
}

/** A comma list of at most `max` entries, null when absent or without an entry; else `param_limit`. */
export function readList(query: Query, param: string, max: number): Result<readonly string[] | null> {
  const entries = query
    .getAll(param)
    .flatMap((text) => text.split(","))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (entries.length === 0) return ok(null);
  return entries.length > max ? refuse({ code: "param_limit", param, limit: max }) : ok(entries);
}

/** As `readList`, and `param_missing` when there is none. */
export function readMandatoryList(query: Query, param: string, max: number): Result<readonly string[]> {
  const list = readList(query, param, max);
  if (!list.ok) return list;
  return list.value === null ? refuse({ code: "param_missing", param }) : ok(list.value);
}

/** `page` from 1 and `per_page` from 1 to 200 (PROTOCOL A.2, F.1). */
export function readPage(query: Query): Result<Page> {
  const page = readCount(query, "page", { min: 1, max: limits.pageMax, fallback: 1 });
  if (!page.ok) return page;
  const perPage = readCount(query, "per_page", { min: 1, max: limits.rowsPerPageMax, fallback: limits.rowsPerPageMax });
  if (!perPage.ok) return perPage;
  return ok({ page: page.value, perPage: perPage.value });
}
