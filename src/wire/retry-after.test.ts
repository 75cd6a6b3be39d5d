import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readRetryAfter } from "./retry-after.ts";

const now = Date.UTC(2026, 1, 3, 10, 0, 0);
const hourMs = 3_600_000;

const asked: Readonly<Record<string, number>> = {
  "0": 0,
  "1": 1_000,
  "120": 120_000,
  " 120 ": 120_000,
  "0005": 5_000,
  "86400": 24 * hourMs,
  "999999999999999999999999": Number.MAX_SAFE_INTEGER,
  [`${"9".repeat(400)}`]: Number.MAX_SAFE_INTEGER,
  "Tue, 03 Feb 2026 11:00:00 GMT": hourMs,
  "Tue, 03 Feb 2026 10:00:01 GMT": 1_000,
  "Tue, 03 Feb 2026 10:00:60 GMT": 60_000,
  "Tuesday, 03-Feb-26 11:00:00 GMT": hourMs,
  "Tue Feb  3 11:00:00 2026": hourMs,
  "Tue Feb 03 11:00:00 2026": hourMs,
  // What has passed, the last century's year among it.
  "Tue, 03 Feb 2026 09:59:59 GMT": 0,
  "Sun, 06 Nov 1994 08:49:37 GMT": 0,
  "Sunday, 06-Nov-94 08:49:37 GMT": 0,
  "Sun Nov  6 08:49:37 1994": 0,
};

test("seconds and dates in the three forms ask for a wait, what has passed for none", () => {
  for (const [text, ms] of Object.entries(asked)) assert.equal(readRetryAfter(text, now), ms, text);
});

const silent: readonly string[] = [
  "",
  " ",
  "soon",
  "-1",
  "+1",
  "1.5",
  "1e3",
  "0x10",
  "1 2",
  "12s",
  "１２",
  "NaN",
  "2026-02-03T11:00:00Z",
  "Tue, 03 Feb 2026 11:00:00",
  "Tue, 03 Feb 2026 11:00:00 CET",
  "Tue, 03 Feb 2026 11:00:00 +0000",
  "Tue, 3 Feb 2026 11:00:00 GMT",
  "Tue, 30 Feb 2026 11:00:00 GMT",
  "Tue, 00 Feb 2026 11:00:00 GMT",
  "Tue, 03 Feu 2026 11:00:00 GMT",
  "Tue, 03 Feb 2026 24:00:00 GMT",
  "Tue, 03 Feb 2026 11:60:00 GMT",
  "Tue, 03 Feb 2026 11:00:61 GMT",
  "Tue, 03 Feb 26 11:00:00 GMT",
  "Tue Feb 3 11:00:00 2026",
];

test("what is neither seconds nor a date asks for nothing", () => {
  for (const text of silent) assert.equal(readRetryAfter(text, now), null, text);
});

test("without the header nothing is asked, and of several the first counts", () => {
  assert.equal(readRetryAfter(undefined, now), null);
  assert.equal(readRetryAfter([], now), null);
  assert.equal(readRetryAfter(["7", "9"], now), 7_000);
});

test("any number of seconds is read as it is", () => {
  fc.assert(fc.property(fc.nat(), (seconds) => assert.equal(readRetryAfter(String(seconds), now), seconds * 1_000)));
});

test("any instant that is written as a date is read back", () => {
  const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
  fc.assert(
    fc.property(seconds, seconds, (at, from) => {
      const text = new Date(at * 1_000).toUTCString();
      assert.equal(readRetryAfter(text, from * 1_000), Math.max(0, (at - from) * 1_000));
    }),
  );
});

test("whatever the text, the wait is null or a whole number from 0 up", () => {
  const like = fc.stringMatching(/^[A-Za-z]{3,9},? ?[ \d]\d[- ][A-Z][a-z]{2}[- ]\d{2,4} \d\d:\d\d:\d\d( GMT)?$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), like), (text) => {
      const waitMs = readRetryAfter(text, now);
      assert.ok(waitMs === null || (Number.isSafeInteger(waitMs) && waitMs >= 0), text);
    }),
  );
});
