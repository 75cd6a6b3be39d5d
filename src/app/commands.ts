/**
 * The thread boundary: a command is data and so is its result. Each name here is one use case, run inside the store's
 * transaction; whoever stands in front of it (HTTP, dispatch, the command line) knows only this table.
 */
import type { ChannelHealth, Operation } from "../core/channel.ts";
import type { Id } from "../core/ids.ts";
import type { Result } from "../core/result.ts";
import type { Seed } from "../core/seed.ts";
import type { Json } from "../wire/json.ts";
import type { SearchParam } from "../wire/search-request.ts";
import type { ModuleStatus } from "../wire/metadata-module.ts";
import type { VersionName } from "../wire/versions.ts";

import type { Principal, Caller, TokenRequest, IssuedToken, TokenError, TokenDigest, Consent, Profile } from "../core/principal.ts";
import type { Resource, WatchMode, WatchItemDone } from "../core/watch.ts";
import type { Page, Upserted, WrittenRecord } from "../core/written.ts";
import type { Claim, Settlement, DeliveryFilter, DeliveryView, AttemptView } from "../core/attempt.ts";

/** Rows in their wire form, rendered where the data is. */
export type RowPage = { readonly rows: readonly Json[]; readonly hasMore: boolean };

/** What an operator does to a channel. Instants and spans in ms; an overlap of 0 ends the old secret at once. */
export type ChannelAct =
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "renew"; readonly until: number }
  | { readonly kind: "rotate"; readonly overlapMs: number };

/** `disabled`: what the program gave up cannot be paused, only resumed. */
export type SteerError = "unknown" | "disabled" | "until_out_of_range";

/** `secret` is null unless it was rotated. */
export type ChannelSteered = { readonly channel: ChannelView; readonly secret: string | null };

export type ChannelView = ChannelHealth & {
  readonly key: number;
  readonly zgid: string;
  readonly userId: Id;
  readonly channelId: string;
  readonly notifyUrl: string;
  readonly modules: readonly string[];
  readonly expiresAt: number;
  readonly isSecretShown: boolean;
  /** When the secret before the last rotation ends; null when there is none. */
  readonly previousSecretUntil: number | null;
};

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

