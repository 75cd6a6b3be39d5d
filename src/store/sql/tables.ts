/** The tables as Kysely knows them. Lists and trees are JSON texts, instants are milliseconds, flags are 0 or 1. */
import type { Generated } from "kysely";

export type Tables = {
  orgs: { key: Generated<number>; zgid: string; name: string; time_zone: string; currency: string; created_at: number };
  sequences: { org: number; name: string; next: number };
  users: {
    org: number;
    id: string;
    email: string;
    first_name: string | null;
    last_name: string;
    status: string;
    more: string;
    created_at: number;
    created_by: string | null;
    modified_at: number;
    modified_by: string | null;
  };
  custom_modules: {
    org: number;
    sequence: number;
    api_name: string;
    module_name: string;
    singular_label: string;
    plural_label: string;
    deleted_at: number | null;
  };
  custom_fields: {
    org: number;
    module: string;
    sequence: number;
    api_name: string;
    label: string;
    data_type: string;
    length: number | null;
    is_mandatory: number;
    is_unique: number;
    pick_list_values: string;
    pick_list_sequence: number;
    lookup_module: string | null;
    created_at: number;
    modified_at: number;
    deleted_at: number | null;
  };
  /** When a module or its fields last changed. */
  module_touches: { org: number; module: string; at: number };
  seeded_records: { org: number; digest: string };
  passwords: { org: number; user_id: string; hash: string };
  clients: {
    org: number;
    client_id: string;
    name: string | null;
    secret_digest: string;
    user_id: string | null;
    scopes: string;
    redirect_uri: string | null;
    revoked_at: number | null;
  };
  refresh_tokens: {
    org: number;
    digest: string;
    number: number;
    client_id: string;
    user_id: string;
    scopes: string;
    created_at: number;
  };
  grants: {
    org: number;
    digest: string;
    number: number;
    client_id: string;
    user_id: string;
    scopes: string;
    is_offline: number;
    created_at: number;
    expires_at: number | null;
    is_used: number;
  };
  access_tokens: {
    org: number;
    digest: string;
    number: number;
    client_id: string;
    user_id: string;
    scopes: string;
    refresh_digest: string | null;
    issued_at: number;
    expires_at: number;
  };
  admin_tokens: { digest: string; created_at: number };
  console_sessions: { digest: string; token_digest: string; created_at: number; used_at: number };
  audit: { id: Generated<number>; at: number; actor: string; method: string; path: string; status: number; summary: string };
  records: {
    org: number;
    module: string;
    id: string;
    data: string;
    created_at: number;
    created_by: string;
    modified_at: number;
    modified_by: string;
    deleted_at: number | null;
  };
  links: { org: number; record_id: string; related_module: string; related_id: string; data: string };
  settings: { name: string; value: string };
  changes: {
    org: number;
    id: number;
    module: string;
    record_id: string;
    operation: string;
    changed_fields: string;
    at: number;
    by: string;
    /** The id of the first change of the same write. */
    write: number;
    /** JSON of what the changed fields held, of a deleted record of all. */
    before: string | null;
    after: string | null;
    /** JSON list of the records that the record looks up. */
    related: string | null;
  };
  /** What a channel was from this id on until the next; `channel` null: removed. */
  channel_versions: { org: number; channel_key: number; id: number; at: number; channel: string | null };
  replays: {
    org: number;
    id: number;
    what: string;
    filter: string;
    rate_per_second: number;
    state: string;
    next_id: number;
    counted: number;
    sent: number;
    skipped: number;
    created_at: number;
    finished_at: number | null;
  };
  channels: {
    org: number;
    key: number;
    kind: string;
    user_id: string;
    channel_id: string;
    notify_url: string;
    token: string | null;
    secret: string;
    is_secret_shown: number;
    previous_secret: string | null;
    previous_secret_until: number | null;
    state: string;
    cause: string | null;
    state_since: number;
    failing_since: number | null;
    expires_at: number;
    /** When the next notice of its expiry falls due; null when none does. */
    next_notice_at: number | null;
    returns_values: number;
    notifies_related: number;
    ordering: string;
    subscriptions: string;
    created_at: number;
    modified_at: number;
  };
  deliveries: {
    org: number;
    id: number;
    channel_key: number;
    channel_id: string;
    module: string;
    operation: string;
    record_ids: string;
    affected_fields: string;
    affected_values: string | null;
    /** What is POSTed where it is no callback. */
    body: string | null;
    status: string;
    attempts: number;
    /** How many of its records have an earlier delivery of the channel before it. */
    blockers: number;
    due_at: number | null;
    claim_token: string | null;
    committed_at: number;
    settled_at: number | null;
    write: number;
    replay_of: number | null;
    replayed_as: number | null;
    is_replay: number;
    is_test: number;
    /** Claimed as it was made, and in no line and lane. */
    is_in_hand: number;
  };
  /** The open deliveries of a channel about a record, the first of which may go. */
  record_lines: { org: number; channel_key: number; record_id: string; delivery_id: number };
  /** The channels with something pending or claimed, and when to look at them next. */
  lanes: { org: number; channel_key: number; due_at: number };
  attempts: {
    org: number;
    delivery_id: number;
    number: number;
    started_at: number;
    duration_ms: number;
    outcome: string;
    http_status: number | null;
    error: string | null;
    response_body: string | null;
    response_headers: string | null;
  };
  lifecycle_events: {
    org: number;
    id: number;
    channel_key: number;
    channel_id: string;
    event: string;
    before: string | null;
    cause: string | null;
    expires_at: number;
    at: number;
    delivery_id: number | null;
  };
};
