/**
 * The real store over SQLite in memory, which may be left at any instant and opened again, and whose disk may fail. Triggers write down
 * each move of a delivery, inside the transaction that makes it, so that who watches sees what the database saw.
 */
import { type Database, openDatabase } from "../../src/store/sqlite/database.ts";
import { migrated, storeOver } from "../../src/store/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";

/** A delivery's row before and after one statement; a null `old_status` is an insert, a null `status` a removal. */
export type Move = {
  readonly org: number;
  readonly id: number;
  readonly channel_key: number;
  readonly channel_id: string;
  readonly module: string;
  readonly operation: string;
  readonly record_ids: string;
  readonly committed_at: number;
  readonly old_status: string | null;
  readonly status: string | null;
  readonly old_token: string | null;
  readonly token: string | null;
  readonly old_due_at: number | null;
  readonly due_at: number | null;
  readonly old_attempts: number | null;
  readonly attempts: number | null;
};

/** How the next commit goes. */
export type CommitPlan = "lands" | "fails";

const columns = ["org", "id", "channel_key", "channel_id", "module", "operation", "record_ids", "committed_at"] as const;
const moving = ["status", "claim_token", "due_at", "attempts"] as const;

export class SimulatedStore {
  readonly #db: Database;
  readonly #takeMoves: () => Move[];
  /** The moves of each command of the batch under way. */
  #moves: (readonly Move[])[] = [];
  #committed: readonly (readonly Move[])[] | null = null;
  commitPlan: CommitPlan = "lands";

  private constructor(db: Database) {
    this.#db = db;
    db.connection.exec(journal());
    const take = db.connection.prepare("delete from moves returning *");
    this.#takeMoves = () => (take.all() as (Move & { n: number })[]).toSorted((a, b) => a.n - b.n);
  }

  static async open(): Promise<SimulatedStore> {
    return new SimulatedStore(await migrated(openDatabase(":memory:")));
  }

  /** A store as a new process opens it: it knows what was committed and nothing else. */
  reopened(): Store {
    const inner = storeOver(this.#db, null);
    return {
      undo: inner.undo,
      transaction: async (work) => {
        this.#moves = [];
        this.#committed = null;
        const result = await inner.transaction(async (tx) => {
          const done = await work(tx);
          if (this.commitPlan === "fails") throw new Error("disk I/O error");
          return done;
        });
        this.#committed = this.#moves;
        return result;
      },
      close: () => undefined,
    };
  }

  /** What each command of the last batch moved; null when nothing was committed. */
  get committed(): readonly (readonly Move[])[] | null {
    return this.#committed;
  }

  /** A command of the batch under way has run. */
  endCommand(): void {
    this.#moves.push(this.#takeMoves());
  }

  /** What was moved outside any command: at a start. */
  takeMoves(): readonly Move[] {
    return this.#takeMoves();
  }

  /** Lets the database grow by no page more, as a full disk does; false lets it grow again. */
  setFull(isFull: boolean): void {
    const pages = Object.values(this.#db.connection.prepare("PRAGMA page_count").get() ?? {})[0];
    this.#db.connection.exec(`PRAGMA max_page_count = ${isFull ? Number(pages) : 1_073_741_823}`);
  }

  rows(query: string): readonly Readonly<Record<string, unknown>>[] {
    return this.#db.connection.prepare(query).all();
  }

  close(): void {
    this.#db.connection.close();
  }
}

function journal(): string {
  const after = moving.flatMap((column) => [`old.${column}`, `new.${column}`]).join(", ");
  const inserted = moving.flatMap((column) => ["null", `new.${column}`]).join(", ");
  const removed = moving.flatMap((column) => [`old.${column}`, "null"]).join(", ");
  const isMoved = moving.map((column) => `old.${column} is not new.${column}`).join(" or ");
  const columnsOf = (row: string): string => columns.map((column) => `${row}.${column}`).join(", ");
  const into = `insert into moves (${columns.join(", ")}, old_status, status, old_token, token, old_due_at, due_at, old_attempts, attempts)`;
  return `
    create temp table moves (n integer primary key autoincrement, ${columns.join(", ")}, old_status, status, old_token, token,
      old_due_at, due_at, old_attempts, attempts);
    create temp trigger delivery_made after insert on main.deliveries begin
      ${into} values (${columnsOf("new")}, ${inserted}); end;
    create temp trigger delivery_moved after update on main.deliveries when ${isMoved} begin
      ${into} values (${columnsOf("new")}, ${after}); end;
    create temp trigger delivery_removed after delete on main.deliveries begin
      ${into} values (${columnsOf("old")}, ${removed}); end;`;
}
