/**
 * A record is a row of a module: values by field, and who made and changed it when. A write changes records;
 * what it did to one of them is a change.
 */
import type { DataType, Field, Module } from "./catalog.ts";
import type { Id } from "./ids.ts";
import type { Operation } from "./channel.ts";

/** A value as it is stored: lookups hold only the id, instants are in UTC, whole seconds, with `Z`. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Values = Readonly<Record<string, Value>>;

export type CrmRecord = {
  readonly id: Id;
  /** The module's API name. */
  readonly module: string;
  readonly values: Values;
  readonly createdAt: number;
  readonly createdBy: Id;
  readonly modifiedAt: number;
  readonly modifiedBy: Id;
};

/** What one write did to one record. */
export type Change = {
  readonly recordId: Id;
  readonly operation: Operation;
  /** API names, in catalog order: on insert those with a value, on update those whose value is another one, on delete none. */
  readonly changedFields: readonly string[];
  /** null on insert. */
  readonly before: Values | null;
  /** null on delete. */
  readonly after: Values | null;
};

/** What a change did, told by the values of the fields that differ: all of a record that was made or removed. */
export function differing({ before, after }: Pick<Change, "before" | "after">): Pick<Change, "before" | "after"> {
  if (before === null || after === null) return { before, after };
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => !isSame(valueOf(before, name), valueOf(after, name)));
  const only = (values: Values): Values => Object.fromEntries(changed.map((name) => [name, valueOf(values, name)]));
  return { before: only(before), after: only(after) };
}

/** Subforms, participants and product details change the record, but are never named as affected (v6 seed, DESIGN ruling 9). */
const unlistedTypes: ReadonlySet<DataType> = new Set(["subform", "participants", "pricing"]);

/** Whether the two hold the same; a field that is absent holds null. */
export function areSameValues(before: Values, after: Values): boolean {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].every((name) => isSame(valueOf(before, name), valueOf(after, name)));
}

/** The fields whose value differs, in catalog order, less those that are never named. */
export function listChangedFields(module: Pick<Module, "fields">, before: Values, after: Values): readonly string[] {
  return module.fields
    .filter((field) => isListed(field) && !isSame(valueOf(before, field.apiName), valueOf(after, field.apiName)))
    .map((field) => field.apiName);
}

/** A field may have the name of something that every object inherits (`constructor`). */
function valueOf(values: Values, name: string): Value {
  return Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}

function isListed(field: Field): boolean {
  return !unlistedTypes.has(field.dataType);
}

function isSame(before: Value, after: Value): boolean {
  if (before === after) return true;
  if (before === null || after === null || typeof before !== "object" || typeof after !== "object") return false;
  if (isList(before) || isList(after)) {
    return isList(before) && isList(after) && before.length === after.length && before.every((value, i) => isSame(value, after[i] ?? null));
  }
  return areSameValues(before, after);
}

function isList(value: readonly Value[] | { readonly [key: string]: Value }): value is readonly Value[] {
  return Array.isArray(value);
}
