/** The values of a call's flags and arguments; a wrong one is a complaint about the command's use. */
import { readDuration } from "../../core/duration.ts";
import { usageFault } from "../complaint.ts";
import type { Call } from "./command-spec.ts";

/** The value of a flag, null when it was not given. */
export function flagText(call: Call, flag: `--${string}`): string | null {
  return call.flags[flag]?.at(-1) ?? null;
}

export function flagTexts(call: Call, flag: `--${string}`): readonly string[] {
  return call.flags[flag] ?? [];
}

export function isGiven(call: Call, flag: `--${string}`): boolean {
  return call.flags[flag] !== undefined;
}

/** The entries of a flag that takes a list split at commas and may be repeated. */
export function flagList(call: Call, flag: `--${string}`): readonly string[] {
  return flagTexts(call, flag)
    .flatMap((text) => text.split(","))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** A whole number within the bounds; null when the flag was not given. */
export function flagCount(call: Call, flag: `--${string}`, { min, max }: { readonly min: number; readonly max: number }): number | null {
  const text = flagText(call, flag);
  if (text === null) return null;
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= min && count <= max) return count;
  throw usageFault(`${flag} expects a number from ${String(min)} to ${String(max)}, not ${JSON.stringify(text)}`);
}

export function flagDurationMs(call: Call, flag: `--${string}`): number | null {
  const text = flagText(call, flag);
  if (text === null) return null;
  const durationMs = readDuration(text);
  if (durationMs !== null) return durationMs;
  throw usageFault(`${flag} expects a length of time such as 30s, 24h or 7d, not ${JSON.stringify(text)}`);
}

/** An instant for a query: as it was given, or a length of time as that long before `now`. */
export async function flagInstant(call: Call, flag: `--${string}`, now: () => Promise<number>): Promise<string | null> {
  const text = flagText(call, flag);
  if (text === null) return null;
  const agoMs = readDuration(text);
  if (agoMs !== null) return new Date((await now()) - agoMs).toISOString();
  return instantGiven(text, flag);
}

/** A date, or a date-time with an offset, as it was given. */
export function instantGiven(text: string, name: string): string {
  const isInstant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d))?$/.test(text) && !Number.isNaN(Date.parse(text));
  if (isInstant) return text;
  throw usageFault(
    `${name} expects a date, a date-time with an offset such as 2026-12-01T00:00:00Z, or a length of time, not ${JSON.stringify(text)}`,
  );
}

/** The argument at this place; the reader of arguments has seen to it that a mandatory one is there. */
export function argumentAt(call: Call, at: number): string {
  const text = call.arguments[at];
  if (text === undefined) throw usageFault("an argument is missing");
  return text;
}

/** A part of a path from what was given. */
export function pathPart(text: string): string {
  return encodeURIComponent(text);
}
