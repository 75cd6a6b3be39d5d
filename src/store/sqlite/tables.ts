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
    pick_list_values: string;
    pick_list_sequence: number;
    lookup_module: string | null;
  };
  seeded_records: { org: number; digest: string };
  clients: { org: number; client_id: string; secret_digest: string; user_id: string; scopes: string; redirect_uri: string | null };
  refresh_tokens: { org: number; digest: string; client_id: string; created_at: number };
  grants: { org: number; digest: string; client_id: string; expires_at: number | null; is_used: number };
  access_tokens: {
    org: number;
    digest: string;
    client_id: string;
    user_id: string;
    scopes: string;
    issued_at: number;
    expires_at: number;
  };
  admin_tokens: { digest: string; created_at: number };
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
  changes: {
    org: number;
    id: number;
    module: string;
    record_id: string;
    operation: string;
    changed_fields: string;
    at: number;
    by: string;
  };
  channels: {
    org: number;
    key: number;
    user_id: string;
    channel_id: string;
    notify_url: string;
    token: string | null;
    secret: string;
    is_secret_shown: number;
    expires_at: number;
    returns_values: number;
    notifies_related: number;
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
    status: string;
    attempts: number;
    due_at: number | null;
    claim_token: string | null;
    committed_at: number;
    settled_at: number | null;
  };
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
  };
};
