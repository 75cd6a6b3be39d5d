import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InThread } from "../../test/support/in-thread.ts";
import type { Operation } from "../core/channel.ts";
import type { Input, RelationPath } from "./commands.ts";

async function namesIn(app: InThread, path: RelationPath, over: Partial<Input<"related.list">> = {}): Promise<readonly unknown[]> {
  const order = { sortBy: "id", sortOrder: "asc" } as const;
  const page = { page: 1, perPage: 200 };
  const listed = await app.run("related.list", { caller: app.caller, path, fields: null, page, modifiedSince: null, ...order, ...over });
  assert.ok(listed.ok, JSON.stringify(listed));
  return listed.value.rows.map((row) => {
    assert.ok(typeof row === "object" && row !== null && "id" in row);
    return row["id"];
  });
}

function write(app: InThread, path: RelationPath) {
  return (operation: Operation, items: readonly unknown[], idInPath: string | null = null) =>
    app.run("related.write", { caller: app.caller, path, operation, items, idInPath });
}

async function remove(app: InThread, module: string, id: string): Promise<void> {
  const input = { caller: app.caller, module, operation: "delete", items: [id], idInPath: null } as const;
  assert.ok((await app.run("records.write", input)).ok);
}

describe("records that look a record up", () => {
  test("they are listed by its id, page by page, and those of another record are not", async () => {
    await using app = await InThread.open();
    const [ours, theirs] = [
      await app.write("Accounts", "insert", { Account_Name: "A" }),
      await app.write("Accounts", "insert", { Account_Name: "B" }),
    ];
    const contact = (account: string) => app.write("Contacts", "insert", { Last_Name: "C", Account_Name: { id: account } });
    const ids = [await contact(ours), await contact(ours), await contact(ours)];
    const other = await contact(theirs);
    const path = { module: "accounts", id: ours, list: "contacts" };
    assert.deepEqual(await namesIn(app, path), ids);
    assert.deepEqual(await namesIn(app, path, { sortOrder: "desc", page: { page: 2, perPage: 2 } }), [ids[0]]);
    assert.deepEqual(await namesIn(app, { ...path, id: theirs }), [other]);
    await remove(app, "Contacts", other);
    assert.deepEqual(await namesIn(app, { ...path, id: theirs }), []);
  });

  test("a task about a deal is in the deal's list and in no other's", async () => {
    await using app = await InThread.open();
    const deal = await app.write("Deals", "insert", { Deal_Name: "D", Stage: "Qualification" });
    const lead = await app.write("Leads", "insert", { Last_Name: "L" });
    const task = await app.write("Tasks", "insert", { Subject: "Call", What_Id: { id: deal }, $se_module: "Deals" });
    assert.deepEqual(await namesIn(app, { module: "Deals", id: deal, list: "Tasks" }), [task]);
    assert.deepEqual(await namesIn(app, { module: "Leads", id: lead, list: "Tasks" }), []);
  });

  test("one of them is shown alone, one that is elsewhere is not", async () => {
    await using app = await InThread.open();
    const account = await app.write("Accounts", "insert", { Account_Name: "A" });
    const inside = await app.write("Contacts", "insert", { Last_Name: "C", Account_Name: { id: account } });
    const outside = await app.write("Contacts", "insert", { Last_Name: "D" });
    const path = { module: "Accounts", id: account, list: "Contacts" };
    const shown = await app.run("related.get", { caller: app.caller, path, relatedId: inside });
    assert.ok(shown.ok && shown.value !== null && shown.value.module === "Contacts");
    assert.deepEqual(await app.run("related.get", { caller: app.caller, path, relatedId: outside }), { ok: true, value: null });
  });

  test("a path that leads nowhere is refused where it ends", async () => {
    await using app = await InThread.open();
    const id = await app.write("Accounts", "insert", { Account_Name: "A" });
    const good = { module: "Accounts", id, list: "Contacts" };
    const rows: readonly (readonly [RelationPath, unknown])[] = [
      [
        { ...good, module: "Nothing" },
        { code: "module_invalid", pathIndex: 0 },
      ],
      [
        { ...good, module: "Home" },
        { code: "module_not_supported", pathIndex: 0 },
      ],
      [
        { ...good, id: "x" },
        { code: "id_malformed_in_path", pathIndex: 1 },
      ],
      [
        { ...good, id: "1" },
        { code: "related_unknown", pathIndex: 1 },
      ],
      [
        { ...good, list: "Nothing" },
        { code: "relation_invalid", pathIndex: 2 },
      ],
    ];
    for (const [path, error] of rows) {
      assert.deepEqual(await app.run("related.get", { caller: app.caller, path, relatedId: "1" }), { ok: false, error });
    }
    const written = await write(app, good)("update", [{ id }]);
    assert.deepEqual(written, { ok: false, error: { code: "not_supported", pathIndex: 2 } }, "a lookup is not linked");
  });
});

