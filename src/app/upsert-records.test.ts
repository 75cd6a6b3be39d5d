import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anyDelivery } from "../../test/support/any-delivery.ts";
import { InThread, acme } from "../../test/support/in-thread.ts";
import type { Refusal } from "../core/refusal.ts";
import type { SeedField } from "../core/seed.ts";

type Item = Record<string, unknown>;

function unique(apiName: string, dataType = "text"): SeedField {
  return { apiName, label: apiName, dataType, length: null, isMandatory: false, isUnique: true, pickListValues: [], lookupModule: null };
}

/** An org whose leads have two unique fields. */
function withUniqueFields(): Promise<InThread> {
  const leads = { apiName: "Leads", singularLabel: "Lead", pluralLabel: "Leads", fields: [unique("Badge"), unique("Number1", "integer")] };
  return InThread.open({ orgs: [{ ...acme, modules: [leads] }] });
}

type Asked = { readonly items: readonly Item[]; readonly checkFields?: readonly string[]; readonly unmodifiedSince?: number };

async function upsert(app: InThread, module: string, asked: Asked | readonly Item[]) {
  const { items, checkFields, ...more }: Asked = "items" in asked ? asked : { items: asked };
  const done = await app.run("records.upsert", { caller: app.caller, module, items, checkFields, ...more });
  assert.ok(done.ok, JSON.stringify(done));
  return done.value;
}

/** What each item came to, in short: `update 7 Email`, or the code of its refusal. */
async function outcomes(...asked: Parameters<typeof upsert>): Promise<readonly string[]> {
  return (await upsert(...asked)).map((result) => {
    if (!result.ok) return result.error.code;
    const { action, record, duplicateField } = result.value;
    return `${action} ${record.id.slice(-1)} ${duplicateField ?? "-"}`;
  });
}

async function refusalOf(...asked: Parameters<typeof upsert>): Promise<Refusal> {
  const [result] = await upsert(...asked);
  assert.ok(result?.ok === false, JSON.stringify(result));
  return result.error;
}

async function row(app: InThread, module: string, id: string): Promise<unknown> {
  const got = await app.run("records.get", { caller: app.caller, module, id });
  assert.ok(got.ok && got.value !== null);
  return got.value.row;
}

