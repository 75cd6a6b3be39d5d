/** Catalogs of orgs in both layouts of ids, as they come and with modules and fields of their own. */
import assert from "node:assert/strict";
import type { Catalog, Module } from "../../src/core/catalog.ts";
import { type CustomField, type CustomModule, buildCatalog } from "../../src/core/standard-catalog.ts";

export const earlyZgid = "554023000";
export const currentZgid = "4150868000";
export const currentFieldShift = 2_050;

export const inspections: CustomModule = {
  sequence: 4_001_000,
  apiName: "Inspections",
  moduleName: "CustomModule1",
  singularLabel: "Inspection",
  pluralLabel: "Inspections",
};

export const score: CustomField = {
  sequence: 4_001_100,
  apiName: "Score",
  label: "Score",
  dataType: "integer",
  length: null,
  isMandatory: true,
  pickListValues: [],
  lookupModule: null,
  pickListSequence: 20_000_000,
};

export const grade: CustomField = {
  ...score,
  sequence: 3_000_001,
  apiName: "Grade",
  label: "Grade",
  dataType: "picklist",
  isMandatory: false,
  pickListValues: [
    { offset: 0, value: "Good", label: "Good", isRemoved: false },
    { offset: 1, value: "Fair", label: "Fair", isRemoved: true },
    { offset: 2, value: "Poor", label: "Rather poor", isRemoved: false },
  ],
};

export function standard(zgid: string): Catalog {
  return buildCatalog({ zgid, modules: [], fields: new Map() });
}

export function extended(zgid: string): Catalog {
  const reports = { ...inspections, sequence: 4_002_000, apiName: "Visits", pluralLabel: "Visits", moduleName: "CustomModule2" };
  return buildCatalog({
    zgid,
    modules: [inspections, reports],
    fields: new Map([
      ["Inspections", [score]],
      ["Deals", [grade]],
    ]),
  });
}

export function moduleOf(catalog: Catalog, apiName: string): Module {
  const module = catalog.module(apiName);
  assert.ok(module, apiName);
  return module;
}

export function fieldId(catalog: Catalog, module: string, field: string): string | undefined {
  return catalog.field(moduleOf(catalog, module), field)?.id;
}

export function fieldsWhere(isWanted: (field: Module["fields"][number]) => boolean): string[] {
  return standard(earlyZgid).modules.flatMap((module) =>
    module.fields.filter(isWanted).map((field) => `${module.apiName}.${field.apiName}`),
  );
}
