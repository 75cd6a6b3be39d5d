import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf } from "../../test/support/claims.ts";
import { type QueueWorld, queueWorld, settled } from "../../test/support/queue-world.ts";
import { type Claim, settlementOf } from "../core/attempt.ts";
import { wholeRoom } from "../core/claim-room.ts";
import { limits } from "../core/limits.ts";
import { MessageTooLarge } from "./broker.ts";
import type { ClaimAsk, Claimed } from "./delivery-queue.ts";

const ask: ClaimAsk = { limit: 500, leaseMs: 60_000, room: wholeRoom, holder: "node" };
const noRoomFor = (org: number): ClaimAsk => ({ ...ask, room: { ...wholeRoom, orgs: [[org, 0]] } });

/** Claims of one message, made just now; the channel of an org has its number. */
function claimsOf({ clock }: QueueWorld, { org = 1, first = 1, count = 1 } = {}): readonly Claim[] {
  const common = {
    org,
    channelKey: org,
    claimToken: `token-${String(first)}`,
    orgEpoch: 7,
    leaseUntil: clock.now() + limits.publishedLeaseMs,
  };
  return Array.from({ length: count }, (_, at) => claimOf({ ...common, deliveryId: first + at }));
}

const idsOf = (claims: readonly Claim[]): readonly number[] => claims.map(({ deliveryId }) => deliveryId);
const mayBegin = (claim: Claim | undefined, now: number): boolean => (claim?.leaseUntil ?? 0) - now > limits.attemptTimeoutMs;

test("a fresh message of a channel that is known costs the store nothing, and one that comes again is taken over first", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock } = world;
  broker.deliver(claimsOf(world), { claimedAt: clock.now() });
  assert.deepEqual(idsOf((await queue.claim(ask)).claims), [1]);
  assert.deepEqual(
    store.renewals.map(({ isAnew }) => isAnew),
    [false],
    "once for where the channel delivers to",
  );
  broker.deliver(claimsOf(world, { first: 2 }), { claimedAt: clock.now() });
  assert.equal((await queue.claim(ask)).claims[0]?.claimToken, "token-2", "at its word");
  assert.equal(store.renewals.length, 1);
  broker.deliver(claimsOf(world, { first: 3 }), { claimedAt: clock.now(), isRedelivered: true });
  assert.equal((await queue.claim(ask)).claims[0]?.claimToken, "node.token-3~2", "under a token of its own");
});

test("a message of which nothing is held any more is acknowledged and gives nothing", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock } = world;
  store.isHeld = false;
  broker.deliver(claimsOf(world, { count: 3 }), { claimedAt: clock.now() - limits.freshBatchMs });
  assert.deepEqual((await queue.claim(ask)).claims, []);
  assert.equal(broker.acked, 1);
});

/**
 * 2026-11-26: a message that came again just as its first lease ended was forgotten while the store was asked of it. The store had it under
 * a new token by then, which nobody knew, for as long as that lease.
 */
test("a message that the store is asked of is kept until it has answered, also when its old lease ends meanwhile", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock, pass } = world;
  await queue.claim(ask);
  const claims = claimsOf(world, { count: 2 });
  await pass(limits.publishedLeaseMs / 1_000);
  const { promise, resolve } = Promise.withResolvers<void>();
  store.gate = promise;
  broker.deliver(claims, { claimedAt: clock.now() - limits.publishedLeaseMs, isRedelivered: true });
  const claiming = queue.claim(ask);
  await pass(2);
  resolve();
  assert.deepEqual(idsOf((await claiming).claims), [1, 2]);
});

test("what a process had not begun when it stood still it gives back under its token, and takes nothing over from whoever has it", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock } = world;
  await queue.claim(ask);
  broker.deliver(claimsOf(world, { count: 2 }), { claimedAt: clock.now() });
  assert.deepEqual((await queue.claim(noRoomFor(1))).claims, []);
  const asked = store.renewals.length;
  clock.advance(limits.ackWaitMs);
  await settled();
  assert.deepEqual((await queue.claim(ask)).claims, []);
  assert.equal(store.renewals.length, asked);
  assert.deepEqual(
    store.settlements.map(({ claimToken, end }) => `${claimToken} ${end}`),
    ["token-1 released", "token-1 released"],
  );
  assert.equal(broker.acked, 0, "the message is another's");
});

