import assert from "node:assert/strict";
import { test } from "node:test";
import type { Criteria, CriterionOperator } from "./criteria.ts";
import { boundsOfSearch } from "./search-bounds.ts";

function time(field: string, operator: CriterionOperator, ...numbers: readonly number[]): Criteria {
  return { kind: "condition", field, operator, operands: { kind: "time", numbers } };
}

function group(joint: "and" | "or", ...members: readonly Criteria[]): Criteria {
  return { kind: "group", joint, members };
}

function boundsOf(criteria: Criteria) {
  return boundsOfSearch({ kind: "criteria", criteria });
}

test("a condition on a time that every record must meet bounds the search", () => {
  assert.deepEqual(boundsOf(time("Modified_Time", "greater_than", 7)), { modifiedFrom: 7 });
  assert.deepEqual(boundsOf(time("Created_Time", "between", 3, 9)), { createdFrom: 3, createdUntil: 9 });
  assert.deepEqual(boundsOf(time("Created_Time", "less_equal", 9)), { createdUntil: 9 });
  assert.deepEqual(boundsOf(time("Modified_Time", "equals", 7)), { modifiedFrom: 7 });
  assert.deepEqual(boundsOf(time("Created_Time", "in", 9, 3)), { createdFrom: 3, createdUntil: 9 });
});

test("of several such conditions the narrowest hold", () => {
  const nested = group("and", time("Modified_Time", "greater_equal", 5), group("and", time("Modified_Time", "greater_than", 8)));
  assert.deepEqual(boundsOf(nested), { modifiedFrom: 8 });
});

test("a condition that a record need not meet, one that bounds nothing, and one on another field leave the search unbounded", () => {
  assert.deepEqual(boundsOf(group("or", time("Modified_Time", "greater_than", 7), time("Created_Time", "greater_than", 7))), {});
  assert.deepEqual(boundsOf(time("Modified_Time", "not_equal", 7)), {});
  assert.deepEqual(boundsOf(time("Modified_Time", "less_than", 7)), {});
  assert.deepEqual(boundsOf(time("Closing_Date", "greater_than", 7)), {});
  assert.deepEqual(boundsOfSearch({ kind: "word", text: "7" }), {});
});