describe("links", () => {
  test("a lead in a campaign is listed from both ends, with its member status", async () => {
    await using app = await InThread.open();
    const campaign = await app.write("Campaigns", "insert", { Campaign_Name: "C" });
    const lead = await app.write("Leads", "insert", { Last_Name: "L" });
    const path = { module: "Campaigns", id: campaign, list: "Leads" };
    const links = { ok: true, value: { kind: "links", results: [{ ok: true, value: { id: lead } }] } };
    assert.deepEqual(await write(app, path)("update", [{ id: lead, Member_Status: "Active" }]), links);
    assert.deepEqual(await namesIn(app, path), [lead]);
    assert.deepEqual(await namesIn(app, { module: "Leads", id: lead, list: "Campaigns" }), [campaign]);
    const shown = await app.run("related.get", { caller: app.caller, path, relatedId: lead });
    assert.ok(shown.ok && typeof shown.value?.row === "object" && shown.value.row !== null && "Member_Status" in shown.value.row);
    assert.equal(shown.value.row["Member_Status"], "Active");
    assert.deepEqual(await write(app, path)("delete", [lead]), links);
    assert.deepEqual(await namesIn(app, { module: "Leads", id: lead, list: "Campaigns" }), []);
  });

  test("linking again changes what the link says and adds no row", async () => {
    await using app = await InThread.open();
    const product = await app.write("Products", "insert", { Product_Name: "P" });
    const book = await app.write("Price_Books", "insert", {
      Price_Book_Name: "B",
      Pricing_Details: [{ from_range: 1, to_range: 5, discount: 0 }],
    });
    const path = { module: "Products", id: product, list: "Price_Books" };
    const items = [{ id: book, list_price: 10 }, { id: book }, { id: book, list_price: 12.5 }];
    for (const item of items) await write(app, path)("update", [item]);
    const order = { sortBy: "id", sortOrder: "asc" } as const;
    const listed = await app.run("related.list", {
      caller: app.caller,
      path,
      fields: ["list_price"],
      page: { page: 1, perPage: 9 },
      modifiedSince: null,
      ...order,
    });
    assert.ok(listed.ok);
    assert.deepEqual(listed.value.rows, [{ id: book, list_price: 12.5 }]);
  });

  test("a record that is not there is not linked, one that is not linked is not unlinked, and the others go on", async () => {
    await using app = await InThread.open();
    const campaign = await app.write("Campaigns", "insert", { Campaign_Name: "C" });
    const lead = await app.write("Leads", "insert", { Last_Name: "L" });
    const path = { module: "Campaigns", id: campaign, list: "Leads" };
    const refused = { ok: false, error: { code: "related_unknown", id: "1" } };
    const done = { ok: true, value: { id: lead } };
    assert.deepEqual(await write(app, path)("update", [{ id: "1" }, { id: lead }]), {
      ok: true,
      value: { kind: "links", results: [refused, done] },
    });
    assert.deepEqual(await write(app, path)("delete", ["1", lead]), { ok: true, value: { kind: "links", results: [refused, done] } });
    const inPath = { ok: false, error: { code: "related_unknown", pathIndex: 3 } };
    assert.deepEqual(await write(app, path)("delete", [lead], lead), { ok: true, value: { kind: "links", results: [inPath] } });
  });

  test("a linked record that was deleted is listed no more", async () => {
    await using app = await InThread.open();
    const product = await app.write("Products", "insert", { Product_Name: "P" });
    const deal = await app.write("Deals", "insert", { Deal_Name: "D", Stage: "Qualification" });
    const path = { module: "Products", id: product, list: "Deals" };
    await write(app, path)("update", [{ id: deal }]);
    await remove(app, "Deals", deal);
    assert.deepEqual(await namesIn(app, path), []);
  });

  test("linking notifies nobody", async () => {
    await using app = await InThread.open();
    const campaign = await app.write("Campaigns", "insert", { Campaign_Name: "C" });
    const lead = await app.write("Leads", "insert", { Last_Name: "L" });
    await app.subscribe("1", ["Campaigns.all", "Leads.all"]);
    await write(app, { module: "Campaigns", id: campaign, list: "Leads" })("update", [{ id: lead }]);
    assert.deepEqual(await app.claims(), []);
  });
});

