/** Brings the schema up to date. Several processes may start at once: one of them migrates under an advisory lock, the others wait for it. */
import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import type { Pool } from "pg";
import { builderOver } from "./database.ts";
import { first } from "./migrations/0001-first.ts";
import { hotTables } from "./migrations/0002-hot-tables.ts";
import { nodes } from "./migrations/0003-nodes.ts";
import { waysToRead } from "./migrations/0004-ways-to-read.ts";
import { idSlots } from "./migrations/0005-id-slots.ts";

const migrations = {
  "0001_first": first,
  "0002_hot_tables": hotTables,
  "0003_nodes": nodes,
  "0004_ways_to_read": waysToRead,
  "0005_id_slots": idSlots,
};

/** The oldest server that is tested, as it says its version itself. */
export const versionMin = 150_000;

/** Rejects with an Error for people where the server is too old or its schema newer than the program. */
export async function migrate(pool: Pool): Promise<void> {
  const builder = builderOver(pool);
  const { rows } = await sql<{ version: string }>`select current_setting('server_version_num') as version`.execute(builder);
  if (Number(rows[0]?.version) < versionMin) throw new Error("the server is older than PostgreSQL 15");
  const migrator = new Migrator({ db: builder, provider: { getMigrations: () => Promise.resolve(migrations) } });
  await refuseNewer(pool);
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  // Another process may have brought it beyond us while we waited.
  await refuseNewer(pool);
  throw error instanceof Error ? error : new Error("the migration failed", { cause: error });
}

/** How the schema in a database stands to this program's. `missing`: migrations that the next start makes; all of them where there is none. */
export type SchemaState =
  | { readonly kind: "none" | "older"; readonly missing: readonly string[] }
  | { readonly kind: "current"; readonly last: string }
  | { readonly kind: "newer"; readonly unknown: string };

/** Only looks. */
export async function schemaState(pool: Pick<Pool, "query">): Promise<SchemaState> {
  const names = Object.keys(migrations);
  const { rows: tables } = await pool.query<{ name: string | null }>("select to_regclass('kysely_migration')::text as name");
  if ((tables[0]?.name ?? null) === null) return { kind: "none", missing: names };
  const { rows } = await pool.query<{ name: string }>("select name from kysely_migration order by name");
  const unknown = rows.find(({ name }) => !Object.hasOwn(migrations, name));
  if (unknown !== undefined) return { kind: "newer", unknown: unknown.name };
  const made = new Set(rows.map(({ name }) => name));
  const missing = names.filter((name) => !made.has(name));
  if (missing.length === 0) return { kind: "current", last: names.at(-1) ?? "" };
  return { kind: made.size === 0 ? "none" : "older", missing };
}

async function refuseNewer(pool: Pool): Promise<void> {
  const state = await schemaState(pool);
  if (state.kind === "newer") throw new Error(newerWords(state.unknown));
}

function newerWords(unknown: string): string {
  return `its schema is newer than this program: it has ${unknown}. Start the Watchpost that made it, or a later one`;
}
