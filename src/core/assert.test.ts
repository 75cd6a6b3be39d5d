import assert from "node:assert/strict";
import { test } from "node:test";
import { assert as hold, unreachable } from "./assert.ts";

test("an invariant that holds says nothing", () => {
  assert.doesNotThrow(() => hold(true, "one is one"));
});

test("an invariant that does not hold throws with its name", () => {
  assert.throws(() => hold(false, "one is two"), /^Error: invariant broken: one is two$/);
});

test("a case that cannot be throws with the value that came", () => {
  assert.throws(() => unreachable("purple" as never), /no case for "purple"/);
});
