import assert from "node:assert/strict";
import { test } from "node:test";
import { holderPrefix } from "./node.ts";

test("no node's prefix begins another's, for the ids have no point", () => {
  assert.equal(holderPrefix("abc"), "abc.");
  assert.ok(!holderPrefix("abcd").startsWith(holderPrefix("abc")));
});
