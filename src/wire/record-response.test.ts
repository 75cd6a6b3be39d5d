import assert from "node:assert/strict";
import { test } from "node:test";
import { assert as hold } from "../core/assert.ts";
import type { Field, Module } from "../core/catalog.ts";
import type { CrmRecord, Values } from "../core/record.ts";
import type { Refusal } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import type { WrittenRecord } from "../core/written.ts";
import type { Json } from "./json.ts";
import { isObject } from "./lossless-json.ts";
import { listAnswer, recordAnswer, recordName, renderRecord, renderValue, renderWritten, writeStatus } from "./record-response.ts";
import type { RecordContext } from "./record-response.ts";
import { versionNames, versions } from "./versions.ts";

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });
const timeZone = "Asia/Kolkata";
const names: Readonly<Record<string, string>> = { "Accounts 11": "Initech", "Contacts 12": "Bill", "$se_module 11": "by id alone" };
const ada = { name: "Ada Owner", id: "1", email: "ada@acme.example" };

function moduleNamed(name: string): Module {
  const module = catalog.module(name);
  hold(module !== undefined, `the standard catalog has ${name}`);
  return module;
}

function fieldOf(module: string, apiName: string): Field {
  const field = catalog.field(moduleNamed(module), apiName);
  hold(field !== undefined, `${module} has ${apiName}`);
  return field;
}

function context(module: string, fields: readonly string[] | null = null): RecordContext {
  return {
    module: moduleNamed(module),
    timeZone,
    fields,
    currencySymbol: "₹",
    nameOf: (of, id) => names[`${of} ${id}`] ?? null,
    userOf: (id) => (id === "1" ? ada : null),
  };
}

function recordOf(module: string, values: Values): CrmRecord {
  return { id: "7", module, values, createdAt: Date.UTC(2026, 0, 1), createdBy: "1", modifiedAt: Date.UTC(2026, 0, 2), modifiedBy: "2" };
}

function render(module: string, values: Values, fields: readonly string[] | null = null) {
  return membersOf(renderRecord(recordOf(module, values), context(module, fields)));
}

test("a full record has every field of its module, null where it holds nothing", () => {
  const row = render("Deals", { Deal_Name: "D", Amount: 5 });
  for (const field of moduleNamed("Deals").fields) assert.ok(Object.hasOwn(row, field.apiName), field.apiName);
  assert.equal(row["Deal_Name"], "D");
  assert.equal(row["Amount"], 5);
  assert.equal(row["Stage"], null);
});

test("fields stand in catalog order", () => {
  const keys = Object.keys(render("Deals", {}));
  assert.ok(keys.indexOf("Stage") < keys.indexOf("Probability"));
});

test("the system keys tell who made and changed the record, and when, in the org's zone", () => {
  const row = render("Deals", { Owner: "1" });
  assert.equal(row["id"], "7");
  assert.deepEqual(row["Owner"], ada);
  assert.deepEqual(row["Created_By"], ada);
  assert.deepEqual(row["Modified_By"], { name: null, id: "2", email: null });
  assert.equal(row["Created_Time"], "2026-01-01T05:30:00+05:30");
  assert.equal(row["Modified_Time"], "2026-01-02T05:30:00+05:30");
});

test("the $ keys tell what clients ask of a record", () => {
  const row = render("Deals", {});
  assert.equal(row["$currency_symbol"], "₹");
  assert.equal(row["$editable"], true);
  assert.equal(row["$approval_state"], "approved");
});

test("named fields come alone, with the id; unknown names are passed over", () => {
  assert.deepEqual(render("Deals", { Stage: "New", Amount: 5 }, ["Amount", "Nonsense", "constructor", "Created_Time"]), {
    Amount: 5,
    Created_Time: "2026-01-01T05:30:00+05:30",
    id: "7",
  });
  assert.deepEqual(render("Deals", { Stage: "New" }, []), { id: "7" });
});

test("a lookup prints with the name of its record, and without one when there is none", () => {
  const row = render("Deals", { Account_Name: "11", Contact_Name: "99" });
  assert.deepEqual(row["Account_Name"], { name: "Initech", id: "11" });
  assert.deepEqual(row["Contact_Name"], { name: null, id: "99" });
});

test("a lookup of any module prints by the module that the record says", () => {
  const row = render("Tasks", { What_Id: "11", $se_module: "Accounts" });
  assert.deepEqual(row["What_Id"], { name: "Initech", id: "11" });
  assert.equal(row["$se_module"], "Accounts");
  assert.deepEqual(render("Tasks", { What_Id: "11" }, ["What_Id"])["What_Id"], { name: "by id alone", id: "11" });
});

test("a time prints in the org's zone", () => {
  const field = fieldOf("Calls", "Call_Start_Time");
  assert.equal(renderValue(field, "2026-11-24T04:42:39Z", context("Calls")), "2026-11-24T10:12:39+05:30");
});

test("null prints as null in a field of any type", () => {
  for (const field of moduleNamed("Deals").fields) assert.equal(renderValue(field, null, context("Deals")), null);
});

