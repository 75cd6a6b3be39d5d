import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import { limits } from "../core/limits.ts";
import type { SearchParam } from "../wire/search-request.ts";

type Asked = { readonly module?: string; readonly by?: SearchParam; readonly skip?: number; readonly take?: number };

/** One step of a search from the start; the API gives the last digits of the ids it found. */
async function found(app: InThread, text: string, { module = "Leads", by = "criteria", skip = 0, take = 10 }: Asked = {}) {
  const step = await app.run("records.search", {
    caller: app.caller,
    module,
    search: { by, text },
    fields: ["id"],
    afterId: null,
    skip,
    take,
  });
  assert.ok(step.ok, JSON.stringify(step));
  return step.value.rows.map((row) => JSON.stringify(row).replaceAll(/^.*?(\d)"}$/g, "$1"));
}

describe("leads and deals", () => {
  let app: InThread;
  before(async () => {
    app = await InThread.open({
      orgs: [
        {
          ...acme,
          records: [
            {
              module: "Leads",
              items: [
                { Last_Name: "Bolton", First_Name: "Michael", Company: "Initech", Email: "bolton@acme.example", Phone: "+1 555-0100" },
                { Last_Name: "Gibbons", Company: "Initech Inc", Secondary_Email: "bolton@acme.example", No_of_Employees: 40 },
                { Last_Name: "Burns, (B)", Company: "Globex", Lead_Source: "Trade Show", Email_Opt_Out: true },
              ],
            },
            { module: "Accounts", items: [{ Account_Name: "Initech" }] },
            {
              module: "Deals",
              items: [{ Deal_Name: "Renewal", Stage: "Closed Won", Account_Name: "554023000100000004", Closing_Date: "2026-03-31" }],
            },
          ],
        },
      ],
    });
  });

  test("are found by their texts, the newest first", async () => {
    assert.deepEqual(await found(app, "(Company:equals:initech)"), ["2", "1"]);
    assert.deepEqual(await found(app, "(Company:not_equal:Initech)"), ["3", "2"]);
    assert.deepEqual(await found(app, String.raw`(Last_Name:equals:Burns\, \(B\))`), ["3"]);
    assert.deepEqual(await found(app, "((Company:starts_with:init)and(No_of_Employees:greater_than:39))"), ["2"]);
    assert.deepEqual(await found(app, "(Company:equals:Hooli)"), []);
  });

  test("are found by what the server keeps of them, and by the name they show", async () => {
    assert.deepEqual(await found(app, "(Full_Name:equals:michael bolton)"), ["1"]);
    assert.deepEqual(await found(app, "(id:equals:554023000100000002)"), ["2"]);
    assert.deepEqual(await found(app, "(Created_Time:less_equal:1970-01-01T00:16:40Z)"), ["3", "2", "1"]);
    assert.deepEqual(await found(app, "(Created_Time:less_than:1970-01-01T00:16:40Z)"), []);
    assert.deepEqual(await found(app, "(Email_Opt_Out:equals:false)"), ["2", "1"]);
  });

  test("are found by the id and the name of whom and what they look up", async () => {
    assert.deepEqual(await found(app, "(Owner:equals:ada owner)"), ["3", "2", "1"]);
    assert.deepEqual(await found(app, "(Owner:not_equal:554023000050000001)"), []);
    assert.deepEqual(await found(app, "(Account_Name:equals:INITECH)", { module: "Deals" }), ["5"]);
    assert.deepEqual(await found(app, "(Account_Name.id:equals:554023000100000004)", { module: "deals" }), ["5"]);
    assert.deepEqual(await found(app, "((Stage:in:Closed Won)and(Closing_Date:between:2026-03-01,2026-03-31))", { module: "Deals" }), [
      "5",
    ]);
  });

  test("are found by e-mail address, phone number and word", async () => {
    assert.deepEqual(await found(app, "Bolton@acme.example", { by: "email" }), ["2", "1"]);
    assert.deepEqual(await found(app, "15550100", { by: "phone" }), ["1"]);
    assert.deepEqual(await found(app, "trade", { by: "word" }), ["3"]);
    assert.deepEqual(await found(app, "Michael Bolton", { by: "word" }), ["1"]);
  });

  test("are passed over and taken as asked", async () => {
    assert.deepEqual(await found(app, "(Last_Name:not_equal:x)", { skip: 1, take: 1 }), ["2"]);
    assert.deepEqual(await found(app, "(Last_Name:not_equal:x)", { skip: 3 }), []);
  });

  test("are not searched in a module that is not there, nor by criteria that make no sense", async () => {
    const search = { by: "criteria", text: "(A:b:c)" } as const;
    const asked = { caller: app.caller, search, fields: null, afterId: null, skip: 0, take: 1 };
    assert.deepEqual(await app.run("records.search", { ...asked, module: "Unicorns" }), {
      ok: false,
      error: { code: "module_invalid", pathIndex: 0 },
    });
    const refused = await app.run("records.search", { ...asked, module: "Leads" });
    assert.equal(refused.ok ? "" : refused.error.code, "query_invalid");
  });
});

test("a large module is searched in steps, each of so many records and no more, and none is missed", async () => {
  const count = limits.recordsPerSearchStepMax + 5;
  await using app = await InThread.open();
  for (let made = 0; made < count; made += 100) {
    const items = Array.from({ length: Math.min(100, count - made) }, (_, index) => ({
      Last_Name: `N${made + index}`,
      Company: "Initech",
    }));
    await app.run("records.write", { caller: app.caller, module: "Leads", operation: "insert", items, idInPath: null });
  }
  const search = { by: "criteria", text: "(Last_Name:in:N0,N4,N504)" } as const;
  const asked = { caller: app.caller, module: "Leads", search, fields: ["Last_Name"] };
  const first = await app.run("records.search", { ...asked, afterId: null, skip: 1, take: 10 });
  assert.ok(first.ok);
  assert.deepEqual([first.value.rows.length, first.value.skipped, first.value.goOnAfterId], [0, 1, "554023000100000006"]);
  const second = await app.run("records.search", { ...asked, afterId: first.value.goOnAfterId, skip: 0, take: 10 });
  assert.ok(second.ok);
  assert.deepEqual([second.value.rows.length, second.value.skipped, second.value.goOnAfterId], [2, 0, null]);
  const enough = await app.run("records.search", { ...asked, afterId: null, skip: 0, take: 1 });
  assert.ok(enough.ok);
  assert.deepEqual([enough.value.rows.length, enough.value.goOnAfterId], [1, null], "no further than was asked");
});
