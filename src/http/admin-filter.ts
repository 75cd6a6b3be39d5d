/** The filters of `GET /api/v1/deliveries`, from its query string. */
import type { DeliveryFilter } from "../core/attempt.ts";
import { deliveryStatuses } from "../core/delivery.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { readNumber } from "./admin-params.ts";
import type { Query } from "./query.ts";
import { readCount, readIdParam, readText } from "./query.ts";

const rowsPerPageDefault = 50;

/** Reads `channel`, `channel_key`, `module`, `record`, `status`, `from`, `until`, `org`, `cursor` and `limit`; `param_invalid` names the first bad one. */
export function readDeliveryFilter(query: Query): Result<DeliveryFilter> {
  const recordId = readIdParam(query, "record");
  if (!recordId.ok) return recordId;
  const channelId = readIdParam(query, "channel");
  if (!channelId.ok) return channelId;
  const channelKey = readKeyParam(query, "channel_key");
  if (!channelKey.ok) return channelKey;
  const statusText = readText(query, "status");
  const status = deliveryStatuses.find((candidate) => candidate === statusText) ?? null;
  if (status === null && statusText !== null) return refuse({ code: "param_invalid", param: "status" });
  const from = readInstant(query, "from");
  if (!from.ok) return from;
  const until = readInstant(query, "until");
  if (!until.ok) return until;
  const beforeId = readCursor(query);
  if (!beforeId.ok) return beforeId;
  const limit = readRowLimit(query, limits.deliveriesPerPageMax);
  if (!limit.ok) return limit;
  return ok({
    zgid: readText(query, "org"),
    channelId: channelId.value,
    channelKey: channelKey.value,
    module: readText(query, "module"),
    recordId: recordId.value,
    status,
    from: from.value,
    until: until.value,
    beforeId: beforeId.value,
    limit: limit.value,
  });
}

/** `cursor`, the number that the page before gave as `next_cursor`, or null. */
export function readCursor(query: Query): Result<number | null> {
  if (readText(query, "cursor") === null) return ok(null);
  return readCount(query, "cursor", { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 });
}

/** The number of a channel, or null when absent. */
export function readKeyParam(query: Query, param: string): Result<number | null> {
  const text = readText(query, param);
  if (text === null) return ok(null);
  const key = readNumber(text);
  return key === null || key === 0 ? refuse({ code: "param_invalid", param }) : ok(key);
}

/** `limit` rows, from 1 to `max`. */
export function readRowLimit(query: Query, max: number): Result<number> {
  return readCount(query, "limit", { min: 1, max, fallback: rowsPerPageDefault });
}

/** An instant in ms: epoch milliseconds, a date (its start in UTC), or a date-time with an offset; null when absent. */
export function readInstant(query: Query, param: string): Result<number | null> {
  const text = readText(query, param);
  if (text === null) return ok(null);
  const atMs = instantOf(text);
  return atMs === null ? refuse({ code: "param_invalid", param }) : ok(atMs);
}

/** The instant in ms that the text names in one of those three forms, or null. */
export function instantOf(text: string): number | null {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  // A `+` that was not encoded arrives as a space.
  const iso = text.replace(/ (?=\d\d:?\d\d$)/, "+");
  const isInstant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d))?$/.test(iso);
  const atMs = isInstant ? Date.parse(iso) : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs;
}
