/** What people look at while it happens: the stream of events, the figures, and the inbox of `dev`. */
import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { limits } from "../../src/core/limits.ts";
import { adminToken, startApp } from "../support/app.ts";
import type { App } from "../support/app.ts";
import { send } from "../support/client.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { Receiver } from "../support/receiver.ts";

/** A client of the stream: what came so far, and when it ended. */
class Listener {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly ended: Promise<void>;
  readonly #response: http.IncomingMessage;
  #text = "";
  readonly #looks = new Set<() => void>();

  constructor(response: http.IncomingMessage) {
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    this.#response = response;
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      this.#text += chunk;
      for (const look of this.#looks) look();
    });
    this.ended = new Promise((resolve) => response.on("close", resolve).on("error", () => resolve()));
  }

  /** The data of the events of this name so far. */
  events(name: string): readonly unknown[] {
    return [...this.#text.matchAll(new RegExp(`^event: ${name}\\ndata: (.*)$`, "gm"))].map((match) => JSON.parse(match[1] ?? ""));
  }

  until(isMet: (text: string) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isMet(this.#text)) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  close(): void {
    this.#response.destroy();
  }
}

function listen(
  app: App,
  path = "/api/v1/stream",
  headers: Record<string, string> = { Authorization: `Bearer ${adminToken}` },
): Promise<Listener> {
  const { hostname, port } = new URL(app.baseUrl);
  return new Promise((resolve, reject) => {
    http.get({ hostname, port, path, headers, agent: false }, (response) => resolve(new Listener(response))).on("error", reject);
  });
}

/** Lets the streams' pauses of real time pass until `isMet`. */
async function passing(app: App, stepMs: number, until: Promise<void>): Promise<void> {
  let isOver = false;
  const over = until.then(() => (isOver = true));
  while (!isOver) {
    app.clock.advance(stepMs);
    await Promise.race([over, new Promise((resolve) => setImmediate(resolve))]);
  }
}

test("who listens hears of an attempt and of the commit, and first of all how all stands", async () => {
  await using app = await startApp();
  await using receiver = await Receiver.start();
  const client = await app.client();
  const listener = await listen(app);
  assert.equal(listener.headers["content-type"], "text/event-stream;charset=UTF-8");
  await listener.until((text) => text.includes("event: stats"));
  assert.equal(at(listener.events("stats")[0], "health", "status"), "ok");
  await client.subscribe({ channel_id: "7", events: ["Leads.create"], notify_url: receiver.url() });
  await client.insert("Leads", { Last_Name: "Roe" });
  await app.untilSettled(1);
  await passing(
    app,
    limits.streamFlushMs,
    listener.until((text) => text.includes("event: delivery") && text.includes("event: hint")),
  );
  const [event] = listener.events("delivery");
  const [delivery] = await app.deliveries();
  assert.deepEqual(
    [at(event, "id"), at(event, "channel_key"), at(event, "channel_id"), at(event, "module"), at(event, "operation"), at(event, "attempt")],
    [at(delivery, "id"), at(delivery, "channel_key"), "7", "Leads", "insert", 1],
  );
  assert.deepEqual([at(event, "outcome"), at(event, "http_status")], ["delivered", 200]);
  listener.close();
});

test("a stream sends a beat, and how all stands, again and again, and ends after an hour", async () => {
  await using app = await startApp();
  const listener = await listen(app, "/api/v1/stream?step=60");
  await passing(
    app,
    1_000,
    listener.until((text) => text.includes(": beat") && text.split("event: stats").length > 3),
  );
  assert.equal(at(listener.events("stats")[0], "series", "step_seconds"), 60);
  await passing(app, limits.streamHeartbeatMs, listener.ended);
});

test("the stream asks for the admin token, or a session, and ends when that is signed out", async () => {
  await using app = await startApp();
  assert.equal((await listen(app, "/api/v1/stream", {})).status, 401);
  assert.equal((await listen(app, "/api/v1/stream?step=7")).status, 400);
  const signedIn = await send(app.baseUrl, { method: "POST", path: "/console/session", body: { token: adminToken } });
  const cookie = signedIn.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  const listener = await listen(app, "/api/v1/stream", { Cookie: cookie });
  assert.equal(listener.status, 200);
  const session = await send(app.baseUrl, { method: "GET", path: "/console/session", headers: { Cookie: cookie } });
  const headers = { Cookie: cookie, "X-Watchpost-CSRF": textAt(session.body, "csrf") };
  await send(app.baseUrl, { method: "DELETE", path: "/console/session", headers });
  await listener.ended;
});

test("only so many look on at once, and HEAD does not", async () => {
  await using app = await startApp();
  const listeners = await Promise.all(Array.from({ length: limits.streamClientsMax }, () => listen(app)));
  assert.ok(listeners.every(({ status }) => status === 200));
  const refused = await app.admin("GET", "/stream");
  assert.deepEqual([refused.status, textAt(refused.body, "error", "code")], [503, "too_many_streams"]);
  for (const listener of listeners) listener.close();
  await Promise.all(listeners.map(({ ended }) => ended));
  assert.equal((await app.admin("HEAD", "/stream")).status, 200);
});

test("a server that closes ends its streams, and closes at once", async () => {
  const app = await startApp();
  const listener = await listen(app);
  assert.equal(listener.status, 200);
  assert.equal(
    await Promise.race([listener.ended.then(() => "ended"), new Promise((resolve) => setImmediate(() => resolve("open")))]),
    "open",
  );
  await app.stop();
  await listener.ended;
});

test("the figures count changes, deliveries, what waits, and channels by state", async () => {
  await using app = await startApp();
  await using receiver = await Receiver.start();
  const client = await app.client();
  await client.subscribe({ channel_id: "7", events: ["Leads.create"], notify_url: receiver.url() });
  receiver.answerWith({ status: 500 });
  await client.insert("Leads", { Last_Name: "Roe" });
  await app.untilSettled(1);
  await client.insert("Leads", { Last_Name: "Doe" });
  await app.untilSettled(2);
  const { body } = await app.admin("GET", "/stats?step=5");
  const last = listAt(body, "series", "points").at(-1);
  assert.deepEqual([at(last, "changes"), at(last, "delivered"), at(last, "failed"), at(last, "p50_ms")], [2, 0, 2, null]);
  assert.deepEqual(at(body, "backlog"), { waiting: 0, pending: 2, claimed: 0, dead: 0 });
  assert.equal(at(body, "oldest_pending_at"), new Date(app.virtualClock.now()).toISOString());
  assert.deepEqual(at(body, "channels"), { active: 1, paused: 0, disabled: 0 });
  assert.deepEqual([at(body, "health", "status"), at(body, "health", "sentence")], ["degraded", "1 channel fails."]);
  assert.equal(at(body, "expiring", 0, "channel_id"), "7");
  const day = 86_400_000;
  assert.deepEqual(at(body, "retention"), { history_ms: 7 * day, dead_ms: 30 * day, disable_after_ms: 5 * day });
  assert.equal((await app.admin("GET", "/stats?step=1")).status, 400);
});

test("a census that was just taken serves the figures too, and a later one sees what came since", async () => {
  await using app = await startApp();
  const client = await app.client();
  const active = async () => numberAt((await app.admin("GET", "/stats")).body, "channels", "active");
  assert.equal(await active(), 0);
  await client.subscribe({ channel_id: "7", events: ["Leads.create"], notify_url: "http://127.0.0.1:9/" });
  assert.equal(await active(), 0);
  app.realClock.advance(limits.censusKeptMs);
  assert.equal(await active(), 1);
});

test("the inbox keeps what a channel sent, with signature and token checked, and knows what came twice", async () => {
  await using app = await startApp();
  const client = await app.client();
  const inbox = `${app.baseUrl}/inbox/first`;
  await client.subscribe({ channel_id: "7", events: ["Leads.create"], notify_url: inbox, token: "t0ken" });
  await client.insert("Leads", { Last_Name: "Roe" });
  await app.untilSettled(1);
  const { body } = await app.admin("GET", "/inbox");
  assert.equal(at(body, "url"), inbox);
  const [message] = listAt(body, "messages");
  assert.deepEqual(at(message, "checks"), { signature: "ok", token: "ok", id_seen_before: false });
  assert.deepEqual([at(message, "method"), at(message, "path")], ["POST", "/inbox/first"]);
  assert.equal(JSON.parse(textAt(message, "body")).module, "Leads");

  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  const headers = Object.fromEntries(names.map((name) => [name, textAt(message, "headers", name)]));
  const post = (text: string, more: Record<string, string> = {}) =>
    send(app.baseUrl, { method: "POST", path: "/inbox/again", headers: { ...headers, ...more }, body: text });
  const sent = textAt(message, "body");
  await post(sent);
  await post(sent.replace("Leads", "Deals"));
  await post(sent.replace("t0ken", "other"), { "webhook-signature": "v1,AAAA" });
  await post(sent.replace('"7"', '"8"'));
  await send(app.baseUrl, { method: "POST", path: "/inbox/bare", body: sent.replace('"t0ken"', "null") });
  const checks = listAt((await app.admin("GET", "/inbox")).body, "messages").map((row) => Object.values(Object(at(row, "checks"))));
  assert.deepEqual(checks.toReversed(), [
    ["ok", "ok", false],
    ["ok", "ok", true],
    ["wrong", "ok", true],
    ["wrong", "wrong", true],
    ["unknown_channel", "wrong", true],
    ["absent", "wrong", false],
  ]);
  assert.equal((await app.admin("POST", "/inbox/clear")).status, 204);
  assert.deepEqual(at((await app.admin("GET", "/inbox")).body, "messages"), []);
});

test("the inbox plays a receiver that fails or is slow", async () => {
  await using app = await startApp();
  const post = (query: string, body = "{}") => send(app.baseUrl, { method: "POST", path: `/inbox/x${query}`, body });
  assert.equal((await post("?status=503")).status, 503);
  assert.equal((await post("?status=204")).status, 204);
  for (const query of ["?status=99", "?status=600", "?status=x", "?delay=x", "?delay=61s"]) {
    assert.equal((await post(query)).status, 400, query);
  }
  const slow = post("?delay=30s&status=410");
  await passing(
    app,
    5_000,
    slow.then(() => undefined),
  );
  assert.equal((await slow).status, 410);
  assert.equal((await post("", "x".repeat(limits.inboxBodyBytesMax + 1))).status, 413);
});

test("the inbox keeps the last messages only", async () => {
  await using app = await startApp();
  for (let count = 0; count < limits.inboxMessagesMax + 2; count += 1) {
    await send(app.baseUrl, { method: "POST", path: "/inbox/x", body: `${count}` });
  }
  const messages = listAt((await app.admin("GET", "/inbox")).body, "messages");
  assert.equal(messages.length, limits.inboxMessagesMax);
  assert.equal(numberAt(messages[0], "id"), limits.inboxMessagesMax + 2);
});

test("a server that is not for development has no inbox", async () => {
  await using app = await startApp({ isDev: false });
  assert.equal((await send(app.baseUrl, { method: "POST", path: "/inbox/first", body: "{}" })).status, 404);
  assert.equal((await app.admin("GET", "/inbox")).status, 403);
  assert.equal((await app.admin("POST", "/inbox/clear")).status, 403);
});
