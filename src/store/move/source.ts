/**
 * The embedded store as a move reads it: step by step along the primary keys, as it is to stand in the other database. Whoever held a claim is gone,
 * so every claim is given back, and what was in hand gets its place in the lines; the lanes follow from what is owed. The store itself stays as it is.
 */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { limits } from "../../core/limits.ts";
import { withoutNul } from "../postgres/parameters.ts";
import { storeFileOf } from "../sqlite/backup.ts";
import { openDatabase } from "../sqlite/database.ts";
import { takeLock } from "../sqlite/lock.ts";
import { type MovedMark, markName, readMark, writeMark } from "../sqlite/moved-mark.ts";
import { migrated } from "../sqlite/open.ts";
import { MoveRefused } from "./move-refused.ts";
import { type MovedTable, type Row, keyOf, quoted } from "./moved-tables.ts";

/** What PostgreSQL gives numbers by, in place of looking at its rows. */
export type Counters = {
  /** The largest id that is made of an instant. */
  readonly lastId: number;
  readonly nextOrgKey: number;
  readonly nextChannelKey: number;
  readonly nextAuditId: number;
};

export type Page = {
  readonly rows: readonly Row[];
  /** Texts with a NUL, which the other database does not take: the sign for what cannot be shown stands in its place. */
  readonly mendedTexts: number;
};

