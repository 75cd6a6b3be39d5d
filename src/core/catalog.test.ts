import assert from "node:assert/strict";
import { test } from "node:test";
import { dataTypes, generatedTypes } from "./catalog.ts";

test("no type stands twice in its list", () => {
  assert.equal(new Set(dataTypes).size, dataTypes.length);
  assert.equal(new Set(generatedTypes).size, generatedTypes.length);
});
