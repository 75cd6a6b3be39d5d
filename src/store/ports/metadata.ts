/** The custom modules and fields of an org. What was deleted keeps its row, so that its numbers are never given out again. */
import type { OrgKey } from "../../core/org.ts";
import type { CustomField, CustomModule } from "../../core/standard-catalog.ts";
import type { Awaitable } from "../store.ts";

export type CustomFieldRow = Omit<CustomField, "createdAt" | "modifiedAt"> & {
  /** The API name of its module, standard or custom. */
  readonly module: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
};

export type MetadataRows = {
  insertModule(org: OrgKey, module: CustomModule): Awaitable<void>;
  /** Sets the labels. */
  updateModule(org: OrgKey, module: CustomModule): Awaitable<void>;
  removeModule(org: OrgKey, sequence: number, at: number): Awaitable<void>;
  /** Those that are there, by ascending sequence. */
  modulesOf(org: OrgKey): Awaitable<readonly CustomModule[]>;
  /** Whether a module that was removed had this API name, without regard to case. */
  hadModule(org: OrgKey, apiName: string): Awaitable<boolean>;

  insertField(org: OrgKey, field: CustomFieldRow): Awaitable<void>;
  /** Sets the label, the length, the pick list and the time of the change. */
  updateField(org: OrgKey, field: CustomFieldRow): Awaitable<void>;
  removeField(org: OrgKey, field: Pick<CustomFieldRow, "module" | "sequence">, at: number): Awaitable<void>;
  /** Those that are there, in the order in which they were made. */
  fieldsOf(org: OrgKey): Awaitable<readonly CustomFieldRow[]>;
  /** How many fields of the module are there. */
  countFields(org: OrgKey, module: string): Awaitable<number>;
  /** Whether a field of the module that was removed had this API name. */
  hadField(org: OrgKey, module: string, apiName: string): Awaitable<boolean>;
  /** The greatest sequence from `from` to `until` that a field of the org has or had; null: none. */
  lastFieldSequence(org: OrgKey, range: { readonly from: number; readonly until: number }): Awaitable<number | null>;

  /** Notes that the module, or a field of it, was made, changed or deleted. */
  touch(org: OrgKey, module: string, at: number): Awaitable<void>;
  /** When each module was touched last, by API name. */
  touchedAt(org: OrgKey): Awaitable<ReadonlyMap<string, number>>;
};
