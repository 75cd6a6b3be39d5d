import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readDuration } from "./duration.ts";

const dayMs = 86_400_000;

test("a number with its unit is that long, and several are as long as their sum", () => {
  const rows: readonly (readonly [text: string, ms: number])[] = [
    ["250ms", 250],
    ["0s", 0],
    ["5s", 5_000],
    ["30m", 1_800_000],
    ["2h", 7_200_000],
    ["7d", 7 * dayMs],
    ["1.5h", 5_400_000],
    ["1d12h30m", dayMs + 12 * 3_600_000 + 30 * 60_000],
    ["1m1ms", 60_001],
  ];
  for (const [text, ms] of rows) assert.equal(readDuration(text), ms, text);
});

test("the form of ISO 8601 is read from weeks to seconds", () => {
  const rows: readonly (readonly [text: string, ms: number])[] = [
    ["P7D", 7 * dayMs],
    ["P1W", 7 * dayMs],
    ["PT1H30M", 5_400_000],
    ["P1DT12H", 1.5 * dayMs],
    ["PT0.25S", 250],
  ];
  for (const [text, ms] of rows) assert.equal(readDuration(text), ms, text);
});

test("a number alone, a sign, a space, another unit, a month and nothing are no length of time", () => {
  const texts = ["", "7", "-7d", "+7d", "7 d", "7D", "7w", "1y", "d", "1..5h", ".5h", "P", "PT", "P1", "P1DT", "P1M", "P1Y", "p7d", "1e3s"];
  for (const text of texts) assert.equal(readDuration(text), null, text);
});

test("a length beyond exact numbers is none", () => {
  assert.equal(readDuration(`${"9".repeat(30)}d`), null);
});

test("what is written in ms is read back", () => {
  fc.assert(fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (ms) => readDuration(`${ms}ms`) === ms));
});
