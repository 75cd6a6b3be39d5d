import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Condition } from "../core/condition.ts";
import type { Refusal } from "../core/refusal.ts";
import { ok } from "../core/result.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import { renderRefusal } from "./error-codes.ts";
import { versions } from "./versions.ts";
import { readConditions, renderCondition } from "./watch-condition.ts";

// The org of the v6 seed: its sample names these very ids.
const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });
const context = { catalog, path: ["watch", 0, "notification_condition"], modules: new Set(["Deals"]) };
const dealsModule = { api_name: "Deals", id: "554023000000000131" };
const stage = { field: { api_name: "Stage", id: "554023000000000525" } };
const account = { field: { api_name: "Account_Name", id: "554023000000000523" } };
const source = { field: { api_name: "Lead_Source", id: "554023000000000535" } };
const seedSelection = { group_operator: "or", group: [stage, { group_operator: "and", group: [account, source] }] };
const seedTree: Condition = {
  kind: "group",
  operator: "or",
  members: [
    { kind: "field", field: { apiName: "Stage", id: "554023000000000525" } },
    {
      kind: "group",
      operator: "and",
      members: [
        { kind: "field", field: { apiName: "Account_Name", id: "554023000000000523" } },
        { kind: "field", field: { apiName: "Lead_Source", id: "554023000000000535" } },
      ],
    },
  ],
};
const good = { type: "field_selection", module: dealsModule, field_selection: seedSelection };

/** Code and details of the refusal of one entry, as the wire tells them. */
function refusedEntry(entry: unknown): unknown {
  return told(readConditions([entry], context));
}

function told(result: ReturnType<typeof readConditions>): unknown {
  assert.ok(!result.ok, `read as ${JSON.stringify(result)}`);
  const refusal: Refusal = result.error;
  const { code, details } = renderRefusal(refusal, versions.v6).body;
  return { code, ...details };
}

const entryPath = "$.watch[0].notification_condition[0]";

test("the v6 sample condition is read", () => {
  assert.deepEqual(readConditions([good], context), ok([{ module: "Deals", condition: seedTree }]));
});

test("a single field needs no group", () => {
  const stageOnly = ok([{ module: "Deals", condition: { kind: "field", field: { apiName: "Stage", id: "554023000000000525" } } }]);
  for (const selection of [
    stage,
    { ...stage, group_operator: null, group: null },
    { field: { api_name: "Stage" } },
    { field: { id: "554023000000000525" } },
  ]) {
    assert.deepEqual(readConditions([{ ...good, field_selection: selection }], context), stageOnly);
  }
});

test("a module may be named by its name in any case, or by its id as text, number or bigint", () => {
  for (const module of [
    { api_name: "deals" },
    { id: "554023000000000131" },
    { id: 554023000000000131n },
    { api_name: "Deals", id: null },
  ]) {
    assert.equal(readConditions([{ ...good, module }], context).ok, true);
  }
});

test("an empty list sets no condition", () => {
  assert.deepEqual(readConditions([], context), ok([]));
});

test("a condition that is no list is refused", () => {
  for (const given of [{}, "x", 1, good]) {
    assert.deepEqual(told(readConditions(given, context)), {
      code: "INVALID_DATA",
      api_name: "notification_condition",
      json_path: "$.watch[0].notification_condition",
    });
  }
});

test("an entry that is no object is refused", () => {
  assert.deepEqual(refusedEntry("x"), {
    code: "INVALID_DATA",
    expected_data_type: "jsonobject",
    api_name: "notification_condition",
    json_path: entryPath,
  });
});

