import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { standardSchedule, waitAfter, waitAsked } from "./retry.ts";

const middling = { next: () => 0.5 };
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test("without jitter the waits are those of the schedule", () => {
  const waits = standardSchedule.waitsMs.map((_, index) => waitAfter(index + 1, standardSchedule, middling));
  assert.deepEqual(waits, [5_000, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs, 14 * hourMs, 20 * hourMs, 24 * hourMs]);
});

test("ten attempts are made over three to four days, then none", () => {
  const totalMs = standardSchedule.waitsMs.reduce((sum, waitMs) => sum + waitMs, 0);
  assert.equal(standardSchedule.waitsMs.length + 1, 10);
  assert.ok(totalMs > 72 * hourMs && totalMs < 96 * hourMs);
  assert.equal(waitAfter(10, standardSchedule, middling), null);
  assert.equal(waitAfter(11, standardSchedule, middling), null);
});

test("waits only grow", () => {
  const { waitsMs } = standardSchedule;
  assert.deepEqual(
    [...waitsMs].sort((one, other) => one - other),
    waitsMs,
  );
});

test("chance moves a wait by at most the jitter, either way", () => {
  const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), chances, (attemptsMade, chance) => {
      const planned = standardSchedule.waitsMs[attemptsMade - 1] ?? Number.NaN;
      const waitMs = waitAfter(attemptsMade, standardSchedule, { next: () => chance }) ?? Number.NaN;
      assert.ok(Number.isInteger(waitMs));
      assert.ok(waitMs >= planned * 0.8 && waitMs <= planned * 1.2);
    }),
  );
});

test("the least chance gives the shortest wait, the greatest the longest", () => {
  const schedule = { waitsMs: [1_000], jitter: 0.2 };
  assert.equal(waitAfter(1, schedule, { next: () => 0 }), 800);
  assert.equal(waitAfter(1, schedule, { next: () => 1 - Number.EPSILON }), 1_200);
});

test("an empty schedule gives up after the first attempt", () => {
  assert.equal(waitAfter(1, { waitsMs: [], jitter: 0 }, middling), null);
});

test("a receiver that asks for longer than the schedule is left alone that long, one that asks for less as long as scheduled", () => {
  const at = { schedule: { waitsMs: [], jitter: 0.2 }, random: { next: () => 0 } };
  assert.equal(waitAsked(5_000, 120_000, at), 120_000);
  assert.equal(waitAsked(5_000, 5_001, at), 5_001);
  assert.equal(waitAsked(300_000, 120_000, at), 300_000);
  assert.equal(waitAsked(300_000, 0, at), 300_000);
});

test("what a receiver asks of many is spread over a part of the scheduled wait", () => {
  const at = { schedule: { waitsMs: [], jitter: 0.2 }, random: { next: () => 0.5 } };
  assert.equal(waitAsked(300_000, 600_000, at), 630_000);
});

test("nobody is left alone for more than a day because of what it asked, however late the schedule is", () => {
  const at = { schedule: { waitsMs: [], jitter: 0.2 }, random: { next: () => 0.5 } };
  assert.equal(waitAsked(5_000, Number.MAX_SAFE_INTEGER, at), 24 * hourMs);
  assert.equal(waitAsked(5_000, 24 * hourMs, at), 24 * hourMs);
  assert.equal(waitAsked(28 * hourMs, 48 * hourMs, at), 28 * hourMs);
});

test("whatever is asked, the wait is never shorter than asked (to a day) nor than scheduled, and never longer than both and the spread", () => {
  const wait = fc.integer({ min: 0, max: 200 * hourMs });
  fc.assert(
    fc.property(wait, wait, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (scheduledMs, askedMs, chance) => {
      const waitMs = waitAsked(scheduledMs, askedMs, { schedule: standardSchedule, random: { next: () => chance } });
      assert.ok(Number.isSafeInteger(waitMs));
      assert.ok(waitMs >= scheduledMs && waitMs >= Math.min(askedMs, 24 * hourMs));
      assert.ok(waitMs <= Math.max(scheduledMs, Math.min(askedMs + standardSchedule.jitter * scheduledMs, 24 * hourMs)));
    }),
  );
});
