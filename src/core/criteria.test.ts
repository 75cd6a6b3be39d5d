import assert from "node:assert/strict";
import { test } from "node:test";
import type { Criteria, CriterionOperator, Operands } from "./criteria.ts";
import { asksForNames, meetsCriteria } from "./criteria.ts";
import type { Value } from "./record.ts";

function condition(operator: CriterionOperator, operands: Operands, field = "F"): Criteria {
  return { kind: "condition", field, operator, operands };
}

function meets(value: Value, operator: CriterionOperator, operands: Operands): boolean {
  const nameOf = (_: string, id: string): string | null => (id === "7" ? "Initech" : null);
  return meetsCriteria(condition(operator, operands), { values: { F: value }, nameOf });
}

function text(...texts: string[]): Operands {
  return { kind: "text", texts };
}

const rows: readonly (readonly [title: string, value: Value, operator: CriterionOperator, operands: Operands, isMet: boolean])[] = [
  ["equals on text is met by a value that contains it", "ABC Inc", "equals", text("abc"), true],
  ["equals on text is not met by a part of it", "AB", "equals", text("abc"), false],
  ["not_equal on text looks at the whole value", "ABC Inc", "not_equal", text("abc"), true],
  ["not_equal on text does not look at the case", "ABC", "not_equal", text("abc"), false],
  ["starts_with looks at the start", "ABC Inc", "starts_with", text("abc"), true],
  ["starts_with does not look behind the start", "The ABC", "starts_with", text("abc"), false],
  ["in looks at the whole value", "Kate", "in", text("patricia", "kate"), true],
  ["in is not met by a part", "Kate B", "in", text("patricia", "kate"), false],
  ["equals on a choice looks at the whole value", "Closed Won", "equals", { kind: "choice", texts: ["closed"] }, false],
  ["equals on a choice does not look at the case", "Closed Won", "equals", { kind: "choice", texts: ["closed won"] }, true],
  ["not_equal on a choice is met by another", "Closed Won", "not_equal", { kind: "choice", texts: ["closed"] }, true],
  ["equals on choices is met by one of them", ["Korean", "Spanish"], "equals", { kind: "choices", texts: ["spanish"] }, true],
  ["not_equal on choices wants none of them", ["Korean", "Spanish"], "not_equal", { kind: "choices", texts: ["spanish"] }, false],
  ["starts_with on choices is met by one of them", ["Korean", "Spanish"], "starts_with", { kind: "choices", texts: ["span"] }, true],
  ["no choice meets nothing", [], "not_equal", { kind: "choices", texts: ["spanish"] }, false],
  ["numbers compare as numbers", 9, "less_than", { kind: "number", numbers: [10] }, true],
  ["greater_than leaves the bound out", 10, "greater_than", { kind: "number", numbers: [10] }, false],
  ["greater_equal has the bound in", 10, "greater_equal", { kind: "number", numbers: [10] }, true],
  ["less_equal has the bound in", 10, "less_equal", { kind: "number", numbers: [10] }, true],
  ["between has both ends in", 10, "between", { kind: "number", numbers: [1, 10] }, true],
  ["between wants the lower end first", 5, "between", { kind: "number", numbers: [10, 1] }, false],
  ["not_equal on a number is met by another", 10, "not_equal", { kind: "number", numbers: [1] }, true],
  ["in on numbers is met by one of them", 10, "in", { kind: "number", numbers: [1, 10] }, true],
  ["64-bit numbers are not rounded", "9007199254740993", "equals", { kind: "bigint", numbers: [9007199254740992n] }, false],
  ["64-bit numbers compare", "9007199254740993", "greater_than", { kind: "bigint", numbers: [9007199254740992n] }, true],
  ["a date compares as the time it begins", "2024-02-01", "equals", { kind: "time", numbers: [Date.UTC(2024, 1, 1)] }, true],
  ["times compare as instants", "2024-02-01T00:00:01Z", "greater_than", { kind: "time", numbers: [Date.UTC(2024, 1, 1)] }, true],
  ["a box that was ticked is true", true, "equals", { kind: "flag", isSet: true }, true],
  ["a box that was never ticked is false", null, "equals", { kind: "flag", isSet: false }, true],
  ["a box that was never ticked is not true", null, "not_equal", { kind: "flag", isSet: true }, true],
  ["a lookup is met by its id", "7", "equals", { kind: "lookup", ids: ["7"], names: [] }, true],
  ["a lookup is met by its name", "7", "in", { kind: "lookup", ids: [], names: ["initech"] }, true],
  ["not_equal on a lookup wants another", "7", "not_equal", { kind: "lookup", ids: [], names: ["initech"] }, false],
  ["a record without a name can be told apart by it", "8", "not_equal", { kind: "lookup", ids: [], names: ["initech"] }, true],
  ["no value meets no condition, not even not_equal", null, "not_equal", text("abc"), false],
];

for (const [title, value, operator, operands, isMet] of rows) {
  test(`${title}: ${JSON.stringify(value)}`, () => assert.equal(meets(value, operator, operands), isMet));
}

test("a group is met by all of its members, or by one, and a name that every object inherits is no value", () => {
  const subject = { values: { A: "x", B: "y" }, nameOf: () => null };
  const [a, b, inherited] = [
    condition("equals", text("x"), "A"),
    condition("equals", text("x"), "B"),
    condition("equals", text("function"), "constructor"),
  ];
  const group = (joint: "and" | "or", ...members: Criteria[]): Criteria => ({ kind: "group", joint, members });
  assert.equal(meetsCriteria(group("and", a, b), subject), false);
  assert.equal(meetsCriteria(group("or", b, a), subject), true);
  assert.equal(meetsCriteria(group("and", a, group("or", b, a)), subject), true);
  assert.equal(meetsCriteria(inherited, subject), false);
});

test("names are asked for by conditions that compare one", () => {
  const byName = condition("equals", { kind: "lookup", ids: [], names: ["initech"] });
  const byId = condition("equals", { kind: "lookup", ids: ["7"], names: [] });
  assert.equal(asksForNames({ kind: "group", joint: "or", members: [byId, byName] }), true);
  assert.equal(asksForNames(byId), false);
});
