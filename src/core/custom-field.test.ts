import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { apiNameOf, hasPickList, isApiName, isCustomDataType, lengthMaxOf } from "./custom-field.ts";
import { limits } from "./limits.ts";

test("a client can make fields of the ordinary types, not of those that the server computes or that hold lines", () => {
  for (const type of ["text", "picklist", "lookup", "datetime", "currency"]) assert.ok(isCustomDataType(type), type);
  for (const type of ["formula", "autonumber", "subform", "ownerlookup", "constructor", ""]) assert.ok(!isCustomDataType(type), type);
});

test("texts and numbers have a longest length, other types none (PROTOCOL F.3)", () => {
  assert.deepEqual([lengthMaxOf("text"), lengthMaxOf("textarea"), lengthMaxOf("integer")], [255, 50_000, 9]);
  assert.deepEqual([lengthMaxOf("boolean"), lengthMaxOf("picklist"), lengthMaxOf("subform")], [null, null, null]);
  assert.deepEqual([hasPickList("picklist"), hasPickList("multiselectpicklist"), hasPickList("text")], [true, true, false]);
});

test("an API name begins with a letter, and has no two underscores in a row and none at its end", () => {
  for (const name of ["A", "Score", "Score_2", "a_b_c"]) assert.ok(isApiName(name), name);
  for (const name of ["", "_a", "1a", "a_", "a__b", "a b", "é", "a".repeat(51), "__proto__"]) assert.ok(!isApiName(name), name);
});

test("an API name is made of a label's letters and digits, with a number when it is taken", () => {
  const nothing = () => false;
  assert.equal(apiNameOf("Site visit (2nd)", "Field", nothing), "Site_visit_2nd");
  assert.equal(apiNameOf("2nd visit", "Field", nothing), "nd_visit");
  assert.equal(apiNameOf("日本語", "Field", nothing), "Field");
  const taken = new Set(["score", "score1"]);
  assert.equal(
    apiNameOf("Score", "Field", (name) => taken.has(name.toLowerCase())),
    "Score2",
  );
});

test("whatever the label, the name made of it is one, and not taken", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: limits.fieldLabelCharsMax }), fc.nat(5), (label, times) => {
      const names = new Set<string>();
      for (let time = 0; time <= times; time += 1) names.add(apiNameOf(label, "Custom_Field", (name) => names.has(name)));
      assert.equal(names.size, times + 1);
      for (const name of names) assert.ok(isApiName(name), name);
    }),
  );
});
