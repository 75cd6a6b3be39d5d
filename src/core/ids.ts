/**
 * Ids are int64 numbers written as decimal strings, and stay strings: most have 19 digits, which a JavaScript number rounds.
 *
 * An id of an org is `base + sequence`, where the base is the org's zgid followed by nine zeros, as in the recorded answers
 * (org 4150868000, module Contacts: 4150868000 | 000002179).
 */

export type Id = string;

const int64Max = 9_223_372_036_854_775_807n;
const int64Min = -9_223_372_036_854_775_808n;
const sequenceDigits = 9;
/** The longest zgid whose ids still fit an int64: 9_223_372_035 | 999_999_999. */
const zgidMax = 9_223_372_035n;

/** Reads an int64 given as a decimal string, a safe integer or a bigint; gives its text, or null when it is none. */
export function readId(value: unknown): Id | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  if (typeof value === "bigint") return isInt64(value) ? String(value) : null;
  if (typeof value !== "string" || !/^-?\d{1,19}$/.test(value)) return null;
  return isInt64(BigInt(value)) ? value : null;
}

/** Whether `zgid` can be the prefix of an org's ids: 1 to 10 digits, no leading zero, at most 9223372035. */
export function isZgid(zgid: string): boolean {
  return /^[1-9]\d{0,9}$/.test(zgid) && BigInt(zgid) <= zgidMax;
}

/** The id with the number `sequence` in the org `zgid`; ids of one org have one length, so they order as text. */
export function idOf(zgid: string, sequence: number): Id {
  return String(BigInt(zgid) * 10n ** BigInt(sequenceDigits) + BigInt(sequence));
}

/** The number that the id has in its org. */
export function sequenceOf(id: Id): number {
  return Number(BigInt(id) % 10n ** BigInt(sequenceDigits));
}

/** The id with the number `sequence` in the org that `id` is of. */
export function idBeside(id: Id, sequence: number): Id {
  return idOf(String(BigInt(id) / 10n ** BigInt(sequenceDigits)), sequence);
}

function isInt64(value: bigint): boolean {
  return value >= int64Min && value <= int64Max;
}
