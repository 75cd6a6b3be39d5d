/**
 * Copies of a store, and their way back. SQLite lets another process read a file in WAL mode while the server writes to it, so a copy needs
 * neither the server's help nor its health. The copy is one snapshot: the read transaction that is open all the while keeps it
 * so, and keeps SQLite from beginning anew with each write of the server.
 *
 * A copy counts as good when SQLite finds no fault in it and every table has as many rows as the snapshot. Until then it has another name, so
 * that no half of one is ever taken for a whole.
 */
import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync, backup } from "node:sqlite";
import { companionEndings, databaseFile, lockFile } from "./files.ts";
import { takeLock } from "./lock.ts";
import { migrations } from "./migrations.ts";

export type Copied = {
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly bytes: number;
};

/** How many pages are copied between two looks at the progress. */
const pagesPerStep = 2_000;

export type OnProgress = (donePages: number, totalPages: number) => void;

/** The file of the store in a data folder. */
export function storeFileOf(dataFolder: string): string {
  return join(dataFolder, databaseFile);
}

/** Copies the store in `dataFolder` to `target`, which is not there yet or may be replaced. Rejects with an Error for people. */
export async function backUp(dataFolder: string, target: string, onProgress: OnProgress): Promise<Copied> {
  const source = openReadable(storeFileOf(dataFolder));
  const partial = `${target}.partial`;
  try {
    source.exec("BEGIN");
    const rows = countRows(source);
    removeDatabase(partial);
    await copyTo(source, partial, onProgress);
    const copied = settle(partial, rows);
    renameSync(partial, target);
    syncFolder(dirname(target));
    return copied;
  } catch (error) {
    removeDatabase(partial);
    throw error;
  } finally {
    source.close();
  }
}

export type Restored = Copied & {
  /** Where the store that was there stands now; null: there was none. */
  readonly formerFile: string | null;
};

export type Restoring = {
  /** Whether a store that is there may be put aside. */
  readonly replaces: boolean;
  readonly onProgress: OnProgress;
};

/** What stands in the way of a restore. */
export class FolderTaken extends Error {}

/**
 * Puts the copy `file` into `dataFolder`. The folder's lock is held all the while, and a store that is there stays until the new one is
 * proved; then the new one takes its place at once. Rejects with an Error for people.
 */
export async function restore(file: string, dataFolder: string, { replaces, onProgress }: Restoring): Promise<Restored> {
  checkCopy(file);
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const others = readdirSync(dataFolder).filter((name) => name !== lockFile);
  if (others.length > 0 && !replaces) throw new FolderTaken(`the data folder ${dataFolder} is not empty`);
  const lock = lockOrTaken(dataFolder);
  const partial = join(dataFolder, `${databaseFile}.partial`);
  const source = openReadable(file);
  try {
    source.exec("BEGIN");
    const rows = countRows(source);
    removeDatabase(partial);
    await copyTo(source, partial, onProgress);
    const copied = settle(partial, rows);
    return { ...copied, formerFile: takePlace(partial, storeFileOf(dataFolder)) };
  } catch (error) {
    removeDatabase(partial);
    throw error;
  } finally {
    source.close();
    lock.close();
  }
}

/** Whether a server uses the folder now. */
export function isInUse(dataFolder: string): boolean {
  if (!existsSync(join(dataFolder, lockFile))) return false;
  try {
    takeLock(dataFolder).close();
    return false;
  } catch {
    // Expected: it is held. A folder that cannot be read is told by others.
    return true;
  }
}

