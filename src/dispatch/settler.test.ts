import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { claimOf } from "../../test/support/claims.ts";
import { FakeEngine } from "../../test/support/fake-engine.ts";
import { noDispatchMetrics } from "../observe/metrics/dispatch-metrics.ts";
import { storeQueue } from "../queue/store-queue.ts";
import { wholeRoom } from "../core/claim-room.ts";
import type { ClaimEnd } from "../core/delivery.ts";
import { type Settlement, settlementOf } from "../core/attempt.ts";
import { type Owed, Settler } from "./settler.ts";

const pauseMs = 100;
const leaseUntil = 1_000;

function ended(deliveryId: number, end: ClaimEnd = "delivered"): Settlement {
  return settlementOf(claimOf({ deliveryId }), { end, attempt: null, retryAfterMs: null });
}

function owed(settlement: Settlement, until = leaseUntil): Owed {
  return { settlement, claim: { leaseUntil: until }, committedAt: null };
}

function setUp() {
  const clock = new ManualClock(0);
  const engine = new FakeEngine(clock);
  const faults: unknown[] = [];
  const claimable: number[] = [];
  const latencies: number[] = [];
  const letGo: number[] = [];
  const settler = new Settler({
    queue: { ...storeQueue(engine), letGo: (claims) => letGo.push(...claims.map(({ deliveryId }) => deliveryId)) },
    clock,
    metrics: { ...noDispatchMetrics, delivered: (latencyMs) => latencies.push(latencyMs) },
    pauseMs: () => pauseMs,
    onFault: (error) => faults.push(error),
    onClaimable: () => claimable.push(engine.settleCalls.length),
  });
  const calls = (): readonly (readonly number[])[] => engine.settleCalls.map((call) => call.map((settlement) => settlement.deliveryId));
  return { clock, engine, settler, faults, claimable, latencies, letGo, calls };
}

test("what ends while a call is outstanding goes together in the next", async () => {
  const { settler, calls } = setUp();
  for (const deliveryId of [1, 2, 3]) settler.add(owed(ended(deliveryId)));
  await settler.idle();
  assert.deepEqual(calls(), [[1], [2, 3]]);
});

test("what ends while a call is outstanding may go along with a batch, once; idle waits for it too", async () => {
  const { settler, calls } = setUp();
  settler.settleAlong();
  settler.add(owed(ended(1)));
  settler.add(owed(ended(2)));
  settler.settleAlong();
  settler.add(owed(ended(3)));
  settler.settleAlong();
  await settler.idle();
  assert.deepEqual(calls(), [[1], [2], [3]]);
  assert.equal(settler.isResting, true);
});

test("a call that went along and failed is made again after the pause, and none goes along meanwhile", async () => {
  const { clock, engine, settler, faults, calls } = setUp();
  settler.add(owed(ended(1)));
  settler.add(owed(ended(2)));
  settler.settleAlong();
  engine.faults["dispatch.settle"].push(new Error("busy"), new Error("busy"));
  await setImmediate();
  assert.equal(settler.isFaulting, true);
  settler.settleAlong();
  clock.advance(pauseMs);
  await settler.idle();
  assert.deepEqual(calls(), [[1], [2], [2, 1]]);
  assert.equal(faults.length, 1);
  assert.equal(settler.isFaulting, false);
});

test("a call that failed is made again at once when the one that went along behind it lands", async () => {
  const { engine, settler, calls } = setUp();
  engine.faults["dispatch.settle"].push(new Error("busy"));
  settler.add(owed(ended(1)));
  settler.add(owed(ended(2)));
  settler.settleAlong();
  await settler.idle();
  assert.deepEqual(calls(), [[1], [2], [1]]);
});

