import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { FakeEngine } from "../../test/support/fake-engine.ts";
import { Receiver } from "../../test/support/receiver.ts";
import { createTargetGuard } from "../app/target-guard.ts";
import { limits as standard } from "../core/limits.ts";
import type { DeliveryAttempted, Events } from "../observe/events.ts";
import { silentEvents } from "../observe/events.ts";
import { storeQueue } from "../queue/store-queue.ts";
import type { CircuitView } from "./circuits.ts";
import type { DispatchLimits } from "./dispatch-limits.ts";
import { createDispatcher } from "./dispatcher.ts";
import type { Dispatcher } from "./dispatcher.ts";

type Fault = { readonly stage: "claim" | "settle"; readonly error: unknown };

type World = AsyncDisposable & {
  readonly clock: ManualClock;
  readonly engine: FakeEngine;
  readonly receiver: Receiver;
  readonly dispatcher: Dispatcher;
  readonly attempted: readonly DeliveryAttempted[];
  /** The tokens of the claims that were let go of. */
  readonly letGo: readonly string[];
  readonly faults: readonly Fault[];
  /** The circuits that opened and closed. */
  readonly turned: readonly string[];
};

async function world(limits: Partial<DispatchLimits> = {}): Promise<World> {
  const clock = new ManualClock(1_000_000);
  const engine = new FakeEngine(clock);
  const receiver = await Receiver.start();
  const attempted: DeliveryAttempted[] = [];
  const letGo: string[] = [];
  const faults: Fault[] = [];
  const turned: string[] = [];
  const noteTurned = ({ kind, key, state }: CircuitView): void => void turned.push(`${kind} ${key} ${state}`);
  const events: Events = {
    ...silentEvents,
    deliveryAttempted: (event) => void attempted.push(event),
    dispatchFaulted: (event) => void faults.push(event),
    circuitOpened: noteTurned,
    circuitClosed: noteTurned,
  };
  const guard = createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] });
  const random = { next: () => 0.5 };
  const dispatcher = createDispatcher({
    queue: { ...storeQueue(engine), letGo: (claims) => letGo.push(...claims.map(({ claimToken }) => claimToken)) },
    clock,
    random,
    events,
    guard,
    baseUrl: "http://crm.example",
    version: "1.2.3",
    limits,
  });
  return {
    clock,
    engine,
    receiver,
    dispatcher,
    attempted,
    letGo,
    faults,
    turned,
    [Symbol.asyncDispose]: async () => {
      const stopped = dispatcher.stop();
      await receiver.down();
      await stopped;
      assert.equal(engine.listeners, 0, "the dispatcher listens for hints after it stopped");
    },
  };
}

