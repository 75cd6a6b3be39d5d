import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread } from "../../../test/support/in-thread.ts";
import type { Job } from "../../app/executor.ts";
import { wholeRoom } from "../../core/claim-room.ts";
import { openDatabase } from "./database.ts";
import { migrated, storeOver } from "./open.ts";

function insertLead(app: InThread, description: string): Job {
  const items = [{ Last_Name: "A", Description: description }];
  return { name: "records.write", input: { caller: app.caller, module: "Leads", operation: "insert", items, idInPath: null } };
}

test("when the disk is full nothing of a batch stays, whatever the commands after the one that found it full", async () => {
  const db = await migrated(openDatabase(":memory:"));
  await using app = await InThread.open(undefined, storeOver(db, null));
  const pages = Object.values(db.connection.prepare("PRAGMA page_count").get() ?? {})[0];
  db.connection.exec(`PRAGMA max_page_count = ${Number(pages) + 2}`);
  const { replies } = await app.executor.run(app.now, [insertLead(app, "large".repeat(4_000)), insertLead(app, "small")]);
  assert.deepEqual(
    replies.map((reply) => reply.ok),
    [false, false],
  );
  assert.deepEqual(db.connection.prepare("select count(*) as n from records").get(), { __proto__: null, n: 0 });
  assert.equal(db.connection.isTransaction, false);
  db.connection.exec("PRAGMA max_page_count = 1073741823");
  await app.write("Leads", "insert", { Last_Name: "Later" });
});

test("at a start the claims of a channel that is held are given up too", async () => {
  const db = await migrated(openDatabase(":memory:"));
  const store = storeOver(db, null);
  await using app = await InThread.open(undefined, store);
  await app.subscribe("1", ["Leads.create"]);
  for (const name of ["A", "B"]) await app.write("Leads", "insert", { Last_Name: name });
  const { claims } = await app.run("dispatch.claim", { limit: 1, leaseMs: 60_000, room: wholeRoom });
  await app.run("operate.steerChannel", { channelKey: 1, act: { kind: "pause" } });
  // The lane of a channel that is held is dropped when its turn comes.
  assert.deepEqual(await app.claims(), []);
  await store.transaction(async (tx) => tx.deliveries.releaseAll(app.now));
  const found = await app.run("operate.delivery", { id: claims[0]?.deliveryId ?? 0 });
  assert.equal(found?.delivery.status, "pending");
});
