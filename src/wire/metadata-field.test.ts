import assert from "node:assert/strict";
import { test } from "node:test";
import type { DataType, Field, Module } from "../core/catalog.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import type { CustomField } from "../core/standard-catalog.ts";
import { renderField } from "./metadata-field.ts";
import { versionNames, versions } from "./versions.ts";
import type { VersionName } from "./versions.ts";

const linked: CustomField = {
  sequence: 3_000_001,
  apiName: "Sites",
  label: "Sites",
  dataType: "multiselectlookup",
  length: null,
  isMandatory: false,
  pickListValues: [],
  lookupModule: "Inspections",
  pickListSequence: 20_000_000,
  createdAt: 1_000,
  modifiedAt: 2_000,
};
const lost: CustomField = { ...linked, sequence: 3_000_002, apiName: "Lost", dataType: "lookup", lookupModule: "Nowhere" };
const total: CustomField = { ...linked, sequence: 3_000_003, apiName: "Total", dataType: "formula", lookupModule: null };

const catalog = buildCatalog({
  zgid: "554023000",
  modules: [
    {
      sequence: 4_001_000,
      apiName: "Inspections",
      moduleName: "CustomModule1",
      singularLabel: "Inspection",
      pluralLabel: "Inspections",
    },
  ],
  fields: new Map([["Deals", [linked, lost, total]]]),
});

const timeZone = "Asia/Kolkata";
const textVersions = ["v2", "v2.1"] as const;
const objectVersions = ["v3", "v4", "v5", "v6", "v7", "v8"] as const;

function rendered(module: string, apiName: string, version: VersionName = "v6"): Readonly<Record<string, unknown>> {
  const [home, field] = placeOf(module, apiName);
  return objectOf(renderField({ field, module: home, catalog, version: versions[version], timeZone }));
}

function placeOf(module: string, apiName: string): readonly [Module, Field] {
  const home = catalog.module(module);
  assert.ok(home);
  const field = catalog.field(home, apiName);
  assert.ok(field);
  return [home, field];
}

function partOf(json: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return objectOf(json[key]);
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof json === "object" && json !== null);
  return { ...json };
}

test("a field says its id as a string, its name, its type, its length and whether it is needed", () => {
  const field = rendered("Leads", "Last_Name");
  assert.equal(field.id, "554023000000000559");
  assert.equal(field.api_name, "Last_Name");
  assert.equal(field.field_label, "Last Name");
  assert.equal(field.display_label, "Last Name");
  assert.equal(field.data_type, "text");
  assert.equal(field.json_type, "string");
  assert.equal(field.length, 80);
  assert.equal(field.system_mandatory, true);
  assert.equal(field.custom_field, false);
  assert.equal(field.read_only, false);
  assert.equal(field.visible, true);
  assert.deepEqual(field.pick_list_values, []);
  assert.deepEqual(field.lookup, {});
});

test("a field has every key of the recorded metadata", () => {
  const keys = Object.keys(rendered("Leads", "Company"));
  for (const key of recordedKeys) assert.ok(keys.includes(key), key);
});

test("what the server sets is read-only for every kind of write", () => {
  const field = rendered("Leads", "Full_Name");
  assert.equal(field.read_only, true);
  assert.equal(field.field_read_only, true);
  assert.equal(field.display_field, true);
  assert.deepEqual(field.operation_type, { web_update: false, api_create: false, web_create: false, api_update: false });
});

test("a field says which layout has it, and what the profile may do with it", () => {
  assert.deepEqual(rendered("Deals", "Amount").layout_associations, [
    { api_name: "Standard__s", name: "Standard", id: "554023000002410800" },
  ]);
  assert.deepEqual(rendered("Deals", "Amount").profiles, [
    { permission_type: "read_write", name: "Administrator", id: "554023000000000103" },
  ]);
  assert.deepEqual(rendered("Deals", "Expected_Revenue").profiles, [
    { permission_type: "read_only", name: "Administrator", id: "554023000000000103" },
  ]);
});

test("a custom field says when it was made and changed, in the org's time zone; a standard one does not", () => {
  const made = rendered("Deals", "Sites");
  assert.deepEqual([made.created_time, made.modified_time], ["1970-01-01T05:30:01+05:30", "1970-01-01T05:30:02+05:30"]);
  assert.deepEqual([rendered("Deals", "Amount").created_time, rendered("Deals", "Amount").modified_time], [null, null]);
});

test("the keys of 2025 are in v8 alone", () => {
  for (const version of versionNames) {
    assert.equal("history_tracking_enabled" in rendered("Deals", "Amount", version), versions[version].hasNewFieldKeys, version);
  }
});

test("a pick list gives its values in order, with label, value and id", () => {
  const values = rendered("Leads", "Rating").pick_list_values;
  assert.ok(Array.isArray(values));
  const [, second] = values;
  assert.deepEqual(
    { ...objectOf(second), id: "…" },
    {
      display_value: "Acquired",
      sequence_number: 2,
      reference_value: "Acquired",
      colour_code: null,
      actual_value: "Acquired",
      id: "…",
      forecast_category: null,
      type: "used",
    },
  );
});

test("in v2 and v2.1 a lookup names its module by a string", () => {
  for (const version of textVersions) {
    assert.equal(partOf(rendered("Deals", "Account_Name", version), "lookup").module, "Accounts");
  }
});

