import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf } from "../../test/support/claims.ts";
import { Lanes } from "./lanes.ts";

const bounds = { deliveriesInFlightMax: 3, deliveriesInFlightPerChannelMax: 2 };

test("a channel runs no more than its share, in the order in which its claims came", () => {
  const lanes = new Lanes(bounds);
  for (const deliveryId of [1, 2, 3]) lanes.add(claimOf({ deliveryId, channelKey: 7 }));
  assert.equal(lanes.take(7)?.deliveryId, 1);
  assert.equal(lanes.take(7)?.deliveryId, 2);
  assert.equal(lanes.take(7), null);
  lanes.leave(7);
  assert.equal(lanes.take(7)?.deliveryId, 3);
});

test("all channels together run no more than there are slots", () => {
  const lanes = new Lanes(bounds);
  for (const channelKey of [1, 1, 2, 2]) lanes.add(claimOf({ channelKey }));
  assert.notEqual(lanes.take(1), null);
  assert.notEqual(lanes.take(1), null);
  assert.notEqual(lanes.take(2), null);
  assert.equal(lanes.freeSlots, 0);
  assert.equal(lanes.take(2), null);
  lanes.leave(1);
  assert.notEqual(lanes.take(2), null);
});

test("a channel is full when what runs and what waits come to its share", () => {
  const lanes = new Lanes(bounds);
  lanes.add(claimOf({ channelKey: 1 }));
  lanes.take(1);
  assert.deepEqual(lanes.fullChannelKeys(), []);
  lanes.add(claimOf({ channelKey: 1 }));
  lanes.add(claimOf({ channelKey: 2 }));
  assert.deepEqual(lanes.fullChannelKeys(), [1]);
  assert.equal(lanes.isFull(2), false);
  assert.equal(lanes.isFull(3), false);
});

test("a lane is gone when nothing of it is in hand", () => {
  const lanes = new Lanes(bounds);
  lanes.add(claimOf({ channelKey: 1 }));
  lanes.take(1);
  lanes.leave(1);
  assert.deepEqual(lanes.channelKeys(), []);
  assert.equal(lanes.freeSlots, 3);
});

test("what waits can be taken out, and what runs goes on", () => {
  const lanes = new Lanes(bounds);
  for (const deliveryId of [1, 2, 3]) lanes.add(claimOf({ deliveryId, channelKey: 1 }));
  lanes.add(claimOf({ deliveryId: 4, channelKey: 2 }));
  lanes.take(1);
  assert.deepEqual(
    lanes.takeWaiting().map((claim) => claim.deliveryId),
    [2, 3, 4],
  );
  assert.deepEqual(lanes.channelKeys(), [1]);
  lanes.leave(1);
});

test("a claim that was not taken cannot leave", () => {
  assert.throws(() => new Lanes(bounds).leave(1), /running/);
});
