import assert from "node:assert/strict";
import { test } from "node:test";
import { buildCatalog } from "../core/standard-catalog.ts";
import type { MetadataContext } from "./metadata-field.ts";
import { moduleStatusOf, renderModule, renderModuleDetail } from "./metadata-module.ts";
import { versions } from "./versions.ts";
import type { VersionName } from "./versions.ts";

const catalog = buildCatalog({
  zgid: "4150868000",
  modules: [
    {
      sequence: 4_001_000,
      apiName: "Inspections",
      moduleName: "CustomModule1",
      singularLabel: "Inspection",
      pluralLabel: "Inspections",
    },
  ],
  fields: new Map(),
});

function summary(apiName: string): Readonly<Record<string, unknown>> {
  const module = catalog.module(apiName);
  assert.ok(module);
  return objectOf(renderModule(module, contextIn("v6")));
}

function detail(apiName: string, version: VersionName): Readonly<Record<string, unknown>> {
  const module = catalog.module(apiName);
  assert.ok(module);
  return objectOf(renderModuleDetail(module, contextIn(version)));
}

function contextIn(version: VersionName): MetadataContext {
  return { catalog, version: versions[version], timeZone: "Asia/Kolkata" };
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof json === "object" && json !== null);
  return { ...json };
}

test("a module says its id as a string, its names, and what the API does with it", () => {
  const module = summary("Events");
  assert.equal(module.id, "4150868000000002195");
  assert.equal(module.api_name, "Events");
  assert.equal(module.module_name, "Meetings");
  assert.equal(module.singular_label, "Meeting");
  assert.equal(module.plural_label, "Meetings");
  assert.equal(module.api_supported, true);
  assert.equal(module.generated_type, "default");
  assert.equal(module.modified_time, null);
  for (const key of ["creatable", "editable", "deletable", "viewable"]) assert.equal(module[key], true, key);
});

test("a module has every key of the recorded list", () => {
  const keys = Object.keys(summary("Leads"));
  for (const key of recordedKeys) assert.ok(keys.includes(key), key);
});

test("a custom module is of the custom type, a line item of the subform type, a tracker hidden", () => {
  assert.equal(summary("Inspections").generated_type, "custom");
  assert.equal(summary("Inspections").module_name, "CustomModule1");
  assert.equal(summary("Quoted_Items").generated_type, "subform");
  assert.equal(summary("Quoted_Items").creatable, false);
  assert.equal(summary("Appointments_Rescheduled_History__s").status, "user_hidden");
});

test("a module of the user interface alone is not supported by the API", () => {
  assert.equal(summary("Home").api_supported, false);
  assert.equal(summary("Home").viewable, false);
});

test("a module says which profiles may see it and where it stands among the tabs; a line item does neither, but names its parent", () => {
  assert.deepEqual(summary("Leads").profiles, [{ name: "Administrator", id: "4150868000000000103" }]);
  assert.deepEqual([summary("Leads").profile_count, summary("Leads").sequence_number, summary("Leads").parent_module], [1, 1, {}]);
  assert.equal(summary("Accounts").sequence_number, 2);
  const lines = summary("Quoted_Items");
  assert.deepEqual([lines.profiles, lines.profile_count, lines.sequence_number], [[], 0, null]);
  assert.deepEqual(lines.parent_module, { api_name: "Quotes", id: "4150868000000002219" });
  assert.deepEqual(summary("Appointments_Rescheduled_History__s").parent_module, {
    api_name: "Appointments__s",
    id: "4150868000002362026",
  });
});

test("a module that changed says when, in the org's time zone", () => {
  const changed = buildCatalog({ zgid: "4150868000", modules: [], fields: new Map(), modifiedAt: new Map([["Deals", 1_000]]) });
  const times = changed.modules.map((module) => objectOf(renderModule(module, contextIn("v6"))).modified_time);
  assert.deepEqual(
    times.filter((time) => time !== null),
    ["1970-01-01T05:30:01+05:30"],
  );
});

test("each module has a status that a list can be filtered by", () => {
  const statuses = new Set(catalog.modules.map(moduleStatusOf));
  assert.deepEqual(statuses, new Set(["visible", "system_hidden", "user_hidden"]));
  for (const module of catalog.modules) assert.equal(summary(module.apiName).status, moduleStatusOf(module));
});

test("the detail of a module has its layout and its related lists", () => {
  const deals = detail("Deals", "v6");
  assert.ok(Array.isArray(deals.layouts) && Array.isArray(deals.related_lists));
  assert.deepEqual(
    deals.layouts.map((layout) => objectOf(layout).name),
    ["Standard"],
  );
  assert.ok(deals.related_lists.some((list) => objectOf(list).api_name === "Notes"));
  assert.deepEqual(detail("Home", "v6").layouts, []);
});

test("the detail of a module has what the list says, and its fields in the form of the version", () => {
  const listed = summary("Deals");
  for (const [version, expected] of [
    ["v2.1", "Accounts"],
    ["v6", { api_name: "Accounts", id: "4150868000000002177" }],
  ] as const) {
    const module = detail("Deals", version);
    for (const [key, value] of Object.entries(listed)) assert.deepEqual(module[key], value, key);
    assert.equal(module.display_field, "Deal_Name");
    assert.ok(Array.isArray(module.fields));
    const fields = module.fields.map(objectOf);
    assert.deepEqual(
      fields.map((field) => field.api_name),
      catalog.module("Deals")?.fields.map((field) => field.apiName),
    );
    const account = fields.find((field) => field.api_name === "Account_Name");
    assert.deepEqual(objectOf(account?.lookup).module, expected);
  }
});

/** PROTOCOL F.2. */
const recordedKeys = [
  "has_more_profiles access_type private_profile deletable description creatable recycle_bin_on_delete modified_time plural_label",
  "presence_sub_menu actual_plural_label id visibility convertable sub_menu_available editable actual_singular_label profiles",
  "show_as_tab web_link sequence_number singular_label viewable api_supported api_name quick_create modified_by generated_type",
  "feeds_required arguments module_name profile_count business_card_field_limit parent_module status",
].flatMap((line) => line.split(" "));
