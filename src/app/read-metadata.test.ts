import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread } from "../../test/support/in-thread.ts";
import type { Json } from "../wire/json.ts";

const secondMs = 1_000;

function namesOf(rows: readonly Json[] | null): readonly unknown[] | null {
  return rows === null ? null : rows.map((row) => Object(row).api_name);
}

async function modulesSince(app: InThread, modifiedSince: number | null): Promise<readonly unknown[] | null> {
  return namesOf(await app.run("metadata.modules", { caller: app.caller, version: "v8", statuses: null, modifiedSince }));
}

async function addField(app: InThread, module: string): Promise<void> {
  const items = [{ field_label: "Score", data_type: "integer" }];
  const made = await app.run("metadata.writeFields", { caller: app.caller, module, operation: "insert", items, idInPath: null });
  assert.ok(made.ok && made.value[0]?.ok === true);
}

test("modules are told to a client that asked before they changed, to the millisecond", async () => {
  await using app = await InThread.open();
  const madeAt = app.now;
  assert.ok(((await modulesSince(app, madeAt - 1))?.length ?? 0) > 20);
  assert.equal(await modulesSince(app, madeAt), null);
  app.now += 500;
  await addField(app, "Deals");
  // The client's last look was in the second of the change, but before it.
  assert.deepEqual(await modulesSince(app, Math.floor(app.now / secondMs) * secondMs), ["Deals"]);
  assert.equal(await modulesSince(app, app.now), null);
});

test("one module, and the layout of one, are told or not by their own change alone", async () => {
  await using app = await InThread.open();
  const madeAt = app.now;
  app.now += secondMs;
  await addField(app, "Deals");
  for (const [module, isChanged] of [
    ["Deals", true],
    ["Leads", false],
  ] as const) {
    const one = await app.run("metadata.module", { caller: app.caller, version: "v8", module, modifiedSince: madeAt });
    assert.equal(one.ok && one.value !== null, isChanged, module);
    const layouts = await app.run("metadata.layouts", { caller: app.caller, version: "v8", module, id: null, modifiedSince: madeAt });
    assert.equal(layouts.ok && layouts.value !== null, isChanged, module);
  }
});

test("modules are listed by their status", async () => {
  await using app = await InThread.open();
  const list = async (...statuses: ("user_hidden" | "scheduled_for_deletion")[]) =>
    namesOf(await app.run("metadata.modules", { caller: app.caller, version: "v8", statuses, modifiedSince: null }));
  assert.deepEqual(await list("user_hidden"), ["Appointments_Rescheduled_History__s"]);
  assert.deepEqual(await list("scheduled_for_deletion"), []);
});

test("every field is in use", async () => {
  await using app = await InThread.open();
  const list = async (type: "used" | "unused" | "all") => {
    const fields = await app.run("metadata.fields", { caller: app.caller, version: "v8", module: "dEaLs", type });
    return fields.ok ? fields.value.length : null;
  };
  assert.equal(await list("used"), await list("all"));
  assert.equal(await list("unused"), 0);
});

test("a layout is found by its id, an unknown id finds none, and a module without fields has none", async () => {
  await using app = await InThread.open();
  const list = async (module: string, id: string | null) => {
    const layouts = await app.run("metadata.layouts", { caller: app.caller, version: "v8", module, id, modifiedSince: null });
    assert.ok(layouts.ok);
    return layouts.value?.map((layout) => Object(layout).id);
  };
  const [id] = (await list("deals", null)) ?? [];
  assert.equal(typeof id, "string");
  assert.deepEqual(await list("Deals", id), [id]);
  assert.deepEqual(await list("Leads", id), []);
  assert.deepEqual(await list("Home", null), []);
  const unknown = await app.run("metadata.layouts", {
    caller: app.caller,
    version: "v8",
    module: "Unicorns",
    id: null,
    modifiedSince: null,
  });
  assert.deepEqual(unknown, { ok: false, error: { code: "module_invalid", param: "module" } });
});

test("related lists are those of the module, and one of them by its id", async () => {
  await using app = await InThread.open();
  const list = async (id: string | null) => {
    const lists = await app.run("metadata.relatedLists", { caller: app.caller, version: "v8", module: "deals", id });
    assert.ok(lists.ok);
    return lists.value.map((row) => Object(row));
  };
  const all = await list(null);
  assert.ok(all.some(({ api_name }) => api_name === "Notes"));
  const [, second] = all;
  assert.deepEqual(await list(second.id), [second]);
});