test("other values print as they are stored", () => {
  assert.equal(renderValue(fieldOf("Deals", "Closing_Date"), "2030-06-30", context("Deals")), "2030-06-30");
  assert.deepEqual(renderValue(fieldOf("Deals", "Tag"), [{ name: "hot" }], context("Deals")), [{ name: "hot" }]);
});

test("a lead's full name is made of its names", () => {
  assert.equal(render("Leads", { First_Name: "Ada", Last_Name: "Lovelace" })["Full_Name"], "Ada Lovelace");
  assert.equal(render("Leads", { Last_Name: "Lovelace" })["Full_Name"], "Lovelace");
  assert.equal(render("Leads", {})["Full_Name"], null);
});

test("a record that says nothing of it is available and not locked", () => {
  const row = render("Deals", {});
  assert.equal(row["Record_Status__s"], "Available");
  assert.equal(row["Locked__s"], false);
});

test("a record is called by its module's name field, empty when it has none", () => {
  assert.equal(recordName(moduleNamed("Deals"), { Deal_Name: "D" }), "D");
  assert.equal(recordName(moduleNamed("Deals"), {}), "");
  assert.equal(recordName(moduleNamed("Contacts"), { First_Name: "Ada", Last_Name: "Lovelace" }), "Ada Lovelace");
  assert.equal(recordName(moduleNamed("Contacts"), {}), "");
});

const written: WrittenRecord = {
  id: "7",
  createdAt: Date.UTC(2026, 0, 1),
  createdBy: { id: "1", name: "Ada" },
  modifiedAt: Date.UTC(2026, 0, 2),
  modifiedBy: { id: "2", name: "Bob" },
};
const refusal: Refusal = { code: "mandatory_missing", path: ["data", 1, "Last_Name"] };

test("a record added is answered with who and when, in the order that clients were shown", () => {
  assert.equal(
    JSON.stringify(renderWritten(written, "insert", timeZone)),
    '{"code":"SUCCESS","details":{"Modified_Time":"2026-01-02T05:30:00+05:30","Modified_By":{"name":"Bob","id":"2"},' +
      '"Created_Time":"2026-01-01T05:30:00+05:30","id":"7","Created_By":{"name":"Ada","id":"1"}},"message":"record added","status":"success"}',
  );
});

test("a record updated differs by its message, a record deleted has only its id", () => {
  assert.equal(membersOf(renderWritten(written, "update", timeZone))["message"], "record updated");
  const expected = { code: "SUCCESS", details: { id: "7" }, message: "record deleted", status: "success" };
  assert.deepEqual(renderWritten(written, "delete", timeZone), expected);
});

test("an answer keeps the order of the request, refusals among the rest", () => {
  const { status, body } = recordAnswer([ok(written), refuse(refusal), ok(written)], {
    operation: "insert",
    version: versions.v6,
    timeZone,
  });
  assert.equal(status, 207);
  const done = renderWritten(written, "insert", timeZone);
  const refused = {
    code: "MANDATORY_NOT_FOUND",
    details: { api_name: "Last_Name", json_path: "$.data[1].Last_Name" },
    message: "required field not found",
    status: "error",
  };
  assert.deepEqual(body, { data: [done, refused, done] });
});

for (const name of versionNames) {
  test(`in ${name} an insert that goes well is 201, other writes 200, and failures have the status of its row`, () => {
    const version = versions[name];
    assert.equal(writeStatus([ok(1)], "insert", version), 201);
    assert.equal(writeStatus([ok(1)], "update", version), 200);
    assert.equal(writeStatus([ok(1)], "delete", version), 200);
    assert.equal(writeStatus([refuse(refusal)], "insert", version), version.recordFailure.allFailed);
    assert.equal(writeStatus([ok(1), refuse(refusal)], "insert", version), version.recordFailure.someFailed);
  });
}

const list = { page: { page: 2, perPage: 200 }, hasMore: true, sortBy: "id", sortOrder: "desc" } as const;

test("a list in v2 has the four keys of info that its clients know", () => {
  assert.equal(
    JSON.stringify(listAnswer([{ id: "7" }], { ...list, version: versions.v2 })),
    '{"status":200,"body":{"data":[{"id":"7"}],"info":{"per_page":200,"count":1,"page":2,"more_records":true}}}',
  );
});

test("a list in v6 has the page tokens and the sort order too", () => {
  const { body } = listAnswer([{ id: "7" }], { ...list, version: versions.v6 });
  assert.deepEqual(membersOf(body)["info"], {
    call: false,
    per_page: 200,
    next_page_token: null,
    count: 1,
    sort_by: "id",
    page: 2,
    previous_page_token: null,
    page_token_expiry: null,
    sort_order: "desc",
    email: false,
    more_records: true,
  });
});

test("an empty list is 204 without a body", () => {
  assert.deepEqual(listAnswer([], { ...list, version: versions.v6 }), { status: 204, body: null });
});

/** The object's members, to look at one by one. */
function membersOf(json: Json): { readonly [key: string]: unknown } {
  assert.ok(isObject(json));
  return json;
}
