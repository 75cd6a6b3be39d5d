/**
 * The catalog of an org: its modules with their fields, standard and custom, with the ids they have in that org.
 * `standard-catalog.ts` builds the standard part from data; custom modules and fields come from the store.
 */
import type { Id } from "./ids.ts";

export const dataTypes = [
  "text",
  "textarea",
  "picklist",
  "multiselectpicklist",
  "email",
  "phone",
  "website",
  "integer",
  "bigint",
  "double",
  "currency",
  "percent",
  "boolean",
  "date",
  "datetime",
  "lookup",
  "ownerlookup",
  "userlookup",
  "multiselectlookup",
  "multiuserlookup",
  "subform",
  "formula",
  "autonumber",
  "profileimage",
  "layout",
  "territories",
  "tags",
  "consent_lookup",
  "multireminder",
  "reminder",
  "recurrence",
  "participants",
  "comments",
  "pricing",
  "time_range",
] as const;
/** What a field holds. Most are the wire's own names; `wire/metadata-field.ts` renders the few that are ours. */
export type DataType = (typeof dataTypes)[number];

export type PickListValue = { readonly id: Id; readonly value: string; readonly label: string };

export type Field = {
  readonly id: Id;
  readonly apiName: string;
  readonly label: string;
  readonly dataType: DataType;
  /** Characters of a text, digits of a number; null where it means nothing. */
  readonly length: number | null;
  readonly isMandatory: boolean;
  /** The server sets it; a value in a request is ignored. */
  readonly isReadOnly: boolean;
  readonly isCustom: boolean;
  readonly pickList: readonly PickListValue[];
  /**
   * The API name of the module that a lookup points to ("$se_module" when the record says it), that a subform's lines are of, or that
   * links the records of a multi-select lookup; null for other types.
   */
  readonly lookupModule: string | null;
  /** Whether no two records of the module may share a value. Left out: they may. */
  readonly isUnique?: boolean;
  /** Left out: the field came with the org. */
  readonly createdAt?: number;
  readonly modifiedAt?: number;
};

export const generatedTypes = ["default", "web", "custom", "linking", "subform", "field_tracker"] as const;
export type GeneratedType = (typeof generatedTypes)[number];

export type Module = {
  readonly id: Id;
  readonly apiName: string;
  /** The module's other name on the wire: `Meetings` for `Events`. */
  readonly moduleName: string;
  readonly singularLabel: string;
  readonly pluralLabel: string;
  readonly generatedType: GeneratedType;
  /** Whether `/crm/{version}/{Module}` serves its records. */
  readonly isApiSupported: boolean;
  /** Whether a channel may watch it. */
  readonly isWatchable: boolean;
  /** The name it has in a scope: `salesorders` in `ZohoCRM.modules.salesorders.READ`. */
  readonly scopeName: string;
  /** The field whose value names a record (`Deal_Name`). */
  readonly nameField: string;
  readonly fields: readonly Field[];
  /** When it, or a field of it, was last made, changed or deleted; null: never. */
  readonly modifiedAt: number | null;
};

export type Catalog = {
  /** By ascending id. */
  readonly modules: readonly Module[];
  /** The module with this API name, without regard to case. */
  module(apiName: string): Module | undefined;
  moduleById(id: Id): Module | undefined;
  /** The field of the module with this exact API name. */
  field(module: Module, apiName: string): Field | undefined;
  /** What an event may name: a watchable module, or the users of the org. Without regard to case. */
  watchable(apiName: string): Watchable | undefined;
};

export type Watchable = { readonly id: Id; readonly apiName: string };
