/**
 * Whether both sides of a move hold the same: each table is read on both in the order of its key, a window at a time, and each row goes, in one form,
 * into the digest of its org. Equal digests are equal rows in equal order; where they differ, the first row that does is named.
 */
import { createHash } from "node:crypto";
import { MoveSource } from "./source.ts";
import type { MoveTarget } from "./target.ts";
import { type MovedTable, type Row, keyOf } from "./moved-tables.ts";

export type Difference = {
  /** null: the table's rows belong to no org. */
  readonly org: number | null;
  readonly sourceRows: number;
  readonly targetRows: number;
};

export type Verified = {
  /** Of the target. */
  readonly rows: number;
  readonly orgs: number;
  /** Over the digests of the orgs, in their order; of the target. */
  readonly digest: string;
  /** Orgs whose rows differ in number or digest. */
  readonly differences: readonly Difference[];
  /** The key of the first row that differs, or is on one side alone; null: there is none. */
  readonly firstKey: Row | null;
};

type Sides = { readonly source: MoveSource; readonly target: MoveTarget };

export async function verifyTable(table: MovedTable, { source, target }: Sides, onRows: (count: number) => void): Promise<Verified> {
  const from = new Side(table, (after) => source.page(table, after).rows);
  const into = new Side(table, (after) => target.page(table, after));
  let firstKey: Row | null = null;
  for (;;) {
    await Promise.all([from.fill(), into.fill()]);
    const count = windowOf(from, into);
    if (count === 0) break;
    const [expected, found] = [from.take(count), into.take(count)];
    firstKey ??= firstDifference(table, expected, found);
    onRows(count);
  }
  return compare(from.end(), into.end(), firstKey);
}

/** How many rows both have read; once one side is over, what the other has. */
function windowOf(one: Side, other: Side): number {
  const both = Math.min(one.waiting, other.waiting);
  return both > 0 ? both : Math.max(one.waiting, other.waiting);
}

function firstDifference(table: MovedTable, expected: readonly Line[], found: readonly Line[]): Row | null {
  for (let at = 0; at < Math.max(expected.length, found.length); at += 1) {
    const [one, other] = [expected[at], found[at]];
    if (one?.text === other?.text) continue;
    const row = one?.row ?? other?.row;
    return row === undefined ? null : keyOf(table, row);
  }
  return null;
}

function compare(expected: Digests, found: Digests, firstKey: Row | null): Verified {
  const orgs = [...new Set([...expected.keys(), ...found.keys()])];
  const differences = orgs
    .filter((org) => expected.get(org)?.digest !== found.get(org)?.digest)
    .map((org) => ({ org, sourceRows: expected.get(org)?.rows ?? 0, targetRows: found.get(org)?.rows ?? 0 }));
  const all = createHash("sha256");
  for (const { digest } of found.values()) all.update(digest);
  const rows = [...found.values()].reduce((sum, of) => sum + of.rows, 0);
  return { rows, orgs: orgs.filter((org) => org !== null).length, digest: all.digest("hex"), differences, firstKey };
}

/** A row, and the form in which it goes into the digest. */
type Line = { readonly row: Row; readonly text: string };
type Digests = ReadonlyMap<number | null, { readonly rows: number; readonly digest: string }>;

/** One side of a table: a window of rows, and the digests of what has gone through it. */
class Side {
  readonly #table: MovedTable;
  readonly #read: (after: Row | null) => readonly Row[] | Promise<readonly Row[]>;
  #window: readonly Row[] = [];
  #taken = 0;
  #after: Row | null = null;
  #isOver = false;
  readonly #digests = new Map<number | null, { readonly rows: number; readonly digest: string }>();
  #org: number | null = null;
  #hash = createHash("sha256");
  #rows = 0;

  constructor(table: MovedTable, read: (after: Row | null) => readonly Row[] | Promise<readonly Row[]>) {
    this.#table = table;
    this.#read = read;
  }

  /** Rows of the window that were not taken yet. */
  get waiting(): number {
    return this.#window.length - this.#taken;
  }

  /** Reads the next window when this one is through. */
  async fill(): Promise<void> {
    if (this.waiting > 0 || this.#isOver) return;
    this.#window = await this.#read(this.#after);
    this.#taken = 0;
    this.#isOver = this.#window.length === 0;
    this.#after = MoveSource.after(this.#table, this.#window);
  }

  /** The next rows, which go into the digests; fewer when the side is over. */
  take(count: number): readonly Line[] {
    const lines = this.#window.slice(this.#taken, this.#taken + count).map((row) => ({ row, text: JSON.stringify(row) }));
    this.#taken += lines.length;
    for (const line of lines) this.#digest(line);
    return lines;
  }

  end(): Digests {
    this.#close();
    return this.#digests;
  }

  #digest({ row, text }: Line): void {
    const { orgAt } = this.#table;
    const org = orgAt === null ? null : Number(row[orgAt]);
    // The key begins with the org, so its rows come together.
    if (org !== this.#org) this.#close();
    this.#org = org;
    this.#hash.update(text);
    this.#rows += 1;
  }

  #close(): void {
    if (this.#rows > 0) this.#digests.set(this.#org, { rows: this.#rows, digest: this.#hash.digest("hex") });
    this.#hash = createHash("sha256");
    this.#rows = 0;
  }
}
