/**
 * JSON text read without losing digits: an integer beyond what a number holds becomes the text of its digits, as the wire writes
 * ids. (`wire/lossless-json.ts` makes a bigint of it, by a reviver's `source` that Node 20 does not have.)
 */

/** A parsed object whose keys are not known yet. */
export type JsonObject = { readonly [key: string]: unknown };

const longNumber = /\d{16}/;
/** A string whole, so that digits in it stay as they are, or a number whole. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** Throws a SyntaxError when the text is no JSON. */
export function parseJson(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  if (!longNumber.test(text)) return parsed;
  // The text is JSON, so a number that is found stands where a value may stand.
  return JSON.parse(text.replace(stringOrNumber, (token) => (isLongInteger(token) ? `"${token}"` : token)));
}

/** Whether the value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a key that the object itself has; undefined when it is not said, or when there is no object. */
export function valueAt(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The text at a key; null when there is none. */
export function textAt(value: unknown, key: string): string | null {
  const text = valueAt(value, key);
  return typeof text === "string" ? text : null;
}

function isLongInteger(token: string): boolean {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
}
