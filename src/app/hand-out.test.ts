import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread } from "../../test/support/in-thread.ts";
import { type Claim, settlementOf } from "../core/attempt.ts";
import { limits } from "../core/limits.ts";

async function only(app: InThread): Promise<Claim> {
  const [claim, ...others] = await app.claims();
  assert.ok(claim !== undefined && others.length === 0, "one delivery is due");
  return claim;
}

async function channel(app: InThread) {
  const found = await app.run("operate.channel", { channelKey: 1 });
  assert.ok(found !== null);
  return found;
}

test("a claim settles once, and only under its own token", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  await app.write("Leads", "insert", { Last_Name: "L" });
  const claim = await only(app);
  assert.equal(await app.settle({ ...claim, claimToken: "other" }, { end: "delivered" }), false);
  assert.equal(await app.settle(claim, { end: "delivered" }), true);
  assert.equal(await app.settle(claim, { end: "delivered" }), false);
});

test("two edits of one record are handed out one after the other, edits of two records together", async () => {
  await using app = await InThread.open();
  const first = await app.write("Leads", "insert", { Last_Name: "A" });
  const second = await app.write("Leads", "insert", { Last_Name: "B" });
  await app.subscribe("1", ["Leads.edit"]);
  await app.write("Leads", "update", { id: first, City: "X" });
  await app.write("Leads", "update", { id: first, City: "Y" });
  await app.write("Leads", "update", { id: second, City: "X" });
  const claims = await app.claims();
  assert.deepEqual(
    claims.map((claim) => claim.recordIds),
    [`["${first}"]`, `["${second}"]`],
  );
  const [head] = claims;
  assert.ok(head !== undefined);
  await app.settle(head, { end: "delivered" });
  assert.equal((await only(app)).recordIds, `["${first}"]`);
});

test("410 ends the delivery and disables the channel, which hears nothing until it is resumed", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  await app.write("Leads", "insert", { Last_Name: "A" });
  await app.settle(await only(app), { end: "gone" });
  const disabled = await channel(app);
  assert.deepEqual([disabled.state, disabled.cause, disabled.stateSince], ["disabled", "gone", app.now]);
  await app.write("Leads", "insert", { Last_Name: "B" });
  assert.deepEqual(await app.claims(), []);
  await app.run("operate.steerChannel", { channelKey: 1, act: { kind: "resume" } });
  await app.write("Leads", "insert", { Last_Name: "C" });
  assert.equal((await app.claims()).length, 1);
});

test("a client that subscribes again brings back a channel that was disabled", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  await app.write("Leads", "insert", { Last_Name: "A" });
  await app.settle(await only(app), { end: "gone" });
  await app.subscribe("1", ["Leads.create"]);
  assert.equal((await channel(app)).state, "active");
});

test("a channel to which nothing could be delivered for five days is disabled; one success begins anew", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"], { channel_expiry: "1970-01-07T00:00:00Z" });
  for (const name of ["A", "B", "C"]) await app.write("Leads", "insert", { Last_Name: name });
  const [first, second, third] = await app.claims();
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  await app.settle(first, { end: "unreachable" });
  assert.equal((await channel(app)).failingSince, app.now);
  await app.settle(second, { end: "delivered" });
  assert.equal((await channel(app)).failingSince, null);
  await app.settle(third, { end: "retryable" });
  const streakFrom = app.now;
  app.now = streakFrom + limits.failingMs;
  const [late] = await app.claims();
  assert.ok(late !== undefined);
  await app.settle(late, { end: "retryable" });
  const disabled = await channel(app);
  assert.deepEqual([disabled.state, disabled.cause, disabled.failingSince], ["disabled", "failing", streakFrom]);
});

test("a receiver that asks for time gets it, where the schedule would come sooner", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  await app.write("Leads", "insert", { Last_Name: "A" });
  const claim = await only(app);
  await app.settle(claim, { end: "retryable", retryAfterMs: 3_600_000 });
  const found = await app.run("operate.delivery", { id: claim.deliveryId });
  assert.ok((found?.delivery.dueAt ?? 0) >= app.now + 3_600_000);
});

test("a settlement that lets the next of a record go asks for a hint, and one that lets nobody go does not", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.all"]);
  const id = await app.write("Leads", "insert", { Last_Name: "A" });
  await app.write("Leads", "update", { id, Last_Name: "B" });
  for (const isNextDue of [true, false]) {
    const settlement = settlementOf(await only(app), { end: "delivered", attempt: null, retryAfterMs: null });
    const done = await app.executor.run(app.now, [{ name: "dispatch.settle", input: { settlements: [settlement] } }]);
    assert.equal(done.isDeliveryDue, isNextDue);
  }
});