describe("the record to update", () => {
  test("is the one that has the item's value in the module's own field, whatever the case; without one, the item is inserted", async () => {
    await using app = await InThread.open();
    const id = await app.write("Leads", "insert", { Last_Name: "Bolton", Email: "Bolton@Acme.example" });
    const items = [
      { Email: "bolton@acme.EXAMPLE", Company: "Initech" },
      { Last_Name: "New", Email: "new@acme.example" },
      { Last_Name: "Nameless" },
    ];
    assert.deepEqual(await outcomes(app, "Leads", items), ["update 1 Email", "insert 2 -", "insert 3 -"]);
    const updated = await row(app, "Leads", id);
    assert.ok(typeof updated === "object" && updated !== null && "Company" in updated && "Last_Name" in updated);
    assert.deepEqual([updated.Company, updated.Last_Name], ["Initech", "Bolton"]);
  });

  test("is found by the name in a custom module, and the module's name is taken in any case", async () => {
    const labs = { apiName: "Labs", singularLabel: "Lab", pluralLabel: "Labs", fields: [] };
    await using app = await InThread.open({ orgs: [{ ...acme, modules: [labs] }] });
    assert.deepEqual(await outcomes(app, "labs", [{ Name: "North" }, { Name: "north" }]), ["insert 1 -", "update 1 Name"]);
  });

  test("is the oldest of several that share the value", async () => {
    await using app = await InThread.open();
    for (const _ of [1, 2]) await app.write("Deals", "insert", { Deal_Name: "Renewal", Stage: "Qualification" });
    assert.deepEqual(await outcomes(app, "Deals", [{ Deal_Name: "Renewal", Amount: 1 }]), ["update 1 Deal_Name"]);
  });

  test("is found by the first of the fields that the request names, and by unique fields after them", async () => {
    await using app = await withUniqueFields();
    await app.write("Leads", "insert", { Last_Name: "A", Email: "a@acme.example", Badge: "a" });
    await app.write("Leads", "insert", { Last_Name: "B", Email: "b@acme.example", Number1: 2 });
    const byBadge = { Last_Name: "C", Email: "b@acme.example", Badge: "A" };
    assert.deepEqual(await outcomes(app, "Leads", { items: [byBadge], checkFields: ["Badge"] }), ["update 1 Badge"]);
    assert.deepEqual(await outcomes(app, "Leads", [{ Last_Name: "D", Number1: 2 }]), ["update 2 Number1"]);
    const bySystem = { Last_Name: "E", Email: "b@acme.example" };
    assert.deepEqual(
      await outcomes(app, "Leads", { items: [bySystem], checkFields: ["Badge"] }),
      ["insert 3 -"],
      "the module's own field was not named",
    );
  });

  test("may be found by a standard field that the request names", async () => {
    await using app = await InThread.open();
    await app.write("Leads", "insert", { Last_Name: "A", Mobile: "5550100" });
    const item = { Last_Name: "B", Email: "b@acme.example", Mobile: "5550100" };
    assert.deepEqual(await outcomes(app, "Leads", { items: [item], checkFields: ["Email", "Mobile"] }), ["update 1 Mobile"]);
  });

  test("is the one that the item names by its id", async () => {
    await using app = await InThread.open();
    const id = await app.write("Leads", "insert", { Last_Name: "A", Email: "a@acme.example" });
    await app.write("Leads", "insert", { Last_Name: "B", Email: "b@acme.example" });
    assert.deepEqual(await outcomes(app, "Leads", [{ id, Email: "b@acme.example" }]), ["update 1 -"]);
    assert.deepEqual(await refusalOf(app, "Leads", [{ id: "554023000100000099", Last_Name: "C" }]), {
      code: "record_unknown",
      id: "554023000100000099",
    });
    assert.deepEqual(await refusalOf(app, "Leads", [{ id: "x", Last_Name: "C" }]), {
      code: "value_invalid",
      path: ["data", 0, "id"],
      expectedType: "bigint",
    });
  });

  test("is not one that was deleted, nor one of another module", async () => {
    await using app = await InThread.open();
    const id = await app.write("Leads", "insert", { Last_Name: "A", Email: "a@acme.example" });
    await app.write("Contacts", "insert", { Last_Name: "A", Email: "a@acme.example" });
    await app.run("records.write", { caller: app.caller, module: "Leads", operation: "delete", items: [id], idInPath: id });
    assert.deepEqual(await outcomes(app, "Leads", [{ Last_Name: "B", Email: "a@acme.example" }]), ["insert 3 -"]);
  });

  test("may have been made, or given away its value, by an earlier item of the request", async () => {
    await using app = await InThread.open();
    const [first] = [{ Last_Name: "A", Email: "a@acme.example" }];
    assert.deepEqual(await outcomes(app, "Leads", [first, first]), ["insert 1 -", "update 1 Email"]);
    const id = "554023000100000001";
    assert.deepEqual(await outcomes(app, "Leads", [{ id, Email: "z@acme.example" }, first]), ["update 1 -", "insert 3 -"]);
  });
});

