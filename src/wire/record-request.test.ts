import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assert as hold } from "../core/assert.ts";
import type { Module } from "../core/catalog.ts";
import { limits } from "../core/limits.ts";
import type { Refusal } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import { readRecordItem, readRecordItems } from "./record-request.ts";
import type { RecordItemContext } from "./record-request.ts";

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });
const leads = moduleNamed("Leads");
const deals = moduleNamed("Deals");
const tasks = moduleNamed("Tasks");
const accountId = "554023000100000001";

function moduleNamed(name: string): Module {
  const module = catalog.module(name);
  hold(module !== undefined, `the standard catalog has ${name}`);
  return module;
}

function context(module: Module, more: Partial<RecordItemContext> = {}): RecordItemContext {
  return { index: 0, module, catalog, operation: "insert", idInPath: null, ...more };
}

function updateOf(module: Module, more: Partial<RecordItemContext> = {}): RecordItemContext {
  return context(module, { operation: "update", ...more });
}

function invalid(...path: (string | number)[]): Refusal {
  return { code: "value_invalid", path };
}

test("the items of a body are those of data", () => {
  assert.deepEqual(readRecordItems({ data: [{ Last_Name: "A" }, 5], trigger: ["workflow"] }), ok([{ Last_Name: "A" }, 5]));
});

test("a body that is no object is malformed", () => {
  for (const body of [null, [], "data", 5]) assert.deepEqual(readRecordItems(body), refuse({ code: "body_malformed" }));
});

test("a body without items lacks data", () => {
  for (const body of [{}, { data: null }, { data: [] }]) {
    assert.deepEqual(readRecordItems(body), refuse({ code: "mandatory_missing", path: ["data"] }));
  }
});

test("data is a list", () => {
  assert.deepEqual(readRecordItems({ data: {} }), refuse({ code: "value_invalid", path: ["data"], expectedType: "jsonarray" }));
});

test("a write has at most a hundred items", () => {
  assert.equal(readRecordItems({ data: Array.from({ length: 100 }) }).ok, true);
  const error = { code: "too_many_items", path: ["data"], limit: limits.recordsPerWriteMax } as const;
  assert.deepEqual(readRecordItems({ data: Array.from({ length: 101 }) }), refuse(error));
});

test("an item that is no object is refused", () => {
  assert.deepEqual(readRecordItem("x", context(leads, { index: 3 })), refuse({ ...invalid("data", 3), expectedType: "jsonobject" }));
});

test("an insert takes the fields it knows and leaves the rest", () => {
  const item = { Last_Name: "Lovelace", No_of_Employees: 3, Nonsense: 1, id: "5", Full_Name: "x", Created_Time: "y", constructor: "z" };
  assert.deepEqual(
    readRecordItem(item, context(leads)),
    ok({ id: null, values: { Last_Name: "Lovelace", No_of_Employees: 3 }, lookups: [] }),
  );
});

test("values are given back in catalog order", () => {
  const order = readRecordItem({ Probability: 10, Stage: "New", Deal_Name: "D" }, context(deals));
  hold(order.ok, "the item is good");
  assert.deepEqual(Object.keys(order.value.values), ["Deal_Name", "Stage", "Probability"]);
});

test("an insert without a mandatory field is refused, be it absent, null or empty", () => {
  for (const item of [{}, { Last_Name: null }, { Last_Name: "" }]) {
    assert.deepEqual(readRecordItem(item, context(leads)), refuse({ code: "mandatory_missing", path: ["data", 0, "Last_Name"] }));
  }
});

test("mandatory fields come before values, and the first in catalog order wins", () => {
  const missing = readRecordItem({ Deal_Name: 5 }, context(deals, { index: 1 }));
  assert.deepEqual(missing, refuse({ code: "mandatory_missing", path: ["data", 1, "Stage"] }));
  const wrong = readRecordItem({ Last_Name: "L", Phone: 5, Company: 6 }, context(leads));
  assert.deepEqual(wrong, refuse({ ...invalid("data", 0, "Company"), expectedType: "text" }));
});

test("a text that is too long says how long it may be", () => {
  const item = { Last_Name: "x".repeat(81) };
  assert.deepEqual(readRecordItem(item, context(leads)), refuse({ ...invalid("data", 0, "Last_Name"), maximumLength: 80 }));
});

test("an update may leave a mandatory field out but not empty it", () => {
  assert.deepEqual(readRecordItem({ id: "7", City: "Pune" }, updateOf(leads)), ok({ id: "7", values: { City: "Pune" }, lookups: [] }));
  for (const empty of [null, ""]) {
    const refused = readRecordItem({ id: "7", Last_Name: empty }, updateOf(leads));
    assert.deepEqual(refused, refuse({ code: "mandatory_missing", path: ["data", 0, "Last_Name"] }));
  }
});

test("null clears a field", () => {
  const order = readRecordItem({ id: "7", City: null, Phone: "" }, updateOf(leads));
  assert.deepEqual(order, ok({ id: "7", values: { Phone: null, City: null }, lookups: [] }));
});

test("an update needs an id, of the right form", () => {
  assert.deepEqual(readRecordItem({}, updateOf(leads)), refuse({ code: "mandatory_missing", path: ["data", 0, "id"] }));
  for (const id of ["x", 1.5, {}]) {
    assert.deepEqual(readRecordItem({ id }, updateOf(leads)), refuse({ ...invalid("data", 0, "id"), expectedType: "bigint" }));
  }
});

test("an id may be a number, however long", () => {
  assert.deepEqual(readRecordItem({ id: 554_023_000_100_000_001n }, updateOf(leads)), ok({ id: accountId, values: {}, lookups: [] }));
});

