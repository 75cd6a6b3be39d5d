/** How an org meets its limits over HTTP. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Handlers, UnderTest } from "./server-under-test.ts";
import { goodToken, principal, serverUnderTest, startMs } from "./server-under-test.ts";

const tooMany = {
  code: "TOO_MANY_REQUESTS",
  details: {},
  message: "too many requests. please try again after some time",
  status: "error",
};
const done = { ok: true, value: { module: "Leads", results: [] } } as const;
const handlers: Handlers = { "org.get": () => null, "records.write": () => done, "records.get": () => ({ ok: true, value: null }) };

function ask(server: UnderTest, path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${server.baseUrl}${path}`, { headers: goodToken, ...init });
}

function write(server: UnderTest, records: number): Promise<Response> {
  return ask(server, "/crm/v6/Leads", { method: "POST", body: JSON.stringify({ data: Array(records).fill({}) }) });
}

function remaining(answer: Response): string | null {
  return answer.headers.get("x-api-credits-remaining");
}

test("from half of the credits on, every answer tells what is left, and then there is 429", async () => {
  await using server = await serverUnderTest(handlers, { quotaLimits: { creditsPerDay: 6, concurrent: null } });
  assert.equal(remaining(await ask(server, "/crm/v6/org")), null);
  assert.equal(remaining(await write(server, 15)), "3");
  const empty = await ask(server, "/crm/v6/Leads/1");
  assert.deepEqual([empty.status, remaining(empty)], [204, "2"]);
  const refused = await ask(server, "/crm/v6/Leads", { method: "POST", body: "no json" });
  assert.deepEqual([refused.status, remaining(refused)], [400, "1"]);
  const costly = await write(server, 100);
  assert.deepEqual([costly.status, remaining(costly)], [429, "0"]);
  assert.deepEqual(await costly.json(), tooMany);
  const exhausted = await ask(server, "/crm/v6/org");
  assert.deepEqual([exhausted.status, remaining(exhausted)], [429, "0"]);
  assert.equal(exhausted.headers.get("retry-after"), null, "hours that a client would wait through without a word");
  assert.equal(exhausted.headers.get("content-type"), "application/json;charset=UTF-8");
  assert.deepEqual(await exhausted.json(), tooMany);
  assert.deepEqual(
    server.asked.map(({ name }) => name),
    ["org.get", "records.write", "records.get"],
  );
});

test("who may not ask pays nothing, and what is not the CRM's costs nothing", async () => {
  await using server = await serverUnderTest(
    { ...handlers, "auth.principal": () => ({ ...principal, scopes: ["ZohoCRM.org.ALL"] }) },
    { quotaLimits: { creditsPerDay: 1, concurrent: null } },
  );
  assert.equal((await ask(server, "/crm/v6/org", { headers: {} })).status, 401);
  assert.equal((await ask(server, "/crm/v6/Leads/1")).status, 401);
  assert.equal((await ask(server, "/crm/v6/org", { method: "COPY" })).status, 400);
  assert.equal((await ask(server, "/livez")).status, 200);
  assert.equal(remaining(await ask(server, "/crm/v6/org")), "0");
});

test("a request beyond those that may be under way is turned away at once, and told when to come again", async () => {
  const entered = Promise.withResolvers<null>();
  const released = Promise.withResolvers<null>();
  const slow: Handlers = {
    ...handlers,
    "org.get": async () => {
      entered.resolve(null);
      return released.promise;
    },
  };
  await using server = await serverUnderTest(slow, { quotaLimits: { creditsPerDay: null, concurrent: 1 } });
  const first = ask(server, "/crm/v6/org");
  await entered.promise;
  const turned = await ask(server, "/crm/v6/Leads/1");
  assert.equal(turned.status, 429);
  assert.equal(turned.headers.get("retry-after"), "1");
  assert.equal(turned.headers.get("x-ratelimit-limit"), "1");
  assert.equal(turned.headers.get("x-ratelimit-remaining"), "0");
  assert.equal(turned.headers.get("x-ratelimit-reset"), String(startMs + 1_000));
  assert.equal(remaining(turned), null);
  assert.deepEqual(await turned.json(), tooMany);
  released.resolve(null);
  assert.equal((await first).status, 200);
  assert.equal((await ask(server, "/crm/v6/Leads/1")).status, 204);
});

test("a fault frees its place", async () => {
  await using server = await serverUnderTest(
    { ...handlers, "org.get": () => Promise.reject(new Error("a fault")) },
    {
      quotaLimits: { creditsPerDay: null, concurrent: 1 },
    },
  );
  for (let at = 0; at < 3; at += 1) assert.equal((await ask(server, "/crm/v6/org")).status, 500);
  assert.equal((await ask(server, "/crm/v6/Leads/1")).status, 204);
});
