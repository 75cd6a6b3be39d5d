/** The data of `/actions/watch`, with the keys of the wire, so that what the documentation says can be written as it stands. */
import type { JsonObject } from "../json-text.ts";

export const apiVersions = ["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"] as const;
export type ApiVersion = (typeof apiVersions)[number];

/** `Deals.edit`, `Contacts.all`, `users.all`. */
export type WatchEvent = `${string}.${"create" | "edit" | "delete" | "all"}`;

export type FieldRef = { readonly api_name: string; readonly id?: string } | { readonly id: string };
export type FieldSelection =
  { readonly field: FieldRef } | { readonly group_operator: "and" | "or"; readonly group: readonly FieldSelection[] };
export type NotificationCondition = {
  readonly type: "field_selection";
  readonly module: FieldRef;
  readonly field_selection: FieldSelection;
};

/** What is asked of a channel. */
export type WatchItem = {
  /** An int64 of your choice, as text or bigint: a number does not hold all of them. */
  readonly channel_id: string | bigint;
  readonly events: readonly WatchEvent[];
  readonly notify_url: string;
  /** Comes back in each notification; at most 50 characters. */
  readonly token?: string | null;
  /** A text goes as it is; of a Date the milliseconds are cut off, which the wire refuses. */
  readonly channel_expiry?: string | Date;
  /** From v3 or v4 on. */
  readonly return_affected_field_values?: boolean;
  readonly notify_on_related_action?: boolean;
  /** From v6 on. */
  readonly notification_condition?: readonly NotificationCondition[] | null;
};

/** What PATCH is told: what is absent is kept, by Watchpost; Zoho has been seen to drop an absent token. */
export type WatchChange = Pick<WatchItem, "channel_id"> & Partial<WatchItem>;

export type WatchRemoval = Pick<WatchItem, "channel_id" | "events">;

/** What one item came to: an entry a module. */
export type WatchDone = { readonly code: string; readonly message: string; readonly events: readonly WatchedModule[] };

export type WatchedModule = {
  readonly channel_id: string;
  readonly resource_id: string;
  readonly resource_uri: string;
  /** The module's API name; null where the answer does not name it, as of DELETE. */
  readonly resource_name: string | null;
  /** What the server has granted, which may be less than was asked for; null where the answer does not say. */
  readonly channel_expiry: string | null;
};

/** A row of the list: one a channel and module. A key that the version does not have is absent. */
export type WatchRow = {
  readonly channel_id: string;
  readonly resource_id: string;
  readonly resource_uri: string;
  readonly resource_name: string;
  readonly events: readonly string[];
  readonly notify_url: string;
  readonly token: string | null;
  readonly channel_expiry: string | null;
  readonly notify_on_related_action?: boolean;
  readonly return_affected_field_values?: boolean;
  readonly notification_condition?: readonly NotificationCondition[] | null;
  readonly fields?: unknown;
};

export type WatchFilter = { readonly channel_id?: string | bigint; readonly module?: string };
export type WatchPage = {
  readonly rows: readonly WatchRow[];
  readonly info: { readonly page: number; readonly per_page: number; readonly count: number; readonly more_records: boolean };
};

/** How one item of several went, in the order of the request. */
export type WatchOutcome =
  | ({ readonly ok: true } & WatchDone)
  | { readonly ok: false; readonly code: string; readonly message: string; readonly details: JsonObject };
