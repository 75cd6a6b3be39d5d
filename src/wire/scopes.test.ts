import assert from "node:assert/strict";
import { test } from "node:test";
import { allows, commonScopes, readScopes, scopesFor } from "./scopes.ts";
import type { ScopeNeed, ScopeOperation } from "./scopes.ts";

const operations: readonly ScopeOperation[] = ["READ", "CREATE", "UPDATE", "DELETE"];

function need(service: ScopeNeed["service"], operation: ScopeOperation, part: string | null = null): ScopeNeed {
  return { service, part, operation };
}

function allowed(scope: string, service: ScopeNeed["service"], part: string | null = null): readonly ScopeOperation[] {
  return operations.filter((operation) => allows([scope], need(service, operation, part)));
}

test("scopes are separated by commas, blanks or both, each taken once", () => {
  assert.deepEqual(readScopes(" ZohoCRM.users.ALL, ZohoCRM.org.ALL  ZohoCRM.users.ALL,,\nA.b "), [
    "ZohoCRM.users.ALL",
    "ZohoCRM.org.ALL",
    "A.b",
  ]);
  assert.deepEqual(readScopes(" , "), []);
});

const rows: readonly [scope: string, service: ScopeNeed["service"], part: string | null, allowed: readonly ScopeOperation[]][] = [
  ["ZohoCRM.notifications.ALL", "notifications", null, operations],
  ["ZohoCRM.notifications.READ", "notifications", null, ["READ"]],
  ["ZohoCRM.notifications.WRITE", "notifications", null, ["CREATE", "UPDATE"]],
  ["ZohoCRM.notifications.CREATE", "notifications", null, ["CREATE"]],
  ["ZohoCRM.notifications.UPDATE", "notifications", null, ["UPDATE"]],
  ["ZohoCRM.notifications.DELETE", "notifications", null, ["DELETE"]],
  ["ZohoCRM.modules.ALL", "modules", "leads", operations],
  ["ZohoCRM.modules.READ", "modules", "leads", ["READ"]],
  ["ZohoCRM.modules.leads.ALL", "modules", "leads", operations],
  ["ZohoCRM.modules.leads.WRITE", "modules", "leads", ["CREATE", "UPDATE"]],
  ["ZohoCRM.modules.leads.READ", "modules", "deals", []],
  ["ZohoCRM.settings.ALL", "settings", "fields", operations],
  ["ZohoCRM.settings.fields.READ", "settings", "fields", ["READ"]],
  ["ZohoCRM.settings.fields.ALL", "settings", "modules", []],
  ["ZohoCRM.users.READ", "users", null, ["READ"]],
  ["ZohoCRM.org.ALL", "org", null, operations],
  ["zohocrm.MODULES.SalesOrders.read", "modules", "salesorders", ["READ"]],
];

for (const [scope, service, part, expected] of rows) {
  const what = part === null ? service : `${part} of ${service}`;
  test(`${scope} allows ${expected.length === 0 ? "nothing" : expected.join(", ")} with ${what}`, () => {
    assert.deepEqual(allowed(scope, service, part), expected);
  });
}

test("a search needs the scope of the records and that of searching", () => {
  const search: ScopeNeed = { ...need("modules", "READ", "leads"), isSearch: true };
  const records = "ZohoCRM.modules.leads.READ";
  assert.equal(allows([records, "ZohoSearch.securesearch.READ"], search), true);
  assert.equal(allows(["ZohoCRM.modules.ALL", "zohosearch.SECURESEARCH.all"], search), true);
  for (const scopes of [[records], ["ZohoSearch.securesearch.READ"], [records, "ZohoSearch.securesearch.CREATE"]]) {
    assert.equal(allows(scopes, search), false, scopes.join());
  }
});

test("what needs no scope is allowed without any", () => {
  assert.equal(allows([], need(null, "READ")), true);
});

test("a scope of one service allows nothing with another", () => {
  assert.deepEqual(allowed("ZohoCRM.modules.ALL", "settings", "modules"), []);
  assert.deepEqual(allowed("ZohoCRM.users.ALL", "org"), []);
});

test("what is no scope of this product allows nothing", () => {
  const texts = [
    "",
    "ALL",
    "ZohoCRM",
    "ZohoCRM.org",
    "ZohoCRM.org.",
    "ZohoCRM.org.EVERYTHING",
    "ZohoCRM.org.constructor",
    "ZohoBooks.org.ALL",
  ];
  for (const scope of texts) assert.deepEqual(allowed(scope, "org"), [], scope);
  assert.deepEqual(allowed("ZohoCRM.modules.leads.notes.ALL", "modules", "leads"), []);
});

test("one scope that covers the need is enough", () => {
  assert.equal(allows(["ZohoCRM.org.READ", "ZohoCRM.users.ALL"], need("users", "DELETE")), true);
  assert.equal(allows([], need("users", "READ")), false);
});

const common: readonly [asked: string, allowed: string, common: string][] = [
  ["ZohoCRM.modules.ALL", "ZohoCRM.modules.ALL,ZohoCRM.org.ALL", "ZohoCRM.modules.ALL"],
  ["zohocrm.modules.deals.read", "ZohoCRM.modules.ALL", "zohocrm.modules.deals.read"],
  ["ZohoCRM.modules.CREATE", "ZohoCRM.modules.WRITE", "ZohoCRM.modules.CREATE"],
  ["ZohoCRM.modules.ALL", "ZohoCRM.modules.deals.READ,ZohoCRM.org.ALL", "ZohoCRM.modules.deals.READ"],
  ["ZohoCRM.modules.deals.ALL", "ZohoCRM.modules.leads.ALL", ""],
  ["ZohoCRM.modules.WRITE", "ZohoCRM.modules.READ", ""],
  ["ZohoCRM.bulk.ALL,ZohoCRM.users.READ", "ZohoCRM.users.ALL", "ZohoCRM.users.READ"],
  ["ZohoSearch.securesearch.READ", "ZohoSearch.securesearch.READ", "ZohoSearch.securesearch.READ"],
  ["ZohoSearch.securesearch.READ", "ZohoCRM.modules.READ", ""],
  ["AaaServer.profile.READ", "ZohoCRM.org.READ", "AaaServer.profile.READ"],
  ["", "ZohoCRM.org.READ", ""],
  ["ZohoCRM", "ZohoCRM.org.READ", ""],
  ["constructor.__proto__.toString", "ZohoCRM.org.READ", ""],
];
for (const [asked, allowedScopes, expected] of common) {
  test(`who asks for ${asked || "nothing"} and may have ${allowedScopes} gets ${expected || "nothing"}`, () => {
    assert.deepEqual(commonScopes(readScopes(asked), readScopes(allowedScopes)), readScopes(expected));
  });
}

test("each of the lists that are said to be enough for a need is enough, and a part of one is not", () => {
  const needs = operations.flatMap((operation) => [need("org", operation), need("settings", operation, "fields")]);
  for (const one of [...needs, { ...need("modules", "READ", "leads"), isSearch: true }]) {
    const lists = scopesFor(one);
    assert.ok(lists.length >= 2);
    for (const scopes of lists) {
      assert.equal(allows(scopes, one), true, scopes.join());
      assert.equal(allows(scopes.slice(1), one), false, scopes.join());
    }
  }
  assert.deepEqual(scopesFor(need("notifications", "UPDATE")), [
    ["ZohoCRM.notifications.ALL"],
    ["ZohoCRM.notifications.WRITE"],
    ["ZohoCRM.notifications.UPDATE"],
  ]);
  assert.deepEqual(scopesFor(need(null, "READ")), []);
});
