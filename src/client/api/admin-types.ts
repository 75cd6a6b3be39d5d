/** The rows of the admin API, with the keys of its JSON. Instants are ISO 8601 in UTC; ids of records, users and clients are text. */

export type DeliveryStatus = "waiting" | "pending" | "claimed" | "delivered" | "dead" | "cancelled";
export type ChangeOperation = "insert" | "update" | "delete";
export type ChannelState = "active" | "paused" | "disabled";
export type Values = Readonly<Record<string, unknown>>;

export type Delivery = {
  readonly id: number;
  readonly webhook_id: string;
  readonly org: string;
  readonly channel_id: string;
  readonly channel_key: number;
  readonly module: string;
  readonly operation: ChangeOperation;
  readonly record_ids: readonly string[];
  readonly status: DeliveryStatus;
  readonly attempts_made: number;
  readonly committed_at: string;
  readonly due_at: string | null;
  readonly settled_at: string | null;
  readonly replay_of: number | null;
  readonly replayed_as: number | null;
  readonly is_test: boolean;
};

export type Attempt = {
  readonly number: number;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly outcome: string;
  readonly http_status: number | null;
  readonly error: string | null;
  readonly response_body: string | null;
  readonly response_headers: Readonly<Record<string, string>> | null;
};

export type DeliveryDetail = Delivery & {
  readonly attempts: readonly Attempt[];
  readonly request: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string };
  readonly changes: readonly {
    readonly id: number;
    readonly record_id: string;
    readonly operation: ChangeOperation;
    readonly changed_fields: readonly string[];
    readonly before: Values | null;
    readonly after: Values | null;
  }[];
};

export type DeliveryFilter = {
  readonly org?: string;
  readonly channel?: string;
  readonly channel_key?: number;
  readonly module?: string;
  readonly record?: string;
  readonly status?: DeliveryStatus;
  readonly from?: string | Date;
  readonly until?: string | Date;
};

export type ReplayOrder = DeliveryFilter & { readonly what: "deliveries" | "missed"; readonly rate_per_second?: number };

export type Replay = {
  readonly id: number;
  readonly what: "deliveries" | "missed";
  readonly org: string | null;
  readonly channel_key: number | null;
  readonly channel_id: string | null;
  readonly module: string | null;
  readonly record: string | null;
  readonly status: DeliveryStatus | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly rate_per_second: number;
  readonly state: "counting" | "running" | "done" | "cancelled";
  /** null while it is counted. */
  readonly total: number | null;
  readonly sent: number;
  readonly created_at: string;
  readonly finished_at: string | null;
};

export type Change = {
  readonly id: number;
  readonly org: string;
  readonly module: string;
  readonly record_id: string;
  readonly operation: ChangeOperation;
  readonly changed_fields: readonly string[];
  readonly at: string;
  readonly by: string;
  readonly write: number | string;
};
export type ChangeDetail = Change & { readonly before: Values | null; readonly after: Values | null };

export type ChangeFilter = {
  readonly org?: string;
  readonly module?: string;
  readonly record?: string;
  readonly operation?: ChangeOperation;
  readonly from?: string | Date;
  readonly until?: string | Date;
};

/** A condition; `is_met` where it was put to a change. */
export type ConditionTree =
  | { readonly kind: "group"; readonly operator: "and" | "or"; readonly is_met?: boolean; readonly members: readonly ConditionTree[] }
  | { readonly kind: "field"; readonly field: string; readonly is_met?: boolean };

export type Explanation = {
  readonly change: ChangeDetail;
  readonly channels: readonly {
    readonly channel_key: number;
    readonly channel_id: string;
    readonly user_id: string;
    readonly is_matched: boolean;
    readonly is_related: boolean;
    readonly reason:
      | "matched"
      | "operation_not_subscribed"
      | "condition_not_met"
      | "expired"
      | "paused"
      | "disabled"
      | "removed_field"
      | "not_yet_subscribed";
    readonly detail: string;
    readonly condition: ConditionTree | null;
    readonly deliveries: readonly { readonly id: number; readonly status: DeliveryStatus }[];
  }[];
};

