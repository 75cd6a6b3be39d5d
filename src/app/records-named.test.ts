import assert from "node:assert/strict";
import { test } from "node:test";
import type { Input } from "./commands.ts";
import { recordsNamed } from "./records-named.ts";

const caller = { org: 7, userId: "5", scopes: [] };

function named(over: Partial<Input<"records.write">>): readonly string[] {
  const input = { caller, module: "Deals", operation: "update", items: [], idInPath: null, ...over } as const;
  return recordsNamed({ name: "records.write", input }).map(({ org, module, id }) => `${String(org)}/${module}/${id}`);
}

test("an update names the ids in its items, a delete the items themselves, either the id in the path", () => {
  assert.deepEqual(named({ items: [{ id: "12", Amount: 1 }, { id: 13 }] }), ["7/Deals/12", "7/Deals/13"]);
  assert.deepEqual(named({ operation: "delete", items: ["12", "13"] }), ["7/Deals/12", "7/Deals/13"]);
  assert.deepEqual(named({ items: [{ Amount: 1 }], idInPath: "12" }), ["7/Deals/12"]);
});

test("what names no record, or nothing that is an id, is left out", () => {
  assert.deepEqual(named({ operation: "insert", items: [{ id: "12" }] }), []);
  assert.deepEqual(named({ items: [{ Amount: 1 }, { id: "x" }, null, 5.5, { id: {} }] }), []);
  assert.deepEqual(recordsNamed({ name: "records.get", input: { caller, module: "Deals", id: "12" } }), []);
});
