import assert from "node:assert/strict";
import { test } from "node:test";
import { diffRecord, valueText } from "./record-diff.ts";

test("the changed fields come first, in the change's order, then what else differs, then the rest", () => {
  const before = { Name: "A", Stage: "Open", Amount: 1, Owner: { id: "1" }, Modified_Time: "x" };
  const after = { Name: "A", Stage: "Won", Amount: 2, Owner: { id: "1" }, Modified_Time: "y" };
  assert.deepEqual(
    diffRecord(before, after, ["Stage", "Amount"]).map(({ field, kind }) => `${field} ${kind}`),
    ["Stage changed", "Amount changed", "Modified_Time changed", "Name same", "Owner same"],
  );
});

test("an insert adds, a delete removes, and null is as good as absent", () => {
  assert.deepEqual(
    diffRecord(null, { Name: "A", Note: null }, []).map(({ field, kind }) => `${field} ${kind}`),
    ["Name added", "Note same"],
  );
  assert.deepEqual(
    diffRecord({ Name: "A" }, null, []).map(({ field, kind }) => `${field} ${kind}`),
    ["Name removed"],
  );
  assert.equal(diffRecord({ Stage: "Open" }, { Stage: null }, ["Stage"])[0]?.kind, "removed");
});

test("a changed field that neither side holds is still listed", () => {
  assert.deepEqual(diffRecord(null, null, ["Gone"]), [{ field: "Gone", kind: "same", before: undefined, after: undefined }]);
});

test("a value is one line: a lookup its name and id, nothing a dash", () => {
  assert.equal(valueText({ name: "Initech", id: "9" }), "Initech (9)");
  assert.equal(valueText({ name: "Initech" }), "Initech");
  assert.equal(valueText(null), "–");
  assert.equal(valueText(""), "(empty text)");
  assert.equal(valueText(["a", 1]), '["a",1]');
  assert.equal(valueText(false), "false");
});