function lockOrTaken(dataFolder: string): DatabaseSync {
  try {
    return takeLock(dataFolder);
  } catch (error) {
    throw new FolderTaken(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function copyTo(source: DatabaseSync, partial: string, onProgress: OnProgress): Promise<void> {
  await backup(source, partial, {
    rate: pagesPerStep,
    progress: ({ totalPages, remainingPages }) => onProgress(totalPages - remainingPages, totalPages),
  });
}

/** Proves the copy, leaves it without companions and on the disk. */
function settle(partial: string, expected: Copied["rows"]): Copied {
  const copy = new DatabaseSync(partial);
  let bytes: number;
  try {
    // One file and nothing beside it, which may be moved and kept read-only; the server puts it back into WAL mode.
    copy.exec("PRAGMA journal_mode = DELETE");
    checkIntegrity(copy, partial);
    const rows = countRows(copy);
    const wrong = Object.keys({ ...expected, ...rows }).find((table) => rows[table] !== expected[table]);
    if (wrong !== undefined) {
      throw new Error(`the copy has ${String(rows[wrong] ?? 0)} rows of ${wrong} and should have ${String(expected[wrong] ?? 0)}`);
    }
    bytes = numberOf(copy, "PRAGMA page_count") * numberOf(copy, "PRAGMA page_size");
  } finally {
    copy.close();
  }
  chmodSync(partial, 0o600);
  syncFile(partial);
  return { rows: expected, bytes };
}

/** Refuses what is no copy of a store, or one of a newer Watchpost than this. */
function checkCopy(file: string): void {
  const copy = openReadable(file);
  try {
    checkIntegrity(copy, file);
    const names = copy.prepare("SELECT name FROM kysely_migration").all();
    const unknown = names.map((row) => String(row["name"])).find((name) => !Object.hasOwn(migrations, name));
    if (unknown !== undefined) {
      throw new Error(`${file} was made by a newer Watchpost: its schema has ${unknown}, which this one does not know`);
    }
  } finally {
    copy.close();
  }
}

function checkIntegrity(database: DatabaseSync, file: string): void {
  const faults = database
    .prepare("PRAGMA integrity_check")
    .all()
    .flatMap((row) => Object.values(row).map(String));
  if (faults.length !== 1 || faults[0] !== "ok") throw new Error(`${file} is damaged: ${faults[0] ?? "no answer"}`);
}

/** Opens a store's file and changes nothing in it; throws an Error for people when it is none. */
function openReadable(file: string): DatabaseSync {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.exec("PRAGMA busy_timeout = 5000");
    database.prepare("SELECT name FROM kysely_migration").all();
    return database;
  } catch (error) {
    database.close();
    throw new Error(`${file} is no store of Watchpost`, { cause: error });
  }
}

function countRows(database: DatabaseSync): Copied["rows"] {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
  return Object.fromEntries(
    tables.map(({ name }) => [String(name), numberOf(database, `SELECT count(*) FROM "${String(name).replaceAll('"', '""')}"`)]),
  );
}

function numberOf(database: DatabaseSync, query: string): number {
  return Number(Object.values(database.prepare(query).get() ?? {})[0] ?? 0);
}

/**
 * Puts the proved file where the store is. What was written last may stand in the companion of the store that was there: it is brought
 * home first, and where that fails, because the store is damaged, the companions go aside with it.
 */
function takePlace(partial: string, file: string): string | null {
  if (!existsSync(file)) {
    for (const ending of companionEndings) rmSync(`${file}${ending}`, { force: true });
    renameSync(partial, file);
    syncFolder(dirname(file));
    return null;
  }
  bringHome(file);
  const former = freeName(`${file}.before-restore`);
  for (const ending of companionEndings) if (existsSync(`${file}${ending}`)) renameSync(`${file}${ending}`, `${former}${ending}`);
  linkSync(file, former);
  renameSync(partial, file);
  syncFolder(dirname(file));
  return former;
}

function bringHome(file: string): void {
  try {
    const database = new DatabaseSync(file);
    try {
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      database.close();
    }
  } catch {
    // Expected: a damaged store, which may be why it is being restored.
  }
}

function freeName(name: string): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${String(number)}`;
    if (!existsSync(candidate)) return candidate;
  }
}

function removeDatabase(file: string): void {
  for (const ending of ["", "-journal", ...companionEndings]) rmSync(`${file}${ending}`, { force: true });
}

function syncFile(file: string): void {
  const descriptor = openSync(file, "r+");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** So that the name is on the disk too. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
