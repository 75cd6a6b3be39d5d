/**
 * What a callback says (PROTOCOL D.2), read from outside data. What Zoho always sends has to be there; what it leaves out at times
 * (`affected_fields` of an insert, `affected_values`, `query_params`) may be absent.
 */
import { isObject, parseJson, valueAt } from "../json-text.ts";

export type NotifiedOperation = "insert" | "update" | "delete";

export type Notification = {
  readonly channelId: string;
  /** The API name, such as `Deals`. */
  readonly module: string;
  readonly operation: NotifiedOperation;
  /** The records, one or several. Ids are text: they have more digits than a number holds. */
  readonly ids: readonly string[];
  /** The API names of the fields that changed, by record id. Empty for an insert. */
  readonly affectedFields: Readonly<Record<string, readonly string[]>>;
  /** Their new values, by record id; null when the channel did not ask for values. A number too long for a number is text. */
  readonly affectedValues: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  /** When it was sent, in ms since 1970; null when it does not say. */
  readonly serverTime: number | null;
  /** The query of the notify_url. The `?` that the wire leaves in the first name is taken off. */
  readonly queryParams: Readonly<Record<string, string>>;
  /** `resource_uri + "/" + id` is where a record can be read. */
  readonly resourceUri: string;
  /** Sent again by an operator. The header that says so is not signed. */
  readonly isReplay: boolean;
  /** Sent by an operator to try the channel; no record changed. The header that says so is not signed. */
  readonly isTest: boolean;
  /** The same at every attempt of one delivery; null when the sender gives none, as Zoho. */
  readonly webhookId: string | null;
};

/** A callback as it was read, with the token apart so that no handler sees it. */
export type ReadCallback = { readonly notification: Notification; readonly token: string | null };

/** Looks up a header, whatever the case of its name. */
export type HeaderLookup = (name: string) => string | null;

const operations: readonly string[] = ["insert", "update", "delete"] satisfies readonly NotifiedOperation[];
const idForm = /^-?\d{1,20}$/;

/** Reads a body without verifying it. null: it is no callback. */
export function readNotification(body: Uint8Array, header: HeaderLookup = () => null): ReadCallback | null {
  const callback = parsed(body);
  const channelId = idOf(valueAt(callback, "channel_id"));
  const operation = valueAt(callback, "operation");
  const module = valueAt(callback, "module");
  const ids = listOf(valueAt(callback, "ids"), idOf);
  if (channelId === null || !isOperation(operation) || typeof module !== "string" || ids === null) return null;
  const serverTime = valueAt(callback, "server_time");
  const token = valueAt(callback, "token");
  const resourceUri = valueAt(callback, "resource_uri");
  return {
    token: typeof token === "string" ? token : null,
    notification: {
      channelId,
      module,
      operation,
      ids,
      affectedFields: readAffectedFields(valueAt(callback, "affected_fields")),
      affectedValues: readAffectedValues(valueAt(callback, "affected_values")),
      serverTime: typeof serverTime === "number" ? serverTime : null,
      queryParams: readQueryParams(valueAt(callback, "query_params")),
      resourceUri: typeof resourceUri === "string" ? resourceUri : "",
      isReplay: header("webhook-replay") === "true",
      isTest: header("webhook-test") === "true",
      webhookId: header("webhook-id"),
    },
  };
}

function parsed(body: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    // Expected: bytes that are no UTF-8 (a TypeError), or a text that is no JSON (a SyntaxError).
    return undefined;
  }
}

/** `[{"<id>":["Stage"]}]` as one object by record id. */
function readAffectedFields(given: unknown): Notification["affectedFields"] {
  if (!Array.isArray(given)) return {};
  const entries = given.filter(isObject).flatMap((entry) => Object.entries(entry));
  return Object.fromEntries(entries.map(([id, names]) => [id, listOf(names, textOf) ?? []]));
}

/** `[{"record_id":"<id>","values":{…}}]` as one object by record id. */
function readAffectedValues(given: unknown): Notification["affectedValues"] {
  if (!Array.isArray(given)) return null;
  return Object.fromEntries(
    given.flatMap((entry) => {
      const id = idOf(valueAt(entry, "record_id"));
      const values = valueAt(entry, "values");
      return id !== null && isObject(values) ? [[id, values]] : [];
    }),
  );
}

function readQueryParams(given: unknown): Readonly<Record<string, string>> {
  if (!isObject(given)) return {};
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (typeof value === "string" ? [[name.replace(/^\?/, ""), value]] : [])),
  );
}

function isOperation(value: unknown): value is NotifiedOperation {
  return typeof value === "string" && operations.includes(value);
}

/** An id as text; a bare number is one too. */
function idOf(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && idForm.test(text) ? text : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** null: no list, or one with an entry that `read` refuses. */
function listOf<T>(given: unknown, read: (value: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(given)) return null;
  const values = given.map(read).filter((value) => value !== null);
  return values.length === given.length ? values : null;
}
