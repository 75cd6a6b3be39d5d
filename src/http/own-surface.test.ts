import assert from "node:assert/strict";
import { anyDelivery } from "../../test/support/any-delivery.ts";
import { test } from "node:test";
import type { DeliveryView } from "../core/attempt.ts";
import { callbackBody } from "../wire/callback.ts";
import { limits } from "../core/limits.ts";
import type { StuckCause } from "../observe/health.ts";
import type { UnderTest } from "./server-under-test.ts";
import { channelView, goodToken, principal, serverUnderTest, startMs } from "./server-under-test.ts";

const delivery: DeliveryView = {
  id: 12,
  zgid: "554023000",
  channelId: "1000000068001",
  channelKey: 3,
  module: "Deals",
  operation: "update",
  recordIds: ["554023000100000001"],
  status: "pending",
  attempts: 1,
  committedAt: startMs,
  dueAt: startMs + 5_000,
  settledAt: null,
  replayOf: null,
  replayedAs: null,
  isReplay: false,
  isTest: false,
};
const deliveryBody = {
  id: 12,
  webhook_id: "msg_12",
  org: "554023000",
  channel_id: "1000000068001",
  channel_key: 3,
  module: "Deals",
  operation: "update",
  record_ids: ["554023000100000001"],
  status: "pending",
  attempts_made: 1,
  committed_at: "2026-01-01T00:00:00.000Z",
  due_at: "2026-01-01T00:00:05.000Z",
  settled_at: null,
  replay_of: null,
  replayed_as: null,
  is_replay: false,
  is_test: false,
};
/** Asks with a valid token, unless `init` brings headers of its own. */
function ask(server: UnderTest, path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${server.baseUrl}${path}`, { headers: goodToken, ...init });
}

function admin(server: UnderTest, path: string, method = "GET"): Promise<Response> {
  return ask(server, `/api/v1${path}`, { method, headers: { authorization: "Bearer admin" } });
}

test("the admin API asks for an admin token, before it says whether the method is right", async () => {
  await using server = await serverUnderTest();
  for (const authorization of [undefined, "Bearer other", "Zoho-oauthtoken admin", "Bearer good"]) {
    const answer = await ask(server, "/api/v1/deliveries", {
      method: "PUT",
      headers: authorization === undefined ? {} : { authorization },
    });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer realm="watchpost"/);
    assert.match(await answer.text(), /^{"error":{"code":"unauthorized"/);
  }
  const method = await admin(server, "/deliveries", "PUT");
  assert.equal(method.status, 405);
  assert.equal(method.headers.get("allow"), "GET");
});

test("deliveries are listed with a cursor to the next page", async () => {
  await using server = await serverUnderTest({
    "operate.deliveries": ({ beforeId }) => ({ deliveries: [delivery], nextId: beforeId === null ? 12 : null }),
  });
  const first = await admin(server, "/deliveries?limit=1");
  assert.equal(first.headers.get("cache-control"), "no-store");
  assert.deepEqual(await first.json(), { deliveries: [deliveryBody], next_cursor: "12" });
  assert.deepEqual(await (await admin(server, "/deliveries?limit=1&cursor=12")).json(), { deliveries: [deliveryBody], next_cursor: null });
  assert.deepEqual(
    server.asked.map(({ input }) => input),
    [
      { ...anyDelivery, limit: 1 },
      { ...anyDelivery, limit: 1, beforeId: 12 },
    ],
  );
});

test("a page is gathered over several looks into the delivery log", async () => {
  await using server = await serverUnderTest({
    "operate.deliveries": ({ beforeId }) =>
      beforeId === null ? { deliveries: [], nextId: 40 } : { deliveries: [delivery], nextId: beforeId === 40 ? 12 : null },
  });
  const page = await admin(server, "/deliveries?limit=2");
  assert.deepEqual(await page.json(), { deliveries: [deliveryBody, deliveryBody], next_cursor: null });
  assert.deepEqual(
    server.asked.map(({ input }) => input),
    [
      { ...anyDelivery, limit: 2 },
      { ...anyDelivery, limit: 2, beforeId: 40 },
      { ...anyDelivery, limit: 1, beforeId: 12 },
    ],
  );
});

test("a request looks through so much of the delivery log only, and says where to go on", async () => {
  await using server = await serverUnderTest({
    "operate.deliveries": ({ beforeId }) => ({ deliveries: [], nextId: (beforeId ?? 1_000) - 1 }),
  });
  const page = await admin(server, "/deliveries?record=7");
  assert.deepEqual(await page.json(), { deliveries: [], next_cursor: String(1_000 - limits.looksPerRequestMax) });
  assert.equal(server.asked.length, limits.looksPerRequestMax);
});

test("every filter reaches the engine; instants come as ISO 8601 or as epoch milliseconds", async () => {
  await using server = await serverUnderTest({ "operate.deliveries": () => ({ deliveries: [], nextId: null }) });
  await admin(
    server,
    `/deliveries?org=554023000&channel=-5&channel_key=3&module=Deals&record=7&status=dead&from=2026-01-01T05:30:00+05:30&until=${startMs + 1}&limit=2`,
  );
  await admin(server, "/deliveries?from=2026-01-01&until=2026-01-01T00:00:00.500Z");
  assert.deepEqual(
    server.asked.map(({ input }) => input),
    [
      {
        zgid: "554023000",
        channelId: "-5",
        channelKey: 3,
        module: "Deals",
        recordId: "7",
        status: "dead",
        from: startMs,
        until: startMs + 1,
        beforeId: null,
        limit: 2,
      },
      { ...anyDelivery, from: startMs, until: startMs + 500 },
    ],
  );
});

for (const query of [
  "status=lost",
  "from=yesterday",
  "until=2026-13-01",
  "from=2026-01-01T00:00:00",
  "record=x",
  "channel=1.5",
  "cursor=x",
  "limit=0",
  "limit=201",
]) {
  test(`deliveries?${query} is refused by the parameter's name`, async () => {
    await using server = await serverUnderTest();
    const answer = await admin(server, `/deliveries?${query}`);
    const param = query.split("=")[0] ?? "";
    assert.equal(answer.status, 400);
    const message = `The value of the parameter ${param} makes no sense.`;
    assert.deepEqual(await answer.json(), { error: { code: "invalid_parameter", message, param } });
  });
}