/** Lets whatever can go on without the network or the clock do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

test("what is owed at the start is delivered and settled, with one event an attempt", async () => {
  await using it = await world();
  it.engine.owe({ notifyUrl: it.receiver.url("/hook?k=v"), committedAt: 1 });
  it.dispatcher.start();
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  assert.equal(it.receiver.received[0]?.target, "/hook?k=v");
  assert.equal(it.engine.status(1), "delivered");
  assert.partialDeepStrictEqual(it.engine.settlements, [
    { end: "delivered", attempt: { outcome: "delivered", httpStatus: 200, responseBody: "ok" } },
  ]);
  assert.deepEqual(it.attempted, [
    {
      org: 1,
      deliveryId: 1,
      channelKey: 1,
      channelId: "1000000068001",
      module: "Deals",
      operation: "update",
      attempt: 1,
      outcome: "delivered",
      httpStatus: 200,
      durationMs: 0,
      error: null,
    },
  ]);
  assert.deepEqual(it.faults, []);
});

test("a hint shortens the sleep", async () => {
  await using it = await world();
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await settle();
  assert.equal(it.engine.claims.length, 1);
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.hint();
  await it.engine.until(() => it.engine.settlements.length === 1);
});

test("without a hint it wakes when the next delivery falls due", async () => {
  await using it = await world();
  it.engine.owe({ notifyUrl: it.receiver.url() }, it.clock.now() + 500);
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await settle();
  it.clock.advance(499);
  await settle();
  assert.equal(it.engine.claims.length, 1);
  it.clock.advance(1);
  await it.engine.until(() => it.engine.settlements.length === 1);
});

test("a delivery that failed is retried when the schedule says so, under the same id", async () => {
  await using it = await world();
  it.receiver.answerWith({ status: 503, body: "later" });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  it.receiver.answerWith({ status: 200 });
  await it.engine.until(() => it.engine.claims.length === 2);
  await settle();
  it.clock.advance(5_000);
  await it.engine.until(() => it.engine.settlements.length === 2);
  assert.deepEqual(
    it.attempted.map((event) => [event.attempt, event.outcome, event.httpStatus]),
    [
      [1, "retryable", 503],
      [2, "delivered", 200],
    ],
  );
  assert.deepEqual(
    it.receiver.received.map((callback) => callback.headers["webhook-id"]),
    ["msg_1", "msg_1"],
  );
});

test("a channel whose receiver is slow keeps its share of the slots, and others go on", async () => {
  await using it = await world({
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
  await using it = await world({ deliveriesInFlightMax: 3 });
  const release = it.receiver.hold();
  for (let count = 0; count < 10; count += 1) it.engine.owe({ channelKey: count, notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  for (let count = 0; count < 3; count += 1) await it.receiver.next();
  await settle();
  assert.equal(it.receiver.received.length, 3);
  assert.equal(it.engine.claims.length, 1);
  release();
  await it.engine.until(() => it.engine.settlements.length === 10);
  assert.equal(new Set(it.receiver.received.map((callback) => callback.headers["webhook-id"])).size, 10);
  assert.equal(it.receiver.received.length, 10);
});

test("a claim whose lease does not outlast an attempt is given back untried", async () => {
  await using it = await world({ leaseMs: standard.attemptTimeoutMs });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  await it.dispatcher.stop();
  assert.partialDeepStrictEqual(it.engine.settlements, [{ end: "released", attempt: null }]);
  assert.equal(it.receiver.received.length, 0);
});

test("a claim whose lease has passed is neither attempted nor settled, but let go of; the next claim of the delivery is", async () => {
  await using it = await world({ deliveriesInFlightPerChannelMax: 1 });
  const release = it.receiver.hold();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.receiver.next();
  it.clock.advance(standard.leaseMs);
  await it.receiver.next();
  release();
  await it.engine.until(() => it.engine.settleCalls.length === 2);
  assert.equal(it.receiver.received.length, 2);
  assert.deepEqual(
    it.engine.settleCalls.flat().map((settlement) => [settlement.claimToken, settlement.end]),
    [
      ["claim-1", "unreachable"],
      ["claim-3", "delivered"],
    ],
  );
  assert.deepEqual(it.letGo, ["claim-2"]);
});

test("a claim that waits behind a slow receiver is given back while its lease lasts", async () => {
  const waitMs = 5_000;
  await using it = await world({ deliveriesInFlightPerChannelMax: 1, leaseMs: standard.attemptTimeoutMs + waitMs });
  const release = it.receiver.hold();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.receiver.next();
  it.clock.advance(waitMs - 1);
  await settle();
  assert.deepEqual(it.engine.settlements, []);
  it.clock.advance(1);
  await it.engine.until(() => it.engine.settlements.length > 0);
  assert.partialDeepStrictEqual(it.engine.settlements[0], { deliveryId: 2, claimToken: "claim-2", end: "released" });
  release();
});

test("a claim goes along with what is gathered, and not while enough are outstanding, after a fault, or when stopped", async () => {
  await using it = await world({ claimsOutstandingMax: 2 });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await settle();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  const release = it.engine.holdAnswers();
  it.engine.gather();
  it.engine.gather();
  it.engine.gather();
  await settle();
  release();
  assert.equal(it.engine.claims.length, 3);
  await it.engine.until(() => it.engine.settlements.length === 1);
  await settle();
  const before = it.engine.claims.length;
  it.engine.faults["dispatch.claim"].push(new Error("busy"));
  it.engine.hint();
  await settle();
  it.engine.gather();
  assert.equal(it.engine.claims.length, before + 1, "it waits after the fault");
  await it.dispatcher.stop();
  it.engine.gather();
  assert.equal(it.engine.claims.length, before + 1);
});

test("a claim that went along wakes the loop for what it says falls due", async () => {
  await using it = await world();
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await settle();
  it.engine.owe({ notifyUrl: it.receiver.url() }, it.clock.now() + 500);
  it.engine.gather();
  await settle();
  assert.equal(it.engine.claims.length, 2);
  it.clock.advance(500);
  await it.engine.until(() => it.engine.settlements.length === 1);
});

test("a claim that faults is made again after the backoff; hints do not hurry it, and the streak is reported once", async () => {
  await using it = await world();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.faults["dispatch.claim"].push(new Error("busy"), new Error("busy"));
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  it.engine.hint();
  await settle();
  assert.equal(it.engine.claims.length, 1);
  it.clock.advance(standard.dispatchBackoffMs);
  await it.engine.until(() => it.engine.claims.length === 2);
  await settle();
  it.clock.advance(standard.dispatchBackoffMs);
  await it.engine.until(() => it.engine.settlements.length === 1);
  assert.deepEqual(
    it.faults.map((fault) => fault.stage),
    ["claim"],
  );
});

test("a settle that faults is made again, and nothing new is claimed before it lands", async () => {
  await using it = await world();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.faults["dispatch.settle"].push(new Error("busy"));
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settleCalls.length === 1);
  await settle();
  const claims = it.engine.claims.length;
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.hint();
  await settle();
  assert.equal(it.engine.claims.length, claims);
  it.clock.advance(standard.dispatchBackoffMs);
  await it.engine.until(() => it.engine.settlements.length === 2);
  assert.deepEqual([it.engine.status(1), it.engine.status(2)], ["delivered", "delivered"]);
  assert.equal(it.receiver.received.length, 2);
  assert.deepEqual(
    it.faults.map((fault) => fault.stage),
    ["settle"],
  );
});

test("a claim that cannot be made into a request is reported and frees its slot", async () => {
  await using it = await world({ deliveriesInFlightMax: 1 });
  it.engine.owe({ notifyUrl: it.receiver.url(), secret: "no secret" });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  assert.equal(it.engine.status(2), "delivered");
  assert.equal(it.faults.length, 1);
});

test("stop claims no more and waits for what runs; what waits is given back untried", async () => {
  await using it = await world({ deliveriesInFlightPerChannelMax: 1 });
  const release = it.receiver.hold();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.receiver.next();
  const stopped = it.dispatcher.stop();
  await it.engine.until(() => it.engine.settlements.length === 1);
  const claims = it.engine.claims.length;
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.hint();
  release();
  await stopped;
  await it.dispatcher.stop();
  assert.deepEqual(
    it.engine.settlements.map((settlement) => [settlement.deliveryId, settlement.end]),
    [
      [2, "released"],
      [1, "delivered"],
    ],
  );
  assert.equal(it.engine.claims.length, claims);
  assert.equal(it.receiver.received.length, 1);
});

test("what still runs when the drain is over is broken off and given back untried", async () => {
  await using it = await world({ drainMs: 1_000 });
  it.receiver.hold();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.receiver.next();
  const stopped = it.dispatcher.stop();
  await settle();
  assert.equal(it.engine.settlements.length, 0);
  it.clock.advance(1_000);
  await stopped;
  assert.partialDeepStrictEqual(it.engine.settlements, [{ end: "released", attempt: null }]);
  assert.equal(it.engine.status(1), "pending");
  assert.deepEqual(it.attempted, []);
});

test("stop ends although settlements do not land: the drain is over, one more try, and the lease has the rest", async () => {
  await using it = await world({ drainMs: 1_000, dispatchBackoffMs: 10_000 });
  it.engine.faults["dispatch.settle"].push(new Error("gone"), new Error("gone"));
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settleCalls.length === 1);
  const stopped = it.dispatcher.stop();
  await settle();
  it.clock.advance(1_000);
  await stopped;
  assert.equal(it.engine.settleCalls.length, 2);
  assert.equal(it.engine.status(1), "claimed");
});

test("a dispatcher that was stopped, or never started, stays still", async () => {
  await using it = await world();
  await it.dispatcher.stop();
  it.dispatcher.start();
  await settle();
  assert.equal(it.engine.claims.length, 0);
});

test("it is idle before it starts, while nothing is due, and while it waits after a fault, but not before an attempt is settled", async () => {
  await using it = await world();
  const { quiet } = it.dispatcher;
  assert.equal(quiet.isIdle, true);
  it.receiver.answerWith({ status: 503 });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.faults["dispatch.settle"].push(new Error("busy"));
  it.dispatcher.start();
  assert.equal(quiet.isIdle, false);
  await quiet.idle();
  assert.deepEqual([it.faults.length, it.engine.settlements.length], [1, 0]);
  it.clock.advance(standard.dispatchBackoffMs);
  await settle();
  await quiet.idle();
  assert.equal(it.engine.settlements.length, 1);
  it.engine.faults["dispatch.claim"].push(new Error("busy"));
  it.engine.hint();
  assert.equal(quiet.isIdle, false);
  await quiet.idle();
  assert.equal(it.faults.length, 2);
});

test("an org whose receivers all hang leaves the rest of the slots to another, and so does an origin", async () => {
  await using it = await world({ deliveriesInFlightMax: 8, deliveriesInFlightPerOrgMax: 4, deliveriesInFlightPerOriginMax: 2 });
  await using hanging = await Receiver.start();
  await using other = await Receiver.start();
  const release = [hanging.hold(), other.hold()];
  for (let channelKey = 1; channelKey <= 6; channelKey += 1) it.engine.owe({ channelKey, notifyUrl: hanging.url() });
  for (let channelKey = 7; channelKey <= 12; channelKey += 1) it.engine.owe({ channelKey, notifyUrl: other.url() });
  it.engine.owe({ org: 2, channelKey: 13, notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.status(13) === "delivered");
  for (const receiver of [hanging, hanging, other, other]) await receiver.next();
  await settle();
  assert.deepEqual([hanging.received.length, other.received.length], [2, 2]);
  for (const letGo of release) letGo();
  await it.engine.until(() => it.engine.settlements.filter(({ end }) => end === "delivered").length === 13);
});

test("a channel that fails again and again is left alone, and no attempt is spent; one probe later it goes on", async () => {
  await using it = await world({ failuresPerChannelMax: 2, deliveriesInFlightPerChannelMax: 1 });
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
  await settle();
  assert.equal(it.receiver.received.length, 2);
  it.clock.advance(1);
  await it.engine.until(() => it.engine.settlements.filter(({ end }) => end === "delivered").length === 5);
  assert.deepEqual(it.dispatcher.circuits(), []);
  assert.deepEqual(it.turned, ["channel 1 open", "channel 1 closed"]);
});

// Found by the simulation (seed 4, 2 h) on 2026-11-25: what became ready while a claim was on its way was slept over until the next event.
test("a circuit whose time comes while a claim is on its way gets its probe as soon as the claim is answered", async () => {
  await using it = await world({ failuresPerChannelMax: 1 });
  // Dead at once, so that nothing else ends the sleep.
  it.receiver.answerWith({ status: 410 });
  for (let count = 0; count < 2; count += 1) it.engine.owe({ notifyUrl: it.receiver.url() }, it.clock.now() + count);
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  await it.dispatcher.quiet.idle();
  it.receiver.answerWith({ status: 200 });
  it.clock.advance(2);
  await settle();
  const release = it.engine.holdAnswers();
  const asked = it.engine.claims.length;
  it.engine.hint();
  await settle();
  assert.equal(it.engine.claims.length, asked + 1);
  it.clock.advance(6_000);
  release();
  await it.engine.until(() => it.engine.status(2) === "delivered");
});

test("while a probe is under way nothing else is sent there; when it fails the wait doubles", async () => {
  await using it = await world({ failuresPerChannelMax: 1 });
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
  await settle();
  assert.equal(it.receiver.received.length, 2);
  assert.equal(it.dispatcher.circuits()[0]?.state, "half-open");
  release();
  await it.engine.until(() => it.engine.settlements.length === 2);
  assert.equal(it.dispatcher.circuits()[0]?.until, it.clock.now() + 10_000);
});

test("an origin that gives no answer is left alone by all its channels, also by those that were never tried; others go on", async () => {
  await using it = await world({ failuresPerOriginMax: 2 });
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
  await using it = await world({ deliveriesInFlightPerChannelMax: 1 });
  it.receiver.answerWith({ status: 429, headers: { "Retry-After": "30" } });
  for (let count = 0; count < 2; count += 1) it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 2);
  await it.dispatcher.quiet.idle();
  it.receiver.answerWith({ status: 200 });
  it.clock.advance(29_999);
  await settle();
  assert.equal(it.receiver.received.length, 1);
  it.clock.advance(1);
  await it.engine.until(() => it.engine.status(2) === "delivered");
});

test("a target that the guard refuses says nothing of its origin", async () => {
  await using it = await world({ failuresPerOriginMax: 1 });
  it.engine.owe({ notifyUrl: "http://10.0.0.1/" });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  assert.deepEqual(
    it.dispatcher.circuits().map(({ kind, state }) => [kind, state]),
    [["channel", "closed"]],
  );
});
