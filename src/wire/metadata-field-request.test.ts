import assert from "node:assert/strict";
import { test } from "node:test";
import { buildCatalog } from "../core/standard-catalog.ts";
import { readFieldChange, readNewField } from "./metadata-field-request.ts";

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });

function made(item: unknown) {
  return readNewField(item, { index: 1, catalog });
}

/** What is refused, with the path below the item. */
function fault(item: unknown, read: (item: unknown) => { ok: boolean; error?: unknown } = made): unknown {
  const order = read(item);
  assert.equal(order.ok, false, JSON.stringify(order));
  const text = JSON.stringify(order.error);
  return JSON.parse(text.replaceAll('["fields",1,', "[").replaceAll('["fields",1]', "[]"));
}

const plain = { apiName: null, length: null, isUnique: false, pickList: [], lookupModule: null };

test("a field needs a label and a type; keys about what is not kept are passed over", () => {
  const item = { field_label: "Your Name", data_type: "text", tooltip: { name: "static_text", value: "…" }, profiles: [{ id: "1" }] };
  assert.deepEqual(made(item), { ok: true, value: { ...plain, label: "Your Name", dataType: "text" } });
  assert.deepEqual(fault({}), { code: "mandatory_missing", path: ["field_label"] });
  assert.deepEqual(fault({ field_label: "A" }), { code: "mandatory_missing", path: ["data_type"] });
  assert.deepEqual(fault("x"), { code: "value_invalid", path: [], expectedType: "jsonobject" });
});

test("a type that no field can be made of is refused as the documented answer has it", () => {
  for (const type of ["formula", "subform", "unicorn", 7]) {
    assert.deepEqual(fault({ field_label: "A", data_type: type }), { code: "value_invalid", path: ["data_type"] });
  }
});

test("a length is a whole number up to what the type holds, and means nothing for a type without one", () => {
  const read = (data_type: string, length: unknown) => made({ field_label: "A", data_type, length });
  assert.deepEqual(read("text", 255), { ok: true, value: { ...plain, label: "A", dataType: "text", length: 255 } });
  assert.deepEqual(read("boolean", "x"), { ok: true, value: { ...plain, label: "A", dataType: "boolean" } });
  assert.deepEqual(fault({ field_label: "A", data_type: "text", length: 256 }), {
    code: "value_invalid",
    path: ["length"],
    maximumLength: 255,
  });
  for (const length of [0, 1.5, "9", -1]) {
    assert.deepEqual(fault({ field_label: "A", data_type: "integer", length }), {
      code: "value_invalid",
      path: ["length"],
      expectedType: "integer",
    });
  }
});

test("a pick list has values, each different; a value is its label when it is not said", () => {
  const item = (pick_list_values: unknown) => ({ field_label: "A", data_type: "picklist", pick_list_values });
  assert.deepEqual(made(item([{ display_value: "Good" }, { display_value: "Poor", actual_value: "P" }])), {
    ok: true,
    value: {
      ...plain,
      label: "A",
      dataType: "picklist",
      pickList: [
        { label: "Good", value: "Good" },
        { label: "Poor", value: "P" },
      ],
    },
  });
  assert.deepEqual(fault(item(undefined)), { code: "mandatory_missing", path: ["pick_list_values"] });
  assert.deepEqual(fault(item({})), { code: "value_invalid", path: ["pick_list_values"], expectedType: "jsonarray" });
  assert.deepEqual(fault(item([{}])), { code: "mandatory_missing", path: ["pick_list_values", 0, "display_value"] });
  assert.deepEqual(fault(item([{ display_value: "A" }, { display_value: "A" }])), {
    code: "duplicate",
    path: ["pick_list_values", 1, "actual_value"],
  });
});

test("a lookup names its module by name, by id or by both, which have to agree", () => {
  const item = (module: unknown) => ({ field_label: "A", data_type: "lookup", lookup: { module } });
  for (const module of [{ api_name: "accounts" }, { id: "554023000000000127" }, { api_name: "Accounts", id: "554023000000000127" }]) {
    assert.deepEqual(made(item(module)), { ok: true, value: { ...plain, label: "A", dataType: "lookup", lookupModule: "Accounts" } });
  }
  assert.deepEqual(fault({ field_label: "A", data_type: "lookup" }), { code: "mandatory_missing", path: ["lookup"] });
  assert.deepEqual(fault(item(undefined)), { code: "mandatory_missing", path: ["lookup", "module"] });
  assert.deepEqual(fault(item("Accounts")), { code: "value_invalid", path: ["lookup", "module"], expectedType: "jsonobject" });
  assert.deepEqual(fault(item({ api_name: "Home" })), { code: "value_invalid", path: ["lookup", "module", "api_name"] });
  assert.deepEqual(fault(item({ id: "1" })), { code: "value_invalid", path: ["lookup", "module", "id"] });
  const paths = [
    ["lookup", "module", "api_name"],
    ["lookup", "module", "id"],
  ];
  assert.deepEqual(fault(item({})), { code: "one_of_missing", paths });
  assert.deepEqual(fault(item({ api_name: "Accounts", id: "1" })), { code: "ambiguous", paths });
});

test("a field is unique when it says how; the empty object, which GET gives, says that it is not", () => {
  const read = (unique: unknown) => made({ field_label: "A", data_type: "email", unique });
  assert.deepEqual(read({ case_sensitive: false }), { ok: true, value: { ...plain, label: "A", dataType: "email", isUnique: true } });
  for (const unique of [{}, null, true]) assert.deepEqual(read(unique), { ok: true, value: { ...plain, label: "A", dataType: "email" } });
});

test("a change says only what is to change", () => {
  const nothing = { id: null, label: undefined, apiName: undefined, dataType: undefined, length: undefined, pickList: undefined };
  assert.deepEqual(readFieldChange({}, 1), { ok: true, value: nothing });
  assert.deepEqual(readFieldChange({ id: "7", field_label: "B", length: 9 }, 1), {
    ok: true,
    value: { ...nothing, id: "7", label: "B", length: 9 },
  });
  const change = (item: unknown) => readFieldChange(item, 1);
  assert.deepEqual(fault({ id: "x" }, change), { code: "value_invalid", path: ["id"], expectedType: "bigint" });
  assert.deepEqual(fault({ data_type: 7 }, change), { code: "value_invalid", path: ["data_type"], expectedType: "text" });
});

test("a value of a pick list is removed by `_delete`, which may be true or null", () => {
  const read = readFieldChange(
    {
      pick_list_values: [
        { id: "1", _delete: true },
        { id: 2, _delete: null },
        { id: "3", _delete: false },
      ],
    },
    1,
  );
  assert.deepEqual(read.ok && read.value.pickList?.map(({ id, isRemoved }) => [id, isRemoved]), [
    ["1", true],
    ["2", true],
    ["3", false],
  ]);
});
