import assert from "node:assert/strict";
import { anyDelivery } from "../../test/support/any-delivery.ts";
import { test } from "node:test";
import { InThread } from "../../test/support/in-thread.ts";
import type { Operation } from "../core/channel.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Output } from "./commands.ts";

type Written = Output<"metadata.writeModules">;

const profiles = [{ id: "554023000000000103" }];
const visits = { plural_label: "Site visits", singular_label: "Site visit", api_name: "Visits", profiles };

/** An item, and the name that stands in the path when there is one. */
function write(app: InThread, operation: Operation, [item, nameInPath = null]: readonly [unknown, (string | null)?]): Promise<Written> {
  return app.run("metadata.writeModules", { caller: app.caller, operation, items: [item], nameInPath });
}

async function doneOf(written: Promise<Written>): Promise<string> {
  const done = await written;
  const [result] = done.ok ? done.value : [];
  assert.ok(result?.ok === true, JSON.stringify(done));
  return result.value.id;
}

async function faultOf(written: Promise<Written>): Promise<Refusal> {
  const done = await written;
  const [result] = done.ok ? done.value : [];
  assert.ok(result?.ok === false, JSON.stringify(done));
  return result.error;
}

async function moduleNamed(app: InThread, module: string): Promise<Readonly<Record<string, unknown>> | null> {
  const found = await app.run("metadata.module", { caller: app.caller, version: "v8", module, modifiedSince: null });
  return found.ok ? Object(found.value) : null;
}

async function addLookup(app: InThread, module: string, target: string): Promise<void> {
  const item = { field_label: "Visit", data_type: "lookup", lookup: { module: { api_name: target } } };
  const written = await app.run("metadata.writeFields", {
    caller: app.caller,
    module,
    operation: "insert",
    items: [item],
    idInPath: null,
  });
  assert.ok(written.ok && written.value[0]?.ok === true, JSON.stringify(written));
}

test("a module that was made takes fields and records, and is watched like any other", async () => {
  await using app = await InThread.open();
  const id = await doneOf(write(app, "insert", [visits]));
  assert.equal(id, "554023000004000000");
  const module = await moduleNamed(app, "visits");
  assert.deepEqual(
    [module?.id, module?.api_name, module?.module_name, module?.singular_label, module?.plural_label, module?.generated_type],
    [id, "Visits", "CustomModule1", "Site visit", "Site visits", "custom"],
  );
  assert.equal(module?.modified_time, "1970-01-01T05:46:40+05:30");
  await app.subscribe("1", ["Visits.create"]);
  await app.write("Visits", "insert", { Name: "First" });
  assert.deepEqual(
    (await app.claims()).map((claim) => claim.module),
    ["Visits"],
  );
});

test("a name is made of the plural label; reserved names and those of other modules are avoided", async () => {
  await using app = await InThread.open();
  const make = (plural_label: string) => doneOf(write(app, "insert", [{ profiles, plural_label, singular_label: `One ${plural_label}` }]));
  await make("Site visits");
  assert.notEqual(await moduleNamed(app, "Site_visits"), null);
  await make("Files");
  assert.notEqual(await moduleNamed(app, "Files1"), null);
  await make("Price  Books");
  assert.notEqual(await moduleNamed(app, "Price_Books1"), null);
});

test("labels and names of other modules, reserved names and strangers' profiles are refused", async () => {
  await using app = await InThread.open();
  const fault = (more: object) => faultOf(write(app, "insert", [{ ...visits, ...more }]));
  const at = (...path: (string | number)[]) => ["modules", 0, ...path];
  assert.deepEqual(await fault({ plural_label: "leads" }), { code: "duplicate", path: at("plural_label") });
  assert.deepEqual(await fault({ singular_label: "Meeting" }), { code: "duplicate", path: at("singular_label") });
  for (const api_name of ["leads", "Home", "Meetings"]) {
    assert.deepEqual(await fault({ api_name }), { code: "duplicate", path: at("api_name") });
  }
  for (const reserved of ["Users", "settings"]) {
    assert.deepEqual(await fault({ api_name: reserved }), { code: "value_invalid", path: at("api_name") });
  }
  assert.deepEqual(await fault({ profiles: [{ id: "1" }] }), { code: "value_invalid", path: at("profiles", 0, "id") });
});

