import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InThread } from "../../test/support/in-thread.ts";
import { limits } from "../core/limits.ts";
import type { Input } from "./commands.ts";

type Type = Input<"records.deleted">["type"];

async function deletedOf(app: InThread, type: Type, over: Partial<Input<"records.deleted">> = {}): Promise<readonly unknown[]> {
  const page = { page: 1, perPage: 200 };
  const listed = await app.run("records.deleted", { caller: app.caller, module: "leads", type, page, modifiedSince: null, ...over });
  assert.ok(listed.ok);
  return listed.value.rows;
}

async function remove(app: InThread, id: string): Promise<void> {
  const input = { caller: app.caller, module: "Leads", operation: "delete", items: [id], idInPath: null } as const;
  assert.ok((await app.run("records.write", input)).ok);
}

describe("deleted records", () => {
  test("a deleted record is told with its name, its maker and who deleted it", async () => {
    await using app = await InThread.open();
    app.now = Date.parse("2026-01-15T09:30:00Z");
    const id = await app.write("Leads", "insert", { Last_Name: "Lee", First_Name: "Ann" });
    await remove(app, id);
    const ada = { name: "Ada Owner", id: app.caller.userId };
    assert.deepEqual(await deletedOf(app, "all"), [
      { deleted_by: ada, id, display_name: "Ann Lee", type: "recycle", created_by: ada, deleted_time: "2026-01-15T15:00:00+05:30" },
    ]);
  });

  test("a record leaves the bin after its days, and is told of without names for some more", async () => {
    await using app = await InThread.open();
    const id = await app.write("Leads", "insert", { Last_Name: "Lee" });
    await remove(app, id);
    const counts = async () => {
      const found: number[] = [];
      for (const type of ["all", "recycle", "permanent"] as const) found.push((await deletedOf(app, type)).length);
      return found;
    };
    app.now += limits.recycleBinMs - 1;
    assert.deepEqual(await counts(), [1, 1, 0]);
    app.now += 1;
    assert.deepEqual(await counts(), [1, 0, 1]);
    const [row] = await deletedOf(app, "permanent");
    assert.ok(typeof row === "object" && row !== null);
    assert.deepEqual(Object.values(row).slice(0, 5), [null, id, null, "permanent", null]);
    app.now += limits.permanentlyDeletedMs - 1;
    assert.deepEqual(await counts(), [1, 0, 1]);
    app.now += 1;
    assert.deepEqual(await counts(), [0, 0, 0]);
  });

  test("the newest deletion comes first, a page at a time, and those of the second that was named are left out", async () => {
    await using app = await InThread.open();
    const ids: string[] = [];
    for (const name of ["A", "B", "C"]) ids.push(await app.write("Leads", "insert", { Last_Name: name }));
    for (const id of ids) {
      app.now += 1_000;
      await remove(app, id);
    }
    const namesOf = async (over: Partial<Input<"records.deleted">>) =>
      (await deletedOf(app, "all", over)).map((row) =>
        typeof row === "object" && row !== null && "display_name" in row ? row.display_name : "",
      );
    assert.deepEqual(await namesOf({ page: { page: 1, perPage: 2 } }), ["C", "B"]);
    assert.deepEqual(await namesOf({ page: { page: 2, perPage: 2 } }), ["A"]);
    assert.deepEqual(await namesOf({ modifiedSince: app.now - 1_000 }), ["C"]);
    assert.deepEqual(await namesOf({ modifiedSince: app.now }), []);
  });
});

test("the count is of the records that are there", async () => {
  await using app = await InThread.open();
  const countOf = (module: string) => app.run("records.count", { caller: app.caller, module });
  const id = await app.write("Leads", "insert", { Last_Name: "A" });
  await app.write("Leads", "insert", { Last_Name: "B" });
  assert.deepEqual(await countOf("leads"), { ok: true, value: 2 });
  await remove(app, id);
  assert.deepEqual(await countOf("Leads"), { ok: true, value: 1 });
  assert.deepEqual(await countOf("Nothing"), { ok: false, error: { code: "module_invalid", pathIndex: 0 } });
});

test("a record that was modified in a later second than the one named is left as it is, and told", async () => {
  await using app = await InThread.open();
  app.now = Date.parse("2026-01-15T09:30:00.700Z");
  const id = await app.write("Leads", "insert", { Last_Name: "A" });
  const update = (unmodifiedSince: number, Last_Name: string) => {
    const items = [{ id, Last_Name }];
    return app.run("records.write", { caller: app.caller, module: "Leads", operation: "update", items, idInPath: null, unmodifiedSince });
  };
  const refused = await update(app.now - 1_000, "B");
  assert.ok(refused.ok);
  const ada = { id: app.caller.userId, name: "Ada Owner" };
  const written = { id, createdAt: app.now, createdBy: ada, modifiedAt: app.now, modifiedBy: ada };
  const error = { code: "already_modified", record: { written, timeZone: "Asia/Kolkata" } };
  assert.deepEqual(refused.value.results, [{ ok: false, error }]);
  const done = await update(Date.parse("2026-01-15T09:30:00Z"), "B");
  assert.ok(done.ok && done.value.results[0]?.ok === true, "the same second is not later");
});