export type Channel = {
  readonly key: number;
  readonly org: string;
  readonly user_id: string;
  readonly channel_id: string;
  readonly notify_url: string;
  readonly modules: readonly string[];
  readonly expires_at: string;
  readonly is_secret_shown: boolean;
  readonly previous_secret_until: string | null;
  readonly state: ChannelState;
  readonly cause: string | null;
  readonly state_since: string;
  readonly failing_since: string | null;
  readonly kind: "client" | "lifecycle";
  readonly order: "record" | "none";
  readonly has_token: boolean;
  readonly returns_values: boolean;
  readonly notifies_related: boolean;
  readonly created_at: string;
  readonly modified_at: string;
  readonly subscriptions: readonly {
    readonly module: string;
    readonly module_id: string;
    readonly operations: readonly ChangeOperation[];
    readonly condition: ConditionTree | null;
  }[];
};
export type ChannelFilter = {
  readonly org?: string;
  readonly state?: ChannelState;
  readonly kind?: "client" | "lifecycle";
  readonly module?: string;
  readonly channel?: string;
};
/** `missed`: what a resumed channel may be sent after all; `replay` is what `startReplay` takes. */
export type Resumed = {
  readonly channel: Channel;
  readonly missed: { readonly from: string; readonly until: string; readonly replay: ReplayOrder } | null;
};

export type LifecycleEvent = {
  readonly id: number;
  readonly org: string;
  readonly channel_key: number;
  readonly channel_id: string;
  readonly event: "channel.expiring" | "channel.expired" | "channel.disabled";
  readonly before: "24h" | "1h" | "5m" | null;
  readonly cause: string | null;
  readonly expires_at: string;
  readonly at: string;
};

export type Org = {
  readonly zgid: string;
  readonly name: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly created_at: string;
  readonly lifecycle_url: string | null;
  readonly users: number;
  readonly records: null;
};

export type User = {
  readonly id: string;
  readonly org: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string;
  readonly status: "active" | "inactive" | "deleted";
};

export type OAuthClient = {
  readonly client_id: string;
  readonly org: string;
  readonly name: string | null;
  readonly scopes: readonly string[];
  /** Whom its own credentials stand for. */
  readonly user_id: string | null;
  readonly redirect_uri: string | null;
  readonly revoked_at: string | null;
};
export type OAuthClientOrder = {
  readonly org: string;
  readonly name: string;
  readonly scope: string;
  readonly user_email?: string;
  readonly redirect_uri?: string;
};
/** The secret and the token are shown here and never again. */
export type OAuthClientMade = { readonly client: OAuthClient; readonly client_secret: string; readonly refresh_token: string | null };

export type Token = {
  readonly id: string;
  readonly org: string;
  readonly client_id: string;
  readonly user_id: string;
  readonly scopes: readonly string[];
  readonly issued_at: string;
  readonly expires_at: string;
};
export type TokenOrder = { readonly org?: string; readonly user_email?: string; readonly scope?: string };
export type TokenMade = { readonly access_token: string; readonly token: Token; readonly api_domain: string };

export type AuditEntry = {
  readonly id: number;
  readonly at: string;
  readonly actor: "token" | "console";
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly summary: string;
};

export type Stats = {
  readonly now: string;
  readonly health: { readonly status: "ok" | "degraded" | "down"; readonly sentence: string; readonly causes: readonly string[] };
  readonly backlog: { readonly waiting: number; readonly pending: number; readonly claimed: number; readonly dead: number };
  readonly oldest_pending_at: string | null;
  readonly channels: { readonly active: number; readonly paused: number; readonly disabled: number };
  readonly expiring: readonly Pick<Channel & { readonly channel_key: number }, "channel_key" | "channel_id" | "org" | "expires_at">[];
  /** What `--keep-history`, `--keep-dead` and `--disable-after` say. */
  readonly retention: { readonly history_ms: number; readonly dead_ms: number; readonly disable_after_ms: number };
  readonly series: {
    readonly step_seconds: number;
    readonly points: readonly {
      readonly at: string;
      readonly changes: number;
      readonly delivered: number;
      readonly failed: number;
      readonly p50_ms: number | null;
      readonly p95_ms: number | null;
      readonly p99_ms: number | null;
    }[];
  };
};

export type StreamEvent =
  | {
      readonly event: "delivery";
      readonly data: Pick<Delivery, "id" | "channel_key" | "channel_id" | "module" | "operation"> & {
        readonly outcome: string;
        readonly http_status: number | null;
        readonly attempt: number;
        readonly duration_ms: number;
        readonly at: string;
      };
    }
  | { readonly event: "hint"; readonly data: Readonly<Record<string, never>> }
  | { readonly event: "stats"; readonly data: Stats };

export type InboxMessage = {
  readonly id: number;
  readonly received_at: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly checks: {
    readonly signature: "ok" | "wrong" | "absent" | "unknown_channel";
    readonly token: "ok" | "wrong" | "absent";
    readonly id_seen_before: boolean;
  };
};

export type ClockState = {
  readonly now: string;
  readonly offset_ms: number;
  readonly is_virtual: boolean;
  readonly next_due: readonly string[];
};
