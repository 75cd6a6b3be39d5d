import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { WrittenCriteria } from "./criteria.ts";
import { parseCriteria, printCriteria } from "./criteria.ts";

function one(field: string, operator: string, ...values: string[]): WrittenCriteria {
  return { kind: "condition", field, operator, values };
}

function group(joint: "and" | "or", ...members: WrittenCriteria[]): WrittenCriteria {
  return { kind: "group", joint, members };
}

const read: readonly (readonly [text: string, criteria: WrittenCriteria])[] = [
  ["(Email:equals:x@acme.example)", one("Email", "equals", "x@acme.example")],
  ["Campaign_Name:equals:CRM", one("Campaign_Name", "equals", "CRM")],
  ["((Last_Name:equals:x)and(Email:starts_with:y))", group("and", one("Last_Name", "equals", "x"), one("Email", "starts_with", "y"))],
  ["(Last_Name:equals:x)OR(Email:starts_with:y)", group("or", one("Last_Name", "equals", "x"), one("Email", "starts_with", "y"))],
  [" ( ( A : equals :x) and (B:equals:y) ) ", group("and", one("A", "equals", "x"), one("B", "equals", "y"))],
  [
    "((A:equals:1)and((B:equals:2)or(C:equals:3)))",
    group("and", one("A", "equals", "1"), group("or", one("B", "equals", "2"), one("C", "equals", "3"))),
  ],
  [
    "((A:equals:1)or(B:equals:2)and(C:equals:3))",
    group("or", one("A", "equals", "1"), group("and", one("B", "equals", "2"), one("C", "equals", "3"))),
  ],
  [String.raw`(Last_Name:equals:Burns\,B)`, one("Last_Name", "equals", "Burns,B")],
  [String.raw`(Last_Name:equals:Burns \(B\))`, one("Last_Name", "equals", "Burns (B)")],
  [String.raw`(Last_Name:equals:K\\)`, one("Last_Name", "equals", "K\\")],
  [String.raw`(Last_Name:equals:a\b)`, one("Last_Name", "equals", String.raw`a\b`)],
  ["(Full_Name:in:Patricia,Boyle,Kate)", one("Full_Name", "in", "Patricia", "Boyle", "Kate")],
  [
    "Created_Time:between:2024-02-01T18:52:56+00:00,2024-02-20T18:52:56+00:00",
    one("Created_Time", "between", "2024-02-01T18:52:56+00:00", "2024-02-20T18:52:56+00:00"),
  ],
  ["(Owner.id:equals:1)", one("Owner.id", "equals", "1")],
  ["(A:equals:)", one("A", "equals", "")],
  ["(A:like:x)", one("A", "like", "x")],
  ["(A:equals:x and y)", one("A", "equals", "x and y")],
];

for (const [text, criteria] of read) {
  test(`reads ${text}`, () => assert.deepEqual(parseCriteria(text), { ok: true, value: criteria }));
}

const unreadable: readonly (readonly [text: string, character: number])[] = [
  ["", 1],
  ["()", 2],
  ["(A:equals:x", 12],
  ["(A:equals:x))", 13],
  ["(A:equals:x)(B:equals:y)", 13],
  ["(A:equals:x)xor(B:equals:y)", 13],
  ["(A:equals:x)and", 16],
  ["(A:equals)", 2],
  ["(A=x)", 2],
  ["(A:equals:Burns (B))", 17],
  ["A:equals:x)", 11],
];

for (const [text, character] of unreadable) {
  test(`refuses ${text === "" ? "nothing" : text}`, () => {
    const reason = `the criteria cannot be read from character ${character} on`;
    assert.deepEqual(parseCriteria(text), { ok: false, error: { code: "query_invalid", field: "criteria", reason } });
  });
}

test("ten conditions are read, eleven are too many", () => {
  const text = (count: number): string => Array.from({ length: count }, () => "(A:equals:x)").join("or");
  assert.equal(parseCriteria(text(10)).ok, true);
  assert.deepEqual(parseCriteria(text(11)), { ok: false, error: { code: "criteria_limit", limit: 10 } });
});

test("brackets that go too deep are refused before they are followed", () => {
  const nested = (depth: number): string => `${"(".repeat(depth)}A:equals:x${")".repeat(depth)}`;
  assert.equal(parseCriteria(nested(16)).ok, true);
  assert.equal(parseCriteria(nested(17)).ok, false);
  assert.equal(parseCriteria("(".repeat(100_000)).ok, false);
});

test("what was printed is read as what it was", () => {
  const options = { noNullPrototype: true } as const;
  const condition = fc.record(
    {
      kind: fc.constant("condition" as const),
      field: fc.stringMatching(/^[A-Za-z]\w{0,9}$/),
      operator: fc.constantFrom("equals", "in", "between"),
      values: fc.array(fc.string({ unit: fc.constantFrom("a", "B", " ", "\\", "(", ")", ",", ":", "é", "\n") }), {
        minLength: 1,
        maxLength: 3,
      }),
    },
    options,
  );
  const pairOf = (member: fc.Arbitrary<WrittenCriteria>): fc.Arbitrary<WrittenCriteria> =>
    fc.record(
      {
        kind: fc.constant("group" as const),
        joint: fc.constantFrom("and" as const, "or" as const),
        members: fc.array(fc.oneof(condition, member), { minLength: 2, maxLength: 2 }),
      },
      options,
    );
  const criteria = fc.oneof(condition, pairOf(pairOf(pairOf(condition))));
  fc.assert(fc.property(criteria, (written) => assert.deepEqual(parseCriteria(printCriteria(written)), { ok: true, value: written })));
});

test("any text is read or refused, and never throws", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("(", ")", ":", "A", "equals", "and", "or", "\\", ",", " ") }), (text) => {
      parseCriteria(text);
    }),
  );
});
