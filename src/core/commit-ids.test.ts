import assert from "node:assert/strict";
import { test } from "node:test";
import { firstIdAt, instantOf, nextId, nextIdInSlot } from "./commit-ids.ts";

test("what is committed at an instant has an id of it or a larger one, and what was committed before a smaller one", () => {
  assert.equal(firstIdAt(5), 5_000);
  assert.ok(nextId(4_999, 5) >= firstIdAt(5));
  assert.ok(nextId(0, 4) < firstIdAt(5));
  assert.equal(instantOf(nextId(0, 5) + 999), 5);
});

test("ids only grow, also within a millisecond and where the clock was set back", () => {
  assert.equal(nextId(5_000, 5), 5_001);
  assert.equal(nextId(9_000, 5), 9_001);
});

test("ids of different slots are never the same, and those of one grow", () => {
  const given = [0, 1, 31].map((slot) => [nextIdInSlot(slot, 0, 5), nextIdInSlot(slot, 5_001, 5), nextIdInSlot(slot, 5_063, 5)]);
  assert.deepEqual(given, [
    [5_024, 5_024, 5_088],
    [5_025, 5_025, 5_089],
    [5_023, 5_023, 5_087],
  ]);
});

test("an instant beyond all ids is the end of them", () => {
  assert.ok(Number.isSafeInteger(firstIdAt(Infinity)));
  assert.equal(firstIdAt(-1), 0);
});
