/** The client of the admin API: against the real server for what it answers today, and against a fake one for what is asked of it. */
import assert from "node:assert/strict";
import type { Pages } from "../../src/client/api/pages.ts";
import { describe, test } from "node:test";
import { type AdminClient, ApiError, createAdminClient } from "../../src/client/api/index.ts";
import { ownRoutes } from "../../src/http/own-routes.ts";
import { adminToken, startApp } from "../support/app.ts";
import { collect } from "../support/collect.ts";
import { type Answering, fakeServer } from "./fake-server.ts";

describe("against the real server", () => {
  test("deliveries and channels are listed over pages, shown, and steered", async () => {
    await using app = await startApp();
    const admin = createAdminClient({ baseUrl: `${app.baseUrl}/`, token: adminToken });
    const client = await app.client();
    for (const channelId of ["1", "2", "9223372036854775807"]) {
      await client.subscribe({ channel_id: channelId, events: ["Leads.create"], notify_url: "http://127.0.0.1:9/callback" });
    }
    await client.insert("Leads", { Last_Name: "Lumbergh" });
    await app.untilSettled(3);

    const first = await admin.deliveries({ org: "554023000", from: new Date(0) }).page();
    assert.deepEqual([first.rows.length, first.nextCursor], [3, null]);
    const [delivery] = first.rows;
    const detail = await admin.delivery(delivery?.id ?? 0);
    assert.deepEqual([detail.channel_id, detail.attempts[0]?.outcome], ["9223372036854775807", "unreachable"]);

    const channels = await collect(admin.channels());
    assert.deepEqual(
      channels.map(({ key, channel_id: id, state }) => [key, id, state]),
      [
        [1, "1", "active"],
        [2, "2", "active"],
        [3, "9223372036854775807", "active"],
      ],
    );
    assert.equal((await admin.pauseChannel(1)).state, "paused");
    assert.equal((await admin.resumeChannel(1)).channel.state, "active");
    const until = new Date(app.virtualClock.now() + 86_400_000);
    assert.equal((await admin.renewChannel(1, until)).expires_at, until.toISOString());
    const secret = await admin.revealSecret(1);
    assert.match(secret, /^whsec_/);
    const rotated = await admin.rotateSecret(1, "1h");
    assert.notEqual(rotated.secret, secret);
    assert.equal((await admin.clock()).now, new Date(app.virtualClock.now()).toISOString());
    assert.equal((await admin.advanceClock("1h")).offset_ms, 3_600_000);
  });

  test("errors have the server's code, parameter and status", async () => {
    await using app = await startApp();
    const admin = createAdminClient({ baseUrl: app.baseUrl, token: adminToken });
    const cases: readonly (readonly [() => Promise<unknown>, string, number, string | null])[] = [
      [() => admin.channel(7), "not_found", 404, null],
      [() => admin.renewChannel(1, "soon"), "invalid_parameter", 400, "until"],
      [() => createAdminClient({ baseUrl: app.baseUrl, token: "wrong-token-of-nobody" }).channels().page(), "unauthorized", 401, null],
    ];
    for (const [call, code, status, param] of cases) {
      await assert.rejects(call(), (error) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual([error.code, error.status, error.param], [code, status, param], error.message);
        return !error.message.includes("wrong-token-of-nobody");
      });
    }
  });
});

const baseUrl = "http://127.0.0.1:8585";

function fake(answering: Answering): {
  readonly admin: AdminClient;
  readonly asked: readonly { method: string; path: string; body: string }[];
} {
  const server = fakeServer(answering);
  return { admin: createAdminClient({ baseUrl, token: "the admin token", fetch: server.fetch }), asked: server.asked };
}

const order = { what: "missed", channel_key: 4, rate_per_second: 10 } as const;

const listKeys = ["deliveries", "replays", "changes", "channels", "events", "orgs", "users", "clients", "tokens", "entries", "messages"];
const rows = { delivery: {}, replay: {}, change: {}, channel: {}, client: {}, token: {}, org: {} };
/** Has whatever a call reads of its answer. */
const answerOfAny = { ...rows, secret: "s", count: 3, ...Object.fromEntries(listKeys.map((key) => [key, []])) };

/** Every call that answers once, with the request that it makes. */
function callsOf(admin: AdminClient): readonly (readonly [() => Promise<unknown>, string, unknown?])[] {
  return [
    [() => admin.delivery("msg_1"), "GET /deliveries/msg_1"],
    [() => admin.replayDelivery(1), "POST /deliveries/1/replay"],
    [() => admin.skipDelivery(1), "POST /deliveries/1/skip"],
    [() => admin.countReplay(order), "POST /replays", { ...order, dry_run: true }],
    [() => admin.startReplay(order), "POST /replays", order],
    [() => admin.replay(2), "GET /replays/2"],
    [() => admin.cancelReplay(2), "POST /replays/2/cancel"],
    [() => admin.change(3), "GET /changes/3"],
    [() => admin.explainChange(3), "GET /changes/3/explain"],
    [() => admin.channel(4), "GET /channels/4"],
    [() => admin.pauseChannel(4), "POST /channels/4/pause"],
    [() => admin.resumeChannel(4), "POST /channels/4/resume"],
    [() => admin.renewChannel(4, new Date(0)), "POST /channels/4/renew", { until: "1970-01-01T00:00:00.000Z" }],
    [() => admin.rotateSecret(4), "POST /channels/4/rotate", {}],
    [() => admin.revealSecret(4), "POST /channels/4/secret"],
    [() => admin.setChannelOrder(4, "none"), "POST /channels/4/order", { order: "none" }],
    [() => admin.testChannel(4), "POST /channels/4/test"],
    [() => admin.setLifecycleUrl("5", null), "POST /orgs/5/lifecycle", { url: null }],
    [() => admin.createClient({ org: "5", name: "n", scope: "s" }), "POST /clients", { org: "5", name: "n", scope: "s" }],
    [() => admin.revokeClient("1000.a/b"), "POST /clients/1000.a%2Fb/revoke"],
    [() => admin.createToken(), "POST /tokens", {}],
    [() => admin.revokeToken("ab"), "POST /tokens/ab/revoke"],
    [() => admin.stats(), "GET /stats"],
    [() => admin.clearInbox(), "POST /inbox/clear"],
    [() => admin.setClock("2026-01-01T00:00:00Z"), "POST /clock", { now: "2026-01-01T00:00:00Z" }],
  ];
}