test("the id in the path wins over the item's", () => {
  assert.deepEqual(readRecordItem({ id: "x" }, updateOf(leads, { idInPath: "7" })), ok({ id: "7", values: {}, lookups: [] }));
  const malformed = readRecordItem({ id: "7" }, updateOf(leads, { idInPath: "x" }));
  assert.deepEqual(malformed, refuse({ code: "id_malformed_in_path", pathIndex: 1 }));
});

test("a lookup is stored as its id, and named for the store to see that it is there", () => {
  const item = { Deal_Name: "D", Stage: "New", Account_Name: { id: accountId, name: "x" }, Owner: { id: "9" } };
  const order = readRecordItem(item, context(deals, { index: 2 }));
  hold(order.ok, "the item is good");
  assert.equal(order.value.values["Account_Name"], accountId);
  assert.deepEqual(order.value.lookups, [
    { path: ["data", 2, "Owner"], kind: "user", module: null, id: "9" },
    { path: ["data", 2, "Account_Name"], kind: "record", module: "Accounts", id: accountId },
  ]);
});

test("a lookup that is cleared names nothing", () => {
  const order = readRecordItem({ id: "7", Account_Name: null }, updateOf(deals));
  assert.deepEqual(order, ok({ id: "7", values: { Account_Name: null }, lookups: [] }));
});

test("a lookup without a readable id is refused at its id", () => {
  const refused = readRecordItem({ id: "7", Account_Name: { name: "Initech" } }, updateOf(deals));
  assert.deepEqual(refused, refuse({ ...invalid("data", 0, "Account_Name", "id"), expectedType: "bigint" }));
});

for (const [title, item] of Object.entries({
  "in $se_module": { Subject: "Call", What_Id: { id: accountId }, $se_module: "accounts" },
  "as an object in $se_module": { Subject: "Call", What_Id: accountId, $se_module: { api_name: "Accounts", id: "1" } },
  "within the lookup": { Subject: "Call", What_Id: { id: accountId, module: { api_name: "Accounts" } } },
})) {
  test(`the module of a lookup of any module is read ${title}, and stored with it in its own spelling`, () => {
    assert.deepEqual(
      readRecordItem(item, context(tasks)),
      ok({
        id: null,
        values: { Subject: "Call", What_Id: accountId, $se_module: "Accounts" },
        lookups: [{ path: ["data", 0, "What_Id"], kind: "record", module: "Accounts", id: accountId }],
      }),
    );
  });
}

test("a lookup of any module that does not say which leaves it to the store", () => {
  const order = readRecordItem({ id: "7", What_Id: accountId }, updateOf(tasks));
  assert.deepEqual(
    order,
    ok({
      id: "7",
      values: { What_Id: accountId, $se_module: null },
      lookups: [{ path: ["data", 0, "What_Id"], kind: "record", module: null, id: accountId }],
    }),
  );
});

test("a lookup of any module that is cleared clears its module too", () => {
  const order = readRecordItem({ id: "7", What_Id: null, $se_module: "Accounts" }, updateOf(tasks));
  assert.deepEqual(order, ok({ id: "7", values: { What_Id: null, $se_module: null }, lookups: [] }));
});

test("a module that is not there is refused where it was named", () => {
  for (const named of ["Nowhere", 5, {}]) {
    const refused = readRecordItem({ Subject: "Call", What_Id: accountId, $se_module: named }, context(tasks));
    assert.deepEqual(refused, refuse(invalid("data", 0, "$se_module")));
  }
});

test("an appointment at the client's address needs the address, when it is made and as long as its place is said", () => {
  const appointments = moduleNamed("Appointments__s");
  const made = {
    Appointment_Name: "Visit",
    Service_Name: accountId,
    Appointment_For: accountId,
    Appointment_Start_Time: "2026-03-01T10:00:00Z",
    Owner: accountId,
    Location: "Client Address",
  };
  const refused = refuse({ code: "dependent_missing", path: ["data", 0, "Address"], dependee: ["data", 0, "Location"] } as const);
  assert.deepEqual(readRecordItem(made, context(appointments)), refused);
  assert.equal(readRecordItem({ ...made, Address: "1 Main Street" }, context(appointments)).ok, true);
  assert.equal(readRecordItem({ ...made, Location: "Business Address" }, context(appointments)).ok, true);
  assert.equal(readRecordItem({ id: "7", Location: "Client Address" }, updateOf(appointments)).ok, true);
  assert.deepEqual(readRecordItem({ id: "7", Location: "Client Address", Address: "" }, updateOf(appointments)), refused);
});

test("a record larger than a record may be is refused", () => {
  const item = (bytes: number) => ({ Last_Name: "L", Territories: ["é".repeat(bytes / 2)] });
  assert.equal(readRecordItem(item(limits.recordBytesMax - 100), context(leads)).ok, true);
  const error = { ...invalid("data", 0), maximumLength: limits.recordBytesMax };
  assert.deepEqual(readRecordItem(item(limits.recordBytesMax), context(leads)), refuse(error));
});

test("whatever the item, only settable fields of the module and $se_module are stored", () => {
  const settable = new Set([...tasks.fields.filter((field) => !field.isReadOnly).map((field) => field.apiName), "$se_module"]);
  const keys = fc.constantFrom(...tasks.fields.map((field) => field.apiName), "$se_module", "__proto__", "toString");
  fc.assert(
    fc.property(fc.dictionary(keys, fc.jsonValue()), (item) => {
      const order = readRecordItem({ ...item, Subject: "S" }, context(tasks));
      if (order.ok) assert.ok(Object.keys(order.value.values).every((key) => settable.has(key)));
      else assert.equal(order.error.path?.[0], "data");
    }),
  );
});
