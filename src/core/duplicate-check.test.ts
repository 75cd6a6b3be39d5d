import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field, Module } from "./catalog.ts";
import { checkOrder, duplicateKey, isComparable, uniqueFields } from "./duplicate-check.ts";
import { buildCatalog } from "./standard-catalog.ts";
import type { CustomField } from "./standard-catalog.ts";

function custom(apiName: string, sequence: number): CustomField {
  return {
    sequence,
    apiName,
    label: apiName,
    dataType: "text",
    length: null,
    isMandatory: false,
    isUnique: true,
    pickListValues: [],
    lookupModule: null,
    pickListSequence: 20_000_000 + sequence,
  };
}

const fields = [custom("Unique1", 3_000_001), custom("Unique2", 3_000_002)];
const labs = { sequence: 4_000_000, apiName: "Labs", moduleName: "CustomModule1", singularLabel: "Lab", pluralLabel: "Labs" };
const catalog = buildCatalog({ zgid: "554023000", modules: [labs], fields: new Map([["Leads", fields]]) });

function module(name: string): Module {
  const found = catalog.module(name);
  assert.ok(found !== undefined);
  return found;
}

function field(name: string): Field {
  const found = module("Leads").fields.find(({ apiName }) => apiName === name);
  assert.ok(found !== undefined);
  return found;
}

function order(named: readonly string[] | null): readonly (readonly string[])[] {
  const { fields: checked, unique } = checkOrder(module("Leads"), named === null ? null : named.map(field));
  return [checked.map(({ apiName }) => apiName), unique.map(({ apiName }) => apiName)];
}

test("records are looked for as the documented table says", () => {
  const unique = ["Unique1", "Unique2"];
  assert.deepEqual(order(["Unique1"]), [unique, unique]);
  assert.deepEqual(order(["Unique2"]), [["Unique2", "Unique1"], unique]);
  assert.deepEqual(order(["Unique1", "Unique2"]), [unique, unique]);
  assert.deepEqual(order(["Email"]), [["Email", ...unique], unique]);
  assert.deepEqual(order(null), [["Email", ...unique], unique]);
});

test("a named field that is not the module's own counts as unique, the module's own never", () => {
  assert.deepEqual(order(["Email", "Mobile"]), [
    ["Email", "Mobile", "Unique1", "Unique2"],
    ["Unique1", "Unique2", "Mobile"],
  ]);
});

test("every module with a field of its own has it, and it can be compared", () => {
  const own = Object.fromEntries(
    catalog.modules.flatMap((one) =>
      checkOrder({ ...one, fields: one.fields.filter(({ isCustom }) => !isCustom) }, null).fields.map((found) => [one.apiName, found]),
    ),
  );
  assert.deepEqual(Object.fromEntries(Object.entries(own).map(([name, { apiName }]) => [name, apiName])), {
    Leads: "Email",
    Accounts: "Account_Name",
    Contacts: "Email",
    Deals: "Deal_Name",
    Campaigns: "Campaign_Name",
    Cases: "Subject",
    Quotes: "Subject",
    Sales_Orders: "Subject",
    Purchase_Orders: "Subject",
    Invoices: "Subject",
    Solutions: "Solution_Title",
    Products: "Product_Name",
    Vendors: "Vendor_Name",
    Price_Books: "Price_Book_Name",
    Labs: "Name",
  });
  assert.ok(Object.values(own).every(isComparable));
});

test("a module without unique fields has none", () => {
  assert.deepEqual(uniqueFields(module("Deals")), []);
  assert.deepEqual(checkOrder(module("Tasks"), null), { fields: [], unique: [] });
});

test("values are compared without regard to the case of A to Z, numbers as their digits", () => {
  assert.equal(duplicateKey("A@Acme.Example"), "a@acme.example");
  assert.equal(duplicateKey("ÄPFEL"), "Äpfel");
  assert.equal(duplicateKey(12), "12");
  for (const none of [null, "", true, ["a"], { a: "b" }]) assert.equal(duplicateKey(none), null);
});
