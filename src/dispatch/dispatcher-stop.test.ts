/** How a dispatcher ends, and when it is idle. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { beginOneOfTwo, goOn, openDispatch } from "../../test/support/dispatch-world.ts";
import { limits as standard } from "../core/limits.ts";

test("stop claims no more and waits for what runs; what waits is given back untried", async () => {
  await using it = await openDispatch({ deliveriesInFlightPerChannelMax: 1 });
  const release = await beginOneOfTwo(it);
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
  await using it = await openDispatch({ drainMs: 1_000 });
  it.receiver.hold();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.receiver.next();
  const stopped = it.dispatcher.stop();
  await goOn();
  assert.equal(it.engine.settlements.length, 0);
  it.clock.advance(1_000);
  await stopped;
  assert.partialDeepStrictEqual(it.engine.settlements, [{ end: "released", attempt: null }]);
  assert.equal(it.engine.status(1), "pending");
  assert.deepEqual(it.attempted, []);
});

test("stop ends although settlements do not land: the drain is over, one more try, and the lease has the rest", async () => {
  await using it = await openDispatch({ drainMs: 1_000, dispatchBackoffMs: 10_000 });
  it.engine.faults["dispatch.settle"].push(new Error("gone"), new Error("gone"));
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settleCalls.length === 1);
  const stopped = it.dispatcher.stop();
  await goOn();
  it.clock.advance(1_000);
  await stopped;
  assert.equal(it.engine.settleCalls.length, 2);
  assert.equal(it.engine.status(1), "claimed");
});

test("a dispatcher that was stopped, or never started, stays still", async () => {
  await using it = await openDispatch();
  await it.dispatcher.stop();
  it.dispatcher.start();
  await goOn();
  assert.equal(it.engine.claims.length, 0);
});

test("it is idle before it starts, while nothing is due, and while it waits after a fault, but not before an attempt is settled", async () => {
  await using it = await openDispatch();
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
  await goOn();
  await quiet.idle();
  assert.equal(it.engine.settlements.length, 1);
  it.engine.faults["dispatch.claim"].push(new Error("busy"));
  it.engine.hint();
  assert.equal(quiet.isIdle, false);
  await quiet.idle();
  assert.equal(it.faults.length, 2);
});
