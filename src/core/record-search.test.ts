import assert from "node:assert/strict";
import { test } from "node:test";
import type { Values } from "./record.ts";
import type { Search } from "./record-search.ts";
import { isFound, needsNames } from "./record-search.ts";
import { buildCatalog } from "./standard-catalog.ts";

const leads = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() }).module("Leads");
assert.ok(leads !== undefined);

function finds(search: Search, values: Values): boolean {
  return leads !== undefined && isFound(search, leads, { values, nameOf: () => null });
}

test("an e-mail search looks at every e-mail field, at the whole address, without regard to case", () => {
  const search: Search = { kind: "email", text: "a@acme.example" };
  assert.equal(finds(search, { Email: "A@Acme.example" }), true);
  assert.equal(finds(search, { Secondary_Email: "a@acme.example" }), true);
  assert.equal(finds(search, { Email: "aa@acme.example" }), false);
  assert.equal(finds(search, { Last_Name: "a@acme.example" }), false);
});

test("a phone search compares the digits of every phone field", () => {
  const search: Search = { kind: "phone", text: "+1 (555) 010-77" };
  assert.equal(finds(search, { Mobile: "155501077" }), true);
  assert.equal(finds(search, { Phone: "1-555-01077" }), true);
  assert.equal(finds(search, { Phone: "155501078" }), false);
  assert.equal(finds({ kind: "phone", text: "none" }, { Phone: "none" }), false);
});

test("a word is found in any field that holds text, not in numbers and not in lists of objects", () => {
  const search: Search = { kind: "word", text: "initech" };
  assert.equal(finds(search, { Description: "a friend of Initech's" }), true);
  assert.equal(finds(search, { Company: "INITECH" }), true);
  assert.equal(finds(search, { Tag: [{ name: "initech" }] }), false);
  assert.equal(finds({ kind: "word", text: "12" }, { No_of_Employees: 12 }), false);
});

test("criteria decide for themselves, and alone may need names", () => {
  const criteria: Search = {
    kind: "criteria",
    criteria: { kind: "condition", field: "Company", operator: "equals", operands: { kind: "text", texts: ["tech"] } },
  };
  assert.equal(finds(criteria, { Company: "Initech" }), true);
  assert.equal(needsNames(criteria), false);
  assert.equal(needsNames({ kind: "word", text: "tech" }), false);
});
