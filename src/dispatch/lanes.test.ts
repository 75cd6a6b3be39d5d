import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf } from "../../test/support/claims.ts";
import type { Claim } from "../core/attempt.ts";
import { type InHand, Lanes } from "./lanes.ts";

const bounds = {
  deliveriesInFlightMax: 8,
  deliveriesInFlightPerOrgMax: 6,
  deliveriesInFlightPerOriginMax: 4,
  deliveriesInFlightPerChannelMax: 2,
  claimsPerSlotMin: 2,
  claimsPerSlotMax: 2,
  handMs: 100,
  handTextMax: 1_000,
  attemptTimeoutMs: 15,
};

function inHand(over: Partial<Claim> = {}, origin = `http://host-${over.channelKey ?? 1}`): InHand {
  return { claim: claimOf(over), origin };
}

function takeAll(lanes: Lanes): readonly InHand[] {
  const taken: InHand[] = [];
  for (let next = lanes.take(); next !== null; next = lanes.take()) taken.push(next);
  return taken;
}

const keysOf = (taken: readonly InHand[]): readonly number[] => taken.map(({ claim }) => claim.channelKey);
const idsOf = (taken: readonly InHand[]): readonly number[] => taken.map(({ claim }) => claim.deliveryId);

test("a channel runs no more than its share, in the order in which its claims came", () => {
  const lanes = new Lanes(bounds);
  for (const deliveryId of [1, 2, 3]) lanes.add(inHand({ deliveryId, channelKey: 7 }));
  const taken = takeAll(lanes);
  assert.deepEqual(idsOf(taken), [1, 2]);
  for (const one of taken) lanes.leave(one);
  assert.deepEqual(idsOf(takeAll(lanes)), [3]);
});

test("an origin runs no more than its share, and its channels take turns", () => {
  const lanes = new Lanes(bounds);
  for (const channelKey of [1, 1, 2, 2, 3, 3]) lanes.add(inHand({ channelKey }, "http://one"));
  lanes.add(inHand({ channelKey: 4 }));
  assert.deepEqual(keysOf(takeAll(lanes)), [1, 2, 3, 4, 1]);
});

test("an org runs no more than its share, and another org goes on", () => {
  const lanes = new Lanes(bounds);
  for (const channelKey of [1, 2, 3, 4, 5, 6, 7]) lanes.add(inHand({ org: 1, channelKey }));
  lanes.add(inHand({ org: 2, channelKey: 8 }));
  assert.deepEqual(keysOf(takeAll(lanes)), [1, 2, 3, 4, 5, 6, 8]);
});

test("all together run no more than there are slots", () => {
  const lanes = new Lanes(bounds);
  for (const channelKey of [1, 2, 3, 4, 5, 6, 7, 8, 9]) lanes.add(inHand({ org: channelKey, channelKey }));
  const taken = takeAll(lanes);
  assert.equal(taken.length, 8);
  const [first] = taken;
  assert.ok(first !== undefined);
  lanes.leave(first);
  assert.deepEqual(keysOf(takeAll(lanes)), [9]);
});

test("twice as much as may run comes into hand under each bound, and what has three quarters of that is full", () => {
  const lanes = new Lanes(bounds);
  assert.deepEqual([lanes.room, lanes.rooms().orgs, lanes.rooms().origins], [16, [], []]);
  for (const channelKey of [1, 2, 3, 4, 5]) lanes.add(inHand({ channelKey }, "http://one"));
  assert.equal(lanes.room, 11);
  assert.partialDeepStrictEqual(lanes.rooms(), { perOrg: 12, perOrigin: 8, perChannel: 4, orgs: [[1, 7]], origins: [["http://one", 3]] });
  lanes.add(inHand({ channelKey: 6 }, "http://one"));
  assert.deepEqual(lanes.rooms().origins, [["http://one", 0]]);
});

const byPace = { ...bounds, claimsPerSlotMin: 2, claimsPerSlotMax: 10 };

test("the hand is as deep as what its slots send in a while, as the last attempts took, and within its bounds", () => {
  const lanes = new Lanes(byPace);
  assert.deepEqual([lanes.room, lanes.rooms().perChannel], [16, 4]);
  const run = (attemptMs: number, count: number): void => {
    for (let turn = 0; turn < count; turn += 1) {
      lanes.add(inHand({ channelKey: 1 }));
      const [one] = takeAll(lanes);
      assert.ok(one !== undefined);
      lanes.leave(one, attemptMs);
    }
  };
  run(20, 1);
  assert.deepEqual([lanes.room, lanes.rooms().perChannel], [40, 10], "100 ms have five attempts of 20 ms");
  run(0, 100);
  assert.equal(lanes.room, 80, "no more than ten a slot, however fast");
  run(5_000, 100);
  assert.equal(lanes.room, 16, "no less than two, however slow");
});

