import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConditionNode } from "./condition.ts";
import { conditionSentence, fieldsOf, unmetSentence } from "./condition.ts";

const tree: ConditionNode = {
  kind: "group",
  operator: "and",
  is_met: false,
  members: [
    { kind: "field", field: "Stage", is_met: true },
    {
      kind: "group",
      operator: "or",
      is_met: false,
      members: [
        { kind: "field", field: "Amount", is_met: false },
        { kind: "field", field: "Owner", is_met: false },
      ],
    },
  ],
};

test("a tree is told in a line, with brackets where groups stand in groups", () => {
  assert.equal(conditionSentence(tree), "Stage and (Amount or Owner)");
  assert.equal(conditionSentence({ kind: "field", field: "Stage" }), "Stage");
});

test("the fields of a tree are listed once each", () => {
  assert.deepEqual(fieldsOf({ kind: "group", operator: "or", members: [tree, { kind: "field", field: "Stage" }] }), [
    "Stage",
    "Amount",
    "Owner",
  ]);
});

test("an unmet tree names the fields that would have had to change, and a met one nothing", () => {
  assert.equal(unmetSentence(tree), "Amount was not among the changed fields, and Owner was not among the changed fields");
  assert.equal(unmetSentence({ kind: "field", field: "Stage", is_met: true }), null);
  assert.equal(unmetSentence({ kind: "field", field: "Stage" }), null);
});
