import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldProfileOf, profileOf, renderProfile, renderRole, roleOf } from "./role-profile.ts";

const anyId = "554023000000000131";

test("the role and the profile of an org have ids of that org", () => {
  assert.deepEqual(roleOf(anyId), { name: "CEO", id: "554023000000000102" });
  assert.deepEqual(profileOf(anyId), { name: "Administrator", id: "554023000000000103" });
});

test("their rows say the same name and id as the references to them", () => {
  assert.deepEqual([renderRole(anyId).name, renderRole(anyId).id], ["CEO", "554023000000000102"]);
  assert.deepEqual([renderProfile(anyId).name, renderProfile(anyId).id], ["Administrator", "554023000000000103"]);
});

test("the profile reads every field and writes what can be written", () => {
  const profile = { name: "Administrator", id: "554023000000000103" };
  assert.deepEqual(fieldProfileOf(anyId, true), { permission_type: "read_write", ...profile });
  assert.deepEqual(fieldProfileOf(anyId, false), { permission_type: "read_only", ...profile });
});
