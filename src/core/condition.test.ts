import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { countFields, isMet, necessaryFields, withLiveFields } from "./condition.ts";
import type { Condition } from "./condition.ts";

const names = ["Stage", "Account_Name", "Lead_Source", "Amount", "Owner"];

function leaf(apiName: string): Condition {
  return { kind: "field", field: { apiName, id: "1" } };
}

function group(operator: "and" | "or", ...members: Condition[]): Condition {
  return { kind: "group", operator, members };
}

const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...names).map(leaf),
    fc
      .tuple(fc.constantFrom("and", "or"), fc.array(tie("tree"), { minLength: 1, maxLength: 3 }))
      .map(([operator, members]) => group(operator, ...members)),
  ),
}));
const changes = fc.subarray(names).map((changed) => new Set(changed));

/** The sets of fields that are enough to meet the condition: a disjunction of conjunctions, written out. */
function waysToMeet(condition: Condition): readonly (readonly string[])[] {
  if (condition.kind === "field") return [[condition.field.apiName]];
  const ways = condition.members.map(waysToMeet);
  if (condition.operator === "or") return ways.flat();
  return ways.reduce((sofar, next) => sofar.flatMap((one) => next.map((other) => [...one, ...other])));
}

test("the seed's condition holds for Stage, or for account and source together", () => {
  const condition = group("or", leaf("Stage"), group("and", leaf("Account_Name"), leaf("Lead_Source")));
  assert.equal(isMet(condition, new Set(["Stage"])), true);
  assert.equal(isMet(condition, new Set(["Account_Name", "Lead_Source"])), true);
  assert.equal(isMet(condition, new Set(["Account_Name", "Amount"])), false);
  assert.equal(isMet(condition, new Set()), false);
});

test("a condition holds exactly when all fields of one of its ways have changed", () => {
  fc.assert(
    fc.property(tree, changes, (condition, changed) => {
      const expected = waysToMeet(condition).some((way) => way.every((name) => changed.has(name)));
      assert.equal(isMet(condition, changed), expected);
    }),
  );
});

test("a further changed field never makes a condition fail", () => {
  fc.assert(
    fc.property(tree, changes, fc.constantFrom(...names), (condition, changed, name) => {
      if (isMet(condition, changed)) assert.equal(isMet(condition, new Set([...changed, name])), true);
    }),
  );
});

test("swapping and with or turns a condition into its dual", () => {
  fc.assert(
    fc.property(tree, changes, (condition, changed) => {
      const unchanged = new Set(names.filter((name) => !changed.has(name)));
      assert.equal(isMet(dualOf(condition), unchanged), !isMet(condition, changed));
    }),
  );
});

test("fields are counted as often as they are named", () => {
  assert.equal(countFields(leaf("Stage")), 1);
  assert.equal(countFields(group("or", leaf("Stage"), group("and", leaf("Stage"), leaf("Amount")))), 3);
  fc.assert(
    fc.property(tree, (condition) => {
      assert.equal(countFields(condition), JSON.stringify(condition).split('"kind":"field"').length - 1);
    }),
  );
});

function dualOf(condition: Condition): Condition {
  if (condition.kind === "field") return condition;
  return group(condition.operator === "and" ? "or" : "and", ...condition.members.map(dualOf));
}

test("a leaf whose field is gone holds no more, alone and in any tree", () => {
  const isLive = ({ apiName }: { readonly apiName: string }) => apiName !== "Stage";
  const all = new Set(names);
  const holds = (condition: Condition) => isMet(withLiveFields(condition, isLive), all);
  assert.equal(holds(leaf("Stage")), false);
  assert.equal(holds(leaf("Amount")), true);
  assert.equal(holds(group("or", leaf("Stage"), leaf("Amount"))), true);
  assert.equal(holds(group("and", leaf("Stage"), leaf("Amount"))), false);
  assert.equal(holds(group("or", leaf("Stage"), group("and", leaf("Stage"), leaf("Amount")))), false);
});

test("to lose a field is as if no write ever changed it; with all fields there the tree is the same one", () => {
  fc.assert(
    fc.property(tree, changes, fc.subarray(names), (condition, changed, lost) => {
      const live = withLiveFields(condition, ({ apiName }) => !lost.includes(apiName));
      const left = new Set([...changed].filter((name) => !lost.includes(name)));
      assert.equal(isMet(live, changed), isMet(condition, left));
      if (lost.length === 0) assert.equal(live, condition);
    }),
  );
});

test("where a condition is met, one of its necessary fields has changed, whichever weigh least", () => {
  const weights = fc.func(fc.nat({ max: 5 }));
  fc.assert(
    fc.property(tree, changes, weights, (condition, changed, weightOf) => {
      const necessary = necessaryFields(condition, weightOf);
      if (isMet(condition, changed)) assert.ok(necessary === null || necessary.some((field) => changed.has(field)));
    }),
  );
});

test("of an `and` the member that weighs least is necessary, of an `or` all are", () => {
  const weightOf = (field: string): number => (field === "Stage" ? 9 : 1);
  const either = group("or", leaf("Amount"), leaf("Owner"));
  assert.deepEqual(necessaryFields(group("and", leaf("Stage"), either), weightOf), ["Amount", "Owner"]);
  assert.deepEqual(necessaryFields(group("or", leaf("Stage"), either), weightOf), ["Stage", "Amount", "Owner"]);
  assert.deepEqual(necessaryFields(group("or"), weightOf), []);
  assert.equal(necessaryFields(group("and"), weightOf), null);
});
