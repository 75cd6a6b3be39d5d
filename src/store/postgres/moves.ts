/**
 * How far a move into this database has come. The tables are made by the move, not by a migration: only a database that a store was moved into has
 * them. Until the move is complete no server starts on it.
 */
import type { Pool } from "pg";

export const moveTables = [
  `create table if not exists store_moves (id text not null primary key, is_done boolean not null)`,
  `create table if not exists store_move_tables (
     name text collate "C" not null primary key, last_key text, row_count bigint not null, is_done boolean not null)`,
] as const;

/** Throws an Error for people when a move into the database was begun and is not complete. */
export async function refuseHalfMoved(pool: Pool): Promise<void> {
  const { rows: tables } = await pool.query<{ name: string | null }>("select to_regclass('store_moves')::text as name");
  if ((tables[0]?.name ?? null) === null) return;
  const { rows } = await pool.query("select 1 from store_moves where not is_done");
  if (rows.length === 0) return;
  throw new Error("a store is being moved into it. Run migrate-store again, which goes on where it stopped");
}
