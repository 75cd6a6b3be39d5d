/**
 * What the way of a delivery wants of its tables. A lane knows from when on its deliveries are due, so that a claim does not go through the
 * index entries of those that were claimed before and are not vacuumed away yet. Records leave room in each page, for an update changes no index.
 * Where rows come and go all day the vacuum comes after thousands of rows, not after a fifth of the table.
 */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

const vacuumed = "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.05";

export const hotTables: Migration = {
  up: async (db: Kysely<unknown>) => {
    const statements = [
      // 0: no delivery is left out, whatever the lane was made by.
      "alter table lanes add column first_at bigint not null default 0",
      "alter table records set (fillfactor = 85)",
      ...["deliveries", "record_lines"].map((table) => `alter table ${table} set (${vacuumed})`),
      ...["lanes", "org_states"].map(
        (table) => `alter table ${table} set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`,
      ),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