test("a claim in hand may begin for as long as the broker hears that it is worked on", async () => {
  await using world = queueWorld();
  const { broker, queue, clock, pass } = world;
  broker.deliver(claimsOf(world), { claimedAt: clock.now() });
  const [claim] = (await queue.claim(ask)).claims;
  assert.ok(mayBegin(claim, clock.now()));
  await pass(60);
  assert.ok(mayBegin(claim, clock.now()), "its lease is renewed, and the broker hears of it");
  broker.isHearing = false;
  await pass(limits.ackWaitMs / 1_000);
  assert.ok(!mayBegin(claim, clock.now()));
  await pass(limits.attemptTimeoutMs / 1_000 + 1);
  assert.ok(claim !== undefined && claim.leaseUntil <= clock.now(), "and no attempt of it runs any more");
});

test("a claim in hand that is another's by what the store says may not begin", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock, pass } = world;
  broker.deliver(claimsOf(world), { claimedAt: clock.now() });
  const [claim] = (await queue.claim(ask)).claims;
  store.isHeld = false;
  await pass((limits.heldLeaseMs - limits.heldLeaseLeftMs) / 1_000 + 2);
  assert.equal(claim?.leaseUntil, 0);
});

test("what an org has no room for keeps no other of its shard from coming, and goes back to the store after a while", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock } = world;
  const shard = 1;
  for (let first = 1; first <= limits.batchesPerShardMax; first += 1) {
    broker.deliver(claimsOf(world, { first }), { claimedAt: clock.now() });
  }
  assert.equal(broker.listener?.wanted(shard), 0, "so many wait as are wanted");
  await queue.claim(noRoomFor(1));
  assert.equal(broker.listener?.wanted(shard), limits.batchesPerShardMax);
  const other = 1 + limits.queueShards;
  broker.deliver(claimsOf(world, { org: other, first: 100 }), { claimedAt: clock.now() });
  assert.deepEqual(idsOf((await queue.claim(noRoomFor(1))).claims), [100]);
  clock.advance(limits.roomWaitMs);
  await queue.claim(noRoomFor(1));
  await settled();
  assert.equal(store.settlements.length, limits.batchesPerShardMax);
  assert.ok(store.settlements.every(({ end, retryAfterMs }) => end === "released" && retryAfterMs === limits.roomHoldMs));
});

test("nothing of a channel that is paused is given once its message is two seconds old", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock } = world;
  broker.deliver(claimsOf(world), { claimedAt: clock.now() });
  await queue.claim(ask);
  store.isActive = false;
  broker.deliver(claimsOf(world, { first: 2 }), { claimedAt: clock.now() });
  clock.advance(limits.freshBatchMs);
  assert.deepEqual((await queue.claim(ask)).claims, []);
  await settled();
  assert.deepEqual(
    store.settlements.map(({ deliveryId, end }) => [deliveryId, end]),
    [[2, "released"]],
  );
});

/**
 * 2026-11-26: one that was on its way back, for its channel was paused, when the rest of its message was taken over under another token, was known
 * under that token from then on and never ended: it was renewed for as long as the process lived, and sent by nobody.
 */
test("what is on its way back to the store ends there, also when the rest of its message gets another token meanwhile", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock, pass } = world;
  const other = 1 + limits.queueShards;
  store.paused.add(1);
  const settling = Promise.withResolvers<void>();
  store.settleGate = settling.promise;
  broker.deliver([...claimsOf(world), ...claimsOf(world, { org: other, first: 2 })], { claimedAt: clock.now() });
  assert.deepEqual((await queue.claim(noRoomFor(other))).claims, []);
  clock.advance(limits.freshBatchMs);
  const { claims } = await queue.claim(ask);
  settling.resolve();
  await settled();
  assert.deepEqual(idsOf(claims), [2]);
  assert.match(claims[0]?.claimToken ?? "", /^node\./);
  assert.deepEqual(
    store.renewals.at(-1)?.claims.map(({ deliveryId }) => deliveryId),
    [2],
    "what goes back is not taken over",
  );
  await queue.settle(claims.map((claim) => settlementOf(claim, { end: "unreachable", attempt: null, retryAfterMs: null })));
  assert.equal(broker.acked, 1, "nothing of the message is open any more");
  const asked = store.renewals.length;
  await pass(60);
  assert.equal(store.renewals.length, asked);
});

