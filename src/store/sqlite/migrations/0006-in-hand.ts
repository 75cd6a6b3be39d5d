/**
 * Deliveries that are claimed as they are made. They are left out of the index of what is due, and have one of their own: an entry in
 * either is made when a delivery is and removed when it is settled, so the way of a delivery costs what it did.
 */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const inHand: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable("deliveries")
      .addColumn("is_in_hand", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
    await sql`drop index deliveries_by_lane`.execute(db);
    await sql`
      create index deliveries_by_lane on deliveries (org, channel_key, due_at, id) where due_at is not null and is_in_hand = 0`.execute(db);
    await sql`create index deliveries_in_hand on deliveries (org, id) where is_in_hand = 1`.execute(db);
  },
};
