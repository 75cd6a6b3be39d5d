import assert from "node:assert/strict";
import { test } from "node:test";
import { isReservedName } from "./reserved-names.ts";

test("parts of a path that are no module are reserved, in any case", () => {
  for (const name of ["users", "Users", "settings", "actions", "org", "coql", "bulk", "files"]) assert.ok(isReservedName(name), name);
  for (const name of ["Leads", "User", "", "constructor"]) assert.ok(!isReservedName(name), name);
});
