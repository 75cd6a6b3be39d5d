/**
 * How the standard modules are written down.
 *
 * Numbers are for good: clients keep ids in their own configuration. A new field takes a free number of its module's block and
 * may stand anywhere in the list; a new value goes to the end of its pick list; nothing is numbered anew. The test beside
 * `standard-catalog.ts` holds every number.
 */
import type { DataType, GeneratedType } from "../catalog.ts";

/** A value, or a value with the label that people see in its place. */
export type PickListRow = string | readonly [value: string, label: string];
export type PickListData = readonly PickListRow[];

export type FieldOptions = {
  readonly isMandatory?: true;
  readonly isReadOnly?: true;
  /** Left out: what is usual for the data type. */
  readonly length?: number;
  readonly pickList?: PickListData;
  readonly lookupModule?: string;
  /** Left out: the API name with spaces. */
  readonly label?: string;
};

/** The order of the rows is the order of the catalog. The number is the one of the early layout. */
export type FieldRow = readonly [sequence: number, apiName: string, dataType: DataType, options?: FieldOptions];

export type Layout = "early" | "current";

export type ModuleData = {
  readonly apiName: string;
  readonly moduleName: string;
  readonly singularLabel: string;
  readonly pluralLabel: string;
  readonly sequences: Readonly<Record<Layout, number>>;
  readonly generatedType: GeneratedType;
  readonly isApiSupported: boolean;
  readonly isWatchable: boolean;
  readonly scopeName: string;
  readonly nameField: string;
  readonly fields: readonly FieldRow[];
  /** The number of the first common field; the others follow it. */
  readonly commonFrom: number;
  readonly commonWithout: readonly string[];
  readonly isOwnerMandatory?: true;
};
