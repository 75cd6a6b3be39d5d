import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DataType, Field } from "./catalog.ts";
import { areSameValues, differing, listChangedFields } from "./record.ts";
import type { Value, Values } from "./record.ts";

function field(apiName: string, dataType: DataType = "text"): Field {
  return {
    id: "1",
    apiName,
    label: apiName,
    dataType,
    length: null,
    isMandatory: false,
    isReadOnly: false,
    isCustom: false,
    pickList: [],
    lookupModule: null,
  };
}

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 2 }), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const values = fc.dictionary(fc.constantFrom("A", "B", "C"), value, { noNullPrototype: true });

test("values are the same as their copy, whatever they hold", () => {
  fc.assert(fc.property(values, (one) => assert.equal(areSameValues(one, structuredClone(one) as Values), true)));
});

test("whether values are the same does not depend on which comes first", () => {
  fc.assert(fc.property(values, values, (one, other) => assert.equal(areSameValues(one, other), areSameValues(other, one))));
});

test("a field that is absent holds null", () => {
  assert.equal(areSameValues({ A: null }, {}), true);
  assert.equal(areSameValues({ A: "x" }, {}), false);
});

test("the order of a list counts, the order of keys does not", () => {
  assert.equal(areSameValues({ A: ["x", "y"] }, { A: ["y", "x"] }), false);
  assert.equal(areSameValues({ A: { x: 1, y: 2 } }, { A: { y: 2, x: 1 } }), true);
});

test("a list, an object and a text with the same look are different", () => {
  assert.equal(areSameValues({ A: [] }, { A: {} }), false);
  assert.equal(areSameValues({ A: "1" }, { A: 1 }), false);
  assert.equal(areSameValues({ A: [1] }, { A: [1, null] }), false);
});

test("changed fields come in catalog order, each whose value differs", () => {
  const module = { fields: [field("Stage"), field("Probability", "integer"), field("Amount", "currency")] };
  const changed = listChangedFields(module, { Amount: 5, Stage: "New", Probability: 10 }, { Probability: 20, Stage: "Won", Amount: 5 });
  assert.deepEqual(changed, ["Stage", "Probability"]);
});

test("a field that is set or cleared has changed", () => {
  const module = { fields: [field("Stage"), field("Next_Step")] };
  assert.deepEqual(listChangedFields(module, { Stage: "New" }, { Next_Step: "Call" }), ["Stage", "Next_Step"]);
});

test("subforms, participants and product details are never named", () => {
  const module = { fields: [field("Quoted_Items", "subform"), field("Participants", "participants"), field("Pricing_Details", "pricing")] };
  assert.deepEqual(listChangedFields(module, {}, { Quoted_Items: [{}], Participants: [{}], Pricing_Details: [{}] }), []);
});

test("what is no field of the module is not named", () => {
  assert.deepEqual(listChangedFields({ fields: [] }, {}, { $se_module: "Accounts" }), []);
});

test("a change is told by the fields that differ, an insert and a delete by all", () => {
  const before = { Stage: "Open", Amount: 1, Tags: ["a"] };
  const after = { Stage: "Closed", Tags: ["a"], Name: "x" };
  assert.deepEqual(differing({ before, after }), {
    before: { Stage: "Open", Amount: 1, Name: null },
    after: { Stage: "Closed", Amount: null, Name: "x" },
  });
  assert.deepEqual(differing({ before: null, after }), { before: null, after });
  assert.deepEqual(differing({ before, after: null }), { before, after: null });
});
