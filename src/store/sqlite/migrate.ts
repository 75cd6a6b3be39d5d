/** Brings the schema up to date in one transaction: whatever happens on the way, the file has the schema that it had, or the newest. */
import { Migrator } from "kysely/migration";
import type { Database } from "./database.ts";
import { migrations } from "./migrations.ts";

export async function migrate({ builder, connection }: Database): Promise<void> {
  const migrator = new Migrator({ db: builder, provider: { getMigrations: () => Promise.resolve(migrations) } });
  connection.exec("BEGIN IMMEDIATE");
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) {
    connection.exec("COMMIT");
    return;
  }
  if (connection.isTransaction) connection.exec("ROLLBACK");
  throw error instanceof Error ? error : new Error("the migration failed", { cause: error });
}
