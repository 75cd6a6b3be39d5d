import assert from "node:assert/strict";
import { anyDelivery } from "../../test/support/any-delivery.ts";
import { test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import { limits } from "../core/limits.ts";
import type { Operation } from "../core/channel.ts";
import type { Refusal } from "../core/refusal.ts";
import type { SeedOrg } from "../core/seed.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Output } from "./commands.ts";

type Written = Output<"metadata.writeFields">;

type Order = { readonly operation: Operation; readonly items: readonly unknown[]; readonly module?: string; readonly idInPath?: string };

function write(app: InThread, { operation, items, module = "Deals", idInPath }: Order): Promise<Written> {
  return app.run("metadata.writeFields", { caller: app.caller, module, operation, items, idInPath: idInPath ?? null });
}

async function make(app: InThread, item: Readonly<Record<string, unknown>>, module = "Deals"): Promise<string> {
  const [result] = resultsOf(await write(app, { operation: "insert", items: [item], module }));
  assert.ok(result?.ok === true, JSON.stringify(result));
  return result.value.id;
}

async function remove(app: InThread, id: string, module = "Deals"): Promise<void> {
  const [result] = resultsOf(await write(app, { operation: "delete", items: [id], module, idInPath: id }));
  assert.ok(result?.ok === true, JSON.stringify(result));
}

function resultsOf(written: Written) {
  assert.ok(written.ok, JSON.stringify(written));
  return written.value;
}

async function faultOf(written: Promise<Written>): Promise<Refusal> {
  const [result] = resultsOf(await written);
  assert.ok(result?.ok === false, JSON.stringify(result));
  return result.error;
}

async function fieldsOf(app: InThread, module = "Deals"): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const fields = await app.run("metadata.fields", { caller: app.caller, version: "v8", module, type: "all" });
  assert.ok(fields.ok);
  return fields.value.map((field) => Object(field));
}

async function fieldNamed(app: InThread, apiName: string, module = "Deals"): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await fieldsOf(app, module)).find((field) => field.api_name === apiName);
}

async function dataOf(app: InThread, id: string): Promise<Readonly<Record<string, unknown>>> {
  const record = await app.run("records.get", { caller: app.caller, module: "Deals", id });
  assert.ok(record.ok && record.value !== null);
  return Object(record.value.row);
}

const score = { field_label: "Score", data_type: "integer", length: 4 };
const deal = { Deal_Name: "Big one", Stage: "Qualification" };

function condition(field: Readonly<Record<string, unknown>>) {
  return { notification_condition: [{ type: "field_selection", module: { api_name: "Deals" }, field_selection: { field } }] };
}

test("a field that was made is listed, written, shown and watched like any other", async () => {
  await using app = await InThread.open();
  const id = await make(app, score);
  assert.equal(id, "554023000003000000");
  const field = await fieldNamed(app, "Score");
  assert.deepEqual([field?.id, field?.data_type, field?.length, field?.custom_field], [id, "integer", 4, true]);
  const record = await app.write("Deals", "insert", { ...deal, Score: 7 });
  assert.equal((await dataOf(app, record)).Score, 7);
  await app.subscribe("1", ["Deals.edit"], condition({ api_name: "Score", id }));
  await app.write("Deals", "update", { id: record, Amount: 1 });
  assert.equal((await app.claims()).length, 0);
  await app.write("Deals", "update", { id: record, Score: 8 });
  assert.deepEqual(
    (await app.claims()).map(({ affectedFields }) => affectedFields),
    [`[{"${record}":["Score"]}]`],
  );
});

test("items of one request see each other, and one that fails leaves the others alone", async () => {
  await using app = await InThread.open();
  const results = resultsOf(await write(app, { operation: "insert", items: [score, score, { ...score, field_label: "Grade" }] }));
  assert.deepEqual(
    results.map((result) => (result.ok ? result.value.id : result.error)),
    ["554023000003000000", { code: "duplicate", path: ["fields", 1, "field_label"] }, "554023000003000001"],
  );
});

test("labels and API names are taken without regard to case, those of standard fields too; a name made from a label avoids them", async () => {
  await using app = await InThread.open();
  const item = (more: object) => write(app, { operation: "insert", items: [{ ...score, ...more }] });
  assert.deepEqual(await faultOf(item({ field_label: "AMOUNT" })), { code: "duplicate", path: ["fields", 0, "field_label"] });
  assert.deepEqual(await faultOf(item({ api_name: "stage" })), { code: "duplicate", path: ["fields", 0, "api_name"] });
  await make(app, { ...score, field_label: "Deal-Name" });
  assert.notEqual(await fieldNamed(app, "Deal_Name1"), undefined);
  await make(app, { ...score, api_name: "My_Score" });
  assert.notEqual(await fieldNamed(app, "My_Score"), undefined);
});

