/**
 * The related lists of a module: what hangs on each of its records. Standard ones come from data; a custom lookup field makes one in
 * the module that it points to.
 */
import type { Catalog, Field, Module } from "./catalog.ts";
import { customModuleRelations, relatedListData } from "./catalog/related-lists.ts";
import type { RelationRow } from "./catalog/related-lists.ts";
import { idBeside, sequenceOf } from "./ids.ts";
import type { Id } from "./ids.ts";

/** How the records of a list belong to their record. */
export type Relation =
  /** They look it up in `field`. */
  | { readonly kind: "lookup"; readonly field: string }
  /** A client linked them; `values` are the keys of the link itself. */
  | { readonly kind: "link"; readonly values: readonly string[] };

export type RelatedList = {
  readonly id: Id;
  readonly apiName: string;
  readonly label: string;
  /** The API name of the module whose records it lists. */
  readonly module: string;
  readonly relation: Relation;
};

/** Within a custom module's thousand, behind its fields. */
const customModuleListOffset = 900;
/** A list that a custom lookup makes is numbered this far behind its field. */
const customLookupListOffset = 70_000_000;

/** The lists of the module, in the order in which they are shown; none for a module that the API does not serve. */
export function relatedListsOf(catalog: Catalog, module: Module): readonly RelatedList[] {
  if (!module.isApiSupported) return [];
  const lists = standardLists(catalog, module);
  for (const other of catalog.modules) {
    for (const field of other.fields) {
      if (field.isCustom && field.dataType === "lookup" && field.lookupModule === module.apiName) {
        lists.push(lookupList(other, field, lists));
      }
    }
  }
  return lists;
}

/** The list with this name, without regard to case and underscores: the wire spells `SalesOrders` and `Sales_Orders`. */
export function findRelatedList(catalog: Catalog, module: Module, name: string): RelatedList | undefined {
  const wanted = plain(name);
  return relatedListsOf(catalog, module).find((list) => plain(list.apiName) === wanted);
}

function standardLists(catalog: Catalog, module: Module): RelatedList[] {
  const data = relatedListData.find((candidate) => candidate.module === module.apiName);
  if (data !== undefined) return data.rows.flatMap((row, index) => listOf(catalog, row, idBeside(module.id, data.from + index)));
  if (module.generatedType !== "custom") return [];
  const from = sequenceOf(module.id) + customModuleListOffset;
  return customModuleRelations.flatMap((row, index) => listOf(catalog, row, idBeside(module.id, from + index)));
}

function listOf(catalog: Catalog, row: RelationRow, id: Id): RelatedList[] {
  const [kind, apiName, name, what] = row;
  const module = catalog.module(name);
  if (module === undefined) return [];
  const relation: Relation = kind === "lookup" ? { kind, field: what } : { kind, values: what };
  const isNamedForModule = plain(apiName) === plain(module.apiName);
  return [{ id, apiName, label: isNamedForModule ? module.pluralLabel : apiName.replaceAll("_", " "), module: module.apiName, relation }];
}

/** Named for its module, or for its module and field where that name is taken. */
function lookupList(module: Module, field: Field, taken: readonly RelatedList[]): RelatedList {
  const isTaken = taken.some((list) => plain(list.apiName) === plain(module.apiName));
  return {
    id: idBeside(field.id, sequenceOf(field.id) + customLookupListOffset),
    apiName: isTaken ? `${module.apiName}_${field.apiName}` : module.apiName,
    label: isTaken ? `${module.pluralLabel} (${field.label})` : module.pluralLabel,
    module: module.apiName,
    relation: { kind: "lookup", field: field.apiName },
  };
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}