test("a call that failed is made again after the pause, with what came meanwhile", async () => {
  const { clock, engine, settler, faults, calls } = setUp();
  engine.faults["dispatch.settle"].push(new Error("busy"), new Error("still busy"));
  settler.add(owed(ended(1)));
  await setImmediate();
  settler.add(owed(ended(2)));
  assert.equal(settler.isFaulting, true);
  clock.advance(pauseMs - 1);
  await setImmediate();
  assert.equal(calls().length, 1);
  clock.advance(1);
  await setImmediate();
  clock.advance(pauseMs);
  await settler.idle();
  assert.deepEqual(calls(), [[1], [1, 2], [1, 2]]);
  assert.equal(settler.isFaulting, false);
  assert.equal(faults.length, 1, "a streak of faults is reported once");
});

test("a settlement is dropped when its lease has passed, and its claim is let go of", async () => {
  const { clock, engine, settler, claimable, letGo, calls } = setUp();
  engine.faults["dispatch.settle"].push(new Error("busy"));
  settler.add(owed(ended(1), 50));
  await setImmediate();
  clock.advance(pauseMs);
  await settler.idle();
  assert.deepEqual(calls(), [[1]]);
  assert.deepEqual(letGo, [1]);
  assert.equal(settler.isFaulting, false);
  assert.equal(claimable.length, 1);
});

/** 2026-11-26: the lease counted as it was when the attempt ended. What was dropped by it was renewed on by the queue, and sent by nobody. */
test("a settlement is kept for as long as the lease of its claim is renewed", async () => {
  const { clock, engine, settler, letGo, calls } = setUp();
  engine.faults["dispatch.settle"].push(new Error("busy"), new Error("still busy"));
  const claim = { leaseUntil: pauseMs };
  settler.add({ settlement: ended(1), claim, committedAt: null });
  await setImmediate();
  claim.leaseUntil = 2 * pauseMs + 1;
  for (let pause = 0; pause < 2; pause += 1) {
    clock.advance(pauseMs);
    await setImmediate();
  }
  await settler.idle();
  assert.deepEqual(calls(), [[1], [1], [1]]);
  assert.deepEqual(letGo, []);
});

test("a delivery that goes back to waiting, and the end of a streak of faults, make a claim worth while", async () => {
  const { clock, engine, settler, claimable } = setUp();
  settler.add(owed(ended(1, "delivered")));
  await settler.idle();
  assert.deepEqual(claimable, []);
  settler.add(owed(ended(2, "unreachable")));
  await settler.idle();
  assert.deepEqual(claimable, [2]);
  engine.faults["dispatch.settle"].push(new Error("busy"));
  settler.add(owed(ended(3, "delivered")));
  await setImmediate();
  clock.advance(pauseMs);
  await settler.idle();
  assert.deepEqual(claimable, [2, 4]);
});

test("after giving up each settlement gets one more try and the pause ends at once", async () => {
  const { engine, settler, calls } = setUp();
  engine.faults["dispatch.settle"].push(new Error("gone"), new Error("gone"), new Error("gone"));
  settler.add(owed(ended(1)));
  await setImmediate();
  settler.giveUp();
  await settler.idle();
  settler.add(owed(ended(2)));
  await settler.idle();
  assert.deepEqual(calls(), [[1], [1], [2]]);
});

test("the way from commit to settled is measured for what was delivered under a claim that held, and for nothing else", async () => {
  const { clock, engine, settler, latencies } = setUp();
  engine.owe({}, 0);
  const { claims } = await engine.run("dispatch.claim", { limit: 1, leaseMs: leaseUntil, room: wholeRoom });
  const claimToken = claims[0]?.claimToken ?? "";
  clock.advance(250);
  settler.add({ settlement: { ...ended(1), claimToken: "another's" }, claim: { leaseUntil }, committedAt: 200 });
  settler.add({ settlement: { ...ended(1), claimToken }, claim: { leaseUntil }, committedAt: 200 });
  settler.add({ settlement: ended(2, "retryable"), claim: { leaseUntil }, committedAt: 200 });
  await settler.idle();
  assert.deepEqual(latencies, [50]);
});
