/**
 * The thread boundary: a command is data and so is its result. Each name here is one use case, run inside the store's
 * transaction; whoever stands in front of it (HTTP, dispatch, the command line) knows only this table.
 */
import type { Operation } from "../core/channel.ts";
import type { ClaimEnd, DeliveryStatus } from "../core/delivery.ts";
import type { Id } from "../core/ids.ts";
import type { OrgKey } from "../core/org.ts";
import type { Result } from "../core/result.ts";
import type { Seed } from "../core/seed.ts";
import type { Json } from "../wire/json.ts";
import type { VersionName } from "../wire/versions.ts";

/** Who asks: the user of an access token. */
export type Principal = {
  readonly org: OrgKey;
  readonly zgid: string;
  readonly timeZone: string;
  readonly userId: Id;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** When the access token ends, in ms. */
  readonly expiresAt: number;
};

export type Caller = Pick<Principal, "org" | "userId">;

export type Page = { readonly page: number; readonly perPage: number };

/** Rows in their wire form, rendered where the data is. */
export type RowPage = { readonly rows: readonly Json[]; readonly hasMore: boolean };

export type UserRef = { readonly id: Id; readonly name: string };

export type WrittenRecord = {
  readonly id: Id;
  readonly createdAt: number;
  readonly createdBy: UserRef;
  readonly modifiedAt: number;
  readonly modifiedBy: UserRef;
};

/** A module a channel watches, as an answer names it. */
export type Resource = { readonly id: Id; readonly name: string };

export type WatchMode = "enable" | "replace" | "merge";

export type WatchItemDone = {
  /** `removed`: an item with `_delete_events: true`. */
  readonly kind: "subscribed" | "updated" | "removed";
  readonly channelId: string;
  readonly expiresAt: number;
  /** By ascending id (ruling 4). */
  readonly resources: readonly Resource[];
};

export type TokenRequest = {
  readonly grantType: string | null;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly refreshToken: string | null;
  readonly code: string | null;
  readonly redirectUri: string | null;
};

export type IssuedToken = {
  readonly accessToken: string;
  /** null unless the grant gives one. */
  readonly refreshToken: string | null;
  readonly scopes: readonly string[];
  readonly expiresInSeconds: number;
};

/** The wire's `error` of the token endpoint (PROTOCOL E.3). */
export type TokenError = "invalid_client" | "invalid_client_secret" | "invalid_code" | "invalid_redirect_uri" | "unsupported_grant_type";

/** A delivery handed out for one attempt. */
export type Claim = {
  readonly org: OrgKey;
  readonly deliveryId: number;
  /** Settles this claim and no other. */
  readonly claimToken: string;
  readonly leaseUntil: number;
  readonly attemptsMade: number;
  readonly committedAt: number;
  readonly channelKey: number;
  readonly channelId: string;
  readonly notifyUrl: string;
  readonly token: string | null;
  /** Standard Webhooks form, `whsec_` and base64. */
  readonly secret: string;
  readonly module: string;
  readonly operation: Operation;
  /** JSON texts, ready to be spliced into the callback's body; `affectedValues` is null unless asked for. */
  readonly recordIds: string;
  readonly affectedFields: string;
  readonly affectedValues: string | null;
};

export type AttemptEntry = {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: ClaimEnd;
  /** null: no answer came. */
  readonly httpStatus: number | null;
  /** What went wrong, without secrets; null when an answer came. */
  readonly error: string | null;
  /** The first bytes of the answer as text; null when none. */
  readonly responseBody: string | null;
};

export type Settlement = {
  readonly org: OrgKey;
  readonly deliveryId: number;
  readonly claimToken: string;
  readonly end: ClaimEnd;
  /** null when released untried. */
  readonly attempt: AttemptEntry | null;
};

export type DeliveryFilter = {
  readonly zgid: string | null;
  readonly channelId: string | null;
  readonly module: string | null;
  readonly recordId: Id | null;
  readonly status: DeliveryStatus | null;
  /** Committed at or after, and before, in ms. */
  readonly from: number | null;
  readonly until: number | null;
  /** Only deliveries with a smaller id: the cursor. */
  readonly beforeId: number | null;
  readonly limit: number;
};

export type DeliveryView = {
  readonly id: number;
  readonly zgid: string;
  readonly channelId: string;
  readonly channelKey: number;
  readonly module: string;
  readonly operation: Operation;
  readonly recordIds: readonly Id[];
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly committedAt: number;
  /** The next attempt, or the end of the lease while claimed; null when settled. */
  readonly dueAt: number | null;
  readonly settledAt: number | null;
};

export type AttemptView = AttemptEntry & { readonly number: number };

export type ChannelView = {
  readonly key: number;
  readonly zgid: string;
  readonly userId: Id;
  readonly channelId: string;
  readonly notifyUrl: string;
  readonly modules: readonly string[];
  readonly expiresAt: number;
  readonly isSecretShown: boolean;
};

export type Commands = {
  /** Makes orgs, users, clients, modules and records that are not there yet. */
  "seed.apply": { input: { seed: Seed }; output: { readonly orgs: readonly string[]; readonly isApplied: boolean } };

  "oauth.token": { input: TokenRequest; output: Result<IssuedToken, TokenError> };
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
    };
    output: Result<{ readonly module: string; readonly results: readonly Result<WrittenRecord>[] }>;
  };
  "records.get": { input: { caller: Caller; module: string; id: string }; output: Result<Json | null> };
  "records.list": {
    input: {
      caller: Caller;
      module: string;
      /** null: all fields. */
      fields: readonly string[] | null;
      /** null: no filter. */
      ids: readonly string[] | null;
      sortBy: "id" | "Created_Time" | "Modified_Time";
      sortOrder: "asc" | "desc";
      page: Page;
    };
    output: Result<RowPage>;
  };

  "metadata.modules": { input: { caller: Caller; version: VersionName }; output: readonly Json[] };
  "metadata.module": { input: { caller: Caller; version: VersionName; module: string }; output: Result<Json> };
  "metadata.fields": { input: { caller: Caller; version: VersionName; module: string }; output: Result<readonly Json[]> };
  "metadata.field": { input: { caller: Caller; version: VersionName; module: string; id: string }; output: Result<Json | null> };

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
    input: { caller: Caller; version: VersionName; timeZone: string; baseUrl: string; channelId: string | null; module: string | null; page: Page };
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

  "operate.deliveries": { input: DeliveryFilter; output: { readonly deliveries: readonly DeliveryView[]; readonly hasMore: boolean } };
  "operate.delivery": { input: { id: number }; output: { readonly delivery: DeliveryView; readonly attempts: readonly AttemptView[] } | null };
  "operate.channels": { input: { afterKey: number | null; limit: number }; output: { readonly channels: readonly ChannelView[]; readonly hasMore: boolean } };
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