test("a channel that is slower than others is given less, and one of which nothing is known as much as all on the mean", () => {
  const lanes = new Lanes(byPace);
  for (const channelKey of [1, 1, 2, 2]) lanes.add(inHand({ channelKey }));
  const [slow, fast] = takeAll(lanes);
  assert.ok(slow !== undefined && fast !== undefined);
  lanes.leave(slow, 50);
  lanes.leave(fast, 10);
  lanes.add(inHand({ channelKey: 3 }));
  // Of both together 46 ms: two a slot.
  assert.deepEqual(lanes.rooms().channels, [
    [1, 3],
    [2, 19],
    [3, 3],
  ]);
});

test("a channel is full when what runs and what waits come to three quarters of its share", () => {
  const lanes = new Lanes(bounds);
  lanes.add(inHand({ channelKey: 1 }));
  lanes.take();
  lanes.add(inHand({ channelKey: 1 }));
  assert.deepEqual(lanes.fullChannels(), []);
  lanes.add(inHand({ channelKey: 1 }));
  lanes.add(inHand({ channelKey: 2 }));
  assert.deepEqual(lanes.fullChannels(), [{ org: 1, channelKey: 1 }]);
});

test("who leaves says whether there is room that was not there before: for its channel, its origin, its org or altogether", () => {
  const lanes = new Lanes(bounds);
  for (let count = 0; count < 3; count += 1) lanes.add(inHand({ channelKey: 1 }));
  const [first, second] = takeAll(lanes);
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual([lanes.leave(first), lanes.leave(second)], [true, false]);
  for (const last of takeAll(lanes)) lanes.leave(last);
  for (const channelKey of [1, 2, 3, 4, 5, 6]) lanes.add(inHand({ channelKey }, "http://one"));
  const [one] = takeAll(lanes);
  assert.ok(one !== undefined);
  assert.equal(lanes.leave(one), true);
});

test("nothing is left of what has left", () => {
  const lanes = new Lanes(bounds);
  lanes.add(inHand({ channelKey: 1 }));
  for (const one of takeAll(lanes)) lanes.leave(one);
  assert.equal(lanes.hasChannel(1), false);
  assert.equal(lanes.hasOrigin("http://host-1"), false);
  assert.deepEqual([lanes.room, lanes.rooms().orgs], [16, []]);
});

test("what waits can be taken out, of a channel, of an origin, or all; what runs goes on", () => {
  const lanes = new Lanes(bounds);
  for (const deliveryId of [1, 2, 3]) lanes.add(inHand({ deliveryId, channelKey: 1 }, "http://one"));
  takeAll(lanes);
  lanes.add(inHand({ deliveryId: 4, channelKey: 2 }, "http://one"));
  lanes.add(inHand({ deliveryId: 5, channelKey: 3 }));
  lanes.add(inHand({ deliveryId: 6, channelKey: 4 }));
  assert.deepEqual(idsOf(lanes.takeWaiting({ channelKey: 3 })), [5]);
  assert.deepEqual(idsOf(lanes.takeWaiting({ origin: "http://one" })), [3, 4]);
  assert.deepEqual(idsOf(lanes.takeWaiting()), [6]);
  assert.deepEqual([lanes.hasChannel(1), lanes.hasChannel(2), lanes.take()], [true, false, null]);
});

test("a claim that was not taken cannot leave", () => {
  const lanes = new Lanes(bounds);
  assert.throws(() => lanes.leave(inHand()), /running/);
});

test("long texts in hand leave no room until they are gone", () => {
  const lanes = new Lanes(bounds);
  const long = inHand({ affectedValues: "x".repeat(1_000) });
  lanes.add(long);
  assert.equal(lanes.room, 0);
  assert.deepEqual(takeAll(lanes), [long]);
  assert.equal(lanes.leave(long), true);
  assert.equal(lanes.room, 16);
});

test("what has waited until its lease outlasts no attempt is taken out, by the second; what runs is not", () => {
  const lanes = new Lanes({ ...bounds, attemptTimeoutMs: 100 });
  assert.equal(lanes.lateAt, null);
  for (const [index, leaseUntil] of [5_000, 5_000, 5_900, 7_000].entries()) lanes.add(inHand({ deliveryId: index + 1, leaseUntil }));
  const running = takeAll(lanes);
  assert.deepEqual(idsOf(running), [1, 2]);
  assert.deepEqual([lanes.lateAt, idsOf(lanes.takeLate(4_899))], [4_900, []]);
  assert.deepEqual(idsOf(lanes.takeLate(4_900)), [3]);
  assert.equal(lanes.lateAt, 6_900);
  for (const one of running) lanes.leave(one);
  assert.deepEqual(idsOf(takeAll(lanes)), [4]);
  assert.deepEqual([lanes.lateAt, lanes.takeLate(9_000)], [null, []]);
});

test("a channel that has room again has none under an org that is full", () => {
  const lanes = new Lanes(bounds);
  for (const channelKey of [1, 1, 1, 2, 2, 2, 3, 3, 3, 4]) lanes.add(inHand({ channelKey }));
  const [first, second] = takeAll(lanes);
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual([lanes.leave(first), lanes.leave(second)], [false, true]);
});
