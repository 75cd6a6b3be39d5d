/**
 * JSON text read without losing digits: an integer beyond what a number holds becomes a bigint (a `channel_id` sent bare has up
 * to 19 digits, CLIENTS 6). Most bodies have none, and pay only for one look at the text.
 */
import { limits } from "../core/limits.ts";
import type { Refusal } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";

/** A parsed object whose keys are not known yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** A number of fewer digits is always exact. */
const inexactDigitsMin = 16;
/** No int64 is longer; a longer number stays a number, since making a bigint of thousands of digits is slow. */
const bigintDigitsMax = 20;

/** Reads the text of a body. `body_malformed`: no JSON, or nested deeper than `limits.jsonDepthMax`. */
export function parseJson(text: string): Result<unknown> {
  const { depthMax, hasLongNumber } = scan(text);
  if (depthMax > limits.jsonDepthMax) return refuse({ code: "body_malformed" });
  try {
    return ok(hasLongNumber ? JSON.parse(text, keepDigits) : JSON.parse(text));
  } catch (error) {
    // Expected: the text is not JSON.
    if (error instanceof SyntaxError) return malformed;
    throw error;
  }
}

/** Reads the text of a body that must be an object. `body_malformed` otherwise. A key `__proto__` is a key like any other. */
export function parseObject(text: string): Result<JsonObject> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  return isObject(parsed.value) ? ok(parsed.value) : malformed;
}

/** Whether `given` is a JSON object: not null, not an array. */
export function isObject(given: unknown): given is JsonObject {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

/** The value of a key that the object itself has, never one that every object inherits; undefined when it is not said. */
export function valueOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** As `valueOf`, but a key that is null counts as not said. */
export function givenAt(object: JsonObject, key: string): unknown {
  return valueOf(object, key) ?? undefined;
}

const malformed: { readonly ok: false; readonly error: Refusal } = refuse({ code: "body_malformed" });

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return /^-?\d+$/.test(source) && source.length <= bigintDigitsMax ? BigInt(source) : value;
}

/** One pass over the text, outside its strings: how deep it nests, and whether a number is long enough to lose digits. */
function scan(text: string): { readonly depthMax: number; readonly hasLongNumber: boolean } {
  let depth = 0;
  let depthMax = 0;
  let digits = 0;
  let hasLongNumber = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (digits === inexactDigitsMin) hasLongNumber = true;
      continue;
    }
    digits = 0;
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) depthMax = Math.max(depthMax, (depth += 1));
    else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return { depthMax, hasLongNumber };
}

/** The place of the quote that closes the string which opens at `start`; the end of the text when none does. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}