test("labels can be changed, by name or by id; nothing else can, and a standard module's not", async () => {
  await using app = await InThread.open();
  const id = await doneOf(write(app, "insert", [visits]));
  app.now += 1_000;
  await doneOf(write(app, "update", [{ plural_label: "Calls on site" }, "visits"]));
  await doneOf(write(app, "update", [{ id, singular_label: "Call on site" }]));
  const module = await moduleNamed(app, "Visits");
  assert.deepEqual([module?.singular_label, module?.plural_label], ["Call on site", "Calls on site"]);
  assert.equal(module?.modified_time, "1970-01-01T05:46:41+05:30");
  const fault = (item: object, name: string | null = "Visits") => faultOf(write(app, "update", [item, name]));
  assert.deepEqual(await fault({ api_name: "Other" }), { code: "change_not_allowed", path: ["modules", 0, "api_name"] });
  assert.deepEqual(await fault({ plural_label: "Leads" }), { code: "duplicate", path: ["modules", 0, "plural_label"] });
  assert.deepEqual(await fault({ plural_label: "Prospects" }, "Leads"), { code: "change_not_allowed", path: ["modules", 0] });
  assert.deepEqual(await fault({}, "Unicorns"), { code: "module_invalid", pathIndex: 2 });
  assert.deepEqual(await fault({}, null), { code: "mandatory_missing", path: ["modules", 0, "id"] });
  assert.deepEqual(await fault({ id: "1" }, null), { code: "value_invalid", path: ["modules", 0, "id"] });
  await doneOf(write(app, "update", [{ profiles }, "Leads"]));
});

test("a deleted module is no module any more, and the lookups that pointed to it are gone with it", async () => {
  await using app = await InThread.open();
  const id = await doneOf(write(app, "insert", [visits]));
  await addLookup(app, "Deals", "Visits");
  const visit = await app.write("Visits", "insert", { Name: "First" });
  const deal = await app.write("Deals", "insert", { Deal_Name: "Big", Stage: "Qualification", Visit: visit });
  await doneOf(write(app, "delete", ["Visits", "Visits"]));
  assert.equal(await moduleNamed(app, "Visits"), null);
  assert.equal(await moduleNamed(app, id), null);
  const record = await app.run("records.get", { caller: app.caller, module: "Visits", id: visit });
  assert.deepEqual(record, { ok: false, error: { code: "module_invalid", pathIndex: 0 } });
  const shown = await app.run("records.get", { caller: app.caller, module: "Deals", id: deal });
  assert.ok(shown.ok && shown.value !== null);
  assert.equal(Object.hasOwn(Object(shown.value.row), "Visit"), false);
  assert.deepEqual(await faultOf(write(app, "delete", ["Visits", "Visits"])), { code: "module_invalid", pathIndex: 2 });
  assert.deepEqual(await faultOf(write(app, "delete", ["Leads", "Leads"])), { code: "change_not_allowed", pathIndex: 2 });
});

test("channels lose what they watched of a deleted module: the subscription, the channel if nothing is left, and what is owed", async () => {
  await using app = await InThread.open();
  await doneOf(write(app, "insert", [visits]));
  await app.subscribe("1", ["Visits.all"]);
  await app.subscribe("2", ["Visits.create", "Leads.create"]);
  await app.write("Visits", "insert", { Name: "First" });
  await app.write("Leads", "insert", { Last_Name: "Ada" });
  await doneOf(write(app, "delete", ["Visits", "Visits"]));
  const rows = await app.run("watch.list", {
    caller: app.caller,
    version: "v8",
    timeZone: "UTC",
    baseUrl: "",
    channelId: null,
    module: null,
    page: { page: 1, perPage: 200 },
  });
  assert.deepEqual(
    rows.rows.map((row) => [Object(row).channel_id, Object(row).resource_name]),
    [["2", "Leads"]],
  );
  const { deliveries } = await app.run("operate.deliveries", anyDelivery);
  assert.deepEqual(deliveries.map(({ channelId, module, status }) => `${channelId} ${module} ${status}`).toSorted(), [
    "1 Visits cancelled",
    "2 Leads pending",
    "2 Visits cancelled",
  ]);
  const event = { channel_id: "3", events: ["Visits.create"], notify_url: "http://127.0.0.1:9/" };
  const [again] = await app.run("watch.write", { caller: app.caller, version: "v8", mode: "enable", items: [event] });
  assert.equal(again?.ok, false);
});

test("a module of a deleted one's name has an id of its own, and none of its records or fields", async () => {
  await using app = await InThread.open();
  const id = await doneOf(write(app, "insert", [visits]));
  await addLookup(app, "Visits", "Accounts");
  const visit = await app.write("Visits", "insert", { Name: "First" });
  await doneOf(write(app, "delete", [id, id]));
  const again = await doneOf(write(app, "insert", [visits]));
  assert.equal(again, "554023000004001000");
  const record = await app.run("records.get", { caller: app.caller, module: "Visits", id: visit });
  assert.deepEqual(record, { ok: true, value: null });
  const fields = await app.run("metadata.fields", { caller: app.caller, version: "v8", module: "Visits", type: "all" });
  assert.ok(fields.ok);
  assert.equal(
    fields.value.some((field) => Object(field).api_name === "Visit"),
    false,
  );
});

test("a path names one module", async () => {
  await using app = await InThread.open();
  const written = await app.run("metadata.writeModules", {
    caller: app.caller,
    operation: "update",
    items: [{}, {}],
    nameInPath: "Leads",
  });
  assert.deepEqual(written, { ok: false, error: { code: "too_many_items", path: ["modules"], limit: 1 } });
});
