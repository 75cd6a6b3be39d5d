import assert from "node:assert/strict";
import { test } from "node:test";
import { VainClaims } from "./vain-claims.ts";

const half = { next: () => 0.5 };

test("alone, claims in vain follow each other at once, a hundred of them, and then after a pause", () => {
  const vain = new VainClaims(half, { dispatchBackoffMs: 1_000, vainPauseMsMax: 0 });
  const pauses = Array.from({ length: 102 }, () => vain.note());
  assert.deepEqual([pauses.slice(0, 100).every((pauseMs) => pauseMs === 0), pauses[100], pauses[101]], [true, 1_000, 0]);
});

test("among others each waits longer than the one before, up to a bound, until one gives something", () => {
  const vain = new VainClaims(half, { dispatchBackoffMs: 1_000, vainPauseMsMax: 64 });
  const next = (): number => vain.note();
  assert.deepEqual(Array.from({ length: 8 }, next), [1, 2, 4, 8, 16, 32, 32, 32]);
  vain.end();
  assert.equal(next(), 1);
});
