import assert from "node:assert/strict";
import { test } from "node:test";
import { apiNameOf, newField } from "./new-field.ts";

const plain = { label: " Kind ", type: "text", choices: "a\n\n b ", target: "Accounts" };

test("a field says what its type needs and nothing else", () => {
  assert.deepEqual(newField(plain), { field_label: "Kind", data_type: "text" });
  assert.deepEqual(newField({ ...plain, type: "picklist" })["pick_list_values"], [
    { display_value: "a", actual_value: "a" },
    { display_value: "b", actual_value: "b" },
  ]);
  assert.deepEqual(newField({ ...plain, type: "lookup" })["lookup"], { module: { api_name: "Accounts" } });
});

test("an API name has letters, digits and underscores, and begins with a letter", () => {
  assert.equal(apiNameOf("Site visits"), "Site_Visits");
  assert.equal(apiNameOf("R&D <b>"), "R_D_B");
  assert.equal(apiNameOf("2nd"), "");
  assert.equal(apiNameOf("…"), "");
});
