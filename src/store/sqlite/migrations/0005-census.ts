/** Indexes to count by. The first two are partial and hold only what waits behind another or was given up, so a delivery that goes well costs them nothing. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const census: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`create index deliveries_waiting on deliveries (org, id) where status = 'waiting'`.execute(db);
    await sql`create index deliveries_dead on deliveries (org, id) where status = 'dead'`.execute(db);
    await sql`create index channels_by_state on channels (state, expires_at, key)`.execute(db);
  },
};
