import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { TemporaryFolder } from "../../../test/support/process.ts";
import type { Store } from "../store.ts";
import { FolderTaken, backUp, isInUse, restore, storeFileOf } from "./backup.ts";
import { openSqliteStore } from "./open.ts";

const silent = (): void => undefined;

/** A store that is open, and so in use, with `count` settings of half a megabyte, so that a copy takes several steps. */
async function storeWith(folder: string, count: number): Promise<Store> {
  const store = await openSqliteStore(folder);
  for (let at = 0; at < count; at += 1) await write(folder, at);
  return store;
}

/** From a connection of its own, as a server's writes come from another process. */
async function write(folder: string, at: number): Promise<void> {
  const writer = new DatabaseSync(storeFileOf(folder));
  writer.prepare("INSERT INTO settings (name, value) VALUES (?, ?)").run(`setting-${String(at)}`, "x".repeat(500_000));
  writer.close();
  return Promise.resolve();
}

function settingsIn(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare("SELECT count(*) AS n FROM settings").get();
  database.close();
  return Number(row?.["n"]);
}

test("a copy of a store in use has what was committed, and the writes that come meanwhile neither stop it nor get into it", async () => {
  using folder = new TemporaryFolder();
  const data = join(folder.path, "data");
  const store = await storeWith(data, 20);
  const target = join(folder.path, "copy.sqlite");
  let written = 20;
  const copied = await backUp(data, target, () => {
    void write(data, written);
    written += 1;
  });
  assert.equal(copied.rows["settings"], 20);
  assert.equal(settingsIn(target), 20);
  assert.ok(written > 20, "no write came meanwhile");
  assert.equal(statSync(target).mode & 0o777, 0o600);
  assert.equal(copied.bytes, statSync(target).size);
  assert.deepEqual(readdirSync(folder.path).toSorted(), ["copy.sqlite", "data"]);
  await store.close();
});

test("a copy comes back into a new folder, and a server opens it", async () => {
  using folder = new TemporaryFolder();
  const data = join(folder.path, "data");
  await (await storeWith(data, 3)).close();
  const target = join(folder.path, "copy.sqlite");
  await backUp(data, target, silent);
  const restored = await restore(target, join(folder.path, "new"), { replaces: false, onProgress: silent });
  assert.equal(restored.formerFile, null);
  await (await openSqliteStore(join(folder.path, "new"))).close();
  assert.equal(settingsIn(storeFileOf(join(folder.path, "new"))), 3);
});

test("a folder in use is refused even by force, and stays as it is", async () => {
  using folder = new TemporaryFolder();
  const data = join(folder.path, "data");
  const store = await storeWith(data, 1);
  const target = join(folder.path, "copy.sqlite");
  await backUp(data, target, silent);
  assert.equal(isInUse(data), true);
  await assert.rejects(restore(target, data, { replaces: true, onProgress: silent }), FolderTaken);
  await store.close();
  assert.equal(isInUse(data), false);
  assert.equal(settingsIn(storeFileOf(data)), 1);
});

test("a folder with a store is refused unless told, and then the store is kept beside, its last writes in it", async () => {
  using folder = new TemporaryFolder();
  const data = join(folder.path, "data");
  const target = join(folder.path, "copy.sqlite");
  await (await storeWith(data, 1)).close();
  await backUp(data, target, silent);
  // Left as a kill leaves it: what was written last stands in the companion alone.
  const holder = new DatabaseSync(storeFileOf(data));
  holder.exec("PRAGMA wal_autocheckpoint = 0; SELECT count(*) FROM settings");
  await write(data, 1);
  await assert.rejects(restore(target, data, { replaces: false, onProgress: silent }), FolderTaken);
  holder.close();
  for (const turn of [1, 2]) {
    const { formerFile } = await restore(target, data, { replaces: true, onProgress: silent });
    assert.ok(formerFile !== null);
    assert.equal(settingsIn(formerFile), turn === 1 ? 2 : 1);
  }
  assert.equal(settingsIn(storeFileOf(data)), 1);
  assert.ok(existsSync(`${storeFileOf(data)}.before-restore-2`));
});

test("what is no copy, a damaged one and one of a newer program are refused, and nothing is touched", async () => {
  using folder = new TemporaryFolder();
  const data = join(folder.path, "data");
  const target = join(folder.path, "copy.sqlite");
  await (await storeWith(data, 2)).close();
  await backUp(data, target, silent);
  const into = join(folder.path, "new");
  const bring = async (file: string) => restore(file, into, { replaces: false, onProgress: silent });
  await assert.rejects(bring(folder.file("text.txt", "no database")), /text\.txt is no store of Watchpost/);
  await assert.rejects(bring(join(folder.path, "nothing")), /there is no file/);

  const newer = new DatabaseSync(target);
  newer.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999_later', 'x')");
  newer.close();
  await assert.rejects(bring(target), /newer Watchpost.*9999_later/);

  const whole = new DatabaseSync(storeFileOf(data));
  whole.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  whole.close();
  await backUp(data, target, silent);
  const damaged = Buffer.alloc(statSync(target).size - 150_000);
  readFileSync(target).copy(damaged);
  writeFileSync(target, damaged);
  await assert.rejects(bring(target), /damaged|no store|malformed/);
  assert.equal(existsSync(into), false);
});