/** Every list, with the path of its first page. */
function listsOf(admin: AdminClient): readonly (readonly [Pages<unknown>, string])[] {
  return [
    [admin.deliveries({ status: "dead", from: new Date(0) }), "/deliveries?status=dead&from=1970-01-01T00%3A00%3A00.000Z"],
    [admin.replays(), "/replays"],
    [admin.changes({ record: "9" }), "/changes?record=9"],
    [admin.channels({ state: "paused" }), "/channels?state=paused"],
    [admin.lifecycleEvents({ channel_key: 1 }), "/lifecycle-events?channel_key=1"],
    [admin.orgs(), "/orgs"],
    [admin.users({ org: "5" }), "/users?org=5"],
    [admin.clients(), "/clients"],
    [admin.tokens(), "/tokens"],
    [admin.audit(), "/audit"],
    [admin.inbox(), "/inbox"],
  ];
}

describe("what is asked", () => {
  test("each call is the request that the contract names", async () => {
    const { admin, asked } = fake(() => ({ json: answerOfAny }));
    const calls = callsOf(admin);
    for (const [call, request, body] of calls) {
      await call();
      const last = asked.at(-1);
      assert.equal(`${last?.method} ${last?.path}`, request.replace(" /", " /api/v1/"));
      assert.deepEqual(last?.body === "" ? undefined : JSON.parse(last?.body ?? ""), body, request);
    }
  });

  test("each list is asked with its filter, page after page", async () => {
    const { admin, asked } = fake(({ path }) => ({
      json: {
        ...Object.fromEntries(listKeys.map((key) => [key, [{ id: path.includes("cursor") ? 2 : 1 }]])),
        next_cursor: path.includes("cursor") ? null : "a b",
      },
    }));
    const lists = listsOf(admin);
    for (const [rows, path] of lists) {
      assert.deepEqual(await collect(rows), [{ id: 1 }, { id: 2 }], path);
      assert.deepEqual(
        asked.slice(-2).map((request) => request.path),
        [`/api/v1${path}`, `/api/v1${path}${path.includes("?") ? "&" : "?"}cursor=a+b`],
      );
    }
  });

  test("every route of the server's admin API has a call", async () => {
    const { admin, asked } = fake(() => ({ json: { ...answerOfAny, next_cursor: null } }));
    const sameness = (path: string) =>
      path.replace(/\?.*/, "").replace(/(?<=\/(?:deliveries|replays|changes|channels|orgs|clients|tokens)\/)[^/]+/, ":one");
    const routes = ownRoutes
      .filter(({ surface }) => surface === "admin")
      .flatMap(({ path, methods }) => Object.keys(methods).map((method) => `${method} ${sameness(path)}`));
    assert.ok(routes.length > 0);
    for (const [call] of callsOf(admin)) await call();
    for (const [rows] of listsOf(admin)) await rows.page();
    await admin.clock();
    const known = new Set([...asked.map(({ method, path }) => `${method} ${sameness(path)}`), "GET /api/v1/stream"]);
    assert.deepEqual(
      routes.filter((route) => !known.has(route)),
      [],
    );
  });

  test("the stream gives each event as it comes, and ends with the server's", async () => {
    const text = ': hello\n\nevent: hint\ndata: {}\n\nevent: delivery\ndata: {"id":1795410562690001,"outcome":"delivered"}\n\n';
    const { admin, asked } = fake(() => ({ text, headers: { "Content-Type": "text/event-stream" } }));
    assert.deepEqual(await collect(admin.stream()), [
      { event: "hint", data: {} },
      { event: "delivery", data: { id: 1795410562690001, outcome: "delivered" } },
    ]);
    assert.equal(asked[0]?.path, "/api/v1/stream");
    await assert.rejects(collect(fake(() => ({ status: 401 })).admin.stream()), { code: "answer_unreadable", status: 401 });
  });

  test("an empty token, and a list that is none, are told", async () => {
    assert.throws(() => createAdminClient({ baseUrl, token: "" }), /admin token is empty/);
    await assert.rejects(
      fake(() => ({ json: { elsewhere: [] } }))
        .admin.channels()
        .page(),
      { code: "answer_unreadable" },
    );
  });
});