/** 2026-11-26: so was what dispatch had dropped without a word, for the lease that it knew of was over, and the store had renewed it since. */
test("what is let go is renewed no more, and its message is nobody's business", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock, pass } = world;
  broker.deliver(claimsOf(world, { count: 2 }), { claimedAt: clock.now() });
  const { claims } = await queue.claim(ask);
  await pass(60);
  const asked = store.renewals.length;
  assert.ok(asked > 2, "as long as they are in hand they are renewed");
  queue.letGo(claims);
  assert.equal(broker.acked, 1);
  await pass(60);
  assert.equal(store.renewals.length, asked);
});

test("a delivery that no message has room for is dispatched where it was claimed, and the others go in smaller messages", async () => {
  await using world = queueWorld();
  const { broker, store, queue } = world;
  const most = 700;
  broker.refuse = ({ text }) => (text.length > most ? new MessageTooLarge("700") : null);
  await queue.claim(ask);
  const [large] = claimsOf(world, { first: 4 });
  assert.ok(large !== undefined);
  store.owed.push([...claimsOf(world, { count: 3 }), { ...large, affectedFields: "x".repeat(most) }]);
  store.gather();
  await settled();
  assert.deepEqual(broker.published.map(({ text }) => [1, 2, 3, 4].filter((id) => text.includes(`[1,${String(id)},`))).flat(), [1, 2, 3]);
  assert.deepEqual(idsOf((await queue.claim(ask)).claims), [4]);
  assert.deepEqual(store.settlements, []);
});

test("what the broker does not take the store has back", async () => {
  await using world = queueWorld();
  const { broker, store } = world;
  broker.refuse = () => new Error("full");
  store.owed.push(claimsOf(world, { count: 2 }));
  store.gather();
  await settled();
  assert.deepEqual(
    store.settlements.map(({ end }) => end),
    ["released", "released"],
  );
});

test("while a window of messages waits at the broker the rest waits in the store, which gives it out in fair turns", async () => {
  await using world = queueWorld();
  const { broker, store, clock } = world;
  const publish = async (first: number): Promise<number> => {
    store.owed.splice(0, store.owed.length, claimsOf(world, { first }));
    store.gather();
    await settled();
    return broker.published.length;
  };
  broker.waiting = limits.brokerWaitingMax + 1;
  assert.equal(await publish(1), 1, "nobody has counted yet");
  assert.equal(await publish(2), 1);
  broker.waiting = 0;
  clock.advance(limits.queueRecountMs);
  assert.equal(await publish(3), 1, "it is counted anew");
  assert.equal(await publish(4), 2);
});

/** 2026-11-26: nobody asked again before the reconciler did, and a busy process stood still for seconds. */
test("what was left in the store for want of room is asked for as soon as there is room, whoever had left it", async () => {
  await using world = queueWorld();
  const { store, queue, clock } = world;
  const pass = async (ms: number): Promise<number> => {
    clock.advance(ms);
    await settled();
    return store.asks.filter(({ takes }) => takes === undefined).length;
  };
  await queue.claim(noRoomFor(1));
  const atStart = await pass(limits.feedPauseMs);
  await queue.claim(ask);
  const afterFeed = await pass(limits.feedPauseMs);
  assert.ok(afterFeed > atStart, "by who asks for what is due");
  store.passedOver = [{ org: 1, channelKey: 1, origin: "http://127.0.0.1:9" }];
  store.gather();
  await settled();
  store.passedOver = [];
  assert.equal(await pass(limits.feedPauseMs), afterFeed, "not while there is no room");
  await queue.claim(ask);
  assert.ok((await pass(limits.feedPauseMs)) > afterFeed, "by what was made");
});

