/**
 * One value of a record, as a request gives it, read into the form in which it is stored: by the data type of its field.
 * Lookups keep only the id, times become UTC, bigints decimal text; what is structured (subforms, tags, participants) is kept as it
 * was sent. An empty text is no value. Pick-list values are not enforced (PROTOCOL F.1 names the value formats, F.3 the lengths).
 */
import type { DataType, Field } from "../core/catalog.ts";
import { readId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Value } from "../core/record.ts";
import type { Path, Refusal } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import { readDate, readRecordDateTime } from "./datetime.ts";
import { isObject } from "./lossless-json.ts";

/** What is wrong with a value; `below` leads from the field to the part at fault. */
export type ValueFault = Pick<Refusal, "expectedType" | "maximumLength"> & { readonly below: Path };

type ReadValue = Result<Value, ValueFault>;
type Reader = (given: unknown, length: number | null) => ReadValue;

/** What may stand where a number is asked for: the lossless reader gives a bigint for what a number would round. */
type Numeric = number | bigint;

/** Reads the value that `field` is given; the stored form, or what is wrong with it. */
export function readValue(field: Field, given: unknown): ReadValue {
  if (given === null || given === undefined) return ok(null);
  return readers[field.dataType](given, field.length);
}

/** Whether the text has the form of an e-mail address: one @, a dotted domain, no blanks. */
export function isEmail(text: string): boolean {
  return /^[^\s@<>()",;:]+@[^\s@.<>()",;:]+(?:\.[^\s@.<>()",;:]+)+$/.test(text);
}

/** Whether the wire takes the value as none: left out, null or an empty text. */
export function isEmpty(given: unknown): boolean {
  return given === undefined || given === null || given === "";
}

/** How many characters a text has; a character outside the basic plane counts once. */
export function countChars(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

const readers: Record<DataType, Reader> = {
  text: readText,
  textarea: readText,
  picklist: readText,
  phone: readText,
  website: readText,
  profileimage: readText,
  autonumber: readText,
  formula: readText,
  email: readEmail,
  integer: readInteger,
  bigint: readBigint,
  double: readDouble,
  currency: readDouble,
  percent: readDouble,
  boolean: readBoolean,
  date: readDateValue,
  datetime: readDateTimeValue,
  lookup: readLookup,
  ownerlookup: readLookup,
  userlookup: readLookup,
  multiselectpicklist: readTexts,
  multiselectlookup: readArray,
  multiuserlookup: readArray,
  subform: readArray,
  territories: readArray,
  tags: readArray,
  multireminder: readArray,
  participants: readArray,
  comments: readArray,
  pricing: readArray,
  time_range: readArray,
  layout: readObject,
  consent_lookup: readObject,
  reminder: readObject,
  recurrence: readObject,
};

/** Digits of a number whose field does not say how many: the longest integer of PROTOCOL F.3, and all of an int64. */
const integerDigits = 9;
const int64Digits = 19;

/** Before this instant the year has four digits in every time zone. */
const yearTenThousandMs = Date.UTC(9999, 11, 31);

function readText(given: unknown, length: number | null): ReadValue {
  if (typeof given !== "string") return wrongType("text");
  if (given === "") return ok(null);
  if (length !== null && given.length > length && countChars(given) > length) return tooLong(length);
  return ok(given);
}

function readEmail(given: unknown, length: number | null): ReadValue {
  if (typeof given !== "string") return wrongType("email");
  const text = readText(given, length);
  return text.ok && text.value !== null && !isEmail(given) ? wrongType("email") : text;
}

function readTexts(given: unknown, length: number | null): ReadValue {
  if (!Array.isArray(given)) return wrongType("jsonarray");
  const texts: Value[] = [];
  for (const [index, entry] of given.entries()) {
    const text = readText(entry, length);
    if (!text.ok) return refuse({ ...text.error, below: [index] });
    if (text.value !== null) texts.push(text.value);
  }
  return ok(texts);
}

function readInteger(given: unknown, length: number | null): ReadValue {
  if (!isNumeric(given) || !isWhole(given)) return wrongType("integer");
  const digits = length ?? integerDigits;
  return countDigits(given) > digits ? tooLong(digits) : ok(Number(given) + 0);
}

function readBigint(given: unknown, length: number | null): ReadValue {
  const id = readId(given);
  const digits = length ?? int64Digits;
  if (id === null) return typeof given === "bigint" ? tooLong(digits) : wrongType("bigint");
  const whole = BigInt(id);
  return countDigits(whole) > digits ? tooLong(digits) : ok(String(whole));
}

/** The length of a fractional number counts the digits before the point. */
function readDouble(given: unknown, length: number | null): ReadValue {
  if (!isNumeric(given) || !Number.isFinite(Number(given))) return wrongType("double");
  if (length !== null && countDigits(typeof given === "bigint" ? given : Math.trunc(given)) > length) return tooLong(length);
  return ok(Number(given) + 0);
}

function readBoolean(given: unknown): ReadValue {
  return typeof given === "boolean" ? ok(given) : wrongType("boolean");
}

function readDateValue(given: unknown): ReadValue {
  if (given === "") return ok(null);
  const date = typeof given === "string" ? readDate(given) : null;
  return date === null ? wrongType("date") : ok(date);
}

function readDateTimeValue(given: unknown): ReadValue {
  if (given === "") return ok(null);
  const ms = typeof given === "string" ? readRecordDateTime(given) : null;
  if (ms === null || ms >= yearTenThousandMs) return wrongType("datetime");
  return ok(`${new Date(ms).toISOString().slice(0, "yyyy-MM-ddThh:mm:ss".length)}Z`);
}

/** `{"id":"…"}`, `{"id":123}` or the bare id; whether it names something is the store's to say. */
function readLookup(given: unknown): ReadValue {
  if (given === "") return ok(null);
  if (isObject(given)) {
    const id = readId(given["id"]);
    return id === null ? refuse({ expectedType: "bigint", below: ["id"] }) : ok(id);
  }
  const id = readId(given);
  return id === null ? wrongType("jsonobject") : ok(id);
}

function readArray(given: unknown): ReadValue {
  if (!Array.isArray(given)) return wrongType("jsonarray");
  return copyPlain(given, limits.jsonDepthMax);
}

function readObject(given: unknown): ReadValue {
  if (!isObject(given)) return wrongType("jsonobject");
  return copyPlain(given, limits.jsonDepthMax);
}

/** Copies structured data as it was sent, at most `depth` levels of it; a bigint becomes its decimal text. */
function copyPlain(given: unknown, depth: number): ReadValue {
  if (depth === 0) return refuse({ below: [] });
  if (given === null || typeof given === "boolean" || typeof given === "string") return ok(given);
  if (typeof given === "bigint") return ok(String(given));
  if (typeof given === "number") return Number.isFinite(given) ? ok(given + 0) : wrongType("double");
  if (Array.isArray(given)) return copyArray(given, depth - 1);
  if (isObject(given)) return copyObject(given, depth - 1);
  return refuse({ below: [] });
}

function copyArray(given: readonly unknown[], depth: number): ReadValue {
  const copy: Value[] = [];
  for (const [index, entry] of given.entries()) {
    const value = copyPlain(entry, depth);
    if (!value.ok) return refuse({ ...value.error, below: [index, ...value.error.below] });
    copy.push(value.value);
  }
  return ok(copy);
}

function copyObject(given: { readonly [key: string]: unknown }, depth: number): ReadValue {
  const entries: [string, Value][] = [];
  for (const [key, entry] of Object.entries(given)) {
    const value = copyPlain(entry, depth);
    if (!value.ok) return refuse({ ...value.error, below: [key, ...value.error.below] });
    entries.push([key, value.value]);
  }
  return ok(Object.fromEntries(entries));
}

function isNumeric(given: unknown): given is Numeric {
  return typeof given === "number" || typeof given === "bigint";
}

function isWhole(given: Numeric): boolean {
  return typeof given === "bigint" || Number.isInteger(given);
}

function countDigits(whole: Numeric): number {
  const text = String(BigInt(whole));
  return text.startsWith("-") ? text.length - 1 : text.length;
}

function wrongType(expectedType: string): ReadValue {
  return refuse({ expectedType, below: [] });
}

function tooLong(maximumLength: number): ReadValue {
  return refuse({ maximumLength, below: [] });
}
