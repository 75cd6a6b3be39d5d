/**
 * A disk that takes no page more, and one whose writes fail, under the real executor and a store in a file. `npm run simulate` has both
 * among its faults; here they last until nothing fits, and the process dies on them.
 */
import assert from "node:assert/strict";
import { settlementOf } from "../../src/core/attempt.ts";
import { join } from "node:path";
import { test } from "node:test";
import type { Job } from "../../src/app/executor.ts";
import { executorOver } from "../../src/app/worker.ts";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import { openSqliteStore, migrated, storeOver } from "../../src/store/sqlite/open.ts";
import { type Database, openDatabase } from "../../src/store/sqlite/database.ts";
import { InThread } from "../support/in-thread.ts";
import { TemporaryFolder } from "../support/process.ts";
import { attemptEntry } from "../support/attempt-entry.ts";

const writesMax = 2_000;
/** How a full disk says so, for whoever reads the log. */
const isFull = /disk is full/;

function setFull(db: Database, full: boolean): void {
  const pages = Number(Object.values(db.connection.prepare("PRAGMA page_count").get() ?? {})[0]);
  db.connection.exec(`PRAGMA max_page_count = ${full ? pages : 1_073_741_823}`);
}

function insertion(app: InThread, number: number): Job {
  const items = [{ Last_Name: `Name ${number}`, Description: "long ".repeat(200) }];
  return { name: "records.write", input: { caller: app.caller, module: "Leads", operation: "insert", items, idInPath: null } };
}

/** Writes until three batches in a row were refused whole; gives the ids of what was answered, and how the others were refused. */
async function fill(app: InThread): Promise<{ readonly ids: readonly string[]; readonly refusals: readonly string[] }> {
  const ids: string[] = [];
  const refusals: string[] = [];
  for (let number = 0, refusedInARow = 0; number < writesMax && refusedInARow < 3; number += 2) {
    const { replies } = await app.executor.run(app.now, [insertion(app, number), insertion(app, number + 1)]);
    const done = replies.flatMap((reply) => (reply.ok ? [idOf(reply.output)] : []));
    refusals.push(...replies.flatMap((reply) => (reply.ok ? [] : [reply.fault])));
    ids.push(...done);
    refusedInARow = done.length === 0 ? refusedInARow + 1 : 0;
  }
  return { ids, refusals };
}

function idOf(output: unknown): string {
  const written = output as { readonly value: { readonly results: readonly { readonly value: { readonly id: string } }[] } };
  return written.value.results[0]?.value.id ?? "";
}

/** The ids that are owed, each delivery claimed and settled as delivered. */
async function deliverAll(app: InThread): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let claims = await app.claims(); claims.length > 0; claims = await app.claims()) {
    ids.push(...claims.flatMap((claim) => JSON.parse(claim.recordIds) as string[]));
    const attempt = attemptEntry({ startedAt: app.now });
    const settlements = claims.map((claim) => settlementOf(claim, { end: "delivered", attempt, retryAfterMs: null }));
    assert.deepEqual(
      await app.run("dispatch.settle", { settlements }),
      settlements.map(() => true),
    );
  }
  return ids.toSorted();
}

test("a full disk refuses writes and says so, keeps what was answered, and all of it is delivered when there is space again", async () => {
  using folder = new TemporaryFolder();
  const db = await migrated(openDatabase(join(folder.path, "watchpost.sqlite")));
  await using app = await InThread.open(undefined, storeOver(db, null));
  await app.subscribe("1", ["Leads.create"]);
  await app.write("Leads", "insert", { Last_Name: "First" });
  const before = await deliverAll(app);
  setFull(db, true);
  const { ids, refusals } = await fill(app);
  assert.ok(refusals.length > 0, "the disk never filled");
  for (const refusal of refusals) assert.match(refusal, isFull);
  assert.deepEqual(db.connection.prepare("select count(*) as n from records").get(), { __proto__: null, n: ids.length + before.length });
  assert.equal(db.connection.isTransaction, false);
  setFull(db, false);
  const later = await app.write("Leads", "insert", { Last_Name: "Later" });
  assert.deepEqual(await deliverAll(app), [...ids, later].toSorted());
});

test("a process that dies on a full disk loses nothing that it answered, nor what it owed", async () => {
  using folder = new TemporaryFolder();
  const db = await migrated(openDatabase(join(folder.path, "watchpost.sqlite")));
  // It is left as it stands, without its last words: the next process finds the file and its log.
  const first = await InThread.open(undefined, storeOver(db, null));
  await first.subscribe("1", ["Leads.create"]);
  setFull(db, true);
  const { ids } = await fill(first);
  setFull(db, false);
  const more = await first.write("Leads", "insert", { Last_Name: "Claimed" });
  await first.claims();
  setFull(db, true);
  await fill(first);
  const store = await openSqliteStore(folder.path);
  await executorOver(store, { guard: createTargetGuard({ allowedCidrs: [] }), random: { next: () => 0.5 }, now: first.now });
  await using second = new InThread(store);
  assert.deepEqual(await deliverAll(second), [...ids, more].toSorted());
  await second.write("Leads", "insert", { Last_Name: "After" });
  db.connection.close();
});

test("a settlement that a full disk refuses is made again when there is space, with the same claim", async () => {
  using folder = new TemporaryFolder();
  const db = await migrated(openDatabase(join(folder.path, "watchpost.sqlite")));
  await using app = await InThread.open(undefined, storeOver(db, null));
  await app.subscribe("1", ["Leads.create"]);
  for (let count = 0; count < 20; count += 1) await app.write("Leads", "insert", { Last_Name: `Name ${count}` });
  const claims = await app.claims();
  const attempt = attemptEntry({ startedAt: app.now, outcome: "rejected", httpStatus: 400, responseBody: "x".repeat(4_096) });
  const settlements = claims.map((claim) => settlementOf(claim, { end: "rejected", attempt, retryAfterMs: null }));
  const job: Job = { name: "dispatch.settle", input: { settlements } };
  setFull(db, true);
  const [refused] = (await app.executor.run(app.now, [job])).replies;
  assert.ok(refused?.ok === false && isFull.test(refused.fault), JSON.stringify(refused));
  assert.deepEqual(db.connection.prepare("select count(*) as n from attempts").get(), { __proto__: null, n: 0 });
  setFull(db, false);
  assert.deepEqual(
    await app.run("dispatch.settle", { settlements }),
    settlements.map(() => true),
  );
});
