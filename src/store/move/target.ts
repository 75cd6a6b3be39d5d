/**
 * The PostgreSQL database as a move writes it. A step is one statement that inserts its rows and notes how far the table has come, so wherever the
 * move is ended it goes on behind the last row that is there.
 */
import type { Pool, PoolClient } from "pg";
import { databasePlace } from "../../core/database-url.ts";
import { limits } from "../../core/limits.ts";
import { asFault } from "../postgres/faults.ts";
import { refuseLentSessions } from "../postgres/kept-session.ts";
import { migrate } from "../postgres/migrate.ts";
import { moveTables } from "../postgres/moves.ts";
import { openPool } from "../postgres/open.ts";
import { type PartitionedTable, makeDayText } from "../postgres/partitions.ts";
import { Session, prepared } from "../postgres/session.ts";
import { MoveRefused } from "./move-refused.ts";
import { type MovedTable, type Row, keyOf, movedTables, quoted } from "./moved-tables.ts";
import type { Counters } from "./source.ts";

export type TableProgress = {
  /** The key of the last row that is there; null: none is. */
  readonly lastKey: Row | null;
  readonly rowCount: number;
  readonly isDone: boolean;
};

const notBegun: TableProgress = { lastKey: null, rowCount: 0, isDone: false };

/** Two moves into one database do not go on side by side: who comes second waits a while, and is refused. */
const moveLock = 7_733_101;

export class MoveTarget {
  readonly #pool: Pool;
  readonly #client: PoolClient;
  // What is moved has its ids.
  readonly #session = new Session({ next: () => Promise.reject(new Error("invariant broken: a move gives no ids")) });
  readonly #place: string;

  private constructor({ pool, client, place }: { pool: Pool; client: PoolClient; place: string }) {
    this.#pool = pool;
    this.#client = client;
    this.#place = place;
    this.#session.take(client);
  }

  /** Connects and brings the schema up to date. Rejects with an Error for people, without a secret. */
  static async open(url: string): Promise<MoveTarget> {
    const pool = openPool(url, 2);
    const place = databasePlace(url);
    try {
      await refuseLentSessions(pool, pool);
      await migrate(pool);
      const target = new MoveTarget({ pool, client: await pool.connect(), place });
      await target.#takeLock();
      return target;
    } catch (error) {
      // A connection that was taken ends with the pool only when it is given back.
      void pool.end();
      if (error instanceof MoveRefused) throw error;
      const fault = asFault(error);
      const reason = fault instanceof Error ? fault.message : String(fault);
      throw new Error(`the database at ${place} cannot be used: ${reason}`, { cause: error });
    }
  }

