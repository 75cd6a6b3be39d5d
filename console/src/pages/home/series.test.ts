import assert from "node:assert/strict";
import { test } from "node:test";
import type { SeriesPoint } from "../../api/server-state.ts";
import { hasLonePoint, ratesOf, successShare } from "./series.ts";

const point: SeriesPoint = { at: "2026-11-25T18:00:00.000Z", changes: 10, delivered: 8, failed: 2, p50_ms: 3, p95_ms: 9, p99_ms: null };

test("the share of successes is over all points, and none where nothing was attempted", () => {
  assert.equal(successShare([point, { ...point, delivered: 0, failed: 0 }]), 0.8);
  assert.equal(successShare([{ ...point, delivered: 0, failed: 0 }]), null);
  assert.equal(successShare([]), null);
});

test("counts of a step become rates a second", () => {
  assert.deepEqual(ratesOf({ step_seconds: 5, points: [point] }), [
    { at: Date.parse(point.at), changes: 2, delivered: 1.6, failed: 0.4, p50: 3, p95: 9, p99: null, success: 80 },
  ]);
});

test("a figure without a neighbour has no line, so it needs a dot", () => {
  assert.equal(hasLonePoint([null, 3, null, null]), true);
  assert.equal(hasLonePoint([null, null, 0]), true);
  assert.equal(hasLonePoint([null, 3, 4, null]), false);
  assert.equal(hasLonePoint([null, null]), false);
});
