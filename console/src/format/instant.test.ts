import assert from "node:assert/strict";
import { test } from "node:test";
import { absoluteTime, exactLength, inputOfInstant, instantOfInput, relativeTime, roughLength, spanText } from "./instant.ts";

const now = Date.parse("2026-11-25T18:00:00Z");

test("a time is told from the instant now, in both directions", () => {
  assert.equal(relativeTime(now - 12_400, now), "12 s ago");
  assert.equal(relativeTime(now + 200_000, now), "in 3 min");
  assert.equal(relativeTime(now + 52 * 3_600_000, now), "in 2 d 4 h");
  assert.equal(relativeTime(now - 999, now), "now");
});

test("a length is told in its largest unit, and in the next where that matters", () => {
  assert.equal(roughLength(999), "999 ms");
  assert.equal(roughLength(59_999), "59 s");
  assert.equal(roughLength(3_600_000), "1 h");
  assert.equal(roughLength(5_400_000), "1 h 30 min");
  assert.equal(roughLength(7 * 86_400_000), "7 d");
  assert.equal(exactLength(3.14), "3.1 ms");
  assert.equal(exactLength(412.4), "412 ms");
  assert.equal(exactLength(1_240), "1.24 s");
});

test("a length that somebody has set is told whole, in the largest unit that fits", () => {
  assert.deepEqual([7 * 86_400_000, 86_400_000, 36 * 3_600_000, 5_400_000, 1_000].map(spanText), [
    "7 days",
    "1 day",
    "36 hours",
    "90 minutes",
    "1 second",
  ]);
});

test("an instant is shown in a zone and in UTC", () => {
  assert.equal(absoluteTime(now, "Asia/Kolkata"), "25 Nov 2026, 23:30:00 (Asia/Kolkata)\n2026-11-25T18:00:00.000Z (UTC)");
});

test("what an input for date and time holds makes the way to an instant and back", () => {
  const held = inputOfInstant("2026-11-25T18:00:00.000Z");
  assert.match(held, /^2026-11-2[456]T\d\d:\d\d$/);
  assert.equal(instantOfInput(held), "2026-11-25T18:00:00.000Z");
  assert.equal(instantOfInput(""), "");
  assert.equal(instantOfInput("soon"), "");
  assert.equal(inputOfInstant("soon"), "");
});