  /** Begins the move of this id in an empty database, or goes on with it; gives back whether it is complete already. */
  async begin(id: string): Promise<boolean> {
    for (const text of moveTables) await this.#session.say(text);
    await this.#session.say("begin");
    try {
      const [known] = await this.#rows<{ id: string; is_done: boolean }>("select id, is_done from store_moves", []);
      if (known === undefined || (await this.#isNothingCopied())) await this.#beginAnew(id);
      else if (known.id !== id) throw this.#refusal("holds a store that was moved into it from another folder, or before a --reopen");
      await this.#session.say("commit");
      return known?.is_done ?? false;
    } catch (error) {
      if (!this.#session.isLost) await this.#session.say("rollback");
      throw error;
    }
  }

  async progress(): Promise<ReadonlyMap<string, TableProgress>> {
    type Found = { name: string; last_key: string | null; row_count: number; is_done: boolean };
    const rows = await this.#rows<Found>("select name, last_key, row_count, is_done from store_move_tables", []);
    const known = rows.map(({ name, last_key: lastKey, row_count: rowCount, is_done: isDone }): [string, TableProgress] => [
      name,
      { lastKey: lastKey === null ? null : (JSON.parse(lastKey) as Row), rowCount, isDone },
    ]);
    return new Map([...movedTables.map(({ name }): [string, TableProgress] => [name, notBegun]), ...known]);
  }

  /** Makes the partitions of these days. */
  async makeDays(table: PartitionedTable, days: readonly number[]): Promise<void> {
    for (const day of days) await this.#session.say(makeDayText({ table, day }));
  }

  /** Inserts the rows of one step and notes it, both or neither. */
  async write(table: MovedTable, rows: readonly Row[]): Promise<void> {
    const last = rows.at(-1);
    const columns = table.columns.map((_, at) => rows.map((row) => row[at] ?? null));
    const lastKey = last === undefined ? null : JSON.stringify(keyOf(table, last));
    await this.#rows(writeText(table), [table.name, lastKey, rows.length, ...columns]);
  }

  /** Notes that all of the table is there. */
  async close(table: MovedTable): Promise<void> {
    await this.#rows(
      `insert into store_move_tables (name, last_key, row_count, is_done) values ($1, null, 0, true)
       on conflict (name) do update set is_done = true`,
      [table.name],
    );
  }

  /** The rows behind the key, in the order of the keys. */
  async page(table: MovedTable, after: Row | null): Promise<readonly Row[]> {
    const key = quoted(table.key);
    const where = after === null ? "" : `where (${key}) > (${placesFrom(1, table.key.length)})`;
    const text = `select ${quoted(table.columns)} from ${table.name} ${where} order by ${key} limit ${String(limits.movedRowsPerStep)}`;
    const rows = await this.#rows<Readonly<Record<string, Row[number]>>>(text, after ?? []);
    return rows.map((row) => table.columns.map((column) => row[column] ?? null));
  }

  /** Lets ids, keys and numbers go on behind those that were given. Twice is fine. */
  async setCounters({ lastId, nextOrgKey, nextChannelKey, nextAuditId }: Counters): Promise<void> {
    await this.#rows("select setval('channel_keys', $1, false)", [nextChannelKey]);
    await this.#rows("select setval(pg_get_serial_sequence('orgs', 'key'), $1, false)", [nextOrgKey]);
    await this.#rows("select setval(pg_get_serial_sequence('audit', 'id'), $1, false)", [nextAuditId]);
    // Org 0 stands for all of them, where something is numbered over all.
    await this.#rows(
      `insert into org_states (org, last_id, epoch) select v.org, $1, 0 from (select key from orgs union all select 0) as v (org)
       on conflict (org) do update set last_id = excluded.last_id`,
      [lastId],
    );
  }

  /** The move is complete: servers may start. */
  async finish(): Promise<void> {
    await this.#rows("update store_moves set is_done = true", []);
  }

  async end(): Promise<void> {
    this.#session.give();
    // The lock ends with its connection.
    this.#client.release(true);
    await this.#pool.end();
  }

  async #takeLock(): Promise<void> {
    try {
      await this.#session.say(`select pg_advisory_lock(${String(moveLock)})`);
    } catch (error) {
      this.#client.release(true);
      if (error instanceof Error && /another transaction holds/.test(error.message)) throw this.#refusal("is being moved into by another");
      throw error;
    }
  }

  /** A move that was ended right after its beginning may have left its id here, and not in its folder. */
  async #isNothingCopied(): Promise<boolean> {
    return (await this.#rows("select 1 from store_move_tables limit 1", [])).length === 0;
  }

  async #beginAnew(id: string): Promise<void> {
    for (const table of [...movedTables.map(({ name }) => name), "org_states"]) {
      const rows = await this.#rows(`select 1 from ${table} limit 1`, []);
      if (rows.length > 0) throw this.#refusal(`is not empty: it has rows in ${table}`);
    }
    await this.#rows("delete from store_moves", []);
    await this.#rows("insert into store_moves (id, is_done) values ($1, false)", [id]);
  }

  #refusal(words: string): MoveRefused {
    return new MoveRefused("conflict", `the database at ${this.#place} ${words}`);
  }

  async #rows<Found>(text: string, values: readonly unknown[]): Promise<readonly Found[]> {
    return (await this.#session.ask(prepared(text), values)).rows as Found[];
  }
}

/** The text depends on the table alone, so it is prepared once. */
function writeText({ name, columns, kinds }: MovedTable): string {
  const arrays = kinds.map((kind, at) => `$${String(at + 4)}::${kind === "number" ? "bigint" : "text"}[]`).join(", ");
  return `
    with copied as (insert into ${name} (${quoted(columns)}) overriding system value select * from unnest(${arrays}))
    insert into store_move_tables (name, last_key, row_count, is_done) values ($1, $2, $3::bigint, false)
    on conflict (name) do update set last_key = excluded.last_key, row_count = store_move_tables.row_count + excluded.row_count`;
}

function placesFrom(first: number, count: number): string {
  return Array.from({ length: count }, (_, at) => `$${String(first + at)}`).join(", ");
}