test("what a batch makes a process that dispatches claims itself, and publishes what it has no hand for", async () => {
  await using world = queueWorld();
  const { broker, store, queue } = world;
  const claiming: Promise<Claimed>[] = [];
  const stop = queue.onGathering(() => claiming.push(queue.claim(ask)));
  store.owed.push(claimsOf(world, { count: 2 }));
  store.gather();
  const claimed = await Promise.all(claiming);
  assert.deepEqual(
    claimed.map(({ claims }) => idsOf(claims)),
    [[1, 2]],
  );
  assert.deepEqual([store.asks[0]?.holder, store.asks[0]?.leaseMs], ["node", ask.leaseMs], "as without a broker");
  assert.deepEqual(broker.published, []);
  stop();
  store.owed.push(claimsOf(world, { first: 3 }));
  store.gather();
  await settled();
  assert.equal(broker.published.length, 1);
  assert.deepEqual([store.asks.at(-1)?.holder, store.asks.at(-1)?.leaseMs], [undefined, limits.publishedLeaseMs]);
});

test("what a batch makes does not take the room of what has come by a message: that is given, and what is made is published", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock } = world;
  await queue.claim(ask);
  await settled();
  broker.deliver(claimsOf(world, { count: 2 }), { claimedAt: clock.now() });
  const claiming: Promise<Claimed>[] = [];
  queue.onGathering(() => claiming.push(queue.claim(ask)));
  store.owed.push(claimsOf(world, { first: 3 }));
  store.gather();
  await settled();
  assert.deepEqual(
    (await Promise.all(claiming)).map(({ claims }) => idsOf(claims)),
    [[1, 2]],
  );
  assert.equal(broker.published.length, 1);
});

test("nothing that is made comes before what waits in the store and may have room", async () => {
  await using world = queueWorld();
  const { store, queue, clock } = world;
  const takes = async (): Promise<string> => {
    store.gather();
    await settled();
    return store.asks.at(-1)?.takes ?? "due";
  };
  queue.onGathering(() => void queue.claim({ ...ask, nextDueAt: null }));
  assert.equal(await takes(), "due", "nobody has asked yet whether something waits");
  assert.equal(store.asks.at(-1)?.nextDueAt, undefined, "whatever dispatch knows, for it knows only of messages");
  await queue.claim(ask);
  clock.advance(limits.feedPauseMs);
  await settled();
  assert.equal(await takes(), "new");
  store.hint();
  assert.equal(await takes(), "due", "some was left");
  assert.equal(await takes(), "new", "that has looked");
});

test("while the broker is away the store hands out", async () => {
  await using world = queueWorld();
  const { broker, store, queue } = world;
  broker.isUp = false;
  store.owed.push(claimsOf(world, { count: 2 }));
  assert.deepEqual(idsOf((await queue.claim(ask)).claims), [1, 2]);
});

test("a queue that drains gives back what it has not given, and settles what it has", async () => {
  await using world = queueWorld();
  const { broker, store, queue, clock } = world;
  broker.deliver(claimsOf(world), { claimedAt: clock.now() });
  const { claims } = await queue.claim(ask);
  broker.deliver(claimsOf(world, { first: 2, count: 2 }), { claimedAt: clock.now() });
  await queue.drain();
  assert.deepEqual(
    store.settlements.map(({ deliveryId, end }) => [deliveryId, end]),
    [
      [2, "released"],
      [3, "released"],
    ],
  );
  assert.deepEqual((await queue.claim(ask)).claims, []);
  const entry = {
    startedAt: 0,
    durationMs: 1,
    httpStatus: 200,
    error: null,
    responseBody: null,
    responseHeaders: "{}",
    outcome: "delivered",
  } as const;
  await queue.settle(claims.map((claim) => settlementOf(claim, { end: "delivered", attempt: entry, retryAfterMs: null })));
  assert.equal(broker.acked, 2);
});
