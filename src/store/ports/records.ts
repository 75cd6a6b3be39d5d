/** Records, those in the bin too. */
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { CrmRecord, Values } from "../../core/record.ts";
import type { Awaitable } from "../store.ts";

export type RecordSort = { readonly by: "id" | "Created_Time" | "Modified_Time"; readonly order: "asc" | "desc" };

/** Instants in ms, each end included; a bound that is absent bounds nothing. */
export type RecordBounds = { readonly modifiedFrom?: number; readonly createdFrom?: number; readonly createdUntil?: number };

export type RecordListing = RecordBounds & {
  readonly org: OrgKey;
  readonly module: string;
  readonly sort: RecordSort;
  readonly offset: number;
  readonly limit: number;
};

/** The place of a record in a sorted list: what it is sorted by, ties by id. */
export type RecordPlace = { readonly value: number | string; readonly id: Id };

export type DeletedRecord = CrmRecord & { readonly deletedAt: number };

export type RecordKey = { readonly org: OrgKey; readonly module: string; readonly id: Id };

export type RecordRows = {
  /** Reads records that are going to be asked for, all at once, where asking for one is a way to a server and back. */
  readAhead(keys: readonly RecordKey[]): Awaitable<void>;
  insert(org: OrgKey, record: CrmRecord): Awaitable<void>;
  update(org: OrgKey, record: CrmRecord): Awaitable<void>;
  /** Moves the record to the bin: it is found no more, its row stays. */
  remove(org: OrgKey, record: CrmRecord): Awaitable<void>;
  get(org: OrgKey, module: string, id: Id): Awaitable<CrmRecord | null>;
  /** The values of a record that may be in the bin, to name it where others look it up. */
  valuesOf(org: OrgKey, module: string, id: Id): Awaitable<Values | null>;
  /** Whether any module has a record with this id, in the bin or not. */
  isIdTaken(org: OrgKey, module: string, id: Id): Awaitable<boolean>;
  list(listing: RecordListing): Awaitable<readonly CrmRecord[]>;
  /** The records behind a place, the place itself left out; what is written meanwhile moves none of the others. */
  listAfter(listing: Omit<RecordListing, "offset"> & { readonly place: RecordPlace }): Awaitable<readonly CrmRecord[]>;
  /**
   * The records whose lookup `field` holds the id `of`; `parentModule` is what their `$se_module` must say, null when the field has
   * one module. Looks through the module: an index on every lookup would cost each write.
   */
  listLookups(
    listing: RecordListing & { readonly field: string; readonly of: Id; readonly parentModule: string | null },
  ): Awaitable<readonly CrmRecord[]>;
  /**
   * The records whose value in the field is one of `keys` (`duplicateKey` of core), at most `holdersPerKeyMax` a key, the oldest first.
   * Looks through the module once, whatever the number of keys: about 1.2 µs a record in SQLite. An index on the fields that tell
   * records apart would cost every write, and few writes ask.
   */
  holders(asked: {
    readonly org: OrgKey;
    readonly module: string;
    readonly field: string;
    readonly keys: readonly string[];
  }): Awaitable<readonly { readonly key: string; readonly id: Id }[]>;
  /** How many records the module has, the bin left out. */
  count(org: OrgKey, module: string): Awaitable<number>;
  /** What was moved to the bin later than `after` and up to `until`, the newest first. */
  listDeleted(listing: {
    readonly org: OrgKey;
    readonly module: string;
    readonly after: number;
    readonly until: number;
    readonly offset: number;
    readonly limit: number;
  }): Awaitable<readonly DeletedRecord[]>;

  /** Forgets what the module's records, those in the bin too, hold in the field. */
  dropValues(org: OrgKey, module: string, field: string): Awaitable<void>;
  /** Forgets all records of the module, those in the bin too. */
  dropModule(org: OrgKey, module: string): Awaitable<void>;
};
