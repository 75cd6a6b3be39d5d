import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dataTypes } from "../core/catalog.ts";
import type { DataType, Field } from "../core/catalog.ts";
import { limits } from "../core/limits.ts";
import type { Value } from "../core/record.ts";
import { countChars, isEmail, isEmpty, readValue } from "./record-value.ts";

function field(dataType: DataType, length: number | null = null): Field {
  return {
    id: "1",
    apiName: "X",
    label: "X",
    dataType,
    length,
    isMandatory: false,
    isReadOnly: false,
    isCustom: false,
    pickList: [],
    lookupModule: dataType === "lookup" ? "Accounts" : null,
  };
}

type Case = readonly [dataType: DataType, given: unknown, stored: Value, length?: number];

const taken: readonly Case[] = [
  ["text", "Initech", "Initech"],
  ["text", "12345", "12345", 5],
  ["text", "👍👍", "👍👍", 2],
  ["text", "", null],
  ["picklist", "A value of nobody's list", "A value of nobody's list"],
  ["website", "initech", "initech"],
  ["email", "a.b+c@mail.acme.example", "a.b+c@mail.acme.example"],
  ["email", "", null],
  ["integer", 12, 12],
  ["integer", -0, 0],
  ["integer", 999_999_999, 999_999_999],
  ["bigint", 12, "12"],
  ["bigint", "0012", "12"],
  ["bigint", "-0", "0"],
  ["bigint", 9_223_372_036_854_775_807n, "9223372036854775807"],
  ["double", 1.5, 1.5],
  ["double", -0, 0],
  ["double", 12_345_678_901_234_567n, 12_345_678_901_234_568],
  ["currency", 99.999, 99.999, 2],
  ["percent", -50, -50, 5],
  ["boolean", false, false],
  ["date", "2030-06-30", "2030-06-30"],
  ["date", "", null],
  ["datetime", "2026-11-24T10:12:39Z", "2026-11-24T10:12:39Z"],
  ["datetime", "2026-11-24T10:12:39+05:30", "2026-11-24T04:42:39Z"],
  ["datetime", "2026-11-24T10:12:39.750Z", "2026-11-24T10:12:39Z"],
  ["lookup", { id: "554023000100000001", name: "Initech" }, "554023000100000001"],
  ["lookup", { id: 12 }, "12"],
  ["lookup", 554_023_000_100_000_001n, "554023000100000001"],
  ["lookup", "12", "12"],
  ["lookup", "", null],
  ["ownerlookup", { id: "12" }, "12"],
  ["userlookup", "12", "12"],
  ["multiselectpicklist", ["a", "", "b"], ["a", "b"]],
  ["multiselectpicklist", [], []],
  ["tags", [{ name: "hot" }], [{ name: "hot" }]],
  [
    "subform",
    [{ Product_Name: { id: 554_023_000_100_000_001n }, Quantity: -0 }],
    [{ Product_Name: { id: "554023000100000001" }, Quantity: 0 }],
  ],
  ["territories", ["1"], ["1"]],
  ["layout", { id: "1" }, { id: "1" }],
  ["reminder", { ALARM: "FREQ=NONE" }, { ALARM: "FREQ=NONE" }],
];

for (const [dataType, given, stored, length = null] of taken) {
  test(`${show(given)} given to a ${dataType} is stored as ${show(stored)}`, () => {
    assert.deepEqual(readValue(field(dataType, length), given), { ok: true, value: stored });
  });
}

type Refused = readonly [dataType: DataType, given: unknown, fault: object, length?: number];

