/**
 * Moves an embedded store into an empty PostgreSQL database: everything, each row once, checked on both sides at the end. The move may be ended
 * anywhere: what was copied is noted in the database with the rows themselves, and the next call goes on behind it. From the beginning no server
 * starts on the store, and none on the database before the move is complete, so nobody changes the one or sends from the other.
 */
import { firstIdAt } from "../../core/commit-ids.ts";
import { databasePlace } from "../../core/database-url.ts";
import { limits } from "../../core/limits.ts";
import { type PartitionedTable, idOf } from "../postgres/partitions.ts";
import type { MovedMark } from "../sqlite/moved-mark.ts";
import { MoveRefused } from "./move-refused.ts";
import { type MovedTable, type Row, movedTables } from "./moved-tables.ts";
import { MoveSource } from "./source.ts";
import { MoveTarget } from "./target.ts";
import { type Verified, verifyTable } from "./verify.ts";

export { MoveRefused } from "./move-refused.ts";

export type Moving = {
  readonly dataFolder: string;
  readonly url: string;
  readonly now: () => number;
  /** `total`: rows to copy, or to check. */
  readonly onProgress: (progress: { readonly step: "copying" | "checking"; readonly done: number; readonly total: number }) => void;
};

export type MovedRows = Verified & {
  readonly table: string;
  /** How many of them this call copied. */
  readonly copied: number;
  /** How long copying and checking took in this call. */
  readonly ms: number;
};

export type Moved = {
  /** Host and name of the database. */
  readonly place: string;
  /** None: an earlier call had moved and checked all of it. */
  readonly tables: readonly MovedRows[];
  /** Whether everything is the same on both sides; the move is complete then. */
  readonly isSame: boolean;
  /** Texts of this call in which a NUL was replaced. */
  readonly mendedTexts: number;
};

/** Rejects with a `MoveRefused` where nothing can be moved, and with an Error for people when the store or the database fails. */
export async function moveStore(moving: Moving): Promise<Moved> {
  const { dataFolder, url, now } = moving;
  const source = await MoveSource.open(dataFolder);
  try {
    const target = await MoveTarget.open(url);
    try {
      const place = databasePlace(url);
      const mark = source.markFor({ place, now: now() });
      refuseElsewhere(mark, place);
      const isComplete = await target.begin(mark.id);
      source.begin(mark);
      // It was ended before it could say so in the folder. Servers may have written in the database since.
      const moved = isComplete ? { place, tables: [], isSame: true, mendedTexts: 0 } : await new Move(moving, { source, target }).run();
      if (moved.isSame) {
        await target.finish();
        source.finish(mark);
      }
      return moved;
    } finally {
      await target.end();
    }
  } finally {
    source.close();
  }
}

/** Takes back what was noted in the store, so that a server starts on it again. Gives back the database it was moved to; null: none. */
export async function reopenStore(dataFolder: string): Promise<MovedMark | null> {
  const source = await MoveSource.open(dataFolder);
  try {
    return source.reopen();
  } finally {
    source.close();
  }
}

function refuseElsewhere(mark: MovedMark, place: string): void {
  if (mark.isDone) throw new MoveRefused("conflict", `the store was moved to the database at ${mark.place} already`);
  if (mark.place === place) return;
  throw new MoveRefused(
    "conflict",
    `a move of the store to the database at ${mark.place} was begun; go on with it, or give it up with --reopen`,
  );
}

class Move {
  readonly #moving: Moving;
  readonly #source: MoveSource;
  readonly #target: MoveTarget;
  #done = 0;
  #total = 0;
  #mendedTexts = 0;

  constructor(moving: Moving, { source, target }: { readonly source: MoveSource; readonly target: MoveTarget }) {
    this.#moving = moving;
    this.#source = source;
    this.#target = target;
  }

  async run(): Promise<Moved> {
    this.#total = movedTables.reduce((sum, table) => sum + this.#source.count(table), 0);
    await this.#makeDays();
    const copied = new Map<string, { readonly rows: number; readonly ms: number }>();
    for (const table of movedTables) copied.set(table.name, await this.#timed(() => this.#copy(table)));
    await this.#target.setCounters(this.#source.counters());
    this.#done = 0;
    const tables: MovedRows[] = [];
    for (const table of movedTables) {
      const { rows: verified, ms } = await this.#timed(() => this.#verify(table));
      const before = copied.get(table.name);
      tables.push({ table: table.name, ...verified, copied: before?.rows ?? 0, ms: ms + (before?.ms ?? 0) });
    }
    const isSame = tables.every(({ differences }) => differences.length === 0);
    return { place: databasePlace(this.#moving.url), tables, isSame, mendedTexts: this.#mendedTexts };
  }

  /** History keeps its days, so that what grows old is dropped by the day here too. */
  async #makeDays(): Promise<void> {
    for (const [table, column] of Object.entries(idOf) as [PartitionedTable, string][]) {
      const days = this.#source.daysOf(table, column, firstIdAt(dayMs));
      await this.#target.makeDays(table, days.slice(0, limits.movedDaysMax));
    }
  }

  /** Gives the number of rows that it copied. */
  async #copy(table: MovedTable): Promise<number> {
    const progress = (await this.#target.progress()).get(table.name);
    this.#tell("copying", progress?.rowCount ?? 0);
    if (progress?.isDone === true) return 0;
    let copied = 0;
    let rows = this.#read(table, progress?.lastKey ?? null);
    while (rows.length > 0) {
      // While the database writes one step, the next is read.
      const written = this.#target.write(table, rows);
      const [next] = await Promise.all([this.#readBehind(table, rows), written]);
      copied += rows.length;
      this.#tell("copying", rows.length);
      rows = next;
    }
    await this.#target.close(table);
    return copied;
  }

  #read(table: MovedTable, after: Row | null): readonly Row[] {
    const { rows, mendedTexts } = this.#source.page(table, after);
    this.#mendedTexts += mendedTexts;
    return rows;
  }

  /** A fault while it reads is the promise's, so that what is being written is waited for all the same. */
  async #readBehind(table: MovedTable, rows: readonly Row[]): Promise<readonly Row[]> {
    return Promise.resolve(this.#read(table, MoveSource.after(table, rows)));
  }

  #verify(table: MovedTable): Promise<Verified> {
    return verifyTable(table, { source: this.#source, target: this.#target }, (count) => this.#tell("checking", count));
  }

  #tell(step: "copying" | "checking", count: number): void {
    this.#done += count;
    this.#moving.onProgress({ step, done: this.#done, total: this.#total });
  }

  async #timed<T>(work: () => Promise<T>): Promise<{ readonly rows: T; readonly ms: number }> {
    const { now } = this.#moving;
    const startedAt = now();
    const rows = await work();
    return { rows, ms: now() - startedAt };
  }
}

const dayMs = 86_400_000;
