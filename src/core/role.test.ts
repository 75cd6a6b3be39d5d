import assert from "node:assert/strict";
import { test } from "node:test";
import { everyRole, readRoles, writeRoles } from "./role.ts";

test("roles are all, one, or several with commas between, and are written as they are read", () => {
  assert.equal(readRoles("all"), everyRole);
  for (const text of ["all", "api", "dispatch", "api,janitor"]) assert.equal(writeRoles(readRoles(text) ?? new Set()), text);
  assert.equal(writeRoles(readRoles(" janitor , api ") ?? new Set()), "api,janitor");
  assert.equal(writeRoles(readRoles("api,dispatch,janitor") ?? new Set()), "all");
});

test("an unknown role, an empty one, and all beside another are none", () => {
  for (const text of ["", "worker", "api,", "api,all", "API"]) assert.equal(readRoles(text), null, text);
});
