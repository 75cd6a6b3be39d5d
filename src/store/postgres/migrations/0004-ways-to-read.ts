/**
 * Indexes to list records by: by when they were modified, and by when they were made; what lies in the bin is in neither. An update writes an
 * entry of every index for it, which the vacuum has to take away again: so it comes as often as on the other tables of the way of a change.
 * And one to read an org's channels by, step by step, and one to find those that expired long ago.
 */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const waysToRead: Migration = {
  up: async (db: Kysely<unknown>) => {
    const statements = [
      "create index records_modified on records (org, module, modified_at, id) where deleted_at is null",
      "create index records_created on records (org, module, created_at, id) where deleted_at is null",
      "create index channels_by_org on channels (org, key)",
      "create index channels_by_expiry on channels (org, expires_at)",
      "alter table records set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000)",
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
