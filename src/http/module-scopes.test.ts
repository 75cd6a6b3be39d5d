import assert from "node:assert/strict";
import { test } from "node:test";
import { buildCatalog } from "../core/standard-catalog.ts";
import { moduleNeed } from "./module-scopes.ts";

const names = [
  ["deals", "deals"],
  ["Price_Books", "pricebooks"],
  ["Purchase_Orders", "purchaseorders"],
  ["Appointments__s", "appointments"],
  ["Appointments_Rescheduled_History__s", "appointments_rescheduled_history"],
  ["Services__s", "services"],
  ["Inspections", "custom"],
  ["constructor", "custom"],
] as const;

for (const [module, part] of names) {
  test(`a request for ${module} needs a scope of ${part}`, () => {
    assert.deepEqual(moduleNeed(module, "READ"), { service: "modules", part, operation: "READ" });
  });
}

test("every standard module whose records are served needs the scope that the catalog names", () => {
  const { modules } = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });
  for (const { apiName, scopeName, isApiSupported } of modules) {
    if (isApiSupported) assert.equal(moduleNeed(apiName, "READ").part, scopeName, apiName);
  }
});
