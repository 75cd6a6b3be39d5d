import assert from "node:assert/strict";
import { test } from "node:test";
import { relatedListsOf } from "../core/related-list.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import { renderRelatedList } from "./metadata-related-list.ts";
import { versions } from "./versions.ts";
import type { VersionName } from "./versions.ts";

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });

function notesOfDeals(version: VersionName): unknown {
  const module = catalog.module("Deals");
  assert.ok(module);
  const lists = relatedListsOf(catalog, module);
  const index = lists.findIndex((list) => list.apiName === "Notes");
  const list = lists[index];
  assert.ok(list);
  return renderRelatedList({ ...list, id: "1" }, { module, catalog, version: versions[version], index });
}

test("a related list has the keys of the document, its module named as the version does (PROTOCOL F.5)", () => {
  assert.deepEqual(notesOfDeals("v7"), {
    id: "1",
    sequence_number: "1",
    display_label: "Notes",
    api_name: "Notes",
    name: "Notes",
    module: { api_name: "Notes", id: "554023000000000147" },
    type: "default",
    action: null,
    href: "Deals/{ENTITYID}/Notes",
    status: "visible",
    visible: true,
    connectedmodule: null,
    linkingmodule: null,
    customize_sort: false,
    customize_fields: false,
    customize_display_label: false,
  });
  assert.match(JSON.stringify(notesOfDeals("v2.1")), /"module":"Notes"/);
});
