/** No channel falls silent unseen: weeks of expiry over HTTP on the virtual clock, with receivers of notifications and of lifecycle events. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { limits } from "../../src/core/limits.ts";
import { type App, startApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";
import { listAt, numberAt, textAt } from "../support/json.ts";
import { TemporaryFolder } from "../support/process.ts";
import { type Callback, Receiver } from "../support/receiver.ts";
import { orgFile, seedOf } from "../support/seeds.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const zgid = "554023000";
const lifecyclePath = `/orgs/${zgid}/lifecycle`;

type World = {
  readonly app: App;
  readonly client: Client;
  /** Of notifications, and of lifecycle events. */
  readonly receiver: Receiver;
  readonly ops: Receiver;
  readonly secret: string;
} & AsyncDisposable;

async function startWorld(): Promise<World> {
  const [app, receiver, ops] = [await startApp(), await Receiver.start(), await Receiver.start()];
  const set = await app.admin("POST", lifecyclePath, { url: ops.url("/ops?from=watchpost") });
  assert.equal(set.status, 200, set.text);
  const dispose = async (): Promise<void> => {
    await app.stop();
    await receiver.down();
    await ops.down();
  };
  return { app, client: await app.client(), receiver, ops, secret: textAt(set.body, "secret"), [Symbol.asyncDispose]: dispose };
}

/** Subscribes channel 1 of v6 until `ms` from now; gives the instant of its expiry. */
async function subscribe({ app, client, receiver }: Omit<World, "secret" | typeof Symbol.asyncDispose>, ms: number): Promise<number> {
  const expiresAt = app.virtualClock.now() + ms;
  const channel_expiry = new Date(expiresAt).toISOString().replace(".000Z", "+00:00");
  const token = "hush";
  await client.subscribe({ channel_id: "1", events: ["Leads.create"], notify_url: receiver.url("/?key=hush"), token, channel_expiry });
  return expiresAt;
}

async function advance(app: App, by: string): Promise<void> {
  const moved = await app.admin("POST", "/clock", { advance: by });
  assert.equal(moved.status, 200, moved.text);
}

/** As `expiring 24h` with the instant that the body says. */
function told({ body }: Callback): readonly [string, number] {
  const data = Reflect.get(Object(body), "data") as { before: string | null; cause: string | null };
  const words = [textAt(body, "type").replace("channel.", ""), data.before, data.cause].filter((word) => word !== null);
  return [words.join(" "), Date.parse(textAt(body, "timestamp"))];
}

test("in a week its org is told of a channel's expiry 24 h, 1 h and 5 min before it and at it, signed, and its notify_url never", async () => {
  await using world = await startWorld();
  const { app, receiver, ops, secret } = world;
  const expiresAt = await subscribe(world, 6 * day);
  await advance(app, "7d");

  assert.deepEqual(ops.received.map(told), [
    ["expiring 24h", expiresAt - day],
    ["expiring 1h", expiresAt - hour],
    ["expiring 5m", expiresAt - 5 * minute],
    ["expired", expiresAt],
  ]);
  const webhook = new Webhook(secret);
  for (const { headers, text, target, method } of ops.received) {
    assert.deepEqual([method, target], ["POST", "/ops?from=watchpost"]);
    // The library compares the instant with its own clock, which nobody moved: what it signs for that instant is what came.
    const signedAt = new Date(Number(headers["webhook-timestamp"]) * 1_000);
    assert.equal(webhook.sign(String(headers["webhook-id"]), signedAt, text), headers["webhook-signature"]);
    assert.ok(!text.includes("hush"), "neither the channel's token nor its target is told");
  }
  const timestamps = ops.received.map(({ headers }) => Number(headers["webhook-timestamp"]) * 1_000);
  assert.deepEqual(timestamps, [expiresAt - day, expiresAt - hour, expiresAt - 5 * minute, expiresAt]);
  assert.equal(new Set(ops.received.map(({ headers }) => headers["webhook-id"])).size, 4);
  assert.deepEqual(receiver.received, []);

  const { body } = await app.admin("GET", `/lifecycle-events?org=${zgid}`);
  const events = listAt(body, "events").toReversed();
  assert.deepEqual(
    events.map((event) => [textAt(event, "event"), textAt(event, "at"), `msg_${numberAt(event, "delivery_id")}`]),
    ops.received.map(({ body: sent, headers }) => [textAt(sent, "type"), textAt(sent, "timestamp"), headers["webhook-id"]]),
  );
  const log = await app.deliveries("?module=lifecycle");
  assert.deepEqual(
    log.map((delivery) => textAt(delivery, "status")),
    ["delivered", "delivered", "delivered", "delivered"],
  );
});

test("the standard library of receivers verifies a lifecycle event", async () => {
  await using receiver = await Receiver.start();
  await using ops = await Receiver.start();
  await using app = await startApp({ nowMs: Math.floor(Date.now() / 1_000) * 1_000 - hour + minute });
  const secret = textAt((await app.admin("POST", lifecyclePath, { url: ops.url() })).body, "secret");
  await subscribe({ app, client: await app.client(), receiver, ops }, hour - minute);
  await advance(app, "1h");
  const last = ops.received.at(-1);
  assert.ok(last !== undefined);
  const verified = new Webhook(secret).verify(last.text, last.headers as Record<string, string>);
  assert.equal(textAt(verified, "type"), "channel.expired");
  assert.throws(() => new Webhook(secret).verify(last.text.replace("expired", "renewed"), last.headers as Record<string, string>));
});

