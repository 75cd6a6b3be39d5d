import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Catalog, Module } from "./catalog.ts";
import { relatedListData } from "./catalog/related-lists.ts";
import { findRelatedList, relatedListsOf } from "./related-list.ts";
import { buildCatalog } from "./standard-catalog.ts";

const standard = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });
const custom = buildCatalog({
  zgid: "554023000",
  modules: [
    { sequence: 4_000_000, apiName: "Vehicles", moduleName: "CustomModule1", singularLabel: "Vehicle", pluralLabel: "Vehicles" },
    { sequence: 4_001_000, apiName: "Trips", moduleName: "CustomModule2", singularLabel: "Trip", pluralLabel: "Trips" },
  ],
  fields: new Map([["Trips", ["From_Account", "To_Account"].map((apiName, index) => lookupField(apiName, 4_001_100 + index))]]),
});

function lookupField(apiName: string, sequence: number) {
  const label = apiName.replace("_", " ");
  const lookup = { dataType: "lookup", lookupModule: "Accounts" } as const;
  return { sequence, apiName, label, ...lookup, length: null, isMandatory: false, pickListValues: [], pickListSequence: 0 };
}

function moduleNamed(catalog: Catalog, name: string): Module {
  const module = catalog.module(name);
  assert.ok(module !== undefined, name);
  return module;
}

describe("related lists", () => {
  test("every row of the data names a module and a lookup field that are there", () => {
    for (const { module, rows } of relatedListData) {
      assert.equal(relatedListsOf(standard, moduleNamed(standard, module)).length, rows.length, module);
      for (const [kind, , name, what] of rows) {
        const target = moduleNamed(standard, name);
        if (kind !== "lookup") continue;
        const field = standard.field(target, what);
        assert.equal(field?.dataType, "lookup", `${name}.${what}`);
        assert.ok(field?.lookupModule === module || field?.lookupModule === "$se_module", `${name}.${what}`);
      }
    }
  });

  test("a link is one from both ends, with the same values, except of an appointment to its services", () => {
    for (const { module, rows } of relatedListData) {
      for (const [kind, , name, values] of rows) {
        if (kind !== "link" || module === "Appointments__s") continue;
        const back = relatedListData.find((data) => data.module === name)?.rows.find((row) => row[0] === "link" && row[2] === module);
        assert.deepEqual(back?.[3], values, `${module} and ${name}`);
      }
    }
  });

  test("no two lists of an org have one id, and none has the id of a module or a field", () => {
    const ids = custom.modules.flatMap((module) => [
      module.id,
      ...module.fields.map((field) => field.id),
      ...relatedListsOf(custom, module).map((list) => list.id),
    ]);
    assert.equal(new Set(ids).size, ids.length);
  });

  test("no module has two lists of one name", () => {
    for (const module of custom.modules) {
      const names = relatedListsOf(custom, module).map((list) => list.apiName.toLowerCase().replaceAll("_", ""));
      assert.equal(new Set(names).size, names.length, module.apiName);
    }
  });

  test("a list is found without regard to case and underscores", () => {
    const accounts = moduleNamed(standard, "Accounts");
    for (const name of ["SalesOrders", "Sales_Orders", "salesorders"]) {
      const list = findRelatedList(standard, accounts, name);
      assert.deepEqual([list?.apiName, list?.label, list?.module], ["SalesOrders", "Sales Orders", "Sales_Orders"]);
    }
    assert.equal(findRelatedList(standard, accounts, "Nothing"), undefined);
  });

  test("a custom module has notes, attachments and activities", () => {
    const names = relatedListsOf(custom, moduleNamed(custom, "Vehicles")).map((list) => list.apiName);
    assert.deepEqual(names, ["Notes", "Attachments", "Tasks", "Events", "Calls"]);
  });

  test("a custom lookup makes a list in the module it points to, the second of one module with its field's name", () => {
    const lists = relatedListsOf(custom, moduleNamed(custom, "Accounts")).filter((list) => list.module === "Trips");
    assert.deepEqual(
      lists.map(({ apiName, label, relation }) => [apiName, label, relation]),
      [
        ["Trips", "Trips", { kind: "lookup", field: "From_Account" }],
        ["Trips_To_Account", "Trips (To Account)", { kind: "lookup", field: "To_Account" }],
      ],
    );
  });

  test("a module that the API does not serve has none", () => {
    assert.deepEqual(relatedListsOf(standard, moduleNamed(standard, "Home")), []);
  });
});
