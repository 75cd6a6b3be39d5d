/** What every write asks of a module's fields, worked out once a module: it has dozens of fields, and a write is about one or two. */
import type { DataType, Field, Module } from "./catalog.ts";

export type ModuleFacts = {
  /** Fields that a request may set, and those of them that a record must have, in catalog order. */
  readonly settable: readonly Field[];
  readonly mandatory: readonly Field[];
  /** Fields that look up records. */
  readonly lookups: readonly Field[];
  /** The place in the catalog of each field that is named where it changes. */
  readonly listedPlaces: ReadonlyMap<string, number>;
};

/** Subforms, participants and product details change the record, but are never named as affected (v6 seed, DESIGN ruling 9). */
const unlistedTypes: ReadonlySet<DataType> = new Set(["subform", "participants", "pricing"]);

const known = new WeakMap<readonly Field[], ModuleFacts>();

export function factsOf({ fields }: Pick<Module, "fields">): ModuleFacts {
  const facts = known.get(fields) ?? newFacts(fields);
  known.set(fields, facts);
  return facts;
}

function newFacts(fields: readonly Field[]): ModuleFacts {
  const settable = fields.filter((field) => !field.isReadOnly && field.apiName !== "id");
  const listed = fields.flatMap(({ apiName, dataType }, place) => (unlistedTypes.has(dataType) ? [] : [[apiName, place] as const]));
  return {
    settable,
    mandatory: settable.filter((field) => field.isMandatory),
    lookups: fields.filter((field) => field.dataType === "lookup"),
    listedPlaces: new Map(listed),
  };
}