test("after a renewal the series begins anew, and of the old expiry nothing more is told", async () => {
  await using world = await startWorld();
  const { app, client, ops } = world;
  await subscribe(world, 2 * day);
  await advance(app, "47h");
  assert.deepEqual(
    ops.received.map((callback) => told(callback)[0]),
    ["expiring 24h", "expiring 1h"],
  );
  const renewedAt = app.virtualClock.now() + 3 * day;
  const item = { channel_id: "1", channel_expiry: new Date(renewedAt).toISOString().replace(".000Z", "+00:00") };
  assert.equal((await client.request("PATCH", "/actions/watch", { watch: [item] })).status, 401, "the token has ended by then");
  const later = await app.client();
  assert.equal((await later.request("PATCH", "/actions/watch", { watch: [item] })).status, 200);
  await advance(app, "4d");
  assert.deepEqual(ops.received.slice(2).map(told), [
    ["expiring 24h", renewedAt - day],
    ["expiring 1h", renewedAt - hour],
    ["expiring 5m", renewedAt - 5 * minute],
    ["expired", renewedAt],
  ]);
});

test("a channel that its client ends is told of no more", async () => {
  await using world = await startWorld();
  const { app, client, ops } = world;
  await subscribe(world, 50 * minute);
  assert.equal((await client.request("DELETE", "/actions/watch?channel_ids=1")).status, 200);
  await advance(app, "2d");
  assert.deepEqual(ops.received, []);
});

test("a channel that a 410 disables is told of once, with its cause", async () => {
  await using world = await startWorld();
  const { app, client, receiver, ops } = world;
  await subscribe(world, 5 * minute);
  receiver.answerWith({ status: 410 });
  for (const name of ["A", "B", "C"]) await client.insert("Leads", { Last_Name: name });
  await advance(app, "0s");
  assert.deepEqual(ops.received.map(told), [["disabled gone", app.virtualClock.now()]]);
  assert.match(ops.received[0]?.text ?? "", /\/api\/v1\/channels\/\d+\/resume/);
});

test("a lifecycle_url that fails is tried again by the schedule, in the order of the channel's events", async () => {
  await using world = await startWorld();
  const { app, ops } = world;
  await subscribe(world, 30 * minute);
  ops.answerWith({ status: 503 });
  await advance(app, "30m");
  assert.ok(ops.received.length >= 2);
  assert.ok(
    ops.received.every((callback) => told(callback)[0] === "expiring 5m"),
    "the second event waits for the first",
  );
  ops.answerWith({ status: 200 });
  await advance(app, "1d");
  assert.deepEqual(
    ops.received.slice(-2).map((callback) => told(callback)[0]),
    ["expiring 5m", "expired"],
  );
});

test("a lifecycle_url that answers 410 is disabled and recorded; set again, it is told of what comes", async () => {
  await using world = await startWorld();
  const { app, ops } = world;
  await subscribe(world, 3 * day);
  ops.answerWith({ status: 410 });
  await advance(app, "2d");
  ops.answerWith({ status: 200 });
  await advance(app, "23h");
  const events = listAt((await app.admin("GET", "/lifecycle-events")).body, "events").map((event) => textAt(event, "event"));
  assert.deepEqual(events, ["channel.expiring", "channel.disabled", "channel.expiring"]);
  assert.equal(ops.received.length, 1);
  assert.equal((await app.admin("POST", lifecyclePath, { url: ops.url() })).status, 200);
  await advance(app, "1h");
  assert.deepEqual(
    ops.received.slice(1).map((callback) => told(callback)[0]),
    ["expiring 5m", "expired"],
  );
});

test("an org is told of its own channels alone", async () => {
  await using ops = await Receiver.start();
  await using app = await startApp({ seed: seedOf(orgFile("acme", zgid), orgFile("beta", "7")) });
  assert.equal((await app.admin("POST", "/orgs/7/lifecycle", { url: ops.url() })).status, 200);
  for (const name of ["acme", "beta"]) {
    const client = await app.client(name);
    await client.subscribe({ channel_id: "5", events: ["Leads.create"], notify_url: "http://127.0.0.1:9/" });
  }
  await advance(app, "2h");
  assert.deepEqual(
    ops.received.map(({ body }) => textAt(body, "data", "org")),
    ["7", "7"],
  );
  assert.equal(listAt((await app.admin("GET", "/lifecycle-events")).body, "events").length, 4);
});

test("a restart in the middle loses no event and doubles none, and what came due meanwhile is told as one", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  await using ops = await Receiver.start();
  let nowMs = Date.UTC(2026, 0, 15, 9, 30);
  const withApp = async (use: (app: App) => Promise<void>): Promise<void> => {
    await using app = await startApp({ dataFolder: folder.path, nowMs });
    await use(app);
    nowMs = app.virtualClock.now();
  };
  let expiresAt = 0;
  await withApp(async (app) => {
    assert.equal((await app.admin("POST", lifecyclePath, { url: ops.url() })).status, 200);
    expiresAt = await subscribe({ app, client: await app.client(), receiver, ops }, 3 * day);
    await advance(app, "2d");
  });
  await withApp((app) => advance(app, "1h"));
  assert.deepEqual(ops.received.map(told), [["expiring 24h", expiresAt - day]]);
  // It is down while the warnings of an hour and of five minutes fall due.
  nowMs = expiresAt - minute;
  await ops.down();
  await withApp((app) => advance(app, "1s"));
  await ops.up();
  await withApp((app) => advance(app, "10m"));
  assert.deepEqual(ops.received.slice(1).map(told), [
    ["expiring 5m", expiresAt - minute],
    ["expired", expiresAt],
  ]);
  await withApp(async (app) => {
    await advance(app, "1d");
    assert.equal(listAt((await app.admin("GET", "/lifecycle-events")).body, "events").length, 3);
    nowMs += limits.historyMs;
  });
  assert.equal(ops.received.length, 3);
});
