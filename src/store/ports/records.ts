/** Records, and the changes that writes made to them. */
import type { Operation } from "../../core/channel.ts";
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { CrmRecord, Values } from "../../core/record.ts";
import type { Awaitable } from "../store.ts";

export type RecordSort = { readonly by: "id" | "Created_Time" | "Modified_Time"; readonly order: "asc" | "desc" };

export type ChangeRow = {
  readonly module: string;
  readonly recordId: Id;
  readonly operation: Operation;
  readonly changedFields: readonly string[];
  readonly at: number;
  readonly by: Id;
};

export type RecordRows = {
  insert(org: OrgKey, record: CrmRecord): Awaitable<void>;
  update(org: OrgKey, record: CrmRecord): Awaitable<void>;
  /** Moves the record to the bin: it is found no more, its row stays. */
  remove(org: OrgKey, record: CrmRecord): Awaitable<void>;
  get(org: OrgKey, module: string, id: Id): Awaitable<CrmRecord | null>;
  /** The values of a record that may be in the bin, to name it where others look it up. */
  valuesOf(org: OrgKey, module: string, id: Id): Awaitable<Values | null>;
  /** Whether any module has a record with this id, in the bin or not. */
  isIdTaken(org: OrgKey, module: string, id: Id): Awaitable<boolean>;
  list(listed: { org: OrgKey; module: string; sort: RecordSort; offset: number; limit: number }): Awaitable<readonly CrmRecord[]>;

  insertChange(org: OrgKey, change: ChangeRow): Awaitable<void>;
};