test("a condition without type is MANDATORY_NOT_FOUND, with field_selection it is DEPENDENT_FIELD_MISSING", () => {
  assert.deepEqual(refusedEntry({ module: dealsModule }), {
    code: "MANDATORY_NOT_FOUND",
    api_name: "type",
    json_path: `${entryPath}.type`,
  });
  const dependent = {
    code: "DEPENDENT_FIELD_MISSING",
    api_name: "field_selection",
    json_path: `${entryPath}.field_selection`,
    dependee: { api_name: "type", json_path: `${entryPath}.type` },
  };
  assert.deepEqual(refusedEntry({ module: dealsModule, field_selection: seedSelection }), dependent);
  assert.deepEqual(refusedEntry({ type: "field_selection", module: dealsModule }), dependent);
});

test("a type of the wrong type or value is refused", () => {
  assert.deepEqual(refusedEntry({ ...good, type: 1 }), {
    code: "INVALID_DATA",
    expected_data_type: "text",
    api_name: "type",
    json_path: `${entryPath}.type`,
  });
  assert.deepEqual(refusedEntry({ ...good, type: "criteria" }), {
    code: "INVALID_DATA",
    supported_values: ["field_selection"],
    api_name: "type",
    json_path: `${entryPath}.type`,
  });
});

test("a module that is missing, empty or of the wrong type is refused", () => {
  const path = `${entryPath}.module`;
  const withoutModule = { type: "field_selection", field_selection: seedSelection };
  assert.deepEqual(refusedEntry(withoutModule), { code: "MANDATORY_NOT_FOUND", api_name: "module", json_path: path });
  assert.deepEqual(refusedEntry({ ...good, module: {} }), {
    code: "EXPECTED_FIELD_MISSING",
    expected_fields: [
      { api_name: "api_name", json_path: `${path}.api_name` },
      { api_name: "id", json_path: `${path}.id` },
    ],
  });
  assert.deepEqual(refusedEntry({ ...good, module: "Deals" }), {
    code: "INVALID_DATA",
    expected_data_type: "jsonobject",
    api_name: "module",
    json_path: path,
  });
  assert.deepEqual(refusedEntry({ ...good, module: { api_name: 7 } }), {
    code: "INVALID_DATA",
    expected_data_type: "string",
    api_name: "api_name",
    json_path: `${path}.api_name`,
  });
  assert.deepEqual(refusedEntry({ ...good, module: { id: true } }), {
    code: "INVALID_DATA",
    expected_data_type: "string",
    api_name: "id",
    json_path: `${path}.id`,
  });
});

test("a module whose name and id disagree is ambiguous, an unknown one is invalid", () => {
  const path = `${entryPath}.module`;
  assert.deepEqual(refusedEntry({ ...good, module: { api_name: "Deals", id: "554023000000000125" } }), {
    code: "AMBIGUITY_DURING_PROCESSING",
    ambiguity_due_to: [
      { api_name: "api_name", json_path: `${path}.api_name` },
      { api_name: "id", json_path: `${path}.id` },
    ],
  });
  assert.deepEqual(refusedEntry({ ...good, module: { api_name: "Dealz" } }), {
    code: "INVALID_DATA",
    api_name: "api_name",
    json_path: `${path}.api_name`,
  });
  assert.deepEqual(refusedEntry({ ...good, module: { id: "12" } }), { code: "INVALID_DATA", api_name: "id", json_path: `${path}.id` });
});

test("a module that the item does not watch is refused, unless any module may be named", () => {
  const leads = { type: "field_selection", module: { api_name: "Leads" }, field_selection: { field: { api_name: "Last_Name" } } };
  assert.deepEqual(refusedEntry(leads), { code: "INVALID_DATA", api_name: "module", json_path: `${entryPath}.module` });
  assert.equal(readConditions([leads], { ...context, modules: null }).ok, true);
});

test("a second entry for one module is refused", () => {
  assert.deepEqual(told(readConditions([good, good], context)), {
    code: "INVALID_DATA",
    api_name: "module",
    json_path: "$.watch[0].notification_condition[1].module",
  });
});

/** The refusal of a tree. */
function refusedTree(selection: unknown): unknown {
  return refusedEntry({ ...good, field_selection: selection });
}