test("one delivery is shown with its attempts, by its number or its webhook id", async () => {
  const attempt = {
    number: 1,
    startedAt: startMs,
    durationMs: 12,
    outcome: "retryable",
    httpStatus: 503,
    error: null,
    responseBody: "busy",
    responseHeaders: null,
  } as const;
  const parts = {
    channelId: "1000000068001",
    notifyUrl: "http://a.example/?key=1",
    token: "t",
    module: "Deals",
    operation: "update",
    recordIds: '["554023000100000001"]',
    affectedFields: "[]",
    affectedValues: null,
  } as const;
  await using server = await serverUnderTest({
    "operate.delivery": ({ id }) => (id === 12 ? { delivery, attempts: [attempt] } : null),
    "deliveries.content": ({ id }) => (id === 12 ? { parts, body: null, notificationId: 7, changes: [] } : null),
  });
  const attempts = [
    {
      number: 1,
      started_at: "2026-01-01T00:00:00.000Z",
      duration_ms: 12,
      outcome: "retryable",
      http_status: 503,
      error: null,
      response_body: "busy",
      response_headers: null,
    },
  ];
  for (const id of ["12", "msg_12"]) {
    const shown = await (await admin(server, `/deliveries/${id}`)).json();
    const { request, ...rest } = (shown as { delivery: { request: { url: string; headers: unknown; body: string } } }).delivery;
    assert.deepEqual(rest, { ...deliveryBody, attempts, changes: [] });
    assert.equal(request.url, parts.notifyUrl);
    assert.deepEqual(request.headers, {
      "Content-Type": "application/json;charset=UTF-8",
      "User-Agent": "Watchpost/1.2.3",
      "webhook-id": "msg_7",
    });
    assert.equal(request.body, callbackBody(parts, { serverTime: startMs, baseUrl: server.baseUrl }));
  }
  for (const id of ["13", "x"]) assert.equal((await admin(server, `/deliveries/${id}`)).status, 404);
});

