import assert from "node:assert/strict";
import { test } from "node:test";
import type { Catalog, Module } from "./catalog.ts";
import { layoutIdOf, layoutOf } from "./module-layout.ts";
import { buildCatalog } from "./standard-catalog.ts";

const inspections = {
  sequence: 4_001_000,
  apiName: "Inspections",
  moduleName: "CustomModule2",
  singularLabel: "Inspection",
  pluralLabel: "Inspections",
};

function catalogOf(zgid: string): Catalog {
  return buildCatalog({ zgid, modules: [inspections], fields: new Map() });
}

function moduleOf(apiName: string, zgid = "554023000"): Module {
  const module = catalogOf(zgid).module(apiName);
  assert.ok(module, apiName);
  return module;
}

function sectionsOf(apiName: string): readonly string[] | undefined {
  return layoutOf(moduleOf(apiName))?.sections.map(({ name }) => name);
}

test("the first section is named for one record of the module (CLIENTS 4)", () => {
  for (const [module, name] of [
    ["Deals", "Deal Information"],
    ["Accounts", "Account Information"],
    ["Purchase_Orders", "Purchase Order Information"],
    ["Inspections", "Inspection Information"],
  ] as const) {
    assert.equal(sectionsOf(module)?.[0], name);
  }
});

test("addresses, terms, descriptions and lines have sections of their own", () => {
  assert.deepEqual(sectionsOf("Quotes"), [
    "Quote Information",
    "Address Information",
    "Terms and Conditions",
    "Description Information",
    "Quoted Items",
  ]);
  const lines = layoutOf(moduleOf("Quotes"))?.sections.at(-1);
  assert.deepEqual([lines?.isOfLines, lines?.fields.map(({ apiName }) => apiName)], [true, ["Quoted_Items"]]);
});

test("each field but those the server keeps for itself stands in one section", () => {
  for (const module of catalogOf("4150868000").modules) {
    const names = layoutOf(module)?.sections.flatMap(({ fields }) => fields.map(({ apiName }) => apiName)) ?? [];
    assert.equal(new Set(names).size, names.length, module.apiName);
    const left = module.fields.map(({ apiName }) => apiName).filter((name) => !names.includes(name));
    assert.ok(
      left.every((name) => ["id", "Record_Status__s", "Locked__s"].includes(name)),
      module.apiName,
    );
  }
});

test("a module without fields has no layout", () => {
  assert.equal(layoutOf(moduleOf("Home")), null);
  assert.equal(layoutIdOf(moduleOf("Home")), null);
});

test("no two ids of layouts and sections are the same, nor are they those of anything else in the catalog", () => {
  for (const zgid of ["554023000", "4150868000"]) {
    const { modules } = catalogOf(zgid);
    const layouts = modules.flatMap((module) => layoutOf(module) ?? []);
    const ids = layouts.flatMap((layout) => [layout.id, ...layout.sections.map(({ id }) => id)]);
    const others = modules.flatMap((module) => [module.id, ...module.fields.map(({ id }) => id)]);
    assert.equal(new Set([...ids, ...others]).size, ids.length + new Set(others).size);
  }
});

test("the ids are for good", () => {
  assert.equal(layoutIdOf(moduleOf("Deals")), "554023000002410800");
  assert.equal(layoutIdOf(moduleOf("Deals", "4150868000")), "4150868000002451800");
  assert.equal(layoutIdOf(moduleOf("Inspections")), "554023000004001080");
  assert.deepEqual(
    layoutOf(moduleOf("Quotes"))?.sections.map(({ id }) => id.slice(-2)),
    ["01", "02", "03", "04", "10"],
  );
});
