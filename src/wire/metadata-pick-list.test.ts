import assert from "node:assert/strict";
import { test } from "node:test";
import { buildCatalog } from "../core/standard-catalog.ts";
import { renderPickListValue } from "./metadata-pick-list.ts";
import { versionNames, versions } from "./versions.ts";
import type { VersionName } from "./versions.ts";

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });

function stage(index: number, version: VersionName): unknown {
  const module = catalog.module("Deals");
  assert.ok(module);
  const field = catalog.field(module, "Stage");
  const value = field?.pickList[index];
  assert.ok(field && value);
  return renderPickListValue(value, { field, module, version: versions[version], index });
}

test("a stage says how probable it is and what it means for a forecast: by an id in v2.x, by an object from v3 on", () => {
  const common = {
    display_value: "Identify Decision Makers",
    sequence_number: 4,
    reference_value: "Id. Decision Makers",
    colour_code: null,
    actual_value: "Id. Decision Makers",
    id: "554023000010525003",
    type: "used",
    probability: 60,
    forecast_type: "Open",
  };
  for (const version of versionNames) {
    const id = "554023000000000104";
    const category = versions[version].forecastCategory === "id" ? id : { name: "Pipeline", id };
    assert.deepEqual(stage(3, version), { ...common, forecast_category: category }, version);
  }
  assert.equal(versions.v2.forecastCategory, "id");
});

test("won and lost deals are closed, the lost ones omitted", () => {
  const shown = [6, 7, 8].map((index) => JSON.stringify(stage(index, "v6")));
  assert.match(shown[0] ?? "", /"probability":100,"forecast_type":"Closed Won","forecast_category":{"name":"Closed"/);
  const lost = /"probability":0,"forecast_type":"Closed Lost","forecast_category":{"name":"Omitted"/;
  for (const text of shown.slice(1)) assert.match(text, lost);
});