export type Commands = {
  /** Makes the orgs, users, clients, modules and records that are not there yet: all of them, or none and the reason, which names the JSON path. */
  "seed.apply": { input: { seed: Seed }; output: Result<{ readonly orgs: readonly string[]; readonly isApplied: boolean }, string> };

  /** `isThrottled`: no more tokens within a while than Zoho gives (PROTOCOL E.3). */
  "oauth.token": { input: TokenRequest & { isThrottled: boolean }; output: Result<IssuedToken, TokenError> };
  "oauth.revoke": { input: { token: string }; output: Result<{ readonly endedDigests: readonly TokenDigest[] }, "invalid_code"> };
  "oauth.prepareConsent": {
    input: { clientId: string; redirectUri: string; scopes: readonly string[] };
    output: Result<Consent, "invalid_client" | "invalid_redirect_uri" | "invalid_scope">;
  };
  "oauth.findPassword": { input: { clientId: string; email: string }; output: { readonly user: Profile; readonly hash: string } | null };
  "oauth.grantCode": {
    input: { clientId: string; userId: Id; scopes: readonly string[]; isOffline: boolean; isThrottled: boolean };
    output: Result<{ readonly code: string }, "invalid_client" | "throttled">;
  };
  "oauth.profile": { input: { caller: Caller }; output: Profile | null };
  "auth.principal": { input: { accessToken: string }; output: Principal | null };
  "admin.addToken": { input: { adminToken: string }; output: null };
  "admin.hasToken": { input: { adminToken: string }; output: boolean };

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

  /** `modifiedSince` in ms: only what changed later; null: everything. An output of null: nothing did. `statuses` null: all. */
  "metadata.modules": {
    input: { caller: Caller; version: VersionName; statuses: readonly ModuleStatus[] | null; modifiedSince: number | null };
    output: readonly Json[] | null;
  };
  "metadata.module": {
    input: { caller: Caller; version: VersionName; module: string; modifiedSince: number | null };
    output: Result<Json | null>;
  };
  "metadata.fields": {
    input: { caller: Caller; version: VersionName; module: string; type: "used" | "unused" | "all" };
    output: Result<readonly Json[]>;
  };
  "metadata.field": { input: { caller: Caller; version: VersionName; module: string; id: string }; output: Result<Json | null> };

  "metadata.writeFields": {
    input: {
      caller: Caller;
      module: string;
      operation: Operation;
      /** As parsed from the body; for a delete, the id. */
      items: readonly unknown[];
      idInPath: string | null;
    };
    output: Result<readonly Result<{ readonly id: Id }>[]>;
  };
  "metadata.writeModules": {
    input: {
      caller: Caller;
      operation: Operation;
      /** As parsed from the body; for a delete, the name or id. */
      items: readonly unknown[];
      /** The API name or the id. */
      nameInPath: string | null;
    };
    output: Result<readonly Result<{ readonly id: Id }>[]>;
  };
  /** The layouts of a module; `id` null: all of them. An output of null: none changed later than `modifiedSince`. */
  "metadata.layouts": {
    input: { caller: Caller; version: VersionName; module: string; id: string | null; modifiedSince: number | null };
    output: Result<readonly Json[] | null>;
  };
  "metadata.relatedLists": {
    input: { caller: Caller; version: VersionName; module: string; id: string | null };
    output: Result<readonly Json[]>;
  };

  "users.list": { input: { caller: Caller; type: string; ids: readonly string[] | null; page: Page }; output: Result<RowPage> };
  "users.get": { input: { caller: Caller; id: string }; output: Result<Json> };
  "users.write": {
    input: { caller: Caller; operation: Operation; items: readonly unknown[]; idInPath: string | null };
    output: Result<readonly Result<{ readonly id: Id }>[]>;
  };
  "org.get": { input: { caller: Caller }; output: Json };

  "watch.write": {
    input: { caller: Caller; version: VersionName; mode: WatchMode; items: readonly unknown[] };
    output: readonly Result<WatchItemDone>[];
  };
  /** One row a channel and module, in their wire form. `module` null: every module. */
  "watch.list": {
    input: {
      caller: Caller;
      version: VersionName;
      timeZone: string;
      baseUrl: string;
      channelId: string | null;
      module: string | null;
      page: Page;
    };
    output: RowPage;
  };
  "watch.disable": {
    input: { caller: Caller; channelIds: readonly string[] };
    output: readonly Result<{ readonly channelId: string; readonly resources: readonly Resource[] }>[];
  };

  /** Claims what is due; `nextDueAt` is when the next falls due, null when nothing waits. */
  "dispatch.claim": {
    input: { limit: number; leaseMs: number; skipChannelKeys: readonly number[] };
    output: { readonly claims: readonly Claim[]; readonly nextDueAt: number | null };
  };
  /** Gives back, per settlement, whether the claim still held. */
  "dispatch.settle": { input: { settlements: readonly Settlement[] }; output: readonly boolean[] };

  /** One step of removing what is older than `historyMs`, dead deliveries than `deadMs`. 0 removed: nothing is left to remove. */
  "retention.purge": { input: { historyMs: number; deadMs: number }; output: { readonly removed: number } };

  "operate.deliveries": { input: DeliveryFilter; output: { readonly deliveries: readonly DeliveryView[]; readonly hasMore: boolean } };
  "operate.delivery": {
    input: { id: number };
    output: { readonly delivery: DeliveryView; readonly attempts: readonly AttemptView[] } | null;
  };
  "operate.channels": {
    input: { afterKey: number | null; limit: number };
    output: { readonly channels: readonly ChannelView[]; readonly hasMore: boolean };
  };
  "operate.channel": { input: { channelKey: number }; output: ChannelView | null };
  "operate.steerChannel": { input: { channelKey: number; act: ChannelAct }; output: Result<ChannelSteered, SteerError> };
  /** The channel's signing secret, the first time it is asked for; `already_shown` from then on. */
  "operate.revealSecret": { input: { channelKey: number }; output: Result<{ readonly secret: string }, "unknown" | "already_shown"> };
};

export type CommandName = keyof Commands;
export type Input<N extends CommandName> = Commands[N]["input"];
export type Output<N extends CommandName> = Commands[N]["output"];

/** What stands behind the boundary. */
export type Engine = {
  /** Runs the command in a transaction that is committed before this resolves; rejects only for a fault. */
  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>>;
  /** Calls `listener` after each commit that may have made a delivery due; gives back a function that stops it. */
  onHint(listener: () => void): () => void;
  /** Finishes what is queued, then closes the store. Twice is fine. */
  close(): Promise<void>;
};
