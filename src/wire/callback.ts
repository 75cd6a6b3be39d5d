/**
 * The callback: what is POSTed to a `notify_url` (PROTOCOL D; v6 seed; DESIGN ruling 9). The parts that say what changed are made
 * once, when the write commits, and are JSON texts from then on; a body is spliced from them, which costs a fraction of writing it anew.
 */
import type { CallbackParts } from "../core/attempt.ts";
import type { Id } from "../core/ids.ts";
import type { Json } from "./json.ts";
import { resourceUri } from "./watch-response.ts";

/** The headers that do not depend on the instant of sending; a signature and a timestamp go with them. */
export function callbackHeaders(of: {
  readonly notificationId: number;
  /** Watchpost's own. */
  readonly version: string;
  readonly isReplay: boolean;
  readonly isTest: boolean;
}): Record<string, string> {
  return {
    "Content-Type": "application/json;charset=UTF-8",
    "User-Agent": `Watchpost/${of.version}`,
    "webhook-id": webhookId(of.notificationId),
    ...(of.isReplay ? { "webhook-replay": "true" } : {}),
    ...(of.isTest ? { "webhook-test": "true" } : {}),
  };
}

/** What a body says of its sending. `serverTime` is its instant, in ms; `query`: what `queryText` says, where it is known. */
type Sending = { readonly serverTime: number; readonly baseUrl: string; readonly query?: string };

/** The body as JSON text. */
export function callbackBody(claim: CallbackParts, { serverTime, baseUrl, query = queryText(claim.notifyUrl) }: Sending): string {
  const affectedValues = claim.affectedValues === null ? "" : `"affected_values":${claim.affectedValues},`;
  return (
    `{"server_time":${serverTime},${affectedValues}"query_params":${query},` +
    `"module":${JSON.stringify(claim.module)},"resource_uri":${JSON.stringify(resourceUri(baseUrl, claim.module))},` +
    `"ids":${claim.recordIds},"affected_fields":${claim.affectedFields},"operation":"${claim.operation}",` +
    `"channel_id":${JSON.stringify(claim.channelId)},"token":${JSON.stringify(claim.token)}}`
  );
}

/** What a receiver knows a notification by, whatever the attempt; the number is that of the first delivery of it. */
function webhookId(notificationId: number): string {
  return `msg_${notificationId}`;
}

/** The text of `ids`. */
export function writeRecordIds(recordIds: readonly Id[]): string {
  return JSON.stringify(recordIds);
}

/** The text of `affected_fields`: an object a record, with its id as the only key. `fields` are API names in catalog order. */
export function writeAffectedFields(affected: readonly { readonly recordId: Id; readonly fields: readonly string[] }[]): string {
  return JSON.stringify(affected.map(({ recordId, fields }) => ({ [recordId]: fields })));
}

/** The text of `affected_values`; the keys of `values` in alphabetical order. */
export function writeAffectedValues(rows: readonly { readonly recordId: Id; readonly values: { readonly [key: string]: Json } }[]): string {
  return JSON.stringify(rows.map(({ recordId, values }) => ({ record_id: recordId, values: inKeyOrder(values) })));
}

/**
 * The query of a notify_url as the callback names it: the first parameter comes last and keeps the `?` in its key, as in the v6
 * sample. Values are percent-decoded and nothing more: a `+` stays, and so does a `%` that starts no character. Of two with one
 * name the later counts.
 */
export function queryParams(notifyUrl: string): Record<string, string> {
  const [beforeFragment = ""] = notifyUrl.split("#", 1);
  const start = beforeFragment.indexOf("?");
  if (start === -1) return {};
  const [first, ...others] = beforeFragment
    .slice(start + 1)
    .split("&")
    .filter((part) => part !== "")
    .map(readParam);
  if (first === undefined) return {};
  return Object.fromEntries([...others, [`?${first[0]}`, first[1]]]);
}

/** The text of `query_params`. */
export function queryText(notifyUrl: string): string {
  return JSON.stringify(queryParams(notifyUrl));
}

/** The URL to POST to: percent-encoded, with its query and without its fragment. `notifyUrl` is one that `readWatchItem` let through. */
export function requestUrl(notifyUrl: string): string {
  const url = new URL(notifyUrl);
  url.hash = "";
  return url.href;
}

function readParam(part: string): readonly [string, string] {
  const equals = part.indexOf("=");
  return equals === -1 ? [decode(part), ""] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
}

function decode(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch (error) {
      // Expected: bytes that are no UTF-8; they stay as they were sent.
      if (error instanceof URIError) return encoded;
      throw error;
    }
  });
}

function inKeyOrder(values: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