export class MoveSource {
  readonly #file: string;
  readonly #lock: DatabaseSync;
  readonly #reader: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor({ file, lock, reader }: { file: string; lock: DatabaseSync; reader: DatabaseSync }) {
    this.#file = file;
    this.#lock = lock;
    this.#reader = reader;
  }

  /** Takes the folder for this process and brings its schema up to date, as a server's start does; from then on it is only read. */
  static async open(dataFolder: string): Promise<MoveSource> {
    const file = storeFileOf(dataFolder);
    if (!existsSync(file)) throw new MoveRefused("missing", `there is no store in ${dataFolder}`);
    const lock = lockOrRefused(dataFolder);
    try {
      (await migrated(openDatabase(file))).connection.close();
      return new MoveSource({ file, lock, reader: new DatabaseSync(file, { readOnly: true }) });
    } catch (error) {
      lock.close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`the store in ${dataFolder} cannot be opened: ${reason}`, { cause: error });
    }
  }

  /** The mark of a move that was begun, or one for a new move. */
  markFor({ place, now }: { readonly place: string; readonly now: number }): MovedMark {
    return readMark(this.#reader) ?? { id: randomUUID(), place, at: now, isDone: false };
  }

  /** Marks the store as being moved: no server starts on it from now on. What is read from then on is one state of it. */
  begin(mark: MovedMark): void {
    if (readMark(this.#reader) === null) this.#mark(mark);
    this.#reader.exec("PRAGMA temp_store = FILE; BEGIN");
    this.#reader.exec(temporaryTables);
    this.#reader.prepare("insert into moved_at values (?)").run(mark.at);
    this.#reader.exec(fillLanes);
  }

  /** The move is complete. */
  finish(mark: MovedMark): void {
    this.#mark({ ...mark, isDone: true });
  }

  /** Takes the mark away; gives it back, null where there was none. */
  reopen(): MovedMark | null {
    const mark = readMark(this.#reader);
    if (mark !== null) this.#mark(null);
    return mark;
  }

  count(table: MovedTable): number {
    const [row] = this.#all(
      `select sum(n) from (${partsOf(table)
        .map((from) => `select count(*) as n from ${from}`)
        .join(" union all ")})`,
    );
    return Number(row?.[0] ?? 0);
  }

  /** The rows behind the key, as many as make one step; none: that was all. */
  page(table: MovedTable, after: Row | null): Page {
    const values = after ?? [];
    const statement = this.#statement(pageText(table, after !== null));
    const rows: Row[] = [];
    let chars = 0;
    let mendedTexts = 0;
    for (const read of statement.iterate(...values) as Iterable<unknown> as Iterable<Row>) {
      const row = read.map((cell) => (typeof cell === "string" ? withoutNul(cell) : cell));
      mendedTexts += row.filter((cell, at) => cell !== read[at]).length;
      chars += row.reduce<number>((sum, cell) => sum + (typeof cell === "string" ? cell.length : 8), 0);
      rows.push(row);
      if (chars >= limits.movedCharsPerStep) break;
    }
    return { rows, mendedTexts };
  }

  /** The days, counted from 1970, of which the column has ids; the newest first. */
  daysOf(table: string, column: string, idsPerDay: number): readonly number[] {
    return this.#all(`select distinct "${column}" / ${String(idsPerDay)} from ${table} order by 1 desc`).map(([day]) => Number(day));
  }

  counters(): Counters {
    return {
      lastId: Math.max(...historyTables.map((table) => this.#number(`select max(id) from ${table}`))),
      nextOrgKey: this.#number("select max(key) from orgs") + 1,
      nextChannelKey: Math.max(
        this.#number("select max(key) from channels") + 1,
        this.#number("select next from sequences where org = 0 and name = 'channel'"),
      ),
      nextAuditId: this.#number("select seq from sqlite_sequence where name = 'audit'") + 1,
    };
  }

  close(): void {
    this.#reader.close();
    this.#lock.close();
  }

  /** The key of the row behind which the next step begins. */
  static after(table: MovedTable, rows: readonly Row[]): Row | null {
    const last = rows.at(-1);
    return last === undefined ? null : keyOf(table, last);
  }

  #mark(mark: MovedMark | null): void {
    const { connection } = openDatabase(this.#file);
    try {
      writeMark(connection, mark);
    } finally {
      connection.close();
    }
  }

  #number(query: string): number {
    return Number(this.#all(query)[0]?.[0] ?? 0);
  }

  #all(query: string): readonly Row[] {
    return this.#statement(query).all() as unknown as readonly Row[];
  }

  #statement(query: string): StatementSync {
    const known = this.#statements.get(query);
    if (known !== undefined) return known;
    const statement = this.#reader.prepare(query);
    statement.setReturnArrays(true);
    this.#statements.set(query, statement);
    return statement;
  }
}

function lockOrRefused(dataFolder: string): DatabaseSync {
  try {
    return takeLock(dataFolder);
  } catch (error) {
    throw new MoveRefused("in_use", error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** What has ids that are made of instants. */
const historyTables = ["deliveries", "changes", "channel_versions", "replays", "lifecycle_events"] as const;

/** What the store has not as rows: the lines of what is in hand, and the lanes as they follow from what is owed. They are few. */
const temporaryTables = `
  create temp table hand_lines (org integer, channel_key integer, record_id text, delivery_id integer,
    primary key (org, channel_key, record_id, delivery_id)) without rowid;
  insert or ignore into hand_lines
    select d.org, d.channel_key, cast(r.value as text), d.id
    from deliveries as d join channels as c on c.key = d.channel_key, json_each(d.record_ids) as r
    where d.is_in_hand = 1 and c.ordering = 'record';
  create temp table owed_lanes (org integer, channel_key integer, due_at integer, first_at integer, primary key (org, channel_key)) without rowid;
  create temp table moved_at (at integer)`;

/** A lane is looked at when the first of what is due in it is; a channel that is held gets one when it is let go. */
const fillLanes = `
  insert into owed_lanes
  select org, channel_key, min(due_at), min(due_at) from (
    select d.org, d.channel_key, case when d.status = 'claimed' then min(d.due_at, (select at from moved_at)) else d.due_at end as due_at
    from deliveries as d where d.due_at is not null)
  where channel_key in (select key from channels where state = 'active')
  group by org, channel_key`;

/** The expressions that stand in place of columns: a claim has ended, and what it held falls due at once. */
function columnsOf({ name, columns }: MovedTable): string {
  if (name !== "deliveries") return quoted(columns);
  const given: Readonly<Record<string, string>> = {
    status: "case when status = 'claimed' then 'pending' else status end",
    due_at: `case when status = 'claimed' then min(due_at, (select at from moved_at)) else due_at end`,
    claim_token: "null",
    is_in_hand: "0",
  };
  return columns.map((column) => given[column] ?? `"${column}"`).join(", ");
}

/** Where the rows of the table come from; several are read as one, in the order of the key. */
function partsOf({ name }: MovedTable): readonly string[] {
  switch (name) {
    case "record_lines":
      return ["record_lines", "hand_lines"];
    case "lanes":
      return ["owed_lanes"];
    case "settings":
      return [`(select * from settings where name <> '${markName}')`];
    default:
      return [name];
  }
}

function pageText(table: MovedTable, isBehind: boolean): string {
  const key = quoted(table.key);
  const places = table.key.map((_, at) => `?${String(at + 1)}`).join(", ");
  const where = isBehind ? `where (${key}) > (${places})` : "";
  const end = `order by ${key} limit ${String(limits.movedRowsPerStep)}`;
  const parts = partsOf(table).map((from) => `select ${columnsOf(table)} from ${from} ${where} ${end}`);
  return parts.length === 1 ? (parts[0] ?? "") : `${parts.map((part) => `select * from (${part})`).join(" union all ")} ${end}`;
}
