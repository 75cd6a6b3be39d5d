import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { InThread, acme } from "../../test/support/in-thread.ts";
import { textAt } from "../../test/support/json.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { limits } from "../core/limits.ts";
import type { Input, RecordPage } from "./commands.ts";

type ListInput = Input<"records.list">;
type Asked = Partial<Omit<ListInput, "page">> & { readonly perPage?: number; readonly pageNumber?: number };

const unfiltered = { modifiedSince: null, createdFrom: null, createdUntil: null, isNone: false };

function inputOf(app: InThread, { perPage = 2, pageNumber = 1, ...asked }: Asked): ListInput {
  const page = { page: pageNumber, perPage };
  return { caller: app.caller, module: "Leads", fields: ["Last_Name"], ids: null, sortBy: "id", sortOrder: "asc", page, ...asked };
}

async function listPage(app: InThread, asked: Asked): Promise<RecordPage> {
  const listed = await app.run("records.list", inputOf(app, asked));
  assert.ok(listed.ok, JSON.stringify(listed));
  return listed.value;
}

async function errorOf(app: InThread, asked: Asked): Promise<unknown> {
  const listed = await app.run("records.list", inputOf(app, asked));
  return listed.ok ? null : listed.error;
}

function idsOf(page: RecordPage): readonly string[] {
  return page.rows.map((row) => textAt(row, "id"));
}

/** Leads, each made and modified a second after the one before. */
async function withLeads(app: InThread, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) {
    app.now += 1_000;
    ids.push(await app.write("Leads", "insert", { Last_Name: `L${number}` }));
  }
  return ids;
}

async function remove(app: InThread, id: string): Promise<void> {
  const input = { caller: app.caller, module: "Leads", operation: "delete", items: [id], idInPath: null } as const;
  assert.ok((await app.run("records.write", input)).ok);
}

