/** Upsert and search over HTTP: what a channel hears of an upsert, how far a search reaches, and what is left out of the API. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { limits } from "../../src/core/limits.ts";
import { startApp } from "../support/app.ts";
import { Client, accessTokenOf } from "../support/client.ts";
import { at, listAt, textAt } from "../support/json.ts";
import { Receiver } from "../support/receiver.ts";
import { acme, clientFile, credentialsOf, orgFile, seedOf } from "../support/seeds.ts";

describe("upsert", () => {
  test("notifies as the insert and the update that it is, in one delivery each, and not when it changes nothing", async () => {
    await using app = await startApp();
    const receiver = await Receiver.start();
    try {
      const client = await app.client();
      const known = await client.insert("Leads", { Last_Name: "Known", Email: "known@acme.example" });
      await client.subscribe({ channel_id: "1", events: ["Leads.all"], notify_url: receiver.url(), return_affected_field_values: true });
      const data = [
        { Email: "KNOWN@acme.example", Company: "Initech" },
        { Last_Name: "New", Email: "new@acme.example" },
      ];
      const answer = await client.request("POST", "/Leads/upsert", { data, duplicate_check_fields: ["Email"] });
      assert.equal(answer.status, 200, answer.text);
      const made = textAt(answer.body, "data", 1, "details", "id");
      const again = await client.request("POST", "/Leads/upsert", { data: [{ Email: "known@acme.example", Company: "Initech" }] });
      assert.deepEqual(
        [again.status, at(again.body, "data", 0, "action"), at(again.body, "data", 0, "details", "id")],
        [200, "update", known],
      );
      const heard = [await receiver.next(), await receiver.next()].map(({ body }) => body);
      const byOperation = new Map(heard.map((body) => [textAt(body, "operation"), body]));
      const update = byOperation.get("update");
      assert.deepEqual([at(update, "ids"), at(update, "affected_fields")], [[known], [{ [known]: ["Company", "Email"] }]]);
      assert.deepEqual(at(byOperation.get("insert"), "ids"), [made]);
      assert.equal((await app.deliveries()).length, 3, "the second upsert changed the case of the address back, and that alone");
      assert.deepEqual(at((await receiver.next()).body, "affected_fields"), [{ [known]: ["Email"] }]);
      const idle = await client.request("POST", "/Leads/upsert", { data: [{ Email: "known@acme.example", Company: "Initech" }] });
      assert.equal(idle.status, 200, idle.text);
      assert.equal((await app.deliveries()).length, 3, "nothing changed, so nobody is told");
    } finally {
      await receiver.down();
    }
  });

  test("takes a hundred records and refuses the request of one more, or with check fields that make no sense", async () => {
    await using app = await startApp();
    const client = await app.client();
    const data = Array.from({ length: 101 }, (_, index) => ({ Last_Name: `N${index}`, Email: `n${index}@acme.example` }));
    assert.equal((await client.request("POST", "/Leads/upsert", { data: data.slice(1) })).status, 200);
    const tooMany = await client.request("POST", "/Leads/upsert", { data });
    assert.deepEqual([tooMany.status, at(tooMany.body, "code")], [400, "LIMIT_EXCEEDED"]);
    const wrong = await client.request("POST", "/Leads/upsert", { data: data.slice(0, 1), duplicate_check_fields: ["Email", "Nothing"] });
    assert.equal(wrong.status, 400);
    assert.deepEqual(at(wrong.body, "details"), { api_name: "duplicate_check_fields", json_path: "$.duplicate_check_fields[1]" });
    const other = await client.request("PUT", "/Leads/upsert", { data: data.slice(0, 1) });
    assert.deepEqual([other.status, at(other.body, "code")], [400, "INVALID_REQUEST_METHOD"]);
  });

  test("tells of the record that has a unique value, in every version with its own status", async () => {
    const fields = [{ api_name: "Badge", data_type: "text", unique: true }];
    await using app = await startApp({ seed: seedOf(orgFile("acme", "554023000", { modules: [{ api_name: "Leads", fields }] })) });
    const first = await app.client();
    const id = await first.insert("Leads", { Last_Name: "A", Badge: "a" });
    for (const [version, status] of [
      ["v2.1", 202],
      ["v8", 400],
    ] as const) {
      const client = new Client({ baseUrl: app.baseUrl, accessToken: first.accessToken, version });
      const answer = await client.request("POST", "/Leads", { data: [{ Last_Name: "B", Badge: "A" }] });
      assert.equal(answer.status, status, answer.text);
      assert.equal(at(answer.body, "data", 0, "code"), "DUPLICATE_DATA");
      assert.deepEqual(
        [at(answer.body, "data", 0, "details", "id"), at(answer.body, "data", 0, "details", "duplicate_record", "Owner", "name")],
        [id, "Ada Owner"],
      );
    }
    const field = await first.request("GET", "/settings/fields?module=Leads");
    const badge = listAt(field.body, "fields").find((one) => at(one, "api_name") === "Badge");
    assert.notDeepEqual(at(badge, "unique"), {});
  });
});

describe("search", () => {
  test("goes through a module of any size, page after page, up to two thousand records", async () => {
    await using app = await startApp();
    const client = await app.client();
    const count = limits.recordsPerSearchStepMax + 100;
    for (let made = 0; made < count; made += 100) {
      const data = Array.from({ length: 100 }, (_, index) => ({
        Last_Name: `N${made + index}`,
        Company: index === 99 ? "Initech" : "Globex",
      }));
      assert.equal((await client.request("POST", "/Leads", { data })).status, 201);
    }
    const names = async (query: string): Promise<readonly unknown[]> => {
      const answer = await client.request("GET", `/Leads/search?fields=Last_Name&${query}`);
      assert.equal(answer.status, 200, answer.text);
      return [...listAt(answer.body, "data").map((row) => at(row, "Last_Name")), at(answer.body, "info", "more_records")];
    };
    const criteria = "criteria=(Company:equals:Initech)";
    assert.deepEqual(await names(`${criteria}&per_page=4`), ["N599", "N499", "N399", "N299", true]);
    assert.deepEqual(await names(`${criteria}&per_page=4&page=2`), ["N199", "N99", false]);
    assert.deepEqual(await names(`${criteria}&per_page=6`), ["N599", "N499", "N399", "N299", "N199", "N99", false]);
    assert.equal((await names("word=globex&per_page=200&page=3")).length, 194 + 1, "600 records, six of them of Initech");
    assert.equal((await client.request("GET", `/Leads/search?${criteria}&per_page=4&page=3`)).status, 204);
    const beyond = await client.request("GET", `/Leads/search?${criteria}&per_page=200&page=11`);
    assert.deepEqual([beyond.status, at(beyond.body, "code")], [400, "LIMIT_REACHED"]);
    assert.equal((await client.request("GET", "/Leads/search?word=N")).status, 400, "one character is no word");
  });

  test("needs the scope of the module as well as that of searching", async () => {
    const email = "owner@acme.example";
    const clients = [clientFile("acme", email, ["ZohoCRM.modules.deals.READ", "ZohoSearch.securesearch.READ"])];
    await using app = await startApp({ seed: seedOf({ ...acme, clients }) });
    const client = await app.client();
    assert.equal((await client.request("GET", "/Deals/search?word=abc")).status, 204);
    assert.equal((await client.request("GET", "/Leads/search?word=abc")).status, 401);
  });
});

test("what is left out on purpose says so, in every version and whatever the scopes of the token", async () => {
  const clients = [clientFile("acme", "owner@acme.example", ["ZohoCRM.org.READ"])];
  await using app = await startApp({ seed: seedOf({ ...acme, clients }) });
  const accessToken = await accessTokenOf(app.baseUrl, credentialsOf("acme"));
  const leftOut = [
    ["POST", "/coql", 0],
    ["POST", "/__composite_requests", 0],
    ["POST", "/files", 0],
    ["GET", "/files?id=x", 0],
    ["POST", "/Leads/actions/mass_update", 2],
    ["GET", "/Leads/actions/mass_update?job_id=1", 2],
    ["POST", "/Leads/7/actions/convert", 3],
    ["POST", "/Leads/7/actions/clone", 3],
    ["POST", "/Leads/7/photo", 2],
  ] as const;
  for (const version of ["v2", "v8"]) {
    const client = new Client({ baseUrl: app.baseUrl, accessToken, version });
    for (const [method, path, index] of leftOut) {
      const answer = await client.request(method, path, method === "GET" ? undefined : {});
      const told = {
        code: "NOT_SUPPORTED",
        details: { resource_path_index: index },
        message: "not supported by this server",
        status: "error",
      };
      assert.deepEqual([answer.status, answer.body], [400, told], `${method} ${path}`);
    }
  }
  const bulk = new Client({ baseUrl: app.baseUrl, accessToken, version: "bulk/v8" });
  for (const [method, path] of [
    ["POST", "/read"],
    ["GET", "/read/7"],
    ["GET", "/write/7/result"],
  ] as const) {
    assert.equal(at((await bulk.request(method, path)).body, "code"), "NOT_SUPPORTED", path);
  }
  const none = new Client({ baseUrl: app.baseUrl, accessToken: "none", version: "v8" });
  assert.equal((await none.request("POST", "/coql", {})).status, 401);
});