describe("notes of a record", () => {
  test("a note is made, changed and deleted by way of its record", async () => {
    await using app = await InThread.open();
    const lead = await app.write("Leads", "insert", { Last_Name: "L" });
    const path = { module: "Leads", id: lead, list: "Notes" };
    const made = await write(app, path)("insert", [{ Note_Title: "T", Note_Content: "C" }]);
    assert.ok(made.ok && made.value.kind === "records");
    const [result] = made.value.results;
    assert.ok(result?.ok === true, JSON.stringify(result));
    const { id } = result.value;
    assert.deepEqual(await namesIn(app, path), [id]);
    assert.ok((await write(app, path)("update", [{ Note_Title: "U" }], id)).ok);
    const shown = await app.run("records.get", { caller: app.caller, module: "Notes", id });
    assert.ok(shown.ok && typeof shown.value?.row === "object" && shown.value.row !== null && "Note_Title" in shown.value.row);
    assert.deepEqual([shown.value.row["Note_Title"], shown.value.row["Parent_Id"]], ["U", { name: "L", id: lead }]);
    assert.ok((await write(app, path)("delete", [id])).ok);
    assert.deepEqual(await namesIn(app, path), []);
  });

  test("a note of another record is not written by way of this one", async () => {
    await using app = await InThread.open();
    const [lead, other] = [await app.write("Leads", "insert", { Last_Name: "L" }), await app.write("Leads", "insert", { Last_Name: "O" })];
    const note = await app.write("Notes", "insert", { Note_Title: "T", Parent_Id: { id: other }, $se_module: "Leads" });
    const path = { module: "Leads", id: lead, list: "Notes" };
    assert.deepEqual(await write(app, path)("update", [{}], note), { ok: false, error: { code: "related_unknown", pathIndex: 3 } });
    assert.deepEqual(await write(app, path)("delete", [note]), { ok: false, error: { code: "related_unknown", id: note } });
  });

  for (const [title, make] of [
    [
      "by way of its record",
      async (app: InThread, lead: string) =>
        void (await write(app, { module: "Leads", id: lead, list: "Notes" })("insert", [{ Note_Title: "T" }])),
    ],
    [
      "among all notes",
      async (app: InThread, lead: string) =>
        void (await app.write("Notes", "insert", { Note_Title: "T", Parent_Id: lead, se_module: "Leads" })),
    ],
  ] as const) {
    test(`a note that is made ${title} notifies its record's channel as an update without fields`, async () => {
      await using app = await InThread.open();
      const lead = await app.write("Leads", "insert", { Last_Name: "L" });
      await app.subscribe("1", ["Leads.edit"]);
      await make(app, lead);
      const claims = await app.claims();
      assert.deepEqual(
        claims.map(({ module, operation, recordIds, affectedFields }) => ({ module, operation, recordIds, affectedFields })),
        [{ module: "Leads", operation: "update", recordIds: JSON.stringify([lead]), affectedFields: "[]" }],
      );
    });
  }

  test("a change and a deletion of a note notify its record's channel too", async () => {
    await using app = await InThread.open();
    const lead = await app.write("Leads", "insert", { Last_Name: "L" });
    const note = await app.write("Notes", "insert", { Note_Title: "T", Parent_Id: { id: lead } });
    await app.subscribe("1", ["Leads.edit"]);
    await app.write("Notes", "update", { id: note, Note_Title: "U" });
    assert.equal((await app.claims()).length, 1);
    await remove(app, "Notes", note);
    assert.ok(
      (
        await app.run("operate.deliveries", {
          zgid: null,
          channelId: null,
          channelKey: null,
          module: "Leads",
          recordId: lead,
          status: null,
          from: null,
          until: null,
          beforeId: null,
          limit: 9,
        })
      ).deliveries.length === 2,
    );
  });
});