describe("pages by token", () => {
  test("tokens lead to the end and back", async () => {
    await using app = await InThread.open();
    const [a, b, c, d, e] = await withLeads(app, 5);
    const first = await listPage(app, {});
    assert.deepEqual([idsOf(first), first.page, first.previousPageToken], [[a, b], 1, null]);
    assert.equal(first.pageTokensExpireAt, app.now + limits.pageTokenMs);
    const second = await listPage(app, { pageToken: first.nextPageToken });
    assert.deepEqual([idsOf(second), second.page, second.hasMore], [[c, d], 2, true]);
    const third = await listPage(app, { pageToken: second.nextPageToken });
    assert.deepEqual([idsOf(third), third.page, third.hasMore, third.nextPageToken], [[e], 3, false, null]);
    const back = await listPage(app, { pageToken: third.previousPageToken });
    assert.deepEqual([idsOf(back), back.page, back.hasMore], [[c, d], 2, true]);
    const start = await listPage(app, { pageToken: back.previousPageToken });
    assert.deepEqual([idsOf(start), start.page, start.previousPageToken], [[a, b], 1, null]);
  });

  test("a page asked for by number has the tokens of the pages beside it", async () => {
    await using app = await InThread.open();
    const [a, b, , , e] = await withLeads(app, 5);
    const second = await listPage(app, { pageNumber: 2 });
    assert.deepEqual(idsOf(await listPage(app, { pageToken: second.previousPageToken })), [a, b]);
    assert.deepEqual(idsOf(await listPage(app, { pageToken: second.nextPageToken })), [e]);
  });

  test("a page that is all there is has no token, and no end of one", async () => {
    await using app = await InThread.open();
    await withLeads(app, 2);
    const { nextPageToken, previousPageToken, pageTokensExpireAt } = await listPage(app, {});
    assert.deepEqual([nextPageToken, previousPageToken, pageTokensExpireAt], [null, null, null]);
  });

  test("a token is for its user, module, fields and order; the length of a page may change", async () => {
    const users = [...acme.users, ...acme.users.map((user) => ({ ...user, email: "other@acme.example" }))];
    await using app = await InThread.open({ orgs: [{ ...acme, users }] });
    await withLeads(app, 4);
    const { nextPageToken: pageToken } = await listPage(app, {});
    const mismatch = { code: "page_token_mismatch", param: "page_token" };
    const others: readonly Asked[] = [
      { module: "Contacts" },
      { fields: ["Last_Name", "Company"] },
      { fields: null },
      { sortOrder: "desc" },
      { sortBy: "Created_Time" },
      { ids: ["1"] },
      { filter: { ...unfiltered, createdFrom: 1 } },
      { caller: { ...app.caller, userId: "554023000050000002" } },
    ];
    for (const other of others) assert.deepEqual(await errorOf(app, { ...other, pageToken }), mismatch, JSON.stringify(other));
    assert.equal((await listPage(app, { pageToken, perPage: 1 })).rows.length, 1);
  });

  test("a token ends after a day", async () => {
    await using app = await InThread.open();
    await withLeads(app, 3);
    const { nextPageToken: pageToken } = await listPage(app, {});
    app.now += limits.pageTokenMs;
    assert.deepEqual(await errorOf(app, { pageToken }), { code: "page_token_expired", path: ["query", "page_token"] });
  });

  test("a token outlives a restart, for its key is in the store", async () => {
    const store = await openSqliteStore(null);
    const before = await InThread.open(undefined, store);
    const [, , c] = await withLeads(before, 3);
    const { nextPageToken: pageToken } = await listPage(before, {});
    await using after = await InThread.open(undefined, store);
    after.now = before.now;
    assert.deepEqual(idsOf(await listPage(after, { pageToken })), [c]);
  });

  test("each record that was there gets one row, whatever is inserted and deleted between two pages", async () => {
    const between = fc.array(fc.oneof(fc.constant("insert" as const), fc.nat(30)), { maxLength: 4 });
    const walks = fc.record({
      count: fc.nat(12),
      perPage: fc.integer({ min: 1, max: 4 }),
      sortBy: fc.constantFrom("id", "Created_Time", "Modified_Time"),
      sortOrder: fc.constantFrom("asc", "desc"),
      steps: fc.array(between, { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(walks, async ({ count, perPage, sortBy, sortOrder, steps }) => {
        await using app = await InThread.open();
        const old = await withLeads(app, count);
        const deleted = new Set<string>();
        const seen: string[] = [];
        let pageToken: string | null = null;
        let turn = 0;
        do {
          const page: RecordPage = await listPage(app, { sortBy, sortOrder, perPage, pageToken });
          seen.push(...idsOf(page));
          pageToken = page.nextPageToken;
          for (const step of steps[turn] ?? []) {
            const id = step === "insert" ? undefined : old[step % (count || 1)];
            if (id === undefined) await withLeads(app, 1);
            else if (!deleted.has(id)) {
              await remove(app, id);
              deleted.add(id);
            }
          }
          turn += 1;
        } while (pageToken !== null);
        assert.equal(new Set(seen).size, seen.length, "no row twice");
        for (const id of old) assert.ok(seen.includes(id) || deleted.has(id), "no row left out");
      }),
      { numRuns: 40 },
    );
  });
});

describe("filters of a list", () => {
  test("only what was modified in a later second than the one named is newer", async () => {
    await using app = await InThread.open();
    const [, b, c] = await withLeads(app, 3);
    const since = (modifiedSince: number) => ({ perPage: 9, filter: { ...unfiltered, modifiedSince } });
    assert.deepEqual(idsOf(await listPage(app, since(app.now - 1_001))), [b, c]);
    assert.deepEqual(idsOf(await listPage(app, since(app.now - 1_000))), [c]);
    assert.deepEqual(idsOf(await listPage(app, since(app.now))), []);
    assert.deepEqual(idsOf(await listPage(app, { ...since(app.now - 1_000), ids: [b ?? "", c ?? ""] })), [c]);
  });

  test("a window bounds when a record was made, both ends included", async () => {
    await using app = await InThread.open();
    const [, b, c] = await withLeads(app, 4);
    const filter = { ...unfiltered, createdFrom: app.now - 2_000, createdUntil: app.now - 1_000 };
    assert.deepEqual(idsOf(await listPage(app, { perPage: 9, filter })), [b, c]);
  });

  test("what no record can be is found nowhere, by ids neither", async () => {
    await using app = await InThread.open();
    const ids = await withLeads(app, 1);
    const filter = { ...unfiltered, isNone: true };
    assert.deepEqual(idsOf(await listPage(app, { filter })), []);
    assert.deepEqual(idsOf(await listPage(app, { filter, ids })), []);
  });
});