test("a lookup that was made points to its module, in the metadata, in records and in the related lists", async () => {
  await using app = await InThread.open();
  await make(app, { field_label: "Site", data_type: "lookup", lookup: { module: { api_name: "accounts" } } });
  const account = await app.write("Accounts", "insert", { Account_Name: "Initech" });
  const record = await app.write("Deals", "insert", { ...deal, Site: { id: account } });
  assert.deepEqual((await dataOf(app, record)).Site, { name: "Initech", id: account });
  const lists = await app.run("metadata.relatedLists", { caller: app.caller, version: "v8", module: "Accounts", id: null });
  assert.ok(lists.ok);
  assert.match(JSON.stringify(lists.value), /"display_label":"Deals \(Site\)"/);
});

test("a label, a length and a pick list can be changed; ids of values stay, and are never given out again", async () => {
  await using app = await InThread.open();
  const values = [{ display_value: "Good" }, { display_value: "Fair" }];
  const id = await make(app, { field_label: "Grade", data_type: "picklist", pick_list_values: values });
  const shown = async (): Promise<unknown> =>
    JSON.parse(JSON.stringify((await fieldNamed(app, "Grade"))?.pick_list_values ?? []), (key, value) =>
      ["colour_code", "forecast_category", "reference_value", "sequence_number", "type"].includes(key) ? undefined : value,
    );
  const [good, fair, poor] = ["554023000020000000", "554023000020000001", "554023000020000002"];
  app.now += 1_000;
  const change = [{ id: good, display_value: "Very good" }, { id: fair, _delete: null }, { display_value: "Poor" }];
  resultsOf(await write(app, { operation: "update", items: [{ id, field_label: "Mark", pick_list_values: change }] })).forEach((result) =>
    assert.ok(result.ok),
  );
  assert.deepEqual(await shown(), [
    { display_value: "Very good", actual_value: "Good", id: good },
    { display_value: "Poor", actual_value: "Poor", id: poor },
  ]);
  assert.equal((await fieldNamed(app, "Grade"))?.field_label, "Mark");
  assert.notEqual((await fieldNamed(app, "Grade"))?.modified_time, (await fieldNamed(app, "Grade"))?.created_time);
  await write(app, { operation: "update", items: [{ pick_list_values: [{ display_value: "Fair" }] }], idInPath: id });
  assert.match(JSON.stringify(await shown()), /"Fair","id":"554023000020000003"|"id":"554023000020000003"/);
  const fault = (pick_list_values: unknown) => faultOf(write(app, { operation: "update", items: [{ pick_list_values }], idInPath: id }));
  const path = ["fields", 0, "pick_list_values", 0];
  assert.deepEqual(await fault([{ id: fair }]), { code: "value_invalid", path: [...path, "id"] });
  assert.deepEqual(await fault([{ display_value: "Poor" }]), { code: "duplicate", path: [...path, "actual_value"] });
  assert.deepEqual(await fault([{}]), { code: "mandatory_missing", path: [...path, "display_value"] });
});

test("neither the name nor the type of a field changes, and a field that came with the org not at all", async () => {
  await using app = await InThread.open();
  const id = await make(app, score);
  const fault = (item: object, idInPath = id) => faultOf(write(app, { operation: "update", items: [item], idInPath }));
  assert.deepEqual(await fault({ data_type: "text" }), { code: "change_not_allowed", path: ["fields", 0, "data_type"] });
  assert.deepEqual(await fault({ api_name: "Other" }), { code: "change_not_allowed", path: ["fields", 0, "api_name"] });
  assert.deepEqual(await fault({ length: 10 }), { code: "value_invalid", path: ["fields", 0, "length"], maximumLength: 9 });
  assert.deepEqual(await fault({ pick_list_values: [] }), { code: "value_invalid", path: ["fields", 0, "pick_list_values"] });
  assert.deepEqual(await fault({ field_label: "Stage" }), { code: "duplicate", path: ["fields", 0, "field_label"] });
  assert.deepEqual(await fault({ field_label: "A" }, "554023000000000525"), { code: "change_not_allowed", path: ["fields", 0] });
  assert.deepEqual(await fault({}, "1"), { code: "id_unknown_in_path", pathIndex: 2 });
  assert.deepEqual(await fault({}, "x"), { code: "id_malformed_in_path", pathIndex: 2 });
  assert.deepEqual(await faultOf(write(app, { operation: "update", items: [{}] })), {
    code: "mandatory_missing",
    path: ["fields", 0, "id"],
  });
  assert.deepEqual(await faultOf(write(app, { operation: "update", items: [{ id: "1" }] })), {
    code: "value_invalid",
    path: ["fields", 0, "id"],
  });
});

test("a deleted field is in no list, its values are shown no more, and its id is never given out again", async () => {
  await using app = await InThread.open();
  const id = await make(app, score);
  const record = await app.write("Deals", "insert", { ...deal, Score: 7 });
  await remove(app, id);
  assert.equal(await fieldNamed(app, "Score"), undefined);
  assert.equal("Score" in (await dataOf(app, record)), false);
  await app.write("Deals", "update", { id: record, Score: 9 });
  const again = await make(app, { ...score, data_type: "text" });
  assert.notEqual(again, id);
  assert.equal((await dataOf(app, record)).Score, null);
  assert.deepEqual(await faultOf(write(app, { operation: "delete", items: [id], idInPath: id })), {
    code: "id_unknown_in_path",
    pathIndex: 2,
  });
  const stage = "554023000000000525";
  assert.deepEqual(await faultOf(write(app, { operation: "delete", items: [stage], idInPath: stage })), {
    code: "change_not_allowed",
    pathIndex: 2,
  });
});

