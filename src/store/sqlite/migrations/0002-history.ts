/** What was changed and who watched when, for replays and explanations; deliveries that are made anew; channels without order. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { channelOrders } from "../../../core/channel.ts";
import { replayKinds, replayStates } from "../../../core/replay.ts";
import { isOneOf } from "./constraints.ts";

export const history: Migration = { up: addHistory };

async function addHistory(db: Kysely<unknown>): Promise<void> {
  await widenTables(db);
  await createVersions(db);
  await createReplays(db);
}

async function widenTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("changes")
    .addColumn("write", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  for (const name of ["before", "after", "related"]) await db.schema.alterTable("changes").addColumn(name, "text").execute();
  for (const name of ["write", "is_replay", "is_test"]) {
    await db.schema
      .alterTable("deliveries")
      .addColumn(name, "integer", (column) => column.notNull().defaultTo(0))
      .execute();
  }
  for (const name of ["replay_of", "replayed_as"]) await db.schema.alterTable("deliveries").addColumn(name, "integer").execute();
  // Partial: a write's own deliveries cost it nothing. It tells whether a change that was missed has been sent since.
  await sql`create index deliveries_by_write on deliveries (org, channel_key, write) where is_replay = 1`.execute(db);
  await db.schema.alterTable("attempts").addColumn("response_headers", "text").execute();
  await db.schema
    .alterTable("channels")
    .addColumn("ordering", "text", (column) => column.notNull().defaultTo("record").check(isOneOf("ordering", channelOrders)))
    .execute();
}

/** A channel that was there before stands as it is for all that was kept until now. */
async function createVersions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("channel_versions")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("channel_key", "integer", (column) => column.notNull())
    .addColumn("id", "integer", (column) => column.notNull())
    .addColumn("at", "integer", (column) => column.notNull())
    .addColumn("channel", "text")
    .addPrimaryKeyConstraint("channel_versions_pk", ["org", "channel_key", "id"])
    .modifyEnd(sql`without rowid`)
    .execute();
  await sql`
    insert into channel_versions (org, channel_key, id, at, channel)
    select org, key, created_at * 1000, created_at, json_object(
      'channelId', channel_id, 'userId', user_id, 'state', state, 'cause', cause, 'expiresAt', expires_at,
      'returnsValues', json(case when returns_values = 1 then 'true' else 'false' end),
      'notifiesRelated', json(case when notifies_related = 1 then 'true' else 'false' end),
      'subscriptions', json(subscriptions))
    from channels`.execute(db);
}

async function createReplays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("replays")
    .addColumn("org", "integer", (column) => column.notNull())
    .addColumn("id", "integer", (column) => column.notNull())
    .addColumn("what", "text", (column) => column.notNull().check(isOneOf("what", replayKinds)))
    .addColumn("filter", "text", (column) => column.notNull())
    .addColumn("rate_per_second", "integer", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull().check(isOneOf("state", replayStates)))
    .addColumn("next_id", "integer", (column) => column.notNull())
    .addColumn("counted", "integer", (column) => column.notNull())
    .addColumn("sent", "integer", (column) => column.notNull())
    .addColumn("skipped", "integer", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("finished_at", "integer")
    .addPrimaryKeyConstraint("replays_pk", ["org", "id"])
    .addCheckConstraint("replays_finished", sql`(state in ('done', 'cancelled')) = (finished_at is not null)`)
    .modifyEnd(sql`without rowid`)
    .execute();
}
