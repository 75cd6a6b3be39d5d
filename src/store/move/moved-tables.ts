/**
 * What a move copies: every table with every column, by its primary key. A table or column that the store has and this page has not does not
 * compile, so nothing that is added later can be forgotten.
 */
import type { Tables } from "../sql/tables.ts";

type Name = keyof Tables;
type ColumnKind = "number" | "text";
type Kinds<Row> = { readonly [Column in keyof Row]: Row[Column] extends string | null ? "text" : "number" };

type TableSpec<Row> = {
  /** The primary key, by which both sides are read in one order: texts are compared byte by byte in both. */
  readonly key: readonly (keyof Row & string)[];
  readonly columns: Kinds<Row>;
};

/** A value as it stands in a store. */
export type Cell = string | number | null;
/** The cells in the order of the table's columns. */
export type Row = readonly Cell[];

export type MovedTable = {
  readonly name: Name;
  readonly columns: readonly string[];
  readonly kinds: readonly ColumnKind[];
  readonly key: readonly string[];
  /** Where the columns of the key stand in a row, and where the org; null: it has none. */
  readonly keyAt: readonly number[];
  readonly orgAt: number | null;
};

const [number, text] = ["number", "text"] as const;
const ofOrg = { org: number } as const;
const ofToken = { ...ofOrg, digest: text, number, client_id: text, user_id: text, scopes: text } as const;

const orgs: TableSpec<Tables["orgs"]> = {
  key: ["key"],
  columns: { key: number, zgid: text, name: text, time_zone: text, currency: text, created_at: number },
};

const users: TableSpec<Tables["users"]> = {
  key: ["org", "id"],
  columns: {
    ...ofOrg,
    id: text,
    email: text,
    first_name: text,
    last_name: text,
    status: text,
    more: text,
    created_at: number,
    created_by: text,
    modified_at: number,
    modified_by: text,
  },
};

const customModules: TableSpec<Tables["custom_modules"]> = {
  key: ["org", "sequence"],
  columns: {
    ...ofOrg,
    sequence: number,
    api_name: text,
    module_name: text,
    singular_label: text,
    plural_label: text,
    deleted_at: number,
  },
};

const customFields: TableSpec<Tables["custom_fields"]> = {
  key: ["org", "module", "sequence"],
  columns: {
    ...ofOrg,
    module: text,
    sequence: number,
    api_name: text,
    label: text,
    data_type: text,
    length: number,
    is_mandatory: number,
    is_unique: number,
    pick_list_values: text,
    pick_list_sequence: number,
    lookup_module: text,
    created_at: number,
    modified_at: number,
    deleted_at: number,
  },
};

const clients: TableSpec<Tables["clients"]> = {
  key: ["org", "client_id"],
  columns: {
    ...ofOrg,
    client_id: text,
    name: text,
    secret_digest: text,
    user_id: text,
    scopes: text,
    redirect_uri: text,
    revoked_at: number,
  },
};

const records: TableSpec<Tables["records"]> = {
  key: ["org", "module", "id"],
  columns: {
    ...ofOrg,
    module: text,
    id: text,
    data: text,
    created_at: number,
    created_by: text,
    modified_at: number,
    modified_by: text,
    deleted_at: number,
  },
};

const changes: TableSpec<Tables["changes"]> = {
  key: ["org", "id"],
  columns: {
    ...ofOrg,
    id: number,
    module: text,
    record_id: text,
    operation: text,
    changed_fields: text,
    at: number,
    by: text,
    write: number,
    before: text,
    after: text,
    related: text,
  },
};

const replays: TableSpec<Tables["replays"]> = {
  key: ["org", "id"],
  columns: {
    ...ofOrg,
    id: number,
    what: text,
    filter: text,
    rate_per_second: number,
    state: text,
    next_id: number,
    counted: number,
    sent: number,
    skipped: number,
    created_at: number,
    finished_at: number,
  },
};

const channels: TableSpec<Tables["channels"]> = {
  key: ["org", "user_id", "channel_id"],
  columns: {
    ...ofOrg,
    key: number,
    kind: text,
    user_id: text,
    channel_id: text,
    notify_url: text,
    token: text,
    secret: text,
    is_secret_shown: number,
    previous_secret: text,
    previous_secret_until: number,
    state: text,
    cause: text,
    state_since: number,
    failing_since: number,
    expires_at: number,
    next_notice_at: number,
    returns_values: number,
    notifies_related: number,
    ordering: text,
    subscriptions: text,
    created_at: number,
    modified_at: number,
  },
};

