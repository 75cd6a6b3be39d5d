/** What a write gives back about a record, and how lists are cut into pages. */
import type { Id } from "./ids.ts";

export type Page = { readonly page: number; readonly perPage: number };

export type UserRef = { readonly id: Id; readonly name: string };

/** What an upsert did with an item. */
export type Upserted = {
  readonly record: WrittenRecord;
  readonly action: "insert" | "update";
  /** The field by which the record was found; null when it was inserted, or named by its id. */
  readonly duplicateField: string | null;
};

export type WrittenRecord = {
  readonly id: Id;
  readonly createdAt: number;
  readonly createdBy: UserRef;
  readonly modifiedAt: number;
  readonly modifiedBy: UserRef;
};