test("a field_selection of the wrong type is refused", () => {
  assert.deepEqual(refusedTree("Stage"), {
    code: "INVALID_DATA",
    expected_data_type: "jsonobject",
    api_name: "field_selection",
    json_path: `${entryPath}.field_selection`,
  });
});

test("a group needs an operator, which is and or or", () => {
  const json_path = `${entryPath}.field_selection.group_operator`;
  assert.deepEqual(refusedTree({ group: [stage] }), { code: "MANDATORY_NOT_FOUND", api_name: "group_operator", json_path });
  assert.deepEqual(refusedTree({ group_operator: 1, group: [stage] }), {
    code: "INVALID_DATA",
    expected_data_type: "text",
    api_name: "group_operator",
    json_path,
  });
  assert.deepEqual(refusedTree({ group_operator: "xor", group: [stage] }), {
    code: "INVALID_DATA",
    supported_values: ["or", "and"],
    api_name: "group_operator",
    json_path,
  });
});

test("a node needs a field or a group, and not both", () => {
  assert.deepEqual(refusedTree({ group_operator: "or" }), {
    code: "MANDATORY_NOT_FOUND",
    api_name: "field",
    json_path: "$.watch[0].notification_condition.field_selection.field",
  });
  assert.deepEqual(refusedTree({ group_operator: "or", group: [stage, {}] }), {
    code: "MANDATORY_NOT_FOUND",
    api_name: "field",
    json_path: "$.watch[0].notification_condition.field_selection.group[1].field",
  });
  assert.deepEqual(refusedTree({ ...stage, group_operator: "or", group: [stage] }), {
    code: "AMBIGUITY_DURING_PROCESSING",
    ambiguity_due_to: [
      { api_name: "field", json_path: `${entryPath}.field_selection.field` },
      { api_name: "group", json_path: `${entryPath}.field_selection.group` },
    ],
  });
});

test("a group is a list of one or two, at every level", () => {
  const json_path = `${entryPath}.field_selection.group`;
  assert.deepEqual(refusedTree({ group_operator: "or", group: stage }), {
    code: "INVALID_DATA",
    expected_data_type: "jsonarray",
    api_name: "group",
    json_path,
  });
  assert.deepEqual(refusedTree({ group_operator: "or", group: [] }), { code: "INVALID_DATA", api_name: "group", json_path });
  const three = { group_operator: "or", group: [stage, account, source] };
  assert.deepEqual(refusedTree(three), { code: "INVALID_DATA", maximum_length: 2, api_name: "group", json_path });
  assert.deepEqual(refusedTree({ group_operator: "or", group: [stage, three] }), {
    code: "INVALID_DATA",
    maximum_length: 2,
    api_name: "group",
    json_path: `${json_path}[1].group`,
  });
});

/** `count` fields in pairs: one beside a group of the others. */
function pairs(count: number): unknown {
  return count === 1 ? stage : { group_operator: "or", group: [stage, pairs(count - 1)] };
}

test("a tree names at most ten fields, however they are grouped", () => {
  assert.equal(readConditions([{ ...good, field_selection: pairs(10) }], context).ok, true);
  const tooMany = {
    code: "INVALID_DATA",
    maximum_length: 10,
    api_name: "field_selection",
    json_path: "$.watch[0].notification_condition.field_selection",
  };
  assert.deepEqual(refusedTree(pairs(11)), tooMany);
  assert.deepEqual(refusedTree({ group_operator: "or", group: Array.from({ length: 11 }, () => stage) }), tooMany);
});

test("groups within groups without end are refused before the stack is", () => {
  let tree: unknown = stage;
  for (let level = 0; level < 50_000; level += 1) tree = { group_operator: "or", group: [tree] };
  assert.equal(readConditions([{ ...good, field_selection: tree }], context).ok, false);
});

