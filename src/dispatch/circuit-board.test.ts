import assert from "node:assert/strict";
import { test } from "node:test";
import { attemptEntry } from "../../test/support/attempt-entry.ts";
import { claimOf } from "../../test/support/claims.ts";
import type { Attempted } from "./attempt.ts";
import { CircuitBoard } from "./circuit-board.ts";
import { standardLimits } from "./dispatch-limits.ts";
import { type InHand, Lanes } from "./lanes.ts";

const failed: Attempted = {
  entry: attemptEntry({ outcome: "retryable", httpStatus: 500 }),
  retryAfterMs: null,
};

test("a claim that was on its way while the circuit opened is no probe while an attempt of before still runs", () => {
  const limits = { ...standardLimits, failuresPerChannelMax: 1 };
  const board = new CircuitBoard({ random: { next: () => 0.5 }, limits, onTurned: () => undefined });
  const lanes = new Lanes(limits);
  const taken = (deliveryId: number): InHand => {
    lanes.add({ claim: claimOf({ deliveryId }), origin: "http://one" });
    const next = lanes.take();
    assert.ok(next !== null);
    return next;
  };
  const [slow, bad] = [taken(1), taken(2)];
  assert.deepEqual([board.begin(slow, lanes, 0), board.begin(bad, lanes, 0)], [true, true]);
  assert.equal(board.end(bad, failed, 1).isChannelOpen, true);
  lanes.leave(bad);
  const late = taken(3);
  assert.equal(board.begin(late, lanes, 2 * limits.circuitCooldownMs), false);
  lanes.leave(late);
  board.end(slow, failed, 2 * limits.circuitCooldownMs);
  lanes.leave(slow);
  assert.equal(board.begin(taken(4), lanes, 4 * limits.circuitCooldownMs), true);
});