test("channels are listed, and a signing secret is shown once", async () => {
  let isSecretShown = false;
  await using server = await serverUnderTest({
    "operate.channels": () => ({
      channels: [{ ...channelView, isSecretShown }],
      nextKey: null,
    }),
    "operate.revealSecret": ({ channelKey }) => {
      if (channelKey !== 3) return { ok: false, error: "unknown" };
      if (isSecretShown) return { ok: false, error: "already_shown" };
      isSecretShown = true;
      return { ok: true, value: { secret: "whsec_AAAA" } };
    },
  });
  const first = await admin(server, "/channels/3/secret", "POST");
  assert.deepEqual(await first.json(), { secret: "whsec_AAAA" });
  const second = await admin(server, "/channels/3/secret", "POST");
  assert.equal(second.status, 409);
  assert.match(await second.text(), /^{"error":{"code":"already_shown"/);
  assert.equal((await admin(server, "/channels/4/secret", "POST")).status, 404);
  assert.deepEqual(await (await admin(server, "/channels")).json(), {
    channels: [
      {
        key: 3,
        org: "554023000",
        kind: "client",
        user_id: principal.userId,
        channel_id: "1",
        notify_url: "http://a.example/",
        has_token: true,
        modules: ["Deals"],
        subscriptions: [
          {
            module: "Deals",
            module_id: "9",
            operations: ["update"],
            condition: { kind: "group", operator: "or", members: [{ kind: "field", field: "Stage" }] },
          },
        ],
        returns_values: false,
        notifies_related: true,
        order: "record",
        created_at: "2026-01-01T00:00:00.000Z",
        modified_at: "2026-01-01T00:00:00.000Z",
        expires_at: "2026-01-01T00:00:00.000Z",
        is_secret_shown: true,
        previous_secret_until: null,
        state: "active",
        cause: null,
        state_since: "2026-01-01T00:00:00.000Z",
        failing_since: null,
      },
    ],
    next_cursor: null,
  });
});

test("a token is issued to a multipart form, under our own origin, and is not stored on the way", async () => {
  await using server = await serverUnderTest({
    "oauth.token": ({ refreshToken }) => {
      if (refreshToken !== "1000.r") return { ok: false, error: "invalid_code" };
      const scopes = ["ZohoCRM.org.ALL"];
      return { ok: true, value: { accessToken: "1000.a", refreshToken: null, scopes, expiresInSeconds: 3600, endedDigests: [] } };
    },
  });
  const form = new FormData();
  form.set("refresh_token", "1000.r");
  const issued = await fetch(`${server.baseUrl}/oauth/v2/token`, { method: "POST", body: form });
  assert.equal(issued.status, 200);
  assert.equal(issued.headers.get("cache-control"), "no-store");
  assert.deepEqual(await issued.json(), {
    access_token: "1000.a",
    scope: "ZohoCRM.org.ALL",
    api_domain: server.baseUrl,
    token_type: "Bearer",
    expires_in: 3600,
  });
  const refused = await fetch(`${server.baseUrl}/oauth/v2/token?refresh_token=other&`, { method: "POST" });
  assert.equal(refused.status, 200);
  assert.deepEqual(await refused.json(), { error: "invalid_code" });
  const large = await fetch(`${server.baseUrl}/oauth/v2/token`, { method: "POST", body: "x".repeat(limits.tokenFormBytesMax + 1) });
  assert.equal(large.status, 413);
});

test("the server says that it lives, and that it is ready while nothing is stuck, without a word from the store", async () => {
  let causes: readonly StuckCause[] = [];
  await using server = await serverUnderTest({}, { health: { report: () => ({ causes }) } });
  assert.equal((await ask(server, "/livez", { headers: {} })).status, 200);
  assert.equal((await ask(server, "/readyz", { headers: {} })).status, 200);
  causes = [{ part: "disk", since: Date.UTC(2026, 0, 1), detail: "Nothing can be written: the disk is full." }];
  const stuck = await ask(server, "/readyz", { headers: {} });
  assert.equal(stuck.status, 503);
  assert.deepEqual(await stuck.json(), {
    status: "stuck",
    causes: [{ part: "disk", since: "2026-01-01T00:00:00.000Z", detail: "Nothing can be written: the disk is full." }],
  });
  assert.deepEqual(server.asked, []);
  const index = await ask(server, "/", { headers: {} });
  assert.match(await index.text(), /^{"name":"Watchpost","version":"1\.2\.3"/);
});

test("metrics are open to anyone, unless an operator asks for the admin token", async () => {
  await using open = await serverUnderTest();
  const answer = await ask(open, "/metrics", { headers: {} });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.match(await answer.text(), /^watchpost_build_info\{version="1\.2\.3",node="v\d/m);
  await using closed = await serverUnderTest({}, { metricsAccess: "admin" });
  assert.equal((await ask(closed, "/metrics", { headers: {} })).status, 401);
  assert.equal((await ask(closed, "/metrics", { headers: { authorization: "Bearer other" } })).status, 401);
  assert.equal((await ask(closed, "/metrics", { headers: { authorization: "Bearer admin" } })).status, 200);
});

test("every request is counted by surface and class of status, and leaves a line without its query", async () => {
  await using server = await serverUnderTest();
  await ask(server, "/livez?token=hidden", { headers: {} });
  await ask(server, "/api/v1/channels", { headers: {} });
  await ask(server, "/nowhere", { headers: {} });
  await ask(server, "/crm/v6/org", { headers: {} });
  const metrics = await (await ask(server, "/metrics", { headers: {} })).text();
  for (const [surface, status] of [
    ["open", "2xx"],
    ["admin", "4xx"],
    ["none", "4xx"],
    ["crm", "4xx"],
  ]) {
    assert.ok(metrics.includes(`watchpost_http_requests_total{surface="${surface}",status="${status}"} 1\n`), surface);
  }
  assert.deepEqual(server.answered.map(({ surface, path, status }) => ({ surface, path, status })).slice(0, 3), [
    { surface: "open", path: "/livez", status: 200 },
    { surface: "admin", path: "/api/v1/channels", status: 401 },
    { surface: "none", path: "/nowhere", status: 404 },
  ]);
});
