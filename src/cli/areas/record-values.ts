/** From `Field=value` of the command line to the JSON that a field of its type takes. */
import { usageFault } from "../complaint.ts";
import type { JsonObject } from "../remote/exchange.ts";

export type Assignment = { readonly field: string; readonly text: string };

/** Reads `Field=value`. */
export function readAssignment(text: string): Assignment {
  const match = /^(\w+)=([\s\S]*)$/.exec(text);
  if (match !== null) return { field: match[1] ?? "", text: match[2] ?? "" };
  throw usageFault(`--set expects Field=value, not ${JSON.stringify(text)}`);
}

/** The record that the assignments make; `types` says the data type of a field by its name. */
export function recordOf(assignments: readonly Assignment[], types: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(assignments.map(({ field, text }) => [field, valueOf(text, types.get(field) ?? null)]));
}

const numberTypes: readonly string[] = ["integer", "double", "currency", "percent"];
const pointerTypes: readonly string[] = ["lookup", "ownerlookup", "userlookup"];

/**
 * Nothing clears the field; JSON in brackets goes as it is. A text that its type cannot take goes as text, so that it is the server that says what
 * is wrong with it.
 */
function valueOf(text: string, type: string | null): unknown {
  if (text === "" || text === "null") return null;
  if (/^[[{]/.test(text)) return jsonOr(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (type !== null && numberTypes.includes(type)) return numberOr(text);
  if (type !== null && pointerTypes.includes(type) && /^\d+$/.test(text)) return { id: text };
  if (type === "multiselectpicklist") return text.split(";").map((entry) => entry.trim());
  return text;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Expected: a text that begins with a bracket.
    return text;
  }
}

/** A number that JavaScript would round stays text. */
function numberOr(text: string): unknown {
  const number = Number(text);
  const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return text.trim() !== "" && isExact ? number : text;
}
