/**
 * A record is a row of a module: values by field, and who made and changed it when. A write changes records;
 * what it did to one of them is a change.
 */
import type { Id } from "./ids.ts";
import type { Operation } from "./channel.ts";

/** A value as it is stored: lookups hold only the id, times are kept as they were sent, in ISO 8601 with an offset. */
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
