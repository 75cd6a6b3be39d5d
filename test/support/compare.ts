/** Comparing an answer with what a document shows of it, which is not always all of it. */
import assert from "node:assert/strict";

/**
 * `value`: equal as JSON. `bytes`: the very text, compact. `contains`: every key that the document shows has its value, lists have
 * its length. `unordered`: as `contains`, but lists may hold more, in any order.
 */
export const comparisons = ["value", "bytes", "contains", "unordered"] as const;
export type Comparison = (typeof comparisons)[number];

export function assertShows(actual: { readonly text: string; readonly body: unknown }, expected: unknown, comparison: Comparison): void {
  if (comparison === "bytes") assert.equal(actual.text, JSON.stringify(expected));
  else if (comparison === "value") assert.deepEqual(actual.body, expected);
  else assert.ok(shows(actual.body, expected, comparison), `${actual.text}\ndoes not show\n${JSON.stringify(expected)}`);
}

function shows(actual: unknown, expected: unknown, comparison: "contains" | "unordered"): boolean {
  if (typeof expected !== "object" || expected === null) return actual === expected;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return false;
    if (comparison === "unordered") return expected.every((one) => actual.some((other) => shows(other, one, comparison)));
    return actual.length === expected.length && expected.every((one, index) => shows(actual[index], one, comparison));
  }
  if (typeof actual !== "object" || actual === null || Array.isArray(actual)) return false;
  return Object.entries(expected).every(([key, value]) => Object.hasOwn(actual, key) && shows(Reflect.get(actual, key), value, comparison));
}
