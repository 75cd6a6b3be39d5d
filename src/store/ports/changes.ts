/** What writes did to records, kept so that it can be explained and sent again. */
import type { Operation } from "../../core/channel.ts";
import type { Id } from "../../core/ids.ts";
import type { Related } from "../../core/match.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Values } from "../../core/record.ts";
import type { Awaitable } from "../store.ts";

export type NewChange = {
  readonly module: string;
  readonly recordId: Id;
  readonly operation: Operation;
  /** API names, as the callback names them. */
  readonly changedFields: readonly string[];
  readonly at: number;
  readonly by: Id;
  /** What the fields that differ held: all of an inserted or a deleted record. null: there was no record. */
  readonly before: Values | null;
  readonly after: Values | null;
  /** The records that it looked up. */
  readonly related: readonly Related[];
};

export type ChangeRow = NewChange & {
  readonly id: number;
  /** The id of the first change of the same write. */
  readonly write: number;
};

/** null: any. */
export type ChangeFilter = {
  readonly module: string | null;
  readonly recordId: Id | null;
  readonly operation: Operation | null;
  /** Committed at or after, and before, in ms. */
  readonly from: number | null;
  readonly until: number | null;
};

/** Rows of a window of the log that was looked through. `nextId` null: there is no more behind it; otherwise where to go on. */
export type Window<Row> = { readonly rows: readonly Row[]; readonly nextId: number | null };

export type ChangeRows = {
  /** Gives its id, larger than every earlier one. `write` null: it is the first of its write. */
  insert(org: OrgKey, change: NewChange, write: number | null): Awaitable<number>;
  byId(org: OrgKey, id: number): Awaitable<ChangeRow | null>;
  /** The changes of a write, in its order. */
  ofWrite(org: OrgKey, write: number): Awaitable<readonly ChangeRow[]>;
  /** The newest first: those with a smaller id than `beforeId`, of as many as `look` allows to be looked at. */
  list(
    org: OrgKey,
    filter: ChangeFilter,
    page: { readonly beforeId: number; readonly limit: number; readonly look: number },
  ): Awaitable<Window<ChangeRow>>;
  /** The oldest first: at most `limit` with an id of `fromId` or more and less than `untilId`. */
  after(org: OrgKey, range: { readonly fromId: number; readonly untilId: number; readonly limit: number }): Awaitable<readonly ChangeRow[]>;
};
