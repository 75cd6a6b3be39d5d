import assert from "node:assert/strict";
import { test } from "node:test";
import type { Input, OrgView } from "../app/commands.ts";
import type { LifecycleEventView, LifecycleFilter } from "../core/lifecycle.ts";
import { serverUnderTest, startMs } from "./server-under-test.ts";
import type { Handlers, UnderTest } from "./server-under-test.ts";

const startText = "2026-01-01T00:00:00.000Z";
const expiring: LifecycleEventView = {
  id: 41,
  org: 1,
  zgid: "554023000",
  channelKey: 3,
  channelId: "77",
  event: "channel.expiring",
  before: "5m",
  cause: null,
  expiresAt: startMs + 300_000,
  at: startMs,
  deliveryId: 40,
};
const org: OrgView = {
  key: 1,
  zgid: "554023000",
  name: "Acme",
  timeZone: "Asia/Kolkata",
  currency: "USD",
  createdAt: startMs,
  lifecycleUrl: "https://ops.example/hook",
  users: 2,
};
const orgBody = {
  zgid: "554023000",
  name: "Acme",
  time_zone: "Asia/Kolkata",
  currency: "USD",
  created_at: startText,
  lifecycle_url: "https://ops.example/hook",
  users: 2,
  records: null,
};

function ask(server: UnderTest, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: "Bearer admin" };
  const url = `${server.baseUrl}/api/v1${path}`;
  return body === undefined ? fetch(url, { headers }) : fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

async function problemOf(answer: Response): Promise<string> {
  const { error } = (await answer.json()) as { error: { code: string; param?: string } };
  return `${answer.status} ${error.code} ${error.param ?? ""}`.trim();
}

test("lifecycle events are listed with their filters and a cursor", async () => {
  const filters: LifecycleFilter[] = [];
  const handlers: Handlers = {
    "lifecycle.events": (filter) => {
      filters.push(filter);
      return { events: [expiring], hasMore: true };
    },
  };
  await using server = await serverUnderTest(handlers);
  const answer = await ask(server, "/lifecycle-events?org=554023000&channel_key=3&limit=1&cursor=99");
  assert.deepEqual(await answer.json(), {
    events: [
      {
        id: 41,
        org: "554023000",
        channel_key: 3,
        channel_id: "77",
        event: "channel.expiring",
        before: "5m",
        cause: null,
        expires_at: "2026-01-01T00:05:00.000Z",
        at: startText,
        delivery_id: 40,
      },
    ],
    next_cursor: "41",
  });
  await ask(server, "/lifecycle-events");
  assert.deepEqual(filters, [
    { zgid: "554023000", channelKey: 3, beforeId: 99, limit: 1 },
    { zgid: null, channelKey: null, beforeId: null, limit: 50 },
  ]);
  for (const param of ["channel_key", "cursor", "limit"]) {
    assert.equal(await problemOf(await ask(server, `/lifecycle-events?${param}=x`)), `400 invalid_parameter ${param}`);
  }
});

test("orgs are listed a page at a time", async () => {
  await using server = await serverUnderTest({ "lifecycle.orgs": ({ beforeKey }) => ({ orgs: [org], hasMore: beforeKey === null }) });
  assert.deepEqual(await (await ask(server, "/orgs?limit=1")).json(), { orgs: [orgBody], next_cursor: "1" });
  assert.deepEqual(await (await ask(server, "/orgs?cursor=2")).json(), { orgs: [orgBody], next_cursor: null });
  for (const param of ["cursor", "limit"]) {
    assert.equal(await problemOf(await ask(server, `/orgs?${param}=-1`)), `400 invalid_parameter ${param}`);
  }
});

test("a lifecycle_url is set and taken away; what cannot be one says why", async () => {
  const urls: Input<"lifecycle.setUrl">[] = [];
  await using server = await serverUnderTest({
    "lifecycle.setUrl": (input) => {
      urls.push(input);
      if (input.zgid !== org.zgid) return { ok: false, error: "unknown" };
      if (input.url === "http://10.0.0.1/") return { ok: false, error: "target_refused" };
      if (input.url === "x") return { ok: false, error: "not_a_url" };
      return { ok: true, value: { org: { ...org, lifecycleUrl: input.url }, secret: input.url === null ? null : "whsec_A" } };
    },
  });
  const path = "/orgs/554023000/lifecycle";
  assert.deepEqual(await (await ask(server, path, { url: "https://ops.example/hook" })).json(), { org: orgBody, secret: "whsec_A" });
  assert.deepEqual(await (await ask(server, path, { url: null })).json(), { org: { ...orgBody, lifecycle_url: null }, secret: null });
  assert.equal(urls.length, 2);
  assert.equal(await problemOf(await ask(server, "/orgs/7/lifecycle", { url: null })), "404 not_found");
  assert.equal(await problemOf(await ask(server, path, { url: "http://10.0.0.1/" })), "400 target_refused url");
  for (const body of [{ url: "x" }, {}, { url: 5 }, { URL: null }]) {
    assert.equal(await problemOf(await ask(server, path, body)), "400 invalid_parameter url", JSON.stringify(body));
  }
  assert.equal(await problemOf(await ask(server, path, [null])), "400 invalid_body");
});
