import assert from "node:assert/strict";
import { test } from "node:test";
import { newHealth } from "../core/channel.ts";
import type { DeliveryView } from "../core/attempt.ts";
import { limits } from "../core/limits.ts";
import type { UnderTest } from "./server-under-test.ts";
import { goodToken, principal, serverUnderTest, startMs } from "./server-under-test.ts";

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
};
const noFilter = {
  zgid: null,
  channelId: null,
  module: null,
  recordId: null,
  status: null,
  from: null,
  until: null,
  beforeId: null,
  limit: 50,
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
    "operate.deliveries": ({ beforeId }) => ({ deliveries: [delivery], hasMore: beforeId === null }),
  });
  const first = await admin(server, "/deliveries");
  assert.equal(first.headers.get("cache-control"), "no-store");
  assert.deepEqual(await first.json(), { deliveries: [deliveryBody], next_cursor: "12" });
  assert.deepEqual(await (await admin(server, "/deliveries?cursor=12")).json(), { deliveries: [deliveryBody], next_cursor: null });
  assert.deepEqual(
    server.asked.map(({ input }) => input),
    [noFilter, { ...noFilter, beforeId: 12 }],
  );
});

test("every filter reaches the engine; instants come as ISO 8601 or as epoch milliseconds", async () => {
  await using server = await serverUnderTest({ "operate.deliveries": () => ({ deliveries: [], hasMore: false }) });
  await admin(
    server,
    `/deliveries?org=554023000&channel=-5&module=Deals&record=7&status=dead&from=2026-01-01T05:30:00+05:30&until=${startMs + 1}&limit=2`,
  );
  await admin(server, "/deliveries?from=2026-01-01&until=2026-01-01T00:00:00.500Z");
  assert.deepEqual(
    server.asked.map(({ input }) => input),
    [
      {
        zgid: "554023000",
        channelId: "-5",
        module: "Deals",
        recordId: "7",
        status: "dead",
        from: startMs,
        until: startMs + 1,
        beforeId: null,
        limit: 2,
      },
      { ...noFilter, from: startMs, until: startMs + 500 },
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
  } as const;
  await using server = await serverUnderTest({ "operate.delivery": ({ id }) => (id === 12 ? { delivery, attempts: [attempt] } : null) });
  const attempts = [
    {
      number: 1,
      started_at: "2026-01-01T00:00:00.000Z",
      duration_ms: 12,
      outcome: "retryable",
      http_status: 503,
      error: null,
      response_body: "busy",
    },
  ];
  for (const id of ["12", "msg_12"]) {
    assert.deepEqual(await (await admin(server, `/deliveries/${id}`)).json(), { delivery: { ...deliveryBody, attempts } });
  }
  for (const id of ["13", "x"]) assert.equal((await admin(server, `/deliveries/${id}`)).status, 404);
});

test("channels are listed, and a signing secret is shown once", async () => {
  let isSecretShown = false;
  await using server = await serverUnderTest({
    "operate.channels": () => ({
      channels: [
        {
          key: 3,
          zgid: "554023000",
          kind: "client",
          userId: principal.userId,
          channelId: "1",
          notifyUrl: "http://a.example/",
          modules: ["Deals"],
          expiresAt: startMs,
          isSecretShown,
          previousSecretUntil: null,
          ...newHealth(startMs),
        },
      ],
      hasMore: false,
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
        modules: ["Deals"],
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

test("the server says that it lives, and that it is ready while the store answers", async () => {
  let isStoreUp = true;
  await using server = await serverUnderTest({
    "operate.channels": () => {
      if (!isStoreUp) throw new Error("gone");
      return { channels: [], hasMore: false };
    },
  });
  assert.equal((await ask(server, "/livez", { headers: {} })).status, 200);
  assert.equal((await ask(server, "/readyz", { headers: {} })).status, 200);
  isStoreUp = false;
  assert.equal((await ask(server, "/readyz", { headers: {} })).status, 503);
  const index = await ask(server, "/", { headers: {} });
  assert.match(await index.text(), /^{"name":"Watchpost","version":"1\.2\.3"/);
});
