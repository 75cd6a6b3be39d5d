import assert from "node:assert/strict";
import { test } from "node:test";
import { isModifiedSince, readModifiedSince } from "./conditional.ts";

const at = Date.UTC(2026, 10, 22, 8, 26, 32);

for (const text of ["2026-11-22T08:26:32Z", "2026-11-22T13:56:32+05:30", " 2026-11-22T08:26:32Z ", "Sun, 22 Nov 2026 08:26:32 GMT"]) {
  test(`${JSON.stringify(text)} is a time`, () => assert.equal(readModifiedSince(text), at));
}

for (const header of [
  undefined,
  "",
  "yesterday",
  "2026-11-22",
  "2026-13-22T08:26:32Z",
  "1795335992",
  "Sun, 99 Nov 2026 08:26:32 GMT",
  ["a"],
]) {
  test(`${JSON.stringify(header)} is passed over`, () => assert.equal(readModifiedSince(header), null));
}

test("what was modified within the second that was named is not newer, what was in the next one is", () => {
  assert.equal(isModifiedSince(at + 999, at), false);
  assert.equal(isModifiedSince(at, at + 999), false);
  assert.equal(isModifiedSince(at + 1_000, at), true);
  assert.equal(isModifiedSince(0, null), true);
});
