import assert from "node:assert/strict";
import { test } from "node:test";
import type { Org } from "../core/org.ts";
import type { Json } from "./json.ts";
import { isObject } from "./lossless-json.ts";
import { currencySymbol, renderOrg } from "./org.ts";

const org: Org = {
  key: 1,
  zgid: "554023000",
  name: "Acme",
  timeZone: "Asia/Kolkata",
  currency: "USD",
  createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
};

test("an org shows its number as text, its name, zone and currency", () => {
  const rendered = membersOf(renderOrg(org, { primaryEmail: "owner@acme.example" }));
  assert.equal(rendered["zgid"], "554023000");
  assert.equal(rendered["company_name"], "Acme");
  assert.equal(rendered["time_zone"], "Asia/Kolkata");
  assert.equal(rendered["iso_code"], "USD");
  assert.equal(rendered["currency_symbol"], "$");
  assert.equal(rendered["currency_locale"], "en_US");
  assert.equal(rendered["primary_email"], "owner@acme.example");
  assert.equal(rendered["created_time"], "2026-01-02T08:34:05+05:30");
});

test("the id of an org is text with the org's own prefix", () => {
  assert.match(String(membersOf(renderOrg(org, { primaryEmail: null }))["id"]), /^554023000\d{9}$/);
});

test("a currency that is not in the table goes by its code", () => {
  assert.equal(currencySymbol("INR"), "₹");
  assert.equal(currencySymbol("XTS"), "XTS");
  assert.equal(currencySymbol("constructor"), "constructor");
  const rendered = membersOf(renderOrg({ ...org, currency: "XTS" }, { primaryEmail: null }));
  assert.equal(rendered["currency"], "XTS");
  assert.equal(rendered["currency_locale"], "en_US");
});

/** The object's members, to look at one by one. */
function membersOf(json: Json): { readonly [key: string]: unknown } {
  assert.ok(isObject(json));
  return json;
}
