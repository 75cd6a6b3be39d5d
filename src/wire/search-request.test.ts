import assert from "node:assert/strict";
import { test } from "node:test";
import type { Module } from "../core/catalog.ts";
import type { Criteria, CriterionOperator, Operands } from "../core/criteria.ts";
import type { Refusal } from "../core/refusal.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import { readSearch } from "./search-request.ts";

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });

function module(name: string): Module {
  const found = catalog.module(name);
  assert.ok(found !== undefined);
  return found;
}

function condition(field: string, operator: CriterionOperator, operands: Operands): Criteria {
  return { kind: "condition", field, operator, operands };
}

const bound: readonly (readonly [of: string, text: string, criteria: Criteria])[] = [
  ["Leads", "(Email:equals:A@Acme.example)", condition("Email", "equals", { kind: "text", texts: ["a@acme.example"] })],
  ["Leads", "(Company:equals:Burns, B)", condition("Company", "equals", { kind: "text", texts: ["burns, b"] })],
  ["Leads", "(Full_Name:in:Patricia, Boyle)", condition("Full_Name", "in", { kind: "text", texts: ["patricia", "boyle"] })],
  ["Deals", "(Stage:equals:Closed Won)", condition("Stage", "equals", { kind: "choice", texts: ["closed won"] })],
  ["Deals", "(Amount:between:1.5,-20)", condition("Amount", "between", { kind: "number", numbers: [1.5, -20] })],
  [
    "Deals",
    "(Closing_Date:less_than:2024-02-01)",
    condition("Closing_Date", "less_than", { kind: "time", numbers: [Date.UTC(2024, 1, 1)] }),
  ],
  [
    "Leads",
    "(Created_Time:greater_equal:2024-02-01T05:30:00 05:30)",
    condition("Created_Time", "greater_equal", { kind: "time", numbers: [Date.UTC(2024, 1, 1)] }),
  ],
  ["Leads", "(Email_Opt_Out:equals:True)", condition("Email_Opt_Out", "equals", { kind: "flag", isSet: true })],
  ["Leads", "(id:equals:554023000100000001)", condition("id", "equals", { kind: "bigint", numbers: [554023000100000001n] })],
  ["Deals", "(Account_Name:equals:7)", condition("Account_Name", "equals", { kind: "lookup", ids: ["7"], names: [] })],
  ["Deals", "(Account_Name.id:equals:7)", condition("Account_Name", "equals", { kind: "lookup", ids: ["7"], names: [] })],
  ["Deals", "(Owner:in:7,Ada Owner)", condition("Owner", "in", { kind: "lookup", ids: ["7"], names: ["ada owner"] })],
];

for (const [of, text, criteria] of bound) {
  test(`${text} is read by the types of ${of}`, () => {
    assert.deepEqual(readSearch({ by: "criteria", text }, module(of)), { ok: true, value: { kind: "criteria", criteria } });
  });
}

const notAvailable = "the field is not available for search";
const wrongOperator = "invalid operator found";
const wrongValue = "invalid value for search";

const refused: readonly (readonly [of: string, text: string, fault: Omit<Refusal, "code">])[] = [
  ["Leads", "(Unicorn:equals:x)", { field: "Unicorn", reason: notAvailable }],
  ["Leads", "(constructor:equals:x)", { field: "constructor", reason: notAvailable }],
  ["Leads", "(Tag:equals:x)", { field: "Tag", reason: notAvailable }],
  ["Leads", "(Company.id:equals:7)", { field: "Company.id", reason: notAvailable }],
  ["Leads", "(Company:like:x)", { field: "Company", operator: "like", reason: wrongOperator }],
  ["Leads", "(Company:between:a,b)", { field: "Company", operator: "between", reason: wrongOperator }],
  ["Leads", "(Description:in:a,b)", { field: "Description", operator: "in", reason: wrongOperator }],
  ["Leads", "(Email_Opt_Out:in:true)", { field: "Email_Opt_Out", operator: "in", reason: wrongOperator }],
  ["Deals", "(Stage:starts_with:x)", { field: "Stage", operator: "starts_with", reason: wrongOperator }],
  ["Deals", "(Account_Name:greater_than:7)", { field: "Account_Name", operator: "greater_than", reason: wrongOperator }],
  ["Deals", "(Amount:starts_with:7)", { field: "Amount", operator: "starts_with", reason: wrongOperator }],
  ["Deals", "(Amount:equals:much)", { field: "Amount", expectedType: "currency", reason: wrongValue }],
  ["Deals", "(Amount:between:1)", { field: "Amount", expectedType: "currency", reason: wrongValue }],
  ["Deals", "(Amount:between:1,2,3)", { field: "Amount", expectedType: "currency", reason: wrongValue }],
  ["Deals", "(Closing_Date:equals:2024-02-30)", { field: "Closing_Date", expectedType: "date", reason: wrongValue }],
  ["Leads", "(Created_Time:less_than:2024-02-01)", { field: "Created_Time", expectedType: "datetime", reason: wrongValue }],
  ["Leads", "(Email_Opt_Out:equals:yes)", { field: "Email_Opt_Out", expectedType: "boolean", reason: wrongValue }],
  ["Leads", "(id:equals:x)", { field: "id", expectedType: "bigint", reason: wrongValue }],
  ["Leads", "(Company:equals:)", { field: "Company", value: "", reason: wrongValue }],
  ["Deals", "(Account_Name.id:equals:Initech)", { field: "Account_Name.id", value: "Initech", reason: wrongValue }],
];

for (const [of, text, fault] of refused) {
  test(`${text} is refused in ${of}`, () => {
    assert.deepEqual(readSearch({ by: "criteria", text }, module(of)), { ok: false, error: { code: "query_invalid", ...fault } });
  });
}

test("in takes a hundred values and no more", () => {
  const text = (count: number): string => `(Company:in:${Array.from({ length: count }, (_, index) => `c${index}`).join(",")})`;
  assert.equal(readSearch({ by: "criteria", text: text(100) }, module("Leads")).ok, true);
  assert.deepEqual(readSearch({ by: "criteria", text: text(101) }, module("Leads")), {
    ok: false,
    error: { code: "query_values_limit", field: "Company", limit: 100 },
  });
});

test("a fault in a nested condition is the fault of the criteria", () => {
  const read = readSearch({ by: "criteria", text: "((Company:equals:x)and((Company:equals:y)or(Unicorn:equals:z)))" }, module("Leads"));
  assert.deepEqual(read, { ok: false, error: { code: "query_invalid", field: "Unicorn", reason: notAvailable } });
});

test("the other searches take a text of two characters or more", () => {
  assert.deepEqual(readSearch({ by: "word", text: "ABC" }, module("Leads")), { ok: true, value: { kind: "word", text: "abc" } });
  for (const by of ["email", "phone", "word"] as const) {
    assert.deepEqual(readSearch({ by, text: "a" }, module("Leads")), { ok: false, error: { code: "param_invalid", param: by } });
  }
});
