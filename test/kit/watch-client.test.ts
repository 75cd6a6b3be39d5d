/** The client of the watch API, against the real server and against servers that do what the real one does not. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ApiError, WatchError, type WatchClient, type WatchClientOptions, createWatchClient } from "../../src/client/api/index.ts";
import { versionNames } from "../../src/wire/versions.ts";
import { type App, startApp } from "../support/app.ts";
import { ManualClock } from "../support/clock.ts";
import { collect } from "../support/collect.ts";
import { credentialsOf } from "../support/seeds.ts";
import { type Answering, type FakeAnswer, type FakeServer, fakeServer } from "./fake-server.ts";

const channelId = "9223372036854775807";
const item = {
  channel_id: channelId,
  events: ["Deals.edit", "Contacts.all"],
  notify_url: "http://127.0.0.1:9/callback",
  token: "t",
} as const;

function clientOf(app: App, options: Partial<WatchClientOptions> = {}): WatchClient {
  return createWatchClient({ baseUrl: app.baseUrl, auth: credentialsOf("acme"), ...options });
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => assert.fail("it went well"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError, String(error));
  return error;
}

describe("against the real server", () => {
  test("a channel is enabled, listed, replaced, merged, reduced and disabled in every version", async () => {
    await using app = await startApp();
    for (const version of versionNames) {
      const client = clientOf(app, { version });
      const [enabled] = await client.enable([{ ...item, channel_expiry: new Date(app.virtualClock.now() + 1_800_123) }]);
      assert.deepEqual(
        enabled?.events.map(({ resource_name, channel_id }) => [resource_name, channel_id]),
        [
          ["Contacts", channelId],
          ["Deals", channelId],
        ],
      );
      assert.equal(Date.parse(enabled.events[0]?.channel_expiry ?? ""), app.virtualClock.now() + 1_800_000, "whole seconds");
      const { rows, info } = await client.list({ channel_id: channelId });
      assert.deepEqual([rows.length, info.more_records, rows[0]?.token], [2, false, "t"]);
      assert.deepEqual(rows[0]?.events, ["Contacts.edit", "Contacts.create", "Contacts.delete"]);

      await client.update([{ ...item, events: ["Deals.edit", "Leads.create"] }]);
      await client.merge([{ channel_id: channelId, events: ["Deals.all", "Leads.create"] }]);
      const merged = await collect(client.rows({ channel_id: channelId, module: "Deals" }));
      assert.deepEqual([merged[0]?.events.length, merged[0]?.token], [3, "t"]);
      const [removed] = await client.removeEvents([{ channel_id: channelId, events: ["Leads.create"] }]);
      assert.equal(removed?.events[0]?.channel_expiry, null);
      const disabled = await client.disable([BigInt(channelId)]);
      assert.deepEqual(disabled[0]?.events[0]?.channel_id, channelId);
      assert.deepEqual((await client.list()).rows, []);
    }
  });

  test("an item that fails throws in every version, whatever the status, and tells how the others went", async () => {
    await using app = await startApp();
    for (const version of versionNames) {
      const client = clientOf(app, { version });
      const error = await errorOf(client.enable([item, { ...item, channel_id: "2", token: "x".repeat(51) }]));
      assert.ok(error instanceof WatchError);
      assert.deepEqual([error.code, error.param, error.details["maximum_length"]], ["INVALID_DATA", "token", 50], version);
      assert.deepEqual(
        error.outcomes.map(({ ok }) => ok),
        [true, false],
      );
      assert.ok(error.isRefusal);
    }
    const unknown = await errorOf(clientOf(app).merge([{ channel_id: "77", events: ["Deals.all"] }]));
    assert.equal(unknown.code, "NOT_SUBSCRIBED");
    assert.equal((await errorOf(clientOf(app).disable([]))).code, "REQUIRED_PARAM_MISSING");
  });

  test("rows come over all pages", async () => {
    await using app = await startApp();
    const client = clientOf(app);
    for (let batch = 0; batch < 5; batch += 1) {
      await client.enable(
        Array.from({ length: 45 }, (_, index) => ({ ...item, channel_id: String(1 + batch * 45 + index), events: ["Deals.all"] as const })),
      );
    }
    const ids = (await collect(client.rows())).map((row) => row.channel_id);
    assert.equal(new Set(ids).size, 225);
  });

  test("an access token that has ended is fetched anew, and a wrong secret is told without being told", async () => {
    await using app = await startApp();
    const client = clientOf(app);
    await client.list();
    app.clock.advance(2 * 3_600_000);
    await client.list();
    const wrong = clientOf(app, { auth: { ...credentialsOf("acme"), clientSecret: "not-it-at-all" } });
    const error = await errorOf(wrong.list());
    assert.deepEqual([error.code, error.isRefusal], ["invalid_client_secret", true], error.message);
    assert.ok(!`${error.message}${JSON.stringify(error)}${String(error.stack)}`.includes("not-it-at-all"));
  });
});

/** A server whose accounts part gives tokens in turn, and whose API part answers by `answering`. */
function zoho(
  answering: Answering,
  token: (count: number) => FakeAnswer = (count) => ({ json: { access_token: `t${count}`, expires_in: 3_600 } }),
): FakeServer {
  let tokens = 0;
  return fakeServer((asked, index) => (asked.path === "/oauth/v2/token" ? token((tokens += 1)) : answering(asked, index)));
}

