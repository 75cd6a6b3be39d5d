/** Who gets the slots of a dispatcher: bounds for channels, origins and orgs, and circuits that leave a target alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Receiver } from "../../test/support/receiver.ts";
import { limits } from "../core/limits.ts";
import { goOn, openDispatch } from "../../test/support/dispatch-world.ts";

test("a channel whose receiver is slow keeps its share of the slots, and others go on", async () => {
  await using it = await openDispatch({
    deliveriesInFlightMax: 8,
    deliveriesInFlightPerChannelMax: 2,
    claimsPerSlotMin: 2,
    claimsPerSlotMax: 2,
    claimBatchMax: 4,
  });
  await using slow = await Receiver.start();
  const release = slow.hold();
  for (let count = 0; count < 6; count += 1) it.engine.owe({ channelKey: 1, notifyUrl: slow.url() });
  for (let count = 0; count < 6; count += 1) it.engine.owe({ channelKey: 2, notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 6);
  assert.equal(it.receiver.received.length, 6);
  assert.equal(slow.received.length, 2);
  assert.deepEqual(it.engine.claims[1]?.room.skipped, [[1, [1]]]);
  release();
  await it.engine.until(() => it.engine.settlements.length === 12);
  assert.equal(slow.received.length, 6);
});

test("no more attempts run at once than there are slots, and each is made once", async () => {
  await using it = await openDispatch({ deliveriesInFlightMax: 3 });
  const release = it.receiver.hold();
  for (let count = 0; count < 10; count += 1) it.engine.owe({ channelKey: count, notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  for (let count = 0; count < 3; count += 1) await it.receiver.next();
  await goOn();
  assert.equal(it.receiver.received.length, 3);
  assert.equal(it.engine.claims.length, 1);
  release();
  await it.engine.until(() => it.engine.settlements.length === 10);
  assert.equal(new Set(it.receiver.received.map((callback) => callback.headers["webhook-id"])).size, 10);
  assert.equal(it.receiver.received.length, 10);
});

test("an org whose receivers all hang leaves the rest of the slots to another, and so does an origin", async () => {
  await using it = await openDispatch({ deliveriesInFlightMax: 8, deliveriesInFlightPerOrgMax: 4, deliveriesInFlightPerOriginMax: 2 });
  await using hanging = await Receiver.start();
  await using other = await Receiver.start();
  const release = [hanging.hold(), other.hold()];
  for (let channelKey = 1; channelKey <= 6; channelKey += 1) it.engine.owe({ channelKey, notifyUrl: hanging.url() });
  for (let channelKey = 7; channelKey <= 12; channelKey += 1) it.engine.owe({ channelKey, notifyUrl: other.url() });
  it.engine.owe({ org: 2, channelKey: 13, notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.status(13) === "delivered");
  for (const receiver of [hanging, hanging, other, other]) await receiver.next();
  await goOn();
  assert.deepEqual([hanging.received.length, other.received.length], [2, 2]);
  for (const letGo of release) letGo();
  await it.engine.until(() => it.engine.settlements.filter(({ end }) => end === "delivered").length === 13);
});

test("a channel that fails again and again is left alone, and no attempt is spent; one probe later it goes on", async () => {
  await using it = await openDispatch({ failuresPerChannelMax: 2, deliveriesInFlightPerChannelMax: 1 });
  it.receiver.answerWith({ status: 400 });
  for (let count = 0; count < 5; count += 1) it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 5);
  assert.deepEqual(
    it.engine.settlements.map(({ end, retryAfterMs }) => [end, retryAfterMs]),
    [
      ["rejected", null],
      ["rejected", null],
      ["released", 5_000],
      ["released", 5_000],
      ["released", 5_000],
    ],
    "what was in hand is given back, and held until the probe",
  );
  assert.deepEqual(it.dispatcher.circuits(), [{ kind: "channel", key: "1", state: "open", until: it.clock.now() + 5_000, failures: 2 }]);
  await it.dispatcher.quiet.idle();
  it.receiver.answerWith({ status: 200 });
  it.clock.advance(4_999);
  await goOn();
  assert.equal(it.receiver.received.length, 2);
  it.clock.advance(1);
  await it.engine.until(() => it.engine.settlements.filter(({ end }) => end === "delivered").length === 5);
  assert.deepEqual(it.dispatcher.circuits(), []);
  assert.deepEqual(it.turned, ["channel 1 open", "channel 1 closed"]);
});

// Found by the simulation (seed 4, 2 h) on 2026-11-25: what became ready while a claim was on its way was slept over until the next event.
test("a circuit whose time comes while a claim is on its way gets its probe as soon as the claim is answered", async () => {
  await using it = await openDispatch({ failuresPerChannelMax: 1 });
  // Dead at once, so that nothing else ends the sleep.
  it.receiver.answerWith({ status: 410 });
  for (let count = 0; count < 2; count += 1) it.engine.owe({ notifyUrl: it.receiver.url() }, it.clock.now() + count);
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  await it.dispatcher.quiet.idle();
  it.receiver.answerWith({ status: 200 });
  it.clock.advance(2);
  await goOn();
  const release = it.engine.holdAnswers();
  const asked = it.engine.claims.length;
  it.engine.hint();
  await goOn();
  assert.equal(it.engine.claims.length, asked + 1);
  it.clock.advance(6_000);
  release();
  await it.engine.until(() => it.engine.status(2) === "delivered");
});

test("while a probe is under way nothing else is sent there; when it fails the wait doubles", async () => {
  await using it = await openDispatch({ failuresPerChannelMax: 1 });
  it.receiver.answerWith({ status: 500 });
  for (let count = 0; count < 3; count += 1) it.engine.owe({ notifyUrl: it.receiver.url() }, it.clock.now() + count);
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  await it.dispatcher.quiet.idle();
  const release = it.receiver.hold();
  it.clock.advance(5_000);
  await it.receiver.next();
  await it.receiver.next();
  it.engine.hint();
  await goOn();
  assert.equal(it.receiver.received.length, 2);
  assert.equal(it.dispatcher.circuits()[0]?.state, "half-open");
  release();
  await it.engine.until(() => it.engine.settlements.length === 2);
  assert.equal(it.dispatcher.circuits()[0]?.until, it.clock.now() + 10_000);
});

test("an origin that gives no answer is left alone by all its channels, also by those that were never tried; others go on", async () => {
  await using it = await openDispatch({ failuresPerOriginMax: 2 });
  await using dead = await Receiver.start();
  await dead.down();
  for (const channelKey of [1, 2]) it.engine.owe({ channelKey, notifyUrl: dead.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 2);
  it.engine.owe({ channelKey: 3, notifyUrl: dead.url() });
  it.engine.owe({ channelKey: 4, notifyUrl: it.receiver.url() });
  it.engine.hint();
  await it.engine.until(() => it.engine.settlements.length === 3);
  await it.dispatcher.quiet.idle();
  assert.equal(it.engine.status(3), "pending");
  assert.equal(it.engine.status(4), "delivered");
  assert.deepEqual(it.engine.claims.at(-1)?.room.skipped, [[1, [3]]], "what was looked at in vain is left out the next time");
  await dead.up();
  it.clock.advance(5_000);
  await it.engine.until(() => it.engine.settlements.filter(({ end }) => end === "delivered").length === 4);
  assert.deepEqual(it.turned, [`origin ${new URL(dead.url()).origin} open`, `origin ${new URL(dead.url()).origin} closed`]);
});

test("a receiver that asks for time is left alone for that long, whatever else its channel is owed", async () => {
  await using it = await openDispatch({ deliveriesInFlightPerChannelMax: 1 });
  it.receiver.answerWith({ status: 429, headers: { "Retry-After": "30" } });
  for (let count = 0; count < 2; count += 1) it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 2);
  await it.dispatcher.quiet.idle();
  it.receiver.answerWith({ status: 200 });
  it.clock.advance(29_999);
  await goOn();
  assert.equal(it.receiver.received.length, 1);
  it.clock.advance(1);
  await it.engine.until(() => it.engine.status(2) === "delivered");
});

test("a target that the guard refuses says nothing of its origin", async () => {
  await using it = await openDispatch({ failuresPerOriginMax: 1 });
  it.engine.owe({ notifyUrl: "http://10.0.0.1/" });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  assert.deepEqual(
    it.dispatcher.circuits().map(({ kind, state }) => [kind, state]),
    [["channel", "closed"]],
  );
});

test("while no settlement lands nothing is begun beyond what may run at once, and when one lands the rest goes on", async () => {
  await using it = await openDispatch({ deliveriesInFlightMax: 4 });
  const release = it.engine.holdSettlements();
  it.engine.owe({ channelKey: 1, notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  while (it.attempted.length < 1) await goOn();
  it.clock.advance(limits.settleLateMs);
  for (let channelKey = 2; channelKey <= 13; channelKey += 1) it.engine.owe({ channelKey, notifyUrl: it.receiver.url() });
  it.engine.hint();
  while (it.attempted.length < 5) await goOn();
  for (let turn = 0; turn < 20; turn += 1) await goOn();
  assert.equal(it.receiver.received.length, 5);
  release();
  await it.engine.until(() => it.engine.settlements.length === 13);
});
