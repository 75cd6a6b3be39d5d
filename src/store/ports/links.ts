/** Records that a client linked to each other: campaigns with their members, products with what they were sold to. */
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { CrmRecord, Values } from "../../core/record.ts";
import type { Awaitable } from "../store.ts";
import type { RecordListing } from "./records.ts";

export type LinkEnd = { readonly module: string; readonly id: Id };
export type LinkRow = { readonly ends: readonly [LinkEnd, LinkEnd]; readonly values: Values };
export type LinkedRecord = { readonly record: CrmRecord; readonly values: Values };

export type LinkRows = {
  /** Links the two, from both ends; one that is there gets the values. */
  put(org: OrgKey, link: LinkRow): Awaitable<void>;
  /** The link's own values; null when there is none. */
  valuesOf(org: OrgKey, ends: LinkRow["ends"]): Awaitable<Values | null>;
  /** Whether there was such a link. */
  remove(org: OrgKey, ends: LinkRow["ends"]): Awaitable<boolean>;
  /** The records of `listing.module` that are linked to the record `of`; those in the bin are left out. */
  list(listing: RecordListing & { readonly of: Id }): Awaitable<readonly LinkedRecord[]>;
};