const empty: FakeAnswer = { status: 204 };
const staleToken: FakeAnswer = {
  status: 401,
  json: { code: "INVALID_TOKEN", details: {}, message: "invalid oauth token", status: "error" },
};

function clientTo({ fetch }: FakeServer, options: Partial<WatchClientOptions> = {}): WatchClient {
  return createWatchClient({
    baseUrl: "https://crm.example.com/",
    accountsUrl: "https://accounts.example.com",
    auth: credentialsOf("acme"),
    fetch,
    ...options,
  });
}

describe("access tokens", () => {
  test("callers that come together share one token request, and later ones its token until shortly before its end", async () => {
    const clock = new ManualClock(1_000);
    const server = zoho(() => empty);
    const client = clientTo(server, { clock });
    const tokenRequests = (): number => server.asked.filter(({ path }) => path === "/oauth/v2/token").length;
    await Promise.all([client.list(), client.list(), client.list()]);
    clock.advance(3_600_000 - 60_000 - 1);
    await client.list();
    assert.equal(tokenRequests(), 1);
    clock.advance(1);
    await client.list();
    assert.equal(tokenRequests(), 2);
    assert.equal(server.asked[0]?.url, "https://accounts.example.com/oauth/v2/token");
    assert.equal(server.asked.at(-1)?.headers.get("authorization"), "Zoho-oauthtoken t2");
  });

  test("a token that the server has dropped is fetched anew once, for all callers together", async () => {
    const server = zoho(({ headers }) => (headers.get("authorization") === "Zoho-oauthtoken t1" ? staleToken : empty));
    const client = clientTo(server);
    await Promise.all([client.list(), client.list()]);
    assert.equal(server.asked.filter(({ path }) => path === "/oauth/v2/token").length, 2);
    const stubborn = clientTo(zoho(() => staleToken));
    assert.equal((await errorOf(stubborn.list())).code, "INVALID_TOKEN");
  });

  test("a late word about a token that was replaced does not drop the new one", async () => {
    const { promise: secondIsDone, resolve } = Promise.withResolvers<void>();
    const server = zoho(async ({ path, headers }) => {
      if (headers.get("authorization") !== "Zoho-oauthtoken t1") return empty;
      if (path.includes("module=Leads")) await secondIsDone;
      return staleToken;
    });
    const client = clientTo(server);
    const late = client.list({ module: "Leads" });
    await client.list({ module: "Deals" });
    resolve();
    await late;
    assert.equal(server.asked.filter(({ path }) => path === "/oauth/v2/token").length, 2);
  });

  test("a scope that is missing is not asked for again", async () => {
    const server = zoho(() => ({ status: 401, json: { code: "OAUTH_SCOPE_MISMATCH", details: {}, message: "no", status: "error" } }));
    assert.equal((await errorOf(clientTo(server).list())).code, "OAUTH_SCOPE_MISMATCH");
    assert.equal(server.asked.length, 2);
  });

  test("a token request that fails fails its callers and not the next", async () => {
    const server = zoho(
      () => empty,
      (count) =>
        count === 1
          ? { status: 400, json: { error: "Access Denied", error_description: "You have made too many requests continuously." } }
          : { json: { access_token: "t", expires_in: 60 } },
    );
    const client = clientTo(server);
    const error = await errorOf(client.list());
    assert.deepEqual([error.code, error.status, error.isRefusal], ["Access Denied", 429, false]);
    await client.list();
  });

  test("without a base URL the one is used that the accounts server names", async () => {
    const server = zoho(
      () => empty,
      () => ({ json: { access_token: "t", expires_in: 3_600, api_domain: "https://eu.crm.example.com" } }),
    );
    await createWatchClient({
      accountsUrl: "https://accounts.example.com",
      auth: credentialsOf("acme"),
      fetch: server.fetch,
      version: "v2.1",
    }).list();
    assert.equal(server.asked.at(-1)?.url, "https://eu.crm.example.com/crm/v2.1/actions/watch?page=1&per_page=200");
  });

  test("a token of one's own is used as it is, or asked for each time", async () => {
    const server = zoho(() => empty);
    await clientTo(server, { auth: { accessToken: "mine" } }).list();
    await clientTo(server, { auth: { getAccessToken: () => Promise.resolve("fresh") } }).list();
    assert.deepEqual(
      server.asked.map(({ headers }) => headers.get("authorization")),
      ["Zoho-oauthtoken mine", "Zoho-oauthtoken fresh"],
    );
    assert.throws(() => createWatchClient({ auth: { accessToken: "mine" } }), /give a baseUrl/);
    assert.throws(() => createWatchClient({ auth: credentialsOf("acme") }), /give a baseUrl or an accountsUrl/);
  });
});