test("a condition on a deleted field is refused: by its name, by its id, and after another field has its name by its old id", async () => {
  await using app = await InThread.open();
  const id = await make(app, score);
  await remove(app, id);
  const refused = async (field: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const item = { channel_id: "1", events: ["Deals.edit"], notify_url: "http://127.0.0.1:9/", ...condition(field) };
    const [result] = await app.run("watch.write", { caller: app.caller, version: "v6", mode: "enable", items: [item] });
    return result?.ok === false ? result.error.code : result;
  };
  assert.equal(await refused({ api_name: "Score" }), "value_invalid");
  assert.equal(await refused({ id }), "value_invalid");
  await make(app, score);
  assert.equal(await refused({ id }), "value_invalid");
  assert.equal(await refused({ api_name: "Score", id }), "ambiguous");
});

test("a live condition stops holding when its field is deleted, and does not hold for a later field of the name", async () => {
  await using app = await InThread.open();
  const id = await make(app, score);
  const or = { group_operator: "or", group: [{ field: { api_name: "Score" } }, { field: { api_name: "Amount" } }] };
  const either = [{ type: "field_selection", module: { api_name: "Deals" }, field_selection: or }];
  await app.subscribe("1", ["Deals.edit"], condition({ api_name: "Score" }));
  await app.subscribe("2", ["Deals.edit"], { notification_condition: either });
  const record = await app.write("Deals", "insert", { ...deal, Score: 1 });
  const owed = async () => (await app.run("operate.deliveries", anyDelivery)).deliveries.map(({ channelId }) => channelId).toSorted();
  await app.write("Deals", "update", { id: record, Score: 2 });
  assert.deepEqual(await owed(), ["1", "2"]);
  await remove(app, id);
  await app.write("Deals", "update", { id: record, Score: 3 });
  await make(app, score);
  await app.write("Deals", "update", { id: record, Score: 4 });
  assert.deepEqual(await owed(), ["1", "2"]);
  // The rest of the tree goes on, and a merge that keeps the condition brings nothing back.
  const merge = [{ channel_id: "1", channel_expiry: null }];
  await app.run("watch.write", { caller: app.caller, version: "v6", mode: "merge", items: merge });
  await app.write("Deals", "update", { id: record, Score: 5, Amount: 5 });
  assert.deepEqual(await owed(), ["1", "2", "2"]);
});

test("what a condition came to is the same after a restart", async () => {
  const store = await openSqliteStore(null);
  await using app = await InThread.open(undefined, store);
  const id = await make(app, score);
  await app.subscribe("1", ["Deals.edit"], condition({ api_name: "Score" }));
  const record = await app.write("Deals", "insert", deal);
  await remove(app, id);
  await make(app, score);
  const restarted = new InThread(store);
  await restarted.write("Deals", "update", { id: record, Score: 4 });
  assert.deepEqual(await restarted.claims(), []);
});

test("fields of a custom module are numbered within it, and what was deleted keeps its number", async () => {
  const module = { apiName: "Inspections", singularLabel: "Inspection", pluralLabel: "Inspections", fields: [] };
  const org: SeedOrg = { ...acme, modules: [module] };
  await using app = await InThread.open({ orgs: [org] });
  const first = await make(app, score, "inspections");
  assert.equal(first, "554023000004000100");
  await remove(app, first, "Inspections");
  assert.equal(await make(app, score, "Inspections"), "554023000004000101");
});

test("a module has at most 500 custom fields, and a request at most one item with an id in the path", async () => {
  const fields = Array.from({ length: limits.customFieldsPerModuleMax }, (_, index) => ({
    apiName: `F${index}`,
    label: `F${index}`,
    dataType: "boolean",
    length: null,
    isMandatory: false,
    pickListValues: [],
    lookupModule: null,
  }));
  const org: SeedOrg = { ...acme, modules: [{ apiName: "Leads", singularLabel: "Lead", pluralLabel: "Leads", fields }] };
  await using app = await InThread.open({ orgs: [org] });
  assert.deepEqual(await faultOf(write(app, { operation: "insert", items: [score], module: "Leads" })), {
    code: "limit_reached",
    limit: 500,
  });
  const two = await write(app, { operation: "update", items: [{}, {}], idInPath: "1" });
  assert.deepEqual(two, { ok: false, error: { code: "too_many_items", path: ["fields"], limit: 1 } });
});

test("the module must be there, and have fields", async () => {
  await using app = await InThread.open();
  for (const [module, code] of [
    ["Unicorns", "module_invalid"],
    ["Home", "module_not_supported"],
  ] as const) {
    assert.deepEqual(await write(app, { operation: "insert", items: [score], module }), { ok: false, error: { code, param: "module" } });
  }
});
