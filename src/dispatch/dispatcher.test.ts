import assert from "node:assert/strict";
import { test } from "node:test";
import { beginOneOfTwo, goOn, openDispatch } from "../../test/support/dispatch-world.ts";
import { limits as standard } from "../core/limits.ts";

test("what is owed at the start is delivered and settled, with one event an attempt", async () => {
  await using it = await openDispatch();
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
  await using it = await openDispatch();
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await goOn();
  assert.equal(it.engine.claims.length, 1);
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.hint();
  await it.engine.until(() => it.engine.settlements.length === 1);
});

test("without a hint it wakes when the next delivery falls due", async () => {
  await using it = await openDispatch();
  it.engine.owe({ notifyUrl: it.receiver.url() }, it.clock.now() + 500);
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await goOn();
  it.clock.advance(499);
  await goOn();
  assert.equal(it.engine.claims.length, 1);
  it.clock.advance(1);
  await it.engine.until(() => it.engine.settlements.length === 1);
});

test("a delivery that failed is retried when the schedule says so, under the same id", async () => {
  await using it = await openDispatch();
  it.receiver.answerWith({ status: 503, body: "later" });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  it.receiver.answerWith({ status: 200 });
  await it.engine.until(() => it.engine.claims.length === 2);
  await goOn();
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

test("a claim whose lease does not outlast an attempt is given back untried", async () => {
  await using it = await openDispatch({ leaseMs: standard.attemptTimeoutMs });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  await it.dispatcher.stop();
  assert.partialDeepStrictEqual(it.engine.settlements, [{ end: "released", attempt: null }]);
  assert.equal(it.receiver.received.length, 0);
});

test("a claim whose lease has passed is neither attempted nor settled, but let go of; the next claim of the delivery is", async () => {
  await using it = await openDispatch({ deliveriesInFlightPerChannelMax: 1 });
  const release = await beginOneOfTwo(it);
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
  await using it = await openDispatch({ deliveriesInFlightPerChannelMax: 1, leaseMs: standard.attemptTimeoutMs + waitMs });
  const release = await beginOneOfTwo(it);
  it.clock.advance(waitMs - 1);
  await goOn();
  assert.deepEqual(it.engine.settlements, []);
  it.clock.advance(1);
  await it.engine.until(() => it.engine.settlements.length > 0);
  assert.partialDeepStrictEqual(it.engine.settlements[0], { deliveryId: 2, claimToken: "claim-2", end: "released" });
  release();
});

test("a claim goes along with what is gathered, and not while enough are outstanding, after a fault, or when stopped", async () => {
  await using it = await openDispatch({ claimsOutstandingMax: 2 });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await goOn();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  const release = it.engine.holdAnswers();
  it.engine.gather();
  it.engine.gather();
  it.engine.gather();
  await goOn();
  release();
  assert.equal(it.engine.claims.length, 3);
  await it.engine.until(() => it.engine.settlements.length === 1);
  await goOn();
  const before = it.engine.claims.length;
  it.engine.faults["dispatch.claim"].push(new Error("busy"));
  it.engine.hint();
  await goOn();
  it.engine.gather();
  assert.equal(it.engine.claims.length, before + 1, "it waits after the fault");
  await it.dispatcher.stop();
  it.engine.gather();
  assert.equal(it.engine.claims.length, before + 1);
});

test("a claim that went along wakes the loop for what it says falls due", async () => {
  await using it = await openDispatch();
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await goOn();
  it.engine.owe({ notifyUrl: it.receiver.url() }, it.clock.now() + 500);
  it.engine.gather();
  await goOn();
  assert.equal(it.engine.claims.length, 2);
  it.clock.advance(500);
  await it.engine.until(() => it.engine.settlements.length === 1);
});

test("a claim that goes along says what falls due next, while the loop sleeps until then and has looked a moment ago", async () => {
  await using it = await openDispatch();
  const dueAt = it.clock.now() + 60_000;
  it.engine.owe({}, dueAt);
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await goOn();
  const knownAlong = async (): Promise<number | null | undefined> => {
    it.engine.gather();
    await goOn();
    return it.engine.claims.at(-1)?.nextDueAt;
  };
  assert.equal(await knownAlong(), dueAt);
  it.clock.advance(standard.dueKnownMs - 1);
  assert.equal(await knownAlong(), dueAt, "one that did not look says nothing anew");
  it.clock.advance(1);
  assert.equal(await knownAlong(), undefined, "another process may have put something off since");
  assert.equal(await knownAlong(), dueAt, "that one has looked");
  it.engine.hint();
  assert.equal(await knownAlong(), undefined, "something has fallen due");
});

test("a claim that goes along while something is due that others have looks for itself what falls due next", async () => {
  await using it = await openDispatch({ vainPauseMsMax: 64 });
  it.engine.isDueElsewhere = true;
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  await goOn();
  it.engine.gather();
  await goOn();
  assert.deepEqual(
    it.engine.claims.slice(0, 2).map(({ nextDueAt }) => nextDueAt),
    [undefined, undefined],
  );
});

test("a claim that faults is made again after the backoff; hints do not hurry it, and the streak is reported once", async () => {
  await using it = await openDispatch();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.faults["dispatch.claim"].push(new Error("busy"), new Error("busy"));
  it.dispatcher.start();
  await it.engine.until(() => it.engine.claims.length === 1);
  it.engine.hint();
  await goOn();
  assert.equal(it.engine.claims.length, 1);
  it.clock.advance(standard.dispatchBackoffMs);
  await it.engine.until(() => it.engine.claims.length === 2);
  await goOn();
  it.clock.advance(standard.dispatchBackoffMs);
  await it.engine.until(() => it.engine.settlements.length === 1);
  assert.deepEqual(
    it.faults.map((fault) => fault.stage),
    ["claim"],
  );
});

test("a settle that faults is made again, and nothing new is claimed before it lands", async () => {
  await using it = await openDispatch();
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.faults["dispatch.settle"].push(new Error("busy"));
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settleCalls.length === 1);
  await goOn();
  const claims = it.engine.claims.length;
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.engine.hint();
  await goOn();
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
  await using it = await openDispatch({ deliveriesInFlightMax: 1 });
  it.engine.owe({ notifyUrl: it.receiver.url(), secret: "no secret" });
  it.engine.owe({ notifyUrl: it.receiver.url() });
  it.dispatcher.start();
  await it.engine.until(() => it.engine.settlements.length === 1);
  assert.equal(it.engine.status(2), "delivered");
  assert.equal(it.faults.length, 1);
});
