/** Lists over HTTP that one exchange does not show: pages by token, which only the server that gave them knows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";
import { listAt, textAt } from "../support/json.ts";

const dayMs = 86_400_000;

async function insertLeads(client: Client, count: number): Promise<void> {
  for (let made = 0; made < count; made += 100) {
    const data = Array.from({ length: Math.min(100, count - made) }, (_, index) => ({ Last_Name: `L${made + index}` }));
    const answer = await client.request("POST", "/Leads", { data });
    assert.equal(answer.status, 201, answer.text);
  }
}

test("page tokens lead through more than 2,000 records, which pages by number do not", async () => {
  await using app = await startApp();
  const client = await app.client();
  await insertLeads(client, 2_150);
  const list = "/Leads?fields=Last_Name&sort_order=asc&per_page=200";
  const beyond = await client.request("GET", `${list}&page=11`);
  assert.equal(beyond.status, 400);
  assert.equal(textAt(beyond.body, "code"), "DISCRETE_PAGINATION_LIMIT_EXCEEDED");
  const ids = new Set<string>();
  let answer = await client.request("GET", `${list}&page=10`);
  assert.equal(textAt(answer.body, "info", "page_token_expiry"), "2026-01-16T15:00:00+05:30");
  for (;;) {
    assert.equal(answer.status, 200, answer.text);
    for (const row of listAt(answer.body, "data")) ids.add(textAt(row, "id"));
    const info = infoOf(answer.body);
    if (info["more_records"] === false) {
      assert.deepEqual([info["page"], info["count"], info["next_page_token"]], [11, 150, null]);
      break;
    }
    answer = await client.request("GET", `${list}&page_token=${textAt(answer.body, "info", "next_page_token")}`);
  }
  assert.equal(ids.size, 350);
});

test("a page token is refused for other parameters and after a day", async () => {
  await using app = await startApp();
  const client = await app.client();
  await insertLeads(client, 3);
  const list = "/Leads?fields=Last_Name,Company&per_page=2";
  const first = await client.request("GET", list);
  const token = textAt(first.body, "info", "next_page_token");
  const codeOf = async (path: string) => textAt((await client.request("GET", `${path}&page_token=${token}`)).body, "code");
  assert.equal(
    (await client.request("GET", `/Leads?fields=Company,Last_Name&page_token=${token}`)).status,
    200,
    "the order of fields says nothing",
  );
  assert.equal(await codeOf("/Leads?fields=Last_Name&per_page=2"), "TOKEN_BOUND_DATA_MISMATCH");
  assert.equal(await codeOf(`${list}&sort_order=asc`), "TOKEN_BOUND_DATA_MISMATCH");
  assert.equal(await codeOf("/Contacts?fields=Last_Name,Company&per_page=2"), "TOKEN_BOUND_DATA_MISMATCH");
  assert.equal(await codeOf(`${list}&page=2`), "AMBIGUITY_DURING_PROCESSING");
  app.clock.advance(dayMs);
  const later = await app.client();
  const ended = await later.request("GET", `${list}&page_token=${token}`);
  assert.equal(ended.status, 400);
  assert.deepEqual(ended.body, {
    code: "EXPIRED_VALUE",
    details: { api_name: "page_token", json_path: "$.query.page_token" },
    message: "Page token expired",
    status: "error",
  });
});

function infoOf(body: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof body === "object" && body !== null && "info" in body);
  const { info } = body;
  assert.ok(typeof info === "object" && info !== null);
  return Object.fromEntries(Object.entries(info));
}
