/**
 * A record is a row of a module: values by field, and who made and changed it when. A write changes records;
 * what it did to one of them is a change.
 */
import type { Module } from "./catalog.ts";
import type { Id } from "./ids.ts";
import type { Operation } from "./channel.ts";
import { factsOf } from "./module-facts.ts";

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
  const changed = changedNames(before, after);
  const only = (values: Values): Values => Object.fromEntries(changed.map((name) => [name, valueOf(values, name)]));
  return { before: only(before), after: only(after) };
}

/** Whether the two hold the same; a field that is absent holds null. */
export function areSameValues(before: Values, after: Values): boolean {
  for (const name of Object.keys(after)) if (!isSame(valueOf(before, name), valueOf(after, name))) return false;
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name) && valueOf(before, name) !== null) return false;
  return true;
}

/** The fields whose value differs, in catalog order, less those that are never named. */
export function listChangedFields(module: Pick<Module, "fields">, before: Values, after: Values): readonly string[] {
  const { listedPlaces } = factsOf(module);
  const listed = changedNames(before, after).filter((name) => listedPlaces.has(name));
  return listed.sort((one, other) => (listedPlaces.get(one) ?? 0) - (listedPlaces.get(other) ?? 0));
}

/** Those of `before` first, in the order of its keys. */
function changedNames(before: Values, after: Values): string[] {
  const changed: string[] = [];
  for (const name of Object.keys(before)) if (!isSame(valueOf(before, name), valueOf(after, name))) changed.push(name);
  for (const name of Object.keys(after)) if (!Object.hasOwn(before, name) && valueOf(after, name) !== null) changed.push(name);
  return changed;
}

/** A field may have the name of something that every object inherits (`constructor`). */
function valueOf(values: Values, name: string): Value {
  return Object.hasOwn(values, name) ? (values[name] ?? null) : null;
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
