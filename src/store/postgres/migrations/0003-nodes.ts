/**
 * The processes on the database, and which of them leads. Both tables are small and much written, as `org_states` is. That row also says how often
 * something of the org's tokens came to an end, so that every process that knows a token sees it under the lock that it takes anyway.
 */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

const vacuumed = "fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000";

export const nodes: Migration = {
  up: async (db: Kysely<unknown>) => {
    const statements = [
      `create table nodes (id text collate "C" primary key, roles text not null, joined_at bigint not null, beats bigint not null) with (${vacuumed})`,
      // Who is removed from the one is removed from the other.
      `create table leaders (name text collate "C" primary key, node text collate "C" not null references nodes (id) on delete cascade)`,
      "alter table org_states add column access_epoch bigint not null default 0",
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
