import assert from "node:assert/strict";
import { test } from "node:test";
import { Complaint } from "../complaint.ts";
import { readAssignment, recordOf } from "./record-values.ts";

const types = new Map([
  ["Amount", "currency"],
  ["Active", "boolean"],
  ["Account_Name", "lookup"],
  ["Phone", "phone"],
  ["Tags", "multiselectpicklist"],
]);

function valueOf(text: string): unknown {
  const record = recordOf([readAssignment(text)], types);
  return Object.values(record)[0];
}

const rows: readonly (readonly [given: string, value: unknown])[] = [
  ["Amount=1200.5", 1200.5],
  ["Amount=lots", "lots"],
  ["Amount=99999999999999999999", "99999999999999999999"],
  ["Active=true", true],
  ["Phone=0123", "0123"],
  ["Phone=5551234", "5551234"],
  ["Account_Name=554023000100000001", { id: "554023000100000001" }],
  ['Account_Name={"name":"Initech"}', { name: "Initech" }],
  ["Tags=a; b", ["a", "b"]],
  ["Unknown=7", "7"],
  ["Phone=", null],
  ["Phone=[not JSON", "[not JSON"],
  ["Phone=a=b", "a=b"],
];
for (const [given, value] of rows) {
  test(`${given} is read by the type of its field`, () => assert.deepEqual(valueOf(given), value));
}

test("what is no assignment is a complaint about the command's use", () => {
  for (const wrong of ["Stage", "=x", "Deal Name=x"]) {
    assert.throws(
      () => readAssignment(wrong),
      (error: unknown) => error instanceof Complaint && error.exitCode === 2,
    );
  }
});
