/** Lifecycle events: what channels' orgs are told, when the next notice of a channel falls due, and deliveries with a body of their own. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const lifecycle: Migration = { up: addLifecycle };

async function addLifecycle(db: Kysely<unknown>): Promise<void> {
  await sql`alter table channels add column kind text not null default 'client' check (kind in ('client', 'lifecycle'))`.execute(db);
  await db.schema.alterTable("channels").addColumn("next_notice_at", "integer").execute();
  await db.schema.alterTable("deliveries").addColumn("body", "text").execute();
  // Channels of before begin their series at its first notice; of what has passed meanwhile the latest is given.
  await sql`update channels set next_notice_at = expires_at - 86400000`.execute(db);
  // Partial: a channel whose series is over costs it nothing.
  await sql`create index channels_by_notice on channels (next_notice_at) where next_notice_at is not null`.execute(db);
  await db.schema
    .createTable("lifecycle_events")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("id", "integer", (column) => column.notNull())
    .addColumn("channel_key", "integer", (column) => column.notNull())
    .addColumn("channel_id", "text", (column) => column.notNull())
    .addColumn("event", "text", (column) => column.notNull())
    .addColumn("before", "text")
    .addColumn("cause", "text")
    .addColumn("expires_at", "integer", (column) => column.notNull())
    .addColumn("at", "integer", (column) => column.notNull())
    .addColumn("delivery_id", "integer")
    .addPrimaryKeyConstraint("lifecycle_events_pk", ["org", "id"])
    .addCheckConstraint("lifecycle_events_event", sql`event in ('channel.expiring', 'channel.expired', 'channel.disabled')`)
    .addCheckConstraint("lifecycle_events_before", sql`(event = 'channel.expiring') = ("before" is not null)`)
    .addCheckConstraint("lifecycle_events_cause", sql`(event = 'channel.disabled') = (cause is not null)`)
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema.createIndex("lifecycle_events_by_id").on("lifecycle_events").columns(["id"]).unique().execute();
}
