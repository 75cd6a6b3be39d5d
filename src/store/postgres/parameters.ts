/**
 * Arguments as PostgreSQL reads them. Lists are written here and not by the driver: most are of ids and of texts without a quote, and the driver
 * quotes and looks through each.
 */

/** A text of PostgreSQL's holds every character but one; a NUL becomes the sign for what cannot be shown. */
export function parameterOf(value: unknown): unknown {
  if (typeof value === "string") return withoutNul(value);
  return Array.isArray(value) ? listOf(value) : value;
}

function listOf(values: readonly unknown[]): string {
  let text = "{";
  for (const [index, value] of values.entries()) {
    if (index > 0) text += ",";
    text += itemOf(value);
  }
  return `${text}}`;
}

function itemOf(value: unknown): string {
  if (value === null) return "NULL";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") throw new Error("invariant broken: a list of an argument holds what is no text, number or flag");
  if (!toBeQuoted.test(value)) return `"${value}"`;
  // JSON's way to quote is the list's where it has nothing but these two to quote, and is a tenth of the work.
  if (!quotedOtherwise.test(value)) return JSON.stringify(value);
  return `"${withoutNul(value).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

const toBeQuoted = /["\\\0]/;
/** What JSON writes by its number or its letter: controls, and half a pair. */
const quotedOtherwise = /[\p{Cc}\p{Cs}]/u;

/** The text as PostgreSQL keeps it. */
export function withoutNul(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\u{FFFD}") : text;
}
