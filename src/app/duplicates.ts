/**
 * Which records have the values that a write brings along, in the fields that tell records apart. They are read once for the whole request,
 * with one look through the module a field; what the request itself writes is noted, so that a later item sees an earlier one.
 */
import type { Field, Module } from "../core/catalog.ts";
import { duplicateKey } from "../core/duplicate-check.ts";
import type { Id } from "../core/ids.ts";
import type { Values } from "../core/record.ts";
import type { Refusal } from "../core/refusal.ts";
import { isObject, valueOf } from "../wire/lossless-json.ts";
import { readValue } from "../wire/record-value.ts";
import type { Context } from "./context.ts";
import { type Home, userRef } from "./directory.ts";

export type DuplicateScope = {
  readonly module: Module;
  /** The fields in which holders are asked for. */
  readonly fields: readonly Field[];
  /** Those of them that no two records may share. */
  readonly unique: readonly Field[];
  /** As parsed from the body. */
  readonly items: readonly unknown[];
};

export class Duplicates {
  readonly #context: Context;
  readonly #home: Home;
  readonly #scope: DuplicateScope;
  /** By field, then by value: the records that have it, the oldest first. */
  readonly #holders = new Map<string, Map<string, Id[]>>();

  constructor(context: Context, home: Home, scope: DuplicateScope) {
    this.#context = context;
    this.#home = home;
    this.#scope = scope;
  }

  static async read(context: Context, home: Home, scope: DuplicateScope): Promise<Duplicates> {
    const duplicates = new Duplicates(context, home, scope);
    for (const field of scope.fields) await duplicates.#readHolders(field);
    return duplicates;
  }

  /** The records that have the item's value in the field, the oldest first; none for a value that is none, or is not of the type. */
  holdersOf(item: unknown, field: Field): readonly Id[] {
    const key = keyOfItem(item, field);
    return key === null ? [] : (this.#holders.get(field.apiName)?.get(key) ?? []);
  }

  /** The refusal of an item whose values another record than `id` has in a unique field; null: there is none. */
  async findConflict(values: Values, at: { readonly index: number; readonly id: Id | null }): Promise<Refusal | null> {
    for (const field of this.#scope.unique) {
      const key = duplicateKey(values[field.apiName] ?? null);
      const others = key === null ? [] : (this.#holders.get(field.apiName)?.get(key) ?? []).filter((id) => id !== at.id);
      const [id] = others;
      if (id === undefined) continue;
      const { module } = this.#scope;
      const owner = (await this.#context.tx.records.get(this.#home.org.key, module.apiName, id))?.values["Owner"];
      return {
        code: "duplicate",
        path: ["data", at.index, field.apiName],
        id,
        duplicate: { owner: typeof owner === "string" ? userRef(this.#home, owner) : null, module, hasMore: others.length > 1 },
      };
    }
    return null;
  }

  /** Notes what the request did to a record: from now on it has the values `after`, and no longer those `before`. */
  note(id: Id, before: Values, after: Values): void {
    for (const { apiName } of this.#scope.fields) {
      const [from, to] = [duplicateKey(before[apiName] ?? null), duplicateKey(after[apiName] ?? null)];
      const holders = this.#holders.get(apiName);
      if (holders === undefined || from === to) continue;
      if (from !== null) {
        holders.set(
          from,
          (holders.get(from) ?? []).filter((holder) => holder !== id),
        );
      }
      if (to !== null) holders.set(to, [...(holders.get(to) ?? []), id].toSorted());
    }
  }

  async #readHolders(field: Field): Promise<void> {
    const { module, items } = this.#scope;
    const keys = [...new Set(items.flatMap((item) => keyOfItem(item, field) ?? []))];
    const holders = new Map<string, Id[]>();
    this.#holders.set(field.apiName, holders);
    if (keys.length === 0) return;
    const rows = await this.#context.tx.records.holders({ org: this.#home.org.key, module: module.apiName, field: field.apiName, keys });
    for (const { key, id } of rows) holders.set(key, [...(holders.get(key) ?? []), id]);
  }
}

function keyOfItem(item: unknown, field: Field): string | null {
  const value = isObject(item) ? readValue(field, valueOf(item, field.apiName)) : null;
  return value?.ok === true ? duplicateKey(value.value) : null;
}
