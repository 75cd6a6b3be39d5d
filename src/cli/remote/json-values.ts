/**
 * What stands at a key of an answer, as text for people. A key that is missing is shown as `–`, so that an older or newer server is
 * still readable.
 */
import type { JsonObject } from "./exchange.ts";

export const absent = "–";

/** The value at the keys, undefined when there is none. */
export function valueAt(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((node, key) => {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
    return (node as Readonly<Record<string | number, unknown>>)[key];
  }, value);
}

/** The object at the keys; an empty one when there is none. */
export function objectAt(value: unknown, ...keys: readonly (string | number)[]): JsonObject {
  const found = valueAt(value, ...keys);
  return typeof found === "object" && found !== null && !Array.isArray(found) ? { ...found } : {};
}

/** The list at the keys; an empty one when there is none. */
export function listAt(value: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const found = valueAt(value, ...keys);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

export function objectsAt(value: unknown, ...keys: readonly (string | number)[]): readonly JsonObject[] {
  return listAt(value, ...keys).map((item) => objectAt(item));
}

/** The text or number at the keys, null when there is neither. */
export function textAt(value: unknown, ...keys: readonly (string | number)[]): string | null {
  const found = valueAt(value, ...keys);
  if (typeof found === "number" || typeof found === "boolean") return String(found);
  return typeof found === "string" ? found : null;
}

export function numberAt(value: unknown, ...keys: readonly (string | number)[]): number | null {
  const found = valueAt(value, ...keys);
  return typeof found === "number" ? found : null;
}

/** Any value as a cell shows it. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return absent;
  if (typeof value === "string") return value === "" ? '""' : value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.length === 0 ? absent : value.join(", ");
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** The value at the keys as a cell shows it. */
export function cellAt(value: unknown, ...keys: readonly (string | number)[]): string {
  return shown(valueAt(value, ...keys));
}

/** An instant of the admin API as people read it: `2026-11-25 18:54:36Z`. */
export function instantAt(value: unknown, ...keys: readonly (string | number)[]): string {
  return instantText(textAt(value, ...keys));
}

export function instantText(text: string | null): string {
  const atMs = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(atMs)
    ? absent
    : new Date(atMs)
        .toISOString()
        .replace("T", " ")
        .replace(/\.\d+Z$/, "Z");
}