describe("answers that the real server does not give", () => {
  const auth = { accessToken: "mine" };

  test("a short Retry-After is waited for, a long one is told", async () => {
    const clock = new ManualClock(0);
    const busy = (seconds: string): FakeAnswer => ({
      status: 429,
      json: { code: "TOO_MANY_REQUESTS", message: "m" },
      headers: { "Retry-After": seconds },
    });
    const server = fakeServer((_asked, index) => {
      if (index > 0) return empty;
      setImmediate(() => clock.advance(2_000));
      return busy("2");
    });
    await clientTo(server, { auth, clock }).list();
    assert.equal(server.asked.length, 2);
    const error = await errorOf(
      clientTo(
        fakeServer(() => busy("3600")),
        { auth, clock },
      ).list(),
    );
    assert.deepEqual([error.code, error.status, error.retryAfterMs, error.isRefusal], ["TOO_MANY_REQUESTS", 429, 3_600_000, false]);
  });

  test("no answer, a late one, HTML and a redirection are errors that may pass, with codes of their own", async () => {
    const never = new Promise<FakeAnswer>(() => undefined);
    const hanging = (_url: string, init: RequestInit): Promise<Response> =>
      Promise.race([
        never as Promise<never>,
        new Promise<never>((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
      ]);
    // An abort signal's timer does not keep a process alive; another does.
    const alive = setTimeout(() => undefined, 10_000);
    const cases: readonly (readonly [Partial<WatchClientOptions>, string])[] = [
      [{ fetch: () => Promise.reject(new TypeError("fetch failed")) }, "no_answer"],
      [{ fetch: hanging, timeoutMs: 20 }, "timed_out"],
      [{ fetch: fakeServer(() => ({ status: 502, text: "<html>Bad gateway</html>" })).fetch }, "answer_unreadable"],
      [{ fetch: fakeServer(() => ({ status: 302, headers: { Location: "https://elsewhere.example.com/" } })).fetch }, "answer_unreadable"],
      [{ fetch: fakeServer(() => ({ status: 200, json: {} })).fetch }, "answer_unreadable"],
    ];
    for (const [options, code] of cases) {
      const error = await errorOf(createWatchClient({ baseUrl: "https://crm.example.com", auth, ...options }).list());
      assert.deepEqual([error.code, error.isRefusal], [code, false], error.message);
      assert.ok(!error.message.includes("mine"));
    }
    clearTimeout(alive);
  });

  test("a call that is aborted throws the reason", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    const server = fakeServer(() => {
      abort.abort(reason);
      throw new Error("the connection broke");
    });
    await assert.rejects(clientTo(server, { auth }).list({}, { signal: abort.signal }), reason);
  });

  test("ids that come as bare numbers keep their digits", async () => {
    const text =
      '{"watch":[{"channel_id":9223372036854775807,"resource_id":554023000000000131,"resource_name":"Deals","events":["Deals.edit"]}],"info":{"more_records":false}}';
    const { rows } = await clientTo(
      fakeServer(() => ({ text })),
      { auth },
    ).list();
    assert.deepEqual([rows[0]?.channel_id, rows[0]?.resource_id], ["9223372036854775807", "554023000000000131"]);
  });
});
