/** Who may operate, and what they did: console sessions, the audit log, clients that were revoked; and an index to count by. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const access: Migration = { up: createAccessTables };

async function createAccessTables(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("clients").addColumn("revoked_at", "integer").execute();
  await db.schema
    .createTable("console_sessions")
    .addColumn("digest", "text", (column) => column.primaryKey())
    .addColumn("token_digest", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("used_at", "integer", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("audit")
    // Autoincrement: an id is never given again, so a cursor holds also when all entries were removed.
    .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("at", "integer", (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("method", "text", (column) => column.notNull())
    .addColumn("path", "text", (column) => column.notNull())
    .addColumn("status", "integer", (column) => column.notNull())
    .addColumn("summary", "text", (column) => column.notNull())
    .execute();
  // Partial, for those that fail are few.
  await sql`create index channels_failing on channels (failing_since) where failing_since is not null`.execute(db);
}
