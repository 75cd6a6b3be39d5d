import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameText } from "./token.ts";

test("only the same text is the same, however much of it agrees", async () => {
  assert.equal(await isSameText("tökén-1", "tökén-1"), true);
  for (const other of ["", "tökén-", "tökén-1 ", "Tökén-1", "tökén-2"]) assert.equal(await isSameText(other, "tökén-1"), false, other);
});
