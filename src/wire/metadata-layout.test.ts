import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "../core/module-layout.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import { renderLayout, renderLayoutHead } from "./metadata-layout.ts";
import { versionNames, versions } from "./versions.ts";
import type { VersionName } from "./versions.ts";

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map(), modifiedAt: new Map([["Deals", 1_000]]) });

function rendered(apiName: string, version: VersionName): Readonly<Record<string, unknown>> {
  const module = catalog.module(apiName);
  assert.ok(module);
  const layout = layoutOf(module);
  assert.ok(layout);
  return objectOf(renderLayout(layout, { module, catalog, version: versions[version], timeZone: "UTC" }));
}

function sectionsOf(apiName: string, version: VersionName): readonly Readonly<Record<string, unknown>>[] {
  const { sections } = rendered(apiName, version);
  assert.ok(Array.isArray(sections));
  return sections.map(objectOf);
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof json === "object" && json !== null);
  return { ...json };
}

test("the stages of a deal stand where an automation tool looks for them: layouts[0], Deal Information, Stage (CLIENTS 4)", () => {
  const section = sectionsOf("Deals", "v2").find((candidate) => candidate.api_name === "Deal Information");
  assert.ok(Array.isArray(section?.fields));
  const stage = section.fields.map(objectOf).find((field) => field.api_name === "Stage");
  assert.ok(Array.isArray(stage?.pick_list_values));
  assert.equal(objectOf(stage.pick_list_values[0]).display_value, "Qualification");
  assert.equal(stage.required, true);
});

test("status and direction are numbers where the SDKs of the version read numbers, words later", () => {
  for (const version of versionNames) {
    const { layoutStatus, tabTraversal } = versions[version];
    assert.equal(rendered("Deals", version).status, layoutStatus === "number" ? 0 : "active", version);
    assert.equal(sectionsOf("Deals", version)[0]?.tab_traversal, tabTraversal === "number" ? 2 : "left_to_right", version);
  }
  assert.deepEqual([versions["v2.1"].layoutStatus, versions.v3.layoutStatus], ["number", "word"]);
  assert.deepEqual([versions.v3.tabTraversal, versions.v6.tabTraversal], ["number", "word"]);
});

test("fields in a layout have the form of the version, and are numbered in their section", () => {
  const [section] = sectionsOf("Deals", "v2.1");
  assert.ok(Array.isArray(section?.fields));
  const fields = section.fields.map(objectOf);
  assert.deepEqual(
    fields.map((field) => field.sequence_number),
    fields.map((_, index) => index + 1),
  );
  assert.equal(objectOf(fields.find((field) => field.api_name === "Account_Name")?.lookup).module, "Accounts");
});

test("a layout changed when its module did", () => {
  assert.equal(rendered("Deals", "v6").modified_time, "1970-01-01T00:00:01+00:00");
  assert.equal(rendered("Leads", "v6").modified_time, null);
});

test("lines have a section of their own", () => {
  const last = sectionsOf("Quotes", "v6").at(-1);
  assert.deepEqual([last?.api_name, last?.isSubformSection, last?.column_count], ["Quoted Items", true, 1]);
});

test("the head of a layout is what a module lists: all but the sections", () => {
  const module = catalog.module("Deals");
  const layout = module === undefined ? null : layoutOf(module);
  assert.ok(layout);
  const head = renderLayoutHead(layout, { version: versions.v6 });
  assert.equal("sections" in head, false);
  for (const [key, value] of Object.entries(head)) assert.deepEqual(rendered("Deals", "v6")[key], value, key);
});