const refused: readonly Refused[] = [
  ["text", 5, { expectedType: "text" }],
  ["text", ["a"], { expectedType: "text" }],
  ["text", "123456", { maximumLength: 5 }, 5],
  ["phone", 5, { expectedType: "text" }],
  ["email", "ada", { expectedType: "email" }],
  ["email", 5, { expectedType: "email" }],
  ["email", "ada@acme.example", { maximumLength: 5 }, 5],
  ["integer", "12", { expectedType: "integer" }],
  ["integer", 1.5, { expectedType: "integer" }],
  ["integer", Number.POSITIVE_INFINITY, { expectedType: "integer" }],
  ["integer", 1_000_000_000, { maximumLength: 9 }],
  ["integer", -1_000, { maximumLength: 3 }, 3],
  ["integer", 99_999_999_999_999_999n, { maximumLength: 9 }],
  ["bigint", "x", { expectedType: "bigint" }],
  ["bigint", 1.5, { expectedType: "bigint" }],
  ["bigint", 2 ** 60, { expectedType: "bigint" }],
  ["bigint", 9_223_372_036_854_775_808n, { maximumLength: 19 }],
  ["bigint", "1234567890123456789", { maximumLength: 18 }, 18],
  ["double", "1.5", { expectedType: "double" }],
  ["double", Number.POSITIVE_INFINITY, { expectedType: "double" }],
  ["currency", 100, { maximumLength: 2 }, 2],
  ["boolean", "true", { expectedType: "boolean" }],
  ["boolean", 1, { expectedType: "boolean" }],
  ["date", "2030-02-30", { expectedType: "date" }],
  ["date", "2030-06-30T00:00:00Z", { expectedType: "date" }],
  ["date", 20_300_630, { expectedType: "date" }],
  ["datetime", "2026-11-24", { expectedType: "datetime" }],
  ["datetime", "2026-11-24 10:12", { expectedType: "datetime" }],
  ["datetime", "9999-12-31T23:59:59-12:00", { expectedType: "datetime" }],
  ["datetime", 0, { expectedType: "datetime" }],
  ["lookup", ["12"], { expectedType: "jsonobject" }],
  ["lookup", "Initech", { expectedType: "jsonobject" }],
  ["lookup", true, { expectedType: "jsonobject" }],
  ["lookup", { name: "Initech" }, { expectedType: "bigint", below: ["id"] }],
  ["lookup", { id: "x" }, { expectedType: "bigint", below: ["id"] }],
  ["multiselectpicklist", "a", { expectedType: "jsonarray" }],
  ["multiselectpicklist", ["a", 5], { expectedType: "text", below: [1] }],
  ["multiselectpicklist", ["abc"], { maximumLength: 2, below: [0] }, 2],
  ["subform", { a: 1 }, { expectedType: "jsonarray" }],
  ["subform", [{ a: [Number.NaN] }], { expectedType: "double", below: [0, "a", 0] }],
  ["layout", "1", { expectedType: "jsonobject" }],
  ["recurrence", [], { expectedType: "jsonobject" }],
];

for (const [dataType, given, fault, length = null] of refused) {
  test(`${show(given)} given to a ${dataType} is refused with ${show(fault)}`, () => {
    assert.deepEqual(readValue(field(dataType, length), given), { ok: false, error: { below: [], ...fault } });
  });
}

test("null clears a field of any type", () => {
  for (const dataType of dataTypes) assert.deepEqual(readValue(field(dataType), null), { ok: true, value: null }, dataType);
});

test("structured data is taken down to the depth of a body, not deeper", () => {
  const nested = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], "x");
  assert.equal(readValue(field("subform"), nested(limits.jsonDepthMax - 1)).ok, true);
  assert.equal(readValue(field("subform"), nested(limits.jsonDepthMax)).ok, false);
  assert.equal(readValue(field("subform"), nested(100_000)).ok, false);
});

test("a key __proto__ within structured data stays a key like any other", () => {
  const stored = readValue(field("layout"), JSON.parse('{"__proto__":{"id":"1"}}'));
  assert.equal(JSON.stringify(stored), '{"ok":true,"value":{"__proto__":{"id":"1"}}}');
});

test("whatever JSON comes, a value is stored as JSON that reads back the same, or refused", () => {
  fc.assert(
    fc.property(fc.constantFrom(...dataTypes), fc.jsonValue(), (dataType, given) => {
      const read = readValue(field(dataType), given);
      if (read.ok) assert.deepEqual(JSON.parse(JSON.stringify(read.value)), read.value);
      else assert.ok(Array.isArray(read.error.below));
    }),
  );
});

test("a stored value given once more is stored the same", () => {
  fc.assert(
    fc.property(fc.constantFrom(...dataTypes), fc.jsonValue(), (dataType, given) => {
      const once = readValue(field(dataType), given);
      if (once.ok) assert.deepEqual(readValue(field(dataType), once.value), once);
    }),
  );
});

test("an address has one @ and a dotted domain without blanks", () => {
  for (const text of ["a@b.c", "ä@b.example", "o'neil@acme.co.uk"]) assert.equal(isEmail(text), true, text);
  const others = ["", "a", "a@b", "@b.c", "a@.c", "a@b.", "a b@c.d", "a@b@c.d", "a@b..c", "<a@b.c>"];
  for (const text of others) assert.equal(isEmail(text), false, text);
});

test("a long text of no form is found not to be an address at once", () => {
  assert.equal(isEmail(`a@${"b.".repeat(50_000)}`), false);
});

test("characters are counted as people count them, not as UTF-16 does", () => {
  assert.equal(countChars("a👍b"), 3);
});

test("nothing, null and an empty text are empty; zero and false are not", () => {
  for (const given of [undefined, null, ""]) assert.equal(isEmpty(given), true);
  for (const given of [0, false, " ", [], {}]) assert.equal(isEmpty(given), false);
});

function show(given: unknown): string {
  if (Object.is(given, -0)) return "-0";
  if (typeof given === "number" || typeof given === "bigint") return String(given);
  return JSON.stringify(given, (_, value: unknown) => (typeof value === "bigint" || Number.isNaN(value) ? String(value) : value));
}