test("a field that is unknown, empty, contradictory or of the wrong type is refused", () => {
  const path = `${entryPath}.field_selection.group[1].field`;
  const inGroup = (field: unknown): unknown => refusedTree({ group_operator: "and", group: [stage, { field }] });
  assert.deepEqual(inGroup({ api_name: "Stages" }), { code: "INVALID_DATA", api_name: "api_name", json_path: `${path}.api_name` });
  assert.deepEqual(inGroup({ id: "1" }), { code: "INVALID_DATA", api_name: "id", json_path: `${path}.id` });
  assert.deepEqual(inGroup({ id: "x" }), { code: "INVALID_DATA", api_name: "id", json_path: `${path}.id` });
  assert.deepEqual(inGroup("Stage"), { code: "INVALID_DATA", expected_data_type: "jsonobject", api_name: "field", json_path: path });
  assert.deepEqual(inGroup({ api_name: ["Stage"] }), {
    code: "INVALID_DATA",
    expected_data_type: "string",
    api_name: "api_name",
    json_path: `${path}.api_name`,
  });
  const either = [
    { api_name: "api_name", json_path: `${path}.api_name` },
    { api_name: "id", json_path: `${path}.id` },
  ];
  assert.deepEqual(inGroup({}), { code: "EXPECTED_FIELD_MISSING", expected_fields: either });
  assert.deepEqual(inGroup({ api_name: "Stage", id: "554023000000000523" }), {
    code: "AMBIGUITY_DURING_PROCESSING",
    ambiguity_due_to: either,
  });
});

test("a condition is printed as the sample row of GET prints it, and null without one", () => {
  const module = { id: "554023000000000131", name: "Deals" };
  assert.equal(
    JSON.stringify(renderCondition(seedTree, module)),
    '[{"field_selection":{"group_operator":"or","group":[' +
      '{"field":{"api_name":"Stage","id":"554023000000000525"},"group_operator":null,"group":null},' +
      '{"group_operator":"and","group":[' +
      '{"field":{"api_name":"Account_Name","id":"554023000000000523"},"group_operator":null,"group":null},' +
      '{"field":{"api_name":"Lead_Source","id":"554023000000000535"},"group_operator":null,"group":null}]}]},' +
      '"module":{"api_name":"Deals","id":"554023000000000131"},"type":"field_selection"}]',
  );
  assert.equal(renderCondition(null, module), null);
});

const deals = catalog.module("Deals");
assert.ok(deals !== undefined);
const leaf: fc.Arbitrary<Condition> = fc
  .constantFrom(...deals.fields)
  .map(({ apiName, id }): Condition => ({ kind: "field", field: { apiName, id } }));

/** A tree of exactly `fields` leaves. */
function treeOf(fields: number): fc.Arbitrary<Condition> {
  if (fields === 1) return leaf;
  return fc
    .integer({ min: 1, max: fields - 1 })
    .chain((left) =>
      fc
        .tuple(fc.constantFrom("and" as const, "or" as const), treeOf(left), treeOf(fields - left))
        .map(([operator, ...members]): Condition => ({ kind: "group", operator, members })),
    );
}

test("property: every tree of at most ten fields, printed, is read back as itself", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }).chain((fields) => treeOf(fields)),
      (condition) => {
        const printed = renderCondition(condition, { id: deals.id, name: deals.apiName });
        assert.deepEqual(readConditions(printed, context), ok([{ module: "Deals", condition }]));
      },
    ),
    { numRuns: 60 },
  );
});

test("property: whatever is sent as a condition is read or refused, never thrown", () => {
  const keys = fc.constantFrom("type", "module", "field_selection", "field", "group", "group_operator", "api_name", "id");
  const { node } = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom<unknown>("field_selection", "and", "Deals", "Stage", "554023000000000131", 7, null, true),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(keys, tie("node"), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(node, (given) => {
      const result = readConditions(given, context);
      if (!result.ok) renderRefusal(result.error, versions.v6);
    }),
    { numRuns: 100 },
  );
});
