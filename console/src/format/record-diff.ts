/** What one change did to a record, field by field. */
import type { Json, JsonObject } from "../api/json.ts";

export type FieldDiff = {
  readonly field: string;
  readonly kind: "added" | "removed" | "changed" | "same";
  /** Undefined: the field was not there. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
};

/**
 * The fields of both sides: first those of `changedFields`, in that order, then what else differs, then what stayed the same. An insert has
 * no `before`, a delete no `after`.
 */
export function diffRecord(before: JsonObject | null, after: JsonObject | null, changedFields: readonly string[]): readonly FieldDiff[] {
  const names = [...new Set([...changedFields, ...Object.keys(after ?? {}), ...Object.keys(before ?? {})])];
  const diffs = names.map((field) => diffField(field, before?.[field], after?.[field]));
  const named = new Set(changedFields);
  const rank = ({ field, kind }: FieldDiff): number => (named.has(field) ? 0 : kind === "same" ? 2 : 1);
  return diffs.toSorted((one, other) => rank(one) - rank(other));
}

function diffField(field: string, before: Json | undefined, after: Json | undefined): FieldDiff {
  return { field, before, after, kind: kindOf(before, after) };
}

/** Null and absent are both nothing: a record has the fields that its module has, whether they hold something or not. */
function kindOf(before: Json | undefined, after: Json | undefined): FieldDiff["kind"] {
  const had = before ?? null;
  const has = after ?? null;
  if (JSON.stringify(had) === JSON.stringify(has)) return "same";
  if (had === null) return "added";
  return has === null ? "removed" : "changed";
}

/** A value in one line: a lookup by its name and id, a text as it is, nothing as a dash. */
export function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "string") return value === "" ? "(empty text)" : value;
  if (typeof value !== "object") return String(value);
  if ("name" in value && typeof value.name === "string") {
    return typeof value["id"] === "string" ? `${value.name} (${value["id"]})` : value.name;
  }
  return JSON.stringify(value);
}
