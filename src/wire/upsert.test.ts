import assert from "node:assert/strict";
import { test } from "node:test";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import type { Upserted } from "../core/written.ts";
import { checkFieldsOf, readCheckFields, upsertAnswer } from "./upsert.ts";
import { versionNames, versions } from "./versions.ts";

const leads = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() }).module("Leads");
assert.ok(leads !== undefined);
const module = leads;

function names(given: unknown): readonly string[] | null {
  const fields = readCheckFields(given, module);
  assert.ok(fields.ok, JSON.stringify(fields));
  return fields.value === null ? null : fields.value.map(({ apiName }) => apiName);
}

test("the fields are those that the body names, each once and in its order", () => {
  assert.deepEqual(names(["Mobile", "Email", "Mobile"]), ["Mobile", "Email"]);
  for (const none of [undefined, null, []]) assert.equal(names(none), null);
  assert.deepEqual(checkFieldsOf({ data: [], duplicate_check_fields: ["Email"] }), ["Email"]);
  for (const body of [null, [], { data: [] }]) assert.equal(checkFieldsOf(body), undefined);
});

test("what is no list, or names no field that tells records apart, is refused with its place", () => {
  const refused = (given: unknown, more: object): void =>
    assert.deepEqual(readCheckFields(given, module), refuse({ code: "value_invalid", ...more }));
  refused("Email", { path: ["duplicate_check_fields"], expectedType: "jsonarray" });
  for (const name of ["Unicorn", "email", 5, null, "Tag", "Lead_Status", "Full_Name", "id"]) {
    refused(["Email", name], { path: ["duplicate_check_fields", 1] });
  }
});

const ada = { id: "5", name: "Ada Owner" };
const record = { id: "7", createdAt: 0, createdBy: ada, modifiedAt: 1_000, modifiedBy: ada };
const updated: Result<Upserted> = ok({ record, action: "update", duplicateField: "Email" });
const inserted: Result<Upserted> = ok({ record, action: "insert", duplicateField: null });
const failed: Result<Upserted> = refuse({ code: "mandatory_missing", path: ["data", 1, "Last_Name"] });

test("an item says what was done and by which field the record was found, in the documented order of keys", () => {
  const { body } = upsertAnswer([updated, inserted], { version: versions.v7, timeZone: "UTC" });
  const details =
    '{"Modified_Time":"1970-01-01T00:00:01+00:00","Modified_By":{"name":"Ada Owner","id":"5"},' +
    '"Created_Time":"1970-01-01T00:00:00+00:00","id":"7","Created_By":{"name":"Ada Owner","id":"5"}}';
  const item = (field: string, action: string, message: string): string =>
    `{"code":"SUCCESS","duplicate_field":${field},"action":"${action}","details":${details},"message":"${message}","status":"success"}`;
  const expected = `{"data":[${item('"Email"', "update", "record updated")},${item("null", "insert", "record added")}]}`;
  assert.equal(JSON.stringify(body), expected);
});

test("the status is 200 also for inserts, and the version's own where items failed", () => {
  for (const name of versionNames) {
    const version = versions[name];
    const status = (...results: Result<Upserted>[]): number => upsertAnswer(results, { version, timeZone: "UTC" }).status;
    assert.equal(status(inserted), 200);
    assert.equal(status(inserted, updated), 200);
    assert.equal(status(inserted, failed), version.recordFailure.someFailed);
    assert.equal(status(failed), version.recordFailure.allFailed);
    assert.equal(status(refuse({ code: "already_modified", record: { written: record, timeZone: "UTC" } })), 412);
  }
});
