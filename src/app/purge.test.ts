import assert from "node:assert/strict";
import { test } from "node:test";
import { anyDelivery } from "../../test/support/any-delivery.ts";
import { InThread } from "../../test/support/in-thread.ts";
import type { ClaimEnd } from "../core/delivery.ts";
import { limits } from "../core/limits.ts";

const kept = { historyMs: 1_000, deadMs: 5_000 };

async function settleAll(app: InThread, end: ClaimEnd): Promise<void> {
  for (const claim of await app.claims()) await app.settle(claim, { end });
}

async function statuses(app: InThread): Promise<readonly string[]> {
  return (await app.run("operate.deliveries", anyDelivery)).deliveries.map(({ status }) => status);
}

test("what was delivered goes by its age with its attempts, what is dead stays longer, what is owed stays", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"], { channel_expiry: "1970-01-02T00:00:00Z" });
  await app.write("Leads", "insert", { Last_Name: "delivered" });
  await settleAll(app, "delivered");
  await app.write("Leads", "insert", { Last_Name: "owed" });
  await app.claims();
  await app.write("Leads", "insert", { Last_Name: "dead" });
  await settleAll(app, "gone");
  assert.deepEqual(await statuses(app), ["dead", "claimed", "delivered"]);
  app.now += kept.historyMs;
  assert.deepEqual(await app.run("retention.purge", kept), { removed: 0 }, "not a millisecond too early");
  app.now += 1;
  await app.run("retention.purge", kept);
  assert.deepEqual(await statuses(app), ["dead", "claimed"]);
  app.now += kept.deadMs;
  await app.run("retention.purge", kept);
  assert.deepEqual(await statuses(app), ["claimed"]);
  assert.deepEqual(await app.run("retention.purge", kept), { removed: 0 });
});

test("a step removes no more than its bound", async () => {
  await using app = await InThread.open();
  const items = Array.from({ length: 100 }, (_, i) => ({ Last_Name: `L${i}` }));
  for (let i = 0; i < 6; i += 1) {
    await app.run("records.write", { caller: app.caller, module: "Leads", operation: "insert", items, idInPath: null });
  }
  // So many at one instant have ids of later ones.
  app.now += kept.historyMs + 1_000;
  assert.deepEqual(await app.run("retention.purge", kept), { removed: limits.rowsPerPurgeMax });
  assert.deepEqual(await app.run("retention.purge", kept), { removed: 600 - limits.rowsPerPurgeMax });
});

test("a channel that expired long ago goes, unless something is owed to it", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  await app.subscribe("2", ["Contacts.create"]);
  await app.write("Leads", "insert", { Last_Name: "owed" });
  app.now += 2 * 3_600_000;
  await app.run("retention.purge", kept);
  const { channels } = await app.run("operate.channels", { afterKey: null, limit: 9 });
  assert.deepEqual(
    channels.map(({ channelId }) => channelId),
    ["1"],
  );
});
