import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf } from "../../test/support/claims.ts";
import { settlementOf } from "../core/attempt.ts";
import type { Queue, Waiting } from "./lane.ts";
import { joinSettling } from "./settle-together.ts";

type Heard = { readonly waiting: Waiting; said: unknown };

/** A settlement of each, and what its caller hears. */
function settling(...deliveryIds: readonly number[]): Heard {
  const settlements = deliveryIds.map((deliveryId) =>
    settlementOf(claimOf({ deliveryId }), { end: "released", attempt: null, retryAfterMs: null }),
  );
  const heard: Heard = {
    waiting: {
      job: { name: "dispatch.settle", input: { settlements } },
      resolve: (output) => (heard.said = output),
      reject: (reply) => (heard.said = reply),
    },
    said: null,
  };
  return heard;
}

const other: Waiting = { job: { name: "dispatch.queueName", input: {} }, resolve: () => undefined, reject: () => undefined };
const fault = { ok: false, fault: "gone", ofStore: "gone", isRetryable: true } as const;

test("settlements that wait for the same batch are one command, and each caller hears of its own", () => {
  const [first, second, third] = [settling(1, 2), settling(3), settling(4)];
  const queue: Queue = [other, first.waiting];
  assert.ok(joinSettling(queue, second.waiting));
  assert.ok(joinSettling(queue, third.waiting));
  assert.equal(queue.length, 2);
  const [, joined] = queue;
  assert.deepEqual(
    joined?.job.name === "dispatch.settle" && joined.job.input.settlements.map(({ deliveryId }) => deliveryId),
    [1, 2, 3, 4],
  );
  joined?.resolve([true, false, false, true]);
  assert.deepEqual([first.said, second.said, third.said], [[true, false], [false], [true]]);
});

test("all of them hear that the one command failed", () => {
  const [first, second] = [settling(1), settling(2)];
  const queue: Queue = [first.waiting];
  assert.ok(joinSettling(queue, second.waiting));
  queue[0]?.reject(fault);
  assert.deepEqual([first.said, second.said], [fault, fault]);
});

test("settlements join nothing where none wait, and nothing else joins them", () => {
  const { waiting } = settling(1);
  assert.ok(!joinSettling([other], waiting));
  assert.ok(!joinSettling([waiting], other));
});