const deliveries: TableSpec<Tables["deliveries"]> = {
  key: ["org", "id"],
  columns: {
    ...ofOrg,
    id: number,
    channel_key: number,
    channel_id: text,
    module: text,
    operation: text,
    record_ids: text,
    affected_fields: text,
    affected_values: text,
    body: text,
    status: text,
    attempts: number,
    blockers: number,
    due_at: number,
    claim_token: text,
    committed_at: number,
    settled_at: number,
    write: number,
    replay_of: number,
    replayed_as: number,
    is_replay: number,
    is_test: number,
    is_in_hand: number,
  },
};

const attempts: TableSpec<Tables["attempts"]> = {
  key: ["org", "delivery_id", "number"],
  columns: {
    ...ofOrg,
    delivery_id: number,
    number,
    started_at: number,
    duration_ms: number,
    outcome: text,
    http_status: number,
    error: text,
    response_body: text,
    response_headers: text,
  },
};

const lifecycleEvents: TableSpec<Tables["lifecycle_events"]> = {
  key: ["org", "id"],
  columns: {
    ...ofOrg,
    id: number,
    channel_key: number,
    channel_id: text,
    event: text,
    before: text,
    cause: text,
    expires_at: number,
    at: number,
    delivery_id: number,
  },
};

/** In this order they are copied: what others refer to comes first. */
const specs: { readonly [Table in Name]: TableSpec<Tables[Table]> } = {
  orgs,
  sequences: { key: ["org", "name"], columns: { ...ofOrg, name: text, next: number } },
  users,
  custom_modules: customModules,
  custom_fields: customFields,
  module_touches: { key: ["org", "module"], columns: { ...ofOrg, module: text, at: number } },
  seeded_records: { key: ["org", "digest"], columns: { ...ofOrg, digest: text } },
  passwords: { key: ["org", "user_id"], columns: { ...ofOrg, user_id: text, hash: text } },
  clients,
  refresh_tokens: { key: ["org", "digest"], columns: { ...ofToken, created_at: number } },
  grants: { key: ["org", "digest"], columns: { ...ofToken, is_offline: number, created_at: number, expires_at: number, is_used: number } },
  access_tokens: { key: ["org", "digest"], columns: { ...ofToken, refresh_digest: text, issued_at: number, expires_at: number } },
  admin_tokens: { key: ["digest"], columns: { digest: text, created_at: number } },
  console_sessions: { key: ["digest"], columns: { digest: text, token_digest: text, created_at: number, used_at: number } },
  audit: { key: ["id"], columns: { id: number, at: number, actor: text, method: text, path: text, status: number, summary: text } },
  settings: { key: ["name"], columns: { name: text, value: text } },
  channels,
  channel_versions: {
    key: ["org", "channel_key", "id"],
    columns: { ...ofOrg, channel_key: number, id: number, at: number, channel: text },
  },
  replays,
  records,
  links: {
    key: ["org", "record_id", "related_module", "related_id"],
    columns: { ...ofOrg, record_id: text, related_module: text, related_id: text, data: text },
  },
  changes,
  lifecycle_events: lifecycleEvents,
  deliveries,
  attempts,
  record_lines: {
    key: ["org", "channel_key", "record_id", "delivery_id"],
    columns: { ...ofOrg, channel_key: number, record_id: text, delivery_id: number },
  },
  lanes: { key: ["org", "channel_key"], columns: { ...ofOrg, channel_key: number, due_at: number } },
};

/** What PostgreSQL's lanes have besides; the source makes it of its deliveries. */
const moreColumns: Partial<Record<Name, Readonly<Record<string, ColumnKind>>>> = { lanes: { first_at: number } };

export const movedTables: readonly MovedTable[] = Object.entries(specs).map(([name, { key, columns }]) =>
  movedTable(name as Name, key, { ...columns, ...moreColumns[name as Name] }),
);

function movedTable(name: Name, key: readonly string[], kinds: Readonly<Record<string, ColumnKind>>): MovedTable {
  const columns = Object.keys(kinds);
  const orgAt = columns.indexOf("org");
  return {
    name,
    columns,
    kinds: Object.values(kinds),
    key,
    keyAt: key.map((column) => columns.indexOf(column)),
    orgAt: orgAt === -1 ? null : orgAt,
  };
}

/** The cells of the row's key. */
export function keyOf({ keyAt }: MovedTable, row: Row): Row {
  return keyAt.map((at) => row[at] ?? null);
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
