import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf } from "../../test/support/claims.ts";
import { type ClaimRoom, wholeRoom } from "./claim-room.ts";
import { Hand } from "./hand.ts";
import { limits } from "./limits.ts";

const one = { org: 1, channelKey: 1, origin: "http://one" };

function handOf(room: Partial<ClaimRoom> = {}, more: { readonly limit?: number; readonly takesNew?: boolean } = {}): Hand {
  const { limit = 9, takesNew = true } = more;
  return new Hand({ now: 0, leaseUntil: 1, claimToken: "a", limit, room: { ...wholeRoom, ...room } }, { takesNew });
}

test("a hand takes what is made unless something was due before", () => {
  assert.equal(handOf().takesNew(one), true);
  assert.equal(handOf({}, { takesNew: false }).takesNew(one), false);
});

test("a hand takes nothing new of an org, a channel or an origin without room, nor of a channel that is left out", () => {
  assert.equal(handOf({ orgs: [[1, 0]] }).takesNew(one), false);
  assert.equal(handOf({ channels: [[1, 0]] }).takesNew(one), false);
  assert.equal(handOf({ origins: [["http://one", 0]] }).takesNew(one), false);
  assert.equal(handOf({ skipped: [[1, [1]]] }).takesNew(one), false);
  assert.equal(handOf({ skipped: [[1, [2]]] }).takesNew(one), true);
});

test("what it takes uses up its limit and the room of the org, the channel and the origin", () => {
  const hand = handOf({ perOrg: 5, perOrigin: 4, perChannel: 3 }, { limit: 3 });
  hand.take([claimOf({ deliveryId: 1 }), claimOf({ deliveryId: 2 })], "http://one");
  const { room } = hand;
  assert.deepEqual([hand.left, room.ofOrg(1), room.ofOrigin("http://one"), room.ofChannel(1)], [1, 3, 2, 1]);
  hand.take([claimOf({ deliveryId: 3 })], "http://one");
  assert.equal(hand.takesNew({ ...one, channelKey: 2 }), false, "its limit is reached");
  hand.take([], "http://one");
  assert.equal(hand.claims.length, 3);
});

test("claims that hold no more are dropped, and their room is there again, of every bound and for texts", () => {
  const hand = handOf({ perOrg: 3, perOrigin: 3, perChannel: 3 });
  const affectedValues = "x".repeat(limits.claimTextMax / 2);
  hand.take(
    [1, 2, 3].map((deliveryId) => claimOf({ deliveryId, notifyUrl: "http://one/hook", affectedValues })),
    "http://one",
  );
  assert.deepEqual([hand.left, hand.takesNew(one)], [0, false]);
  hand.drop(({ deliveryId }) => deliveryId !== 2);
  assert.deepEqual(
    hand.claims.map(({ deliveryId }) => deliveryId),
    [2],
  );
  const { room } = hand;
  assert.deepEqual([hand.left, room.ofOrg(1), room.ofOrigin("http://one"), room.ofChannel(1)], [8, 2, 2, 2]);
});

test("a hand whose claims have long texts is full before its limit", () => {
  const hand = handOf({ perOrg: 99, perOrigin: 99, perChannel: 99 }, { limit: 99 });
  hand.take([claimOf({ affectedValues: "x".repeat(limits.claimTextMax) })], "http://one");
  assert.equal(hand.left, 0);
  assert.equal(hand.takesNew(one), false);
});
