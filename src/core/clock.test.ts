import assert from "node:assert/strict";
import { test } from "node:test";
import { earlier } from "./clock.ts";

test("of two instants the earlier is taken, and never is later than any", () => {
  assert.deepEqual([earlier(1, 2), earlier(2, 1), earlier(null, 2), earlier(1, null), earlier(null, null)], [1, 1, 2, 1, null]);
});