describe("a value that another record has in a unique field", () => {
  const duplicate = { owner: { id: "554023000050000001", name: "Ada Owner", email: "owner@acme.example" }, hasMore: false };

  test("is refused with that record, on insert, update and upsert", async () => {
    await using app = await withUniqueFields();
    const id = await app.write("Leads", "insert", { Last_Name: "A", Badge: "a" });
    const other = await app.write("Leads", "insert", { Last_Name: "B", Badge: "b", Email: "b@acme.example" });
    const refused = async (operation: "insert" | "update", item: Item, idInPath: string | null) => {
      const done = await app.run("records.write", { caller: app.caller, module: "Leads", operation, items: [item], idInPath });
      const [result] = done.ok ? done.value.results : [];
      assert.ok(result?.ok === false, JSON.stringify(done));
      const { duplicate: found, ...rest } = result.error;
      assert.equal(found?.module.apiName, "Leads");
      assert.deepEqual([found.owner, found.hasMore], [duplicate.owner, duplicate.hasMore]);
      assert.deepEqual(rest, { code: "duplicate", path: ["data", 0, "Badge"], id });
    };
    await refused("insert", { Last_Name: "C", Badge: "A" }, null);
    await refused("update", { Badge: "A" }, other);
    assert.equal((await refusalOf(app, "Leads", [{ Last_Name: "B", Badge: "a", Email: "b@acme.example" }])).code, "duplicate");
  });

  test("is no fault where the record itself has it, or gave it up", async () => {
    await using app = await withUniqueFields();
    const id = await app.write("Leads", "insert", { Last_Name: "A", Badge: "a" });
    await app.write("Leads", "update", { id, Badge: "A" });
    await app.write("Leads", "update", { id, Badge: null });
    await app.write("Leads", "insert", { Last_Name: "B", Badge: "a" });
  });

  test("counts also between two fields that a request names for different records", async () => {
    await using app = await InThread.open();
    await app.write("Leads", "insert", { Last_Name: "A", Email: "a@acme.example" });
    const id = await app.write("Leads", "insert", { Last_Name: "B", Mobile: "5550100" });
    const item = { Last_Name: "C", Email: "a@acme.example", Mobile: "5550100" };
    const refusal = await refusalOf(app, "Leads", { items: [item], checkFields: ["Email", "Mobile"] });
    assert.deepEqual([refusal.code, refusal.path, refusal.id], ["duplicate", ["data", 0, "Mobile"], id]);
    assert.deepEqual(await outcomes(app, "Leads", { items: [item], checkFields: ["Mobile", "Email"] }), ["update 2 Mobile"]);
  });

  test("is refused within one request", async () => {
    await using app = await withUniqueFields();
    const items = [
      { Last_Name: "A", Badge: "a" },
      { Last_Name: "B", Badge: "a" },
    ];
    const done = await app.run("records.write", { caller: app.caller, module: "Leads", operation: "insert", items, idInPath: null });
    assert.ok(done.ok);
    assert.deepEqual(
      done.value.results.map((result) => result.ok),
      [true, false],
    );
  });
});

test("a bad item is refused in its place, by what it would have been, and the others go on", async () => {
  await using app = await InThread.open();
  await app.write("Leads", "insert", { Last_Name: "A", Email: "a@acme.example" });
  const items = [{ Email: "new@acme.example" }, { Email: "a@acme.example", Company: "C" }, { Last_Name: "B", Email: "no address" }, 5];
  const results = await upsert(app, "Leads", items as Item[]);
  assert.deepEqual(
    results.map((result) => (result.ok ? result.value.action : [result.error.code, result.error.path])),
    [["mandatory_missing", ["data", 0, "Last_Name"]], "update", ["value_invalid", ["data", 2, "Email"]], ["value_invalid", ["data", 3]]],
  );
});

test("check fields that make no sense refuse the whole request", async () => {
  await using app = await InThread.open();
  const done = await app.run("records.upsert", {
    caller: app.caller,
    module: "Leads",
    items: [{ Last_Name: "A" }],
    checkFields: ["Nothing"],
  });
  assert.deepEqual(done, { ok: false, error: { code: "value_invalid", path: ["duplicate_check_fields", 0] } });
});

test("a record that was modified since is left as it is, one that is new is inserted all the same", async () => {
  await using app = await InThread.open();
  await app.write("Leads", "insert", { Last_Name: "A", Email: "a@acme.example" });
  const items = [
    { Email: "a@acme.example", Company: "C" },
    { Last_Name: "B", Email: "b@acme.example" },
  ];
  assert.deepEqual(await outcomes(app, "Leads", { items: items, unmodifiedSince: app.now - 1_000 }), ["already_modified", "insert 2 -"]);
});

test("an upsert notifies as the insert or the update that it is, and not at all when it changes nothing", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.all"]);
  const first = { Last_Name: "A", Email: "a@acme.example" };
  await upsert(app, "Leads", [first]);
  await upsert(app, "Leads", [first]);
  await upsert(app, "Leads", [
    { ...first, Company: "C" },
    { Last_Name: "B", Email: "b@acme.example" },
  ]);
  const [a, b] = ["554023000100000001", "554023000100000002"];
  const logged = await app.run("operate.deliveries", { ...anyDelivery, limit: 10 });
  assert.deepEqual(logged.deliveries.map(({ operation, recordIds }) => [operation, recordIds]).toReversed(), [
    ["insert", [a]],
    ["update", [a]],
    ["insert", [b]],
  ]);
});
