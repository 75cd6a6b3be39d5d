import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "./limits.ts";
import { operatorLimits } from "./operator-limits.ts";

test("each is one of the limits, and none stands among the others with another value", () => {
  assert.partialDeepStrictEqual(limits, operatorLimits);
});

test("the shortest token of an operator is shorter than the longest", () => {
  assert.ok(operatorLimits.adminTokenCharsMin < operatorLimits.adminTokenCharsMax);
});

test("the hour that the feed keeps is whole steps of what is shown", () => {
  assert.equal(operatorLimits.feedStepMs * operatorLimits.feedStepsKept, 3_600_000);
  assert.equal(operatorLimits.feedStepsKept % operatorLimits.statsPoints, 0);
});