test("from v3 on a lookup names its module by an object with API name and id", () => {
  for (const version of objectVersions) {
    const { module } = partOf(rendered("Deals", "Account_Name", version), "lookup");
    assert.deepEqual(module, { api_name: "Accounts", id: "554023000000000127" });
  }
});

test("a lookup of any module names se_module, which the SDKs do not follow", () => {
  assert.equal(partOf(rendered("Tasks", "What_Id", "v2.1"), "lookup").module, "se_module");
  assert.deepEqual(partOf(rendered("Tasks", "What_Id", "v6"), "lookup").module, { api_name: "se_module", id: null });
});

test("a lookup of a module that is not there keeps its name, without an id", () => {
  assert.equal(partOf(rendered("Deals", "Lost", "v2"), "lookup").module, "Nowhere");
  assert.deepEqual(partOf(rendered("Deals", "Lost", "v8"), "lookup").module, { api_name: "Nowhere", id: null });
});

test("a subform names its module under `subform` to v5, and from v3 on under `associated_module`", () => {
  const lines = { module: "Quoted_Items", id: "554023000000233001" };
  for (const version of versionNames) {
    const field = rendered("Quotes", "Quoted_Items", version);
    const keys = versions[version].subformKeys;
    assert.deepEqual(field.subform, keys.includes("subform") ? lines : null, version);
    assert.deepEqual(field.associated_module, keys.includes("associated_module") ? lines : null, version);
  }
});

test("a multi-select lookup names its linking module: a string in v2.x, an object to v7, under `linking_details` in v8", () => {
  const inspections = { api_name: "Inspections", id: "554023000004001000" };
  const lookupOf = (version: VersionName): Readonly<Record<string, unknown>> =>
    partOf(rendered("Deals", "Sites", version), "multiselectlookup");
  assert.equal(lookupOf("v2.1").linking_module, "Inspections");
  for (const version of ["v3", "v6", "v7"] as const) assert.deepEqual(lookupOf(version).linking_module, inspections);
  assert.deepEqual(lookupOf("v8").linking_details, { module: inspections });
  assert.equal("linking_module" in lookupOf("v8"), false);
  assert.deepEqual(rendered("Deals", "Sites", "v6").lookup, {});
});

test("a lookup of several users names no linking module where there is none", () => {
  assert.equal(partOf(rendered("Services__s", "Members", "v6"), "multiuserlookup").linking_module, null);
  assert.deepEqual(partOf(rendered("Services__s", "Members", "v8"), "multiuserlookup").linking_details, null);
});

test("types that the wire calls otherwise go out under its names", () => {
  const expected: readonly (readonly [string, string, string, string])[] = [
    ["Deals", "Tag", "text", "jsonarray"],
    ["Tasks", "Remind_At", "ALARM", "jsonobject"],
    ["Tasks", "Recurring_Activity", "RRULE", "jsonobject"],
    ["Events", "Participants", "text", "jsonarray"],
    ["Cases", "Comments", "text", "jsonarray"],
    ["Price_Books", "Pricing_Details", "text", "jsonarray"],
    ["Leads", "id", "bigint", "string"],
    ["Deals", "Amount", "currency", "double"],
    ["Deals", "Probability", "integer", "integer"],
    ["Leads", "Email_Opt_Out", "boolean", "boolean"],
    ["Leads", "Owner", "ownerlookup", "jsonobject"],
    ["Services__s", "Available_Days", "multiselectpicklist", "jsonarray"],
  ];
  for (const [module, apiName, dataType, jsonType] of expected) {
    const field = rendered(module, apiName);
    assert.deepEqual([field.data_type, field.json_type], [dataType, jsonType], `${module}.${apiName}`);
  }
});

test("a formula tells what it returns", () => {
  assert.deepEqual(rendered("Deals", "Total").formula, { return_type: "double", expression: "" });
  assert.deepEqual(rendered("Deals", "Amount").formula, {});
});

test("a custom field says so", () => {
  assert.equal(rendered("Deals", "Sites").custom_field, true);
});

test("every field of every module renders in every version, with a data type and nothing undefined", () => {
  const ours: readonly DataType[] = ["tags", "reminder", "recurrence", "participants", "comments", "pricing"];
  for (const name of versionNames) {
    for (const module of catalog.modules) {
      for (const field of module.fields) {
        const json = objectOf(renderField({ field, module, catalog, version: versions[name], timeZone }));
        assert.equal(typeof json.data_type, "string");
        assert.equal(
          ours.some((type) => type === json.data_type),
          false,
        );
        assert.equal(Object.values(json).includes(undefined), false);
      }
    }
  }
});

/** PROTOCOL F.3. */
const recordedKeys = [
  "associated_module webhook operation_type colour_code_enabled_by_system field_label tooltip type field_read_only",
  "customizable_properties display_label read_only association_details businesscard_supported multi_module_lookup id created_time",
  "filterable visible profiles view_type separator searchable external api_name unique enable_colour_code pick_list_values",
  "system_mandatory virtual_field json_type crypt created_source display_type ui_type modified_time quick_sequence_number",
  "email_parser currency custom_field lookup hipaa_compliance convert_mapping rollup_summary length display_field",
  "pick_list_values_sorted_lexically sortable layout_associations global_picklist history_tracking data_type formula",
  "hipaa_compliance_enabled decimal_place mass_update blueprint_supported multiselectlookup auto_number",
].flatMap((line) => line.split(" "));
