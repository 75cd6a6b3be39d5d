import assert from "node:assert/strict";
import { test } from "node:test";
import { fullName } from "./org.ts";

test("a full name is the first and the last name", () => {
  assert.equal(fullName({ firstName: "Ada", lastName: "Owner" }), "Ada Owner");
});

test("without a first name the last name stands alone", () => {
  assert.equal(fullName({ firstName: null, lastName: "Owner" }), "Owner");
});
