/**
 * The embedded store: one SQLite file in the data folder, used by one process. A second file is the lock: it is held by an open
 * exclusive transaction, which the system ends with the process, however that ends.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { StoreFault } from "../store-fault.ts";
import type { Store, Tx } from "../store.ts";
import { aloneNodes } from "./alone.ts";
import { sqliteChanges } from "./changes.ts";
import { sqliteChannels } from "./channels.ts";
import { type Database, openDatabase } from "./database.ts";
import { channelTargets } from "./channel-targets.ts";
import { sqliteDeliveries } from "./deliveries.ts";
import { asFault } from "./faults.ts";
import { databaseFile } from "./files.ts";
import { InHand } from "./in-hand.ts";
import { sqliteLanes } from "./lanes.ts";
import { takeLock } from "./lock.ts";
import { Memory } from "./memory.ts";
import { refuseMoved } from "./moved-mark.ts";
import { newestMigration } from "./newest-migration.ts";
import { sqliteNumbers } from "./numbers.ts";
import { sqliteRecordLines } from "./record-lines.ts";
import { sqliteRecords } from "./records.ts";
import type { IdSource } from "../sql/database.ts";
import { sqlRetention } from "../sql/retention.ts";
import { sharedRows } from "../sql/rows.ts";

/**
 * Opens the store in `dataFolder` (null: in memory, gone at the end), making the folder and bringing the schema up to date.
 * Rejects with an Error whose message is for people: the folder is in use, cannot be made, or the file is no database.
 */
export async function openSqliteStore(dataFolder: string | null): Promise<Store> {
  if (dataFolder === null) return storeOver(await migrated(openDatabase(":memory:")), null);
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`the data folder ${dataFolder} cannot be made: ${messageOf(error)}`, { cause: error });
  }
  const lock = takeLock(dataFolder);
  try {
    return storeOver(await migrated(unmoved(openDatabase(join(dataFolder, databaseFile)))), lock);
  } catch (error) {
    lock.close();
    throw new Error(`the store in ${dataFolder} cannot be opened: ${messageOf(error)}`, { cause: error });
  }
}

/** The database, unless what it holds has gone elsewhere. */
function unmoved(db: Database): Database {
  try {
    refuseMoved(db.connection);
    return db;
  } catch (error) {
    db.connection.close();
    throw error;
  }
}

/** The database with its schema brought up to date. */
export async function migrated(db: Database): Promise<Database> {
  try {
    if (lastMigration(db) !== newestMigration) await (await import("./migrate.ts")).migrate(db);
    return db;
  } catch (error) {
    db.connection.close();
    throw error;
  }
}

/** null: there is no schema yet. */
function lastMigration({ connection }: Database): string | null {
  const isThere = connection.prepare("select 1 from sqlite_schema where name = 'kysely_migration'").get() !== undefined;
  return isThere ? String(connection.prepare("select max(name) as name from kysely_migration").get()?.["name"]) : null;
}

const noEpochs: ReadonlyMap<number, number> = new Map();

/** The store over a database that is open; `close` closes the database and gives up the lock. */
export function storeOver(db: Database, lock: DatabaseSync | null): Store {
  const numbers = sqliteNumbers(db);
  const memory = new Memory();
  const targets = channelTargets(db, memory);
  const lines = sqliteRecordLines(db);
  const lanes = sqliteLanes(db, memory);
  const inHand = new InHand({ db, lines, lanes, memory });
  const next = (nowMs: number): number => numbers.next(nowMs);
  const ids: IdSource = { next: (_org, nowMs) => next(nowMs), nextOverOrgs: next };
  const shared = sharedRows(db, ids);
  const tx: Tx = {
    ...shared,
    // Nobody else writes here: whoever changes what a Home is read from changes the Home too.
    orgs: { ...shared.orgs, hold: () => undefined, epoch: () => 0, accessEpoch: () => null, raisedEpochs: () => noEpochs },
    records: sqliteRecords(db),
    changes: sqliteChanges(db, numbers),
    channels: sqliteChannels(db, ids, { targets, inHand }),
    deliveries: sqliteDeliveries(db, numbers, { lines, lanes, inHand, targets }),
    nodes: aloneNodes,
    // One file holds all history, so there are no places of it to arrange.
    retention: { ...sqlRetention(db, (channelKey) => inHand.hasChannel(channelKey)), arrange: () => undefined },
    savepoint: async (work) => {
      // Outside a transaction a savepoint is one of its own, and what it did would stay.
      checkTransaction(db);
      return nested(db, memory, { work, begin: "SAVEPOINT step", end: "RELEASE step", undo: "ROLLBACK TO step; RELEASE step" });
    },
  };
  return {
    undo: "savepoint",
    transaction: async (work) => {
      inHand.begin();
      const whole = async () => {
        const result = await work(tx);
        checkTransaction(db);
        return result;
      };
      const result = await nested(db, memory, { work: whole, begin: "BEGIN IMMEDIATE", end: "COMMIT", undo: "ROLLBACK" });
      memory.keep();
      return result;
    },
    close: () => {
      db.connection.close();
      lock?.close();
    },
  };
}

/** After some faults SQLite ends the transaction by itself, and nothing of it is left to go on with. */
function checkTransaction(db: Database): void {
  if (db.connection.isTransaction) return;
  throw new StoreFault("the database gave the transaction up: the disk is full, or fails", { retryable: true });
}

type Step<T> = { readonly work: () => Promise<T>; readonly begin: string; readonly end: string; readonly undo: string };

async function nested<T>(db: Database, memory: Memory, step: Step<T>): Promise<T> {
  begin(db, step.begin);
  const { mark } = memory;
  try {
    const result = await step.work();
    db.connection.exec(step.end);
    return result;
  } catch (error) {
    memory.undoTo(mark);
    // A full disk, say, has ended it already.
    if (db.connection.isTransaction) db.connection.exec(step.undo);
    throw asFault(error);
  }
}

function begin(db: Database, words: string): void {
  try {
    db.connection.exec(words);
  } catch (error) {
    // Expected: the file is locked or fails. Nothing has begun.
    throw asFault(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
