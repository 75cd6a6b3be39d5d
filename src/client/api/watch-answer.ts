/** The answers of `/actions/watch`, read from outside data, and the requests as they go out. */
import { isObject, textAt, valueAt } from "../json-text.ts";
import type { JsonObject } from "../json-text.ts";
import { ApiError } from "./api-error.ts";
import type { Answer } from "./transport.ts";
import type { WatchDone, WatchItem, WatchOutcome, WatchPage, WatchRow, WatchedModule } from "./watch-types.ts";

/** An answer in which an item failed, whatever its status: some versions say 202, some 400, some 207. */
export class WatchError extends ApiError {
  /** How each item went, in the order of the request: others may have gone well. */
  readonly outcomes: readonly WatchOutcome[];

  constructor(status: number, outcomes: readonly WatchOutcome[], failed: Extract<WatchOutcome, { ok: false }>) {
    const { code, details } = failed;
    super({ code, message: `${code}: ${failed.message}`, status, details, param: textAt(details, "api_name") });
    this.outcomes = outcomes;
  }
}

/** What the items came to. Throws a WatchError when one failed, and an ApiError when the request did. */
export function readOutcomes(answer: Answer): readonly WatchDone[] {
  const items = valueAt(answer.body, "watch");
  if (!Array.isArray(items)) throw requestError(answer);
  const outcomes = items.map(readOutcome);
  const failed = outcomes.find((outcome) => !outcome.ok);
  if (failed !== undefined) throw new WatchError(answer.status, outcomes, failed);
  if (answer.status >= 300) throw requestError(answer);
  return outcomes.filter((outcome) => outcome.ok).map(({ code, message, events }) => ({ code, message, events }));
}

/** A page of the list; a status of 204 means that there is none. */
export function readPage(answer: Answer): WatchPage {
  if (answer.status === 204) return { rows: [], info: { page: 1, per_page: 200, count: 0, more_records: false } };
  const rows = valueAt(answer.body, "watch");
  if (answer.status !== 200 || !Array.isArray(rows)) throw requestError(answer);
  const info = valueAt(answer.body, "info");
  const numberAt = (key: string, absent: number): number => {
    const value = valueAt(info, key);
    return typeof value === "number" ? value : absent;
  };
  return {
    rows: rows.filter(isObject).map(readRow),
    info: {
      page: numberAt("page", 1),
      per_page: numberAt("per_page", 200),
      count: numberAt("count", rows.length),
      more_records: valueAt(info, "more_records") === true,
    },
  };
}

/** The error of a request that failed as a whole. */
export function requestError({ status, body, retryAfterMs }: Answer): ApiError {
  const code = textAt(body, "code") ?? textAt(body, "error") ?? "answer_unreadable";
  const details = valueAt(body, "details");
  return new ApiError({
    code,
    message: `${code}: ${textAt(body, "message") ?? `the answer has the status ${status}`}`,
    status,
    retryAfterMs,
    ...(isObject(details) ? { details, param: textAt(details, "param_name") ?? textAt(details, "api_name") } : {}),
  });
}

/** The body of a request. Ids go as text, and times in whole seconds. */
export function watchBody(items: readonly Partial<WatchItem>[], extra: JsonObject = {}): string {
  return JSON.stringify({
    watch: items.map(({ channel_id, channel_expiry, ...item }) => ({
      channel_id: String(channel_id),
      ...item,
      ...(channel_expiry === undefined
        ? {}
        : { channel_expiry: typeof channel_expiry === "string" ? channel_expiry : wireTime(channel_expiry) }),
      ...extra,
    })),
  });
}

/** With an offset and not a `Z`: it is the form of the documentation. */
function wireTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}+00:00`;
}

function readOutcome(item: unknown): WatchOutcome {
  const code = textAt(item, "code") ?? "";
  const message = textAt(item, "message") ?? "";
  const given = valueAt(item, "details");
  const details = isObject(given) ? given : {};
  if (textAt(item, "status") !== "success") return { ok: false, code, message, details };
  const events = valueAt(details, "events");
  // DELETE answers one module an item.
  const modules = Array.isArray(events) ? events : [details];
  return { ok: true, code, message, events: modules.filter(isObject).map(readModule) };
}

function readModule(event: JsonObject): WatchedModule {
  return {
    channel_id: idAt(event, "channel_id"),
    resource_id: idAt(event, "resource_id"),
    resource_uri: textAt(event, "resource_uri") ?? "",
    resource_name: textAt(event, "resource_name"),
    channel_expiry: textAt(event, "channel_expiry"),
  };
}

function readRow(row: JsonObject): WatchRow {
  const events = valueAt(row, "events");
  return {
    ...row,
    channel_id: idAt(row, "channel_id"),
    resource_id: idAt(row, "resource_id"),
    resource_uri: textAt(row, "resource_uri") ?? "",
    resource_name: textAt(row, "resource_name") ?? "",
    events: Array.isArray(events) ? events.filter((event) => typeof event === "string") : [],
    notify_url: textAt(row, "notify_url") ?? "",
    token: textAt(row, "token"),
    channel_expiry: textAt(row, "channel_expiry"),
  };
}

function idAt(object: JsonObject, key: string): string {
  const value = valueAt(object, key);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
