/** Records, and what they are related to. */
import type { Operation } from "../../core/channel.ts";
import type { Id } from "../../core/ids.ts";
import type { Caller } from "../../core/principal.ts";
import type { Result } from "../../core/result.ts";
import type { Page, Upserted, WrittenRecord } from "../../core/written.ts";
import type { Json } from "../../wire/json.ts";
import type { SearchParam } from "../../wire/search-request.ts";

/** Rows in their wire form, rendered where the data is. */
export type RowPage = { readonly rows: readonly Json[]; readonly hasMore: boolean };

/** A page of records with the way to the pages beside it. */
export type RecordPage = RowPage & {
  readonly page: number;
  /** null: there is no such page. */
  readonly nextPageToken: string | null;
  readonly previousPageToken: string | null;
  /** When the tokens end, in ms; null without a token. */
  readonly pageTokensExpireAt: number | null;
};

export type ListOrder = { readonly sortBy: "id" | "Created_Time" | "Modified_Time"; readonly sortOrder: "asc" | "desc" };

/** Which records of a module are listed; instants in ms, null: no such bound. */
export type RecordFilter = {
  /** Those modified in a later second than this. */
  readonly modifiedSince: number | null;
  readonly createdFrom: number | null;
  readonly createdUntil: number | null;
  /** Asked for by what no record here can be: converted, waiting for approval, in a territory. */
  readonly isNone: boolean;
};

/** The record whose related ones are meant, and in which of its lists. */
export type RelationPath = { readonly module: string; readonly id: string; readonly list: string };

/** What a write to a related list came to: to its records, or to the links alone. */
export type RelatedWritten =
  | { readonly kind: "records"; readonly results: readonly Result<WrittenRecord>[] }
  | { readonly kind: "links"; readonly results: readonly Result<{ readonly id: Id }>[] };

export type RecordCommands = {
  "records.write": {
    input: {
      caller: Caller;
      module: string;
      operation: Operation;
      /** As parsed from the body; for a delete, the ids. */
      items: readonly unknown[];
      /** The id in the path of a request for one record; it wins over one in the item. */
      idInPath: string | null;
      /** A record that was modified in a later second is left as it is (`already_modified`). In ms; null or absent: all are changed. */
      unmodifiedSince?: number | null;
    };
    output: Result<{ readonly module: string; readonly results: readonly Result<WrittenRecord>[] }>;
  };
  /** Inserts or updates. `checkFields` is the body's `duplicate_check_fields`, as parsed; items and `unmodifiedSince` as in `records.write`. */
  "records.upsert": {
    input: { caller: Caller; module: string; items: readonly unknown[]; checkFields: unknown; unmodifiedSince?: number | null };
    output: Result<readonly Result<Upserted>[]>;
  };
  /** Looks at some of the records behind `afterId` (null: from the newest on); of those it finds, `skip` are passed over and `take` given. */
  "records.search": {
    input: {
      caller: Caller;
      module: string;
      search: { readonly by: SearchParam; readonly text: string };
      /** null: all fields. */
      fields: readonly string[] | null;
      afterId: Id | null;
      skip: number;
      take: number;
    };
    /** `skipped` of `skip` were passed over. `goOnAfterId`: where the next command goes on; null: there is no more to look at, or enough was found. */
    output: Result<{ readonly rows: readonly Json[]; readonly skipped: number; readonly goOnAfterId: Id | null }>;
  };
  "records.get": {
    input: { caller: Caller; module: string; id: string };
    output: Result<{ readonly row: Json; readonly modifiedAt: number } | null>;
  };
  "records.list": {
    input: {
      caller: Caller;
      module: string;
      /** null: all fields. */
      fields: readonly string[] | null;
      /** null: no filter. */
      ids: readonly string[] | null;
      page: Page;
      /** Says the page in place of `page.page`; null or absent: none was given. */
      pageToken?: string | null;
      /** Absent: all records. */
      filter?: RecordFilter;
    } & ListOrder;
    output: Result<RecordPage>;
  };
  "records.count": { input: { caller: Caller; module: string }; output: Result<number> };
  "records.deleted": {
    input: { caller: Caller; module: string; type: "all" | "recycle" | "permanent"; page: Page; modifiedSince: number | null };
    output: Result<RowPage>;
  };

  "related.list": {
    input: { caller: Caller; path: RelationPath; fields: readonly string[] | null; page: Page; modifiedSince: number | null } & ListOrder;
    /** `module` is the one whose records they are. */
    output: Result<RowPage & { readonly module: string }>;
  };
  "related.get": {
    input: { caller: Caller; path: RelationPath; relatedId: string };
    output: Result<{ readonly row: Json; readonly modifiedAt: number; readonly module: string } | null>;
  };
  /** Writes notes of the record, or links and unlinks records. Items as in `records.write`. */
  "related.write": {
    input: { caller: Caller; path: RelationPath; operation: Operation; items: readonly unknown[]; idInPath: string | null };
    output: Result<RelatedWritten>;
  };
};
