/** The first tables. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { channelStates, operations } from "../../../core/channel.ts";
import { deliveryStatuses } from "../../../core/delivery.ts";
import { userStatuses } from "../../../core/org.ts";
import { isOneOf } from "./constraints.ts";

export const first: Migration = { up: createFirstTables };

async function createFirstTables(db: Kysely<unknown>): Promise<void> {
  await createOrgTables(db);
  await createMetadataTables(db);
  await createCredentialTables(db);
  await createRecordTables(db);
  await createDeliveryTables(db);
}

async function createOrgTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("orgs")
    .addColumn("key", "integer", (column) => column.primaryKey())
    .addColumn("zgid", "text", (column) => column.notNull().unique())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("time_zone", "text", (column) => column.notNull())
    .addColumn("currency", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("sequences")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("next", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("sequences_pk", ["org", "name"])
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema
    .createTable("users")
    .addColumn("org", "integer", (column) => column.notNull().references("orgs.key"))
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("first_name", "text")
    .addColumn("last_name", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull().check(isOneOf("status", userStatuses)))
    .addColumn("more", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("created_by", "text")
    .addColumn("modified_at", "integer", (column) => column.notNull())
    .addColumn("modified_by", "text")
    .addPrimaryKeyConstraint("users_pk", ["org", "id"])
    .execute();
  await db.schema
    .createTable("seeded_records")
    .addColumn("org", "integer", (column) => column.notNull().references("orgs.key"))
    .addColumn("digest", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("seeded_records_pk", ["org", "digest"])
    .modifyEnd(sql`without rowid`)
    .execute();
}

async function createMetadataTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("custom_modules")
    .addColumn("org", "integer", (column) => column.notNull().references("orgs.key"))
    .addColumn("sequence", "integer", (column) => column.notNull())
    .addColumn("api_name", "text", (column) => column.notNull())
    .addColumn("module_name", "text", (column) => column.notNull())
    .addColumn("singular_label", "text", (column) => column.notNull())
    .addColumn("plural_label", "text", (column) => column.notNull())
    .addColumn("deleted_at", "integer")
    .addPrimaryKeyConstraint("custom_modules_pk", ["org", "sequence"])
    .execute();
  await db.schema
    .createTable("custom_fields")
    .addColumn("org", "integer", (column) => column.notNull().references("orgs.key"))
    .addColumn("module", "text", (column) => column.notNull())
    .addColumn("sequence", "integer", (column) => column.notNull())
    .addColumn("api_name", "text", (column) => column.notNull())
    .addColumn("label", "text", (column) => column.notNull())
    .addColumn("data_type", "text", (column) => column.notNull())
    .addColumn("length", "integer")
    .addColumn("is_mandatory", "integer", (column) => column.notNull())
    .addColumn("is_unique", "integer", (column) => column.notNull())
    .addColumn("pick_list_values", "text", (column) => column.notNull())
    .addColumn("pick_list_sequence", "integer", (column) => column.notNull())
    .addColumn("lookup_module", "text")
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("modified_at", "integer", (column) => column.notNull())
    .addColumn("deleted_at", "integer")
    .addPrimaryKeyConstraint("custom_fields_pk", ["org", "module", "sequence"])
    .execute();
  await db.schema
    .createTable("module_touches")
    .addColumn("org", "integer", (column) => column.notNull().references("orgs.key"))
    .addColumn("module", "text", (column) => column.notNull())
    .addColumn("at", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("module_touches_pk", ["org", "module"])
    .modifyEnd(sql`without rowid`)
    .execute();
  // Partial: what was deleted leaves its name free.
  await sql`create unique index custom_modules_api_name on custom_modules (org, lower(api_name)) where deleted_at is null`.execute(db);
  await sql`create unique index custom_fields_api_name on custom_fields (org, module, api_name) where deleted_at is null`.execute(db);
}

async function createCredentialTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("clients")
    .addColumn("org", "integer", (column) => column.notNull().references("orgs.key"))
    .addColumn("client_id", "text", (column) => column.notNull().unique())
    .addColumn("name", "text")
    .addColumn("secret_digest", "text", (column) => column.notNull())
    .addColumn("user_id", "text")
    .addColumn("scopes", "text", (column) => column.notNull())
    .addColumn("redirect_uri", "text")
    .addPrimaryKeyConstraint("clients_pk", ["org", "client_id"])
    .execute();
  await db.schema
    .createTable("passwords")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("passwords_pk", ["org", "user_id"])
    .execute();
  await db.schema
    .createTable("refresh_tokens")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("digest", "text", (column) => column.notNull().unique())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("client_id", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("scopes", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("refresh_tokens_pk", ["org", "digest"])
    .execute();
  await db.schema
    .createTable("grants")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("digest", "text", (column) => column.notNull().unique())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("client_id", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("scopes", "text", (column) => column.notNull())
    .addColumn("is_offline", "integer", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("expires_at", "integer")
    .addColumn("is_used", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("grants_pk", ["org", "digest"])
    .execute();
  await db.schema
    .createTable("access_tokens")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("digest", "text", (column) => column.notNull().unique())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("client_id", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("scopes", "text", (column) => column.notNull())
    .addColumn("refresh_digest", "text")
    .addColumn("issued_at", "integer", (column) => column.notNull())
    .addColumn("expires_at", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("access_tokens_pk", ["org", "digest"])
    .execute();
  await db.schema.createIndex("refresh_tokens_by_holder").on("refresh_tokens").columns(["org", "client_id", "user_id", "number"]).execute();
  await db.schema.createIndex("grants_by_client").on("grants").columns(["org", "client_id", "number"]).execute();
  await db.schema.createIndex("access_tokens_by_holder").on("access_tokens").columns(["org", "client_id", "user_id", "number"]).execute();
  await db.schema
    .createTable("admin_tokens")
    .addColumn("digest", "text", (column) => column.primaryKey())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .execute();
}

async function createRecordTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("records")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("module", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("data", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("created_by", "text", (column) => column.notNull())
    .addColumn("modified_at", "integer", (column) => column.notNull())
    .addColumn("modified_by", "text", (column) => column.notNull())
    .addColumn("deleted_at", "integer")
    .addPrimaryKeyConstraint("records_pk", ["org", "module", "id"])
    .modifyEnd(sql`without rowid`)
    .execute();
  // Partial: a record that is not in the bin costs it nothing.
  await sql`create index records_deleted on records (org, module, deleted_at, id) where deleted_at is not null`.execute(db);
  await createLinkTables(db);
  await db.schema
    .createTable("changes")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("id", "integer", (column) => column.notNull())
    .addColumn("module", "text", (column) => column.notNull())
    .addColumn("record_id", "text", (column) => column.notNull())
    .addColumn("operation", "text", (column) => column.notNull().check(isOneOf("operation", operations)))
    .addColumn("changed_fields", "text", (column) => column.notNull())
    .addColumn("at", "integer", (column) => column.notNull())
    .addColumn("by", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("changes_pk", ["org", "id"])
    .modifyEnd(sql`without rowid`)
    .execute();
}

/** A link is kept from both ends, so that either record finds it by the key. */
async function createLinkTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("links")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("record_id", "text", (column) => column.notNull())
    .addColumn("related_module", "text", (column) => column.notNull())
    .addColumn("related_id", "text", (column) => column.notNull())
    .addColumn("data", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("links_pk", ["org", "record_id", "related_module", "related_id"])
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema
    .createTable("settings")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
}

