import assert from "node:assert/strict";
import { test } from "node:test";
import { attempted } from "../../test/support/attempted.ts";
import { limits } from "../core/limits.ts";
import { silentEvents } from "./events.ts";
import { createFeed, eventsInto } from "./feed.ts";

const startMs = Date.parse("2026-01-01T00:00:00Z");
const attempt = attempted();

function feedAt(clock: { at: number }) {
  return createFeed({ now: () => clock.at });
}

test("the series ends with the step under way and has what happened in each", () => {
  const clock = { at: startMs };
  const feed = feedAt(clock);
  feed.changed(3);
  feed.attempted(attempt);
  feed.attempted({ ...attempt, outcome: "failed" });
  clock.at += limits.feedStepMs;
  feed.attempted(attempt);
  const points = feed.series(limits.feedStepMs);
  assert.equal(points.length, limits.statsPoints);
  assert.deepEqual(
    points.slice(-2).map(({ at, changes, delivered, failed }) => [at, changes, delivered, failed]),
    [
      [startMs, 3, 1, 1],
      [startMs + limits.feedStepMs, 0, 1, 0],
    ],
  );
  assert.deepEqual(
    points.slice(0, -2).map(({ delivered, p50Ms }) => [delivered, p50Ms]),
    points.slice(0, -2).map(() => [0, null]),
  );
});

test("a longer step is the sum of the short ones within it", () => {
  const clock = { at: startMs };
  const feed = feedAt(clock);
  for (let step = 0; step < 12; step += 1) {
    feed.attempted(attempt);
    clock.at += limits.feedStepMs;
  }
  clock.at -= 1;
  assert.equal(feed.series(60_000).at(-1)?.delivered, 12);
});

test("quantiles fall between the bounds of their class", () => {
  const feed = feedAt({ at: startMs });
  for (let index = 1; index <= 100; index += 1) feed.attempted({ ...attempt, durationMs: index });
  const last = feed.series(limits.feedStepMs).at(-1);
  assert.ok(last !== undefined);
  assert.deepEqual([last.p50Ms, last.p95Ms, last.p99Ms], [50, 95, 99]);
});

test("an attempt longer than every bound counts as the last of them, and one that failed has no latency", () => {
  const feed = feedAt({ at: startMs });
  feed.attempted({ ...attempt, durationMs: 10_000_000 });
  feed.attempted({ ...attempt, durationMs: 1, outcome: "failed" });
  assert.equal(feed.series(limits.feedStepMs).at(-1)?.p50Ms, 15_000);
});

test("what is older than an hour is forgotten, also when the clock jumps", () => {
  const clock = { at: startMs };
  const feed = feedAt(clock);
  feed.attempted(attempt);
  clock.at += 3_599_000;
  assert.deepEqual(feed.total(), { delivered: 1, failed: 0 });
  clock.at += 7 * 86_400_000;
  assert.deepEqual(feed.total(), { delivered: 0, failed: 0 });
  feed.attempted(attempt);
  assert.deepEqual(feed.total(), { delivered: 1, failed: 0 });
});

test("listeners hear of attempts and commits until they leave", () => {
  const feed = feedAt({ at: startMs });
  const heard: unknown[] = [];
  const leave = feed.listen({ onAttempt: ({ deliveryId, at }) => heard.push([deliveryId, at]), onHint: () => heard.push("hint") });
  eventsInto(feed, silentEvents).deliveryAttempted(attempt);
  feed.hinted();
  leave();
  feed.hinted();
  assert.deepEqual(heard, [[1, startMs], "hint"]);
});
