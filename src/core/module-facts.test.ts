import assert from "node:assert/strict";
import { test } from "node:test";
import { factsOf } from "./module-facts.ts";
import { buildCatalog } from "./standard-catalog.ts";

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });

test("the facts of every standard module are those that its fields tell one by one", () => {
  for (const module of catalog.modules) {
    const { settable, mandatory, lookups, listedPlaces } = factsOf(module);
    const names = (fields: readonly { readonly apiName: string }[]) => fields.map(({ apiName }) => apiName);
    assert.deepEqual(names(settable), names(module.fields.filter((field) => !field.isReadOnly && field.apiName !== "id")));
    assert.deepEqual(names(mandatory), names(settable.filter((field) => field.isMandatory)));
    assert.deepEqual(names(lookups), names(module.fields.filter((field) => field.dataType === "lookup")));
    const unlisted = ["subform", "participants", "pricing"];
    assert.deepEqual([...listedPlaces.keys()], names(module.fields.filter((field) => !unlisted.includes(field.dataType))));
    for (const [name, place] of listedPlaces) assert.equal(module.fields[place]?.apiName, name);
  }
});

test("facts are worked out once for the same fields, and anew for others", () => {
  const [module] = catalog.modules;
  assert.ok(module !== undefined);
  assert.equal(factsOf(module), factsOf(module));
  assert.notEqual(factsOf(module), factsOf({ fields: [...module.fields] }));
});