async function createDeliveryTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("channels")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("key", "integer", (column) => column.notNull().unique())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("channel_id", "text", (column) => column.notNull())
    .addColumn("notify_url", "text", (column) => column.notNull())
    .addColumn("token", "text")
    .addColumn("secret", "text", (column) => column.notNull())
    .addColumn("is_secret_shown", "integer", (column) => column.notNull())
    .addColumn("previous_secret", "text")
    .addColumn("previous_secret_until", "integer")
    .addColumn("state", "text", (column) => column.notNull().check(isOneOf("state", channelStates)))
    .addColumn("cause", "text")
    .addColumn("state_since", "integer", (column) => column.notNull())
    .addColumn("failing_since", "integer")
    .addColumn("expires_at", "integer", (column) => column.notNull())
    .addColumn("returns_values", "integer", (column) => column.notNull())
    .addColumn("notifies_related", "integer", (column) => column.notNull())
    .addColumn("subscriptions", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("modified_at", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("channels_pk", ["org", "user_id", "channel_id"])
    .execute();
  await db.schema
    .createTable("deliveries")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("id", "integer", (column) => column.notNull())
    .addColumn("channel_key", "integer", (column) => column.notNull())
    .addColumn("channel_id", "text", (column) => column.notNull())
    .addColumn("module", "text", (column) => column.notNull())
    .addColumn("operation", "text", (column) => column.notNull().check(isOneOf("operation", operations)))
    .addColumn("record_ids", "text", (column) => column.notNull())
    .addColumn("affected_fields", "text", (column) => column.notNull())
    .addColumn("affected_values", "text")
    .addColumn("status", "text", (column) => column.notNull().check(isOneOf("status", deliveryStatuses)))
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("blockers", "integer", (column) => column.notNull())
    .addColumn("due_at", "integer")
    .addColumn("claim_token", "text")
    .addColumn("committed_at", "integer", (column) => column.notNull())
    .addColumn("settled_at", "integer")
    .addPrimaryKeyConstraint("deliveries_pk", ["org", "id"])
    .addCheckConstraint("deliveries_due", sql`(status in ('pending', 'claimed')) = (due_at is not null)`)
    .addCheckConstraint("deliveries_waiting", sql`status <> 'waiting' or blockers > 0`)
    .addCheckConstraint("deliveries_claimed", sql`(status = 'claimed') = (claim_token is not null)`)
    .addCheckConstraint("deliveries_settled", sql`(status in ('waiting', 'pending', 'claimed')) = (settled_at is null)`)
    .modifyEnd(sql`without rowid`)
    .execute();
  // Partial: it holds only what is still owed, so a settled delivery costs it nothing.
  await sql`create index deliveries_by_lane on deliveries (org, channel_key, due_at, id) where due_at is not null`.execute(db);
  await createQueueTables(db);
  await db.schema
    .createTable("attempts")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("delivery_id", "integer", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("started_at", "integer", (column) => column.notNull())
    .addColumn("duration_ms", "integer", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("http_status", "integer")
    .addColumn("error", "text")
    .addColumn("response_body", "text")
    .addPrimaryKeyConstraint("attempts_pk", ["org", "delivery_id", "number"])
    .modifyEnd(sql`without rowid`)
    .execute();
}

async function createQueueTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("record_lines")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("channel_key", "integer", (column) => column.notNull())
    .addColumn("record_id", "text", (column) => column.notNull())
    .addColumn("delivery_id", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("record_lines_pk", ["org", "channel_key", "record_id", "delivery_id"])
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema
    .createTable("lanes")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("channel_key", "integer", (column) => column.notNull())
    .addColumn("due_at", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("lanes_pk", ["org", "channel_key"])
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema.createIndex("lanes_by_turn").on("lanes").columns(["org", "due_at", "channel_key"]).execute();
  await db.schema.createIndex("lanes_by_due").on("lanes").columns(["due_at"]).execute();
}
