import assert from "node:assert/strict";
import { test } from "node:test";
import { ok, refuse } from "./result.ts";

test("a value and a refusal are told apart by ok", () => {
  assert.deepEqual(ok(7), { ok: true, value: 7 });
  assert.deepEqual(refuse("no"), { ok: false, error: "no" });
});
