import assert from "node:assert/strict";
import { test } from "node:test";
import { readModuleChange, readNewModule } from "./metadata-module-request.ts";

const item = { plural_label: "Site visits", singular_label: "Site visit", profiles: [{ id: "103" }] };

function fault(given: unknown): unknown {
  const order = readNewModule(given, 0);
  assert.equal(order.ok, false, JSON.stringify(order));
  return order.error;
}

test("a module needs two labels and a profile; its name may be left to the server", () => {
  const order = { pluralLabel: "Site visits", singularLabel: "Site visit", profileIds: ["103"] };
  assert.deepEqual(readNewModule(item, 0), { ok: true, value: { ...order, apiName: null } });
  assert.deepEqual(readNewModule({ ...item, api_name: "Visits" }, 0), { ok: true, value: { ...order, apiName: "Visits" } });
  for (const key of ["plural_label", "singular_label", "profiles"] as const) {
    assert.deepEqual(fault({ ...item, [key]: null }), { code: "mandatory_missing", path: ["modules", 0, key] });
  }
});

test("a label has at most 25 letters, digits and blanks, of any script", () => {
  assert.equal(readNewModule({ ...item, plural_label: "Überprüfungen 2" }, 0).ok, true);
  assert.deepEqual(fault({ ...item, plural_label: "A/B" }), { code: "value_invalid", path: ["modules", 0, "plural_label"] });
  assert.deepEqual(fault({ ...item, singular_label: "a".repeat(26) }), {
    code: "value_invalid",
    path: ["modules", 0, "singular_label"],
    maximumLength: 25,
  });
});

test("profiles are a list of objects with ids", () => {
  const path = ["modules", 0, "profiles"];
  assert.deepEqual(fault({ ...item, profiles: {} }), { code: "value_invalid", path, expectedType: "jsonarray" });
  assert.deepEqual(fault({ ...item, profiles: [] }), { code: "mandatory_missing", path });
  assert.deepEqual(fault({ ...item, profiles: ["103"] }), { code: "value_invalid", path: [...path, 0], expectedType: "jsonobject" });
  assert.deepEqual(fault({ ...item, profiles: [{}] }), { code: "mandatory_missing", path: [...path, 0, "id"] });
  assert.deepEqual(fault({ ...item, profiles: [{ id: "x" }] }), {
    code: "value_invalid",
    path: [...path, 0, "id"],
    expectedType: "bigint",
  });
});

test("a change says only what is to change", () => {
  const nothing = { id: null, apiName: undefined, singularLabel: undefined, pluralLabel: undefined };
  assert.deepEqual(readModuleChange({ profiles: "any" }, 0), { ok: true, value: nothing });
  assert.deepEqual(readModuleChange({ id: 7, singular_label: "A" }, 0), { ok: true, value: { ...nothing, id: "7", singularLabel: "A" } });
  assert.equal(readModuleChange({ api_name: "a b" }, 0).ok, false);
  assert.equal(readModuleChange([], 0).ok, false);
});
