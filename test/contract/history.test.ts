/** What happened, why, and sending it again, over the admin API. Real time stands still in these. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type App, startApp } from "../support/app.ts";
import { TemporaryFolder } from "../support/process.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { type Callback, Receiver } from "../support/receiver.ts";
import { type World, startWorld } from "../support/main-world.ts";

const dayMs = 86_400_000;

/** A channel on deals, for a day unless said, and a deal. */
async function watchDeal({ app, receiver, client }: World, row: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const id = await client.insert("Deals", { Deal_Name: "Big one", Stage: "Qualification", Amount: 5 });
  const expiry = new Date(app.virtualClock.now() + dayMs).toISOString().replace(".000Z", "+00:00");
  await client.subscribe({ channel_id: "1", events: ["Deals.edit"], notify_url: receiver.url(), channel_expiry: expiry, ...row });
  return id;
}

async function ask(app: App, call: string, body?: unknown): Promise<unknown> {
  const [method = "", path = "", status = "200"] = call.split(" ");
  const answer = await app.admin(method, path, body);
  assert.equal(answer.status, Number(status), `${call}: ${answer.text}`);
  return answer.body;
}

/** Moves the clock until the replay is done; gives it. */
async function finish(app: App, replay: unknown): Promise<unknown> {
  await ask(app, "POST /clock", { advance: "10s" });
  const body = await ask(app, `GET /replays/${numberAt(replay, "replay", "id")}`);
  assert.equal(textAt(body, "replay", "state"), "done");
  return at(body, "replay");
}

function stagesOf(callbacks: readonly Callback[]): readonly string[] {
  return callbacks.map(({ body }) => textAt(body, "affected_values", 0, "values", "Stage"));
}

test("what a paused channel missed is offered when it is resumed, and replayed once, in order, with what the changes were then", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await watchDeal(world, { return_affected_field_values: true });
  await ask(app, "POST /channels/1/pause");
  for (const Stage of ["Needs Analysis", "Negotiation/Review", "Closed Won"]) {
    await ask(app, "POST /clock", { advance: "1m" });
    await client.update("Deals", id, { Stage });
  }
  const resumed = await ask(app, "POST /channels/1/resume");
  const order = at(resumed, "missed", "replay");
  assert.deepEqual(await ask(app, "POST /replays", { ...Object(order), dry_run: true }), { dry_run: true, count: 3 });
  const replay = await finish(app, await ask(app, "POST /replays 201", order));
  assert.deepEqual([numberAt(replay, "total"), numberAt(replay, "sent"), numberAt(replay, "skipped")], [3, 3, 0]);
  assert.deepEqual(stagesOf(receiver.received), ["Needs Analysis", "Negotiation/Review", "Closed Won"]);
  for (const { headers } of receiver.received) assert.equal(headers["webhook-replay"], "true");
  assert.deepEqual(await ask(app, "POST /replays", { ...Object(order), dry_run: true }), { dry_run: true, count: 0 });
});

test("what an expired channel missed is replayed after it subscribed again, what it had asked for and no more", async () => {
  await using world = await startWorld();
  const { app, receiver } = world;
  const id = await watchDeal(world);
  await ask(app, "POST /clock", { advance: "2d" });
  const client = await app.client();
  await client.update("Deals", id, { Stage: "Closed Won" });
  await client.insert("Deals", { Deal_Name: "Another", Stage: "Qualification" });
  const now = new Date(app.virtualClock.now() + dayMs).toISOString().replace(".000Z", "+00:00");
  await client.subscribe({ channel_id: "1", events: ["Deals.all"], notify_url: receiver.url(), channel_expiry: now });
  const replay = await finish(app, await ask(app, "POST /replays 201", { what: "missed", channel_key: 1 }));
  assert.equal(numberAt(replay, "sent"), 1);
  assert.deepEqual(at(receiver.received[0]?.body, "ids"), [id]);
});

test("a dead delivery is sent again under its webhook id, and a second redrive finds nothing", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await watchDeal(world);
  receiver.answerWith({ status: 400 });
  await client.update("Deals", id, { Stage: "Closed Won" });
  await ask(app, "POST /clock", { advance: "4d" });
  const [dead] = await app.deliveries("?status=dead");
  const webhookId = textAt(dead, "webhook_id");
  receiver.answerWith({ status: 200 });
  const again = await app.client();
  await ask(app, "POST /replays 201", { what: "deliveries", status: "dead" });
  await ask(app, "POST /clock", { advance: "10s" });
  const [skipped] = listAt(await ask(app, "GET /replays"), "replays");
  assert.deepEqual([numberAt(skipped, "sent"), numberAt(skipped, "skipped")], [0, 1], "the channel has expired");
  await ask(app, "POST /channels/1/renew", { until: new Date(app.virtualClock.now() + dayMs).toISOString() });
  const before = receiver.received.length;
  const replay = await finish(app, await ask(app, "POST /replays 201", { what: "deliveries", status: "dead" }));
  assert.equal(numberAt(replay, "sent"), 1);
  assert.equal(receiver.received.length, before + 1);
  assert.equal(receiver.received.at(-1)?.headers["webhook-id"], webhookId);
  const [repeat] = await app.deliveries("?status=delivered");
  assert.equal(numberAt(repeat, "replay_of"), numberAt(dead, "id"));
  assert.equal(textAt(repeat, "webhook_id"), webhookId);
  assert.deepEqual(await ask(app, "POST /replays", { what: "deliveries", status: "dead", dry_run: true }), { dry_run: true, count: 0 });
  await again.update("Deals", id, { Stage: "Closed Lost" });
});

test("a replay goes on where it was when the server is started again, and sends nothing twice", async () => {
  using folder = new TemporaryFolder();
  const receiver = await Receiver.start();
  const first = await startApp({ dataFolder: folder.path });
  const world = { app: first, receiver, client: await first.client(), [Symbol.asyncDispose]: () => Promise.resolve() };
  const id = await watchDeal(world);
  await ask(first, "POST /channels/1/pause");
  for (let amount = 10; amount < 40; amount += 1) await world.client.update("Deals", id, { Amount: amount });
  await ask(first, "POST /channels/1/resume");
  await ask(first, "POST /clock", { advance: "1s" });
  const made = await ask(first, "POST /replays 201", { what: "missed", channel_key: 1, rate_per_second: 10 });
  await ask(first, "POST /clock", { advance: "1500ms" });
  const half = numberAt(await ask(first, `GET /replays/${numberAt(made, "replay", "id")}`), "replay", "sent");
  assert.ok(half > 0 && half < 30, `${half} were sent`);
  const nowMs = first.virtualClock.now();
  await first.stop();
  const second = await startApp({ dataFolder: folder.path, nowMs });
  const replay = await finish(second, made);
  assert.equal(numberAt(replay, "sent"), 30);
  assert.equal(receiver.received.length, 30);
  assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size, 30);
  await second.stop();
  await receiver.down();
});

test("a replay that is cancelled sends no more", async () => {
  await using world = await startWorld();
  const { app, client } = world;
  const id = await watchDeal(world);
  for (let amount = 10; amount < 40; amount += 1) await client.update("Deals", id, { Amount: amount });
  await ask(app, "POST /clock", { advance: "1s" });
  const made = await ask(app, "POST /replays 201", { what: "deliveries", rate_per_second: 10 });
  await ask(app, "POST /clock", { advance: "1500ms" });
  const cancelled = await ask(app, `POST /replays/${numberAt(made, "replay", "id")}/cancel`);
  const sent = numberAt(cancelled, "replay", "sent");
  assert.ok(sent > 0 && sent < 30, `${sent} were sent`);
  await ask(app, "POST /clock", { advance: "1m" });
  assert.equal((await app.deliveries("?limit=200")).filter((row) => at(row, "is_replay") === true).length, sent);
});

test("why a channel heard of a change, or did not, is told as it stood when the change was committed", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const condition = { type: "field_selection", module: { api_name: "Deals" }, field_selection: { field: { api_name: "Stage" } } };
  const id = await watchDeal(world, { notification_condition: [condition] });
  await client.subscribe({ channel_id: "2", events: ["Deals.create"], notify_url: receiver.url() });
  await client.update("Deals", id, { Amount: 7 });
  const [edit] = listAt(await ask(app, `GET /changes?module=Deals&record=${id}&operation=update`), "changes");
  await ask(app, "POST /channels/1/pause");
  await client.update("Deals", id, { Stage: "Closed Won" });
  const [hidden] = listAt(await ask(app, "GET /changes?operation=update&limit=1"), "changes");
  await ask(app, "POST /channels/1/resume");
  await client.update("Deals", id, { Stage: "Closed Lost" });
  const [heard] = listAt(await ask(app, "GET /changes?operation=update&limit=1"), "changes");

  const reasons = async (change: unknown) => {
    const body = await ask(app, `GET /changes/${numberAt(change, "id")}/explain`);
    return listAt(body, "channels").map(
      (row) => `${textAt(row, "channel_id")} ${textAt(row, "reason")} ${listAt(row, "deliveries").length}`,
    );
  };
  assert.deepEqual(await reasons(edit), ["1 condition_not_met 0", "2 operation_not_subscribed 0"]);
  assert.deepEqual(await reasons(hidden), ["1 paused 0", "2 operation_not_subscribed 0"]);
  assert.deepEqual(await reasons(heard), ["1 matched 1", "2 operation_not_subscribed 0"]);
  const shown = await ask(app, `GET /changes/${numberAt(heard, "id")}`);
  assert.deepEqual(at(shown, "change", "before"), { Stage: "Closed Won" });
  assert.deepEqual(at(shown, "change", "after"), { Stage: "Closed Lost" });
});

test("a change that reached a channel by a lookup is told as related", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const account = await client.insert("Accounts", { Account_Name: "Initech" });
  const contact = await client.insert("Contacts", { Last_Name: "Lumbergh", Account_Name: { id: account } });
  await client.subscribe({ channel_id: "1", events: ["Accounts.edit"], notify_url: receiver.url() });
  await client.subscribe({ channel_id: "2", events: ["Accounts.edit"], notify_url: receiver.url(), notify_on_related_action: false });
  await client.update("Contacts", contact, { Phone: "1" });
  const [change] = listAt(await ask(app, "GET /changes?limit=1"), "changes");
  const rows = listAt(await ask(app, `GET /changes/${numberAt(change, "id")}/explain`), "channels");
  assert.deepEqual(
    rows.map((row) => [textAt(row, "channel_id"), at(row, "is_related"), textAt(row, "reason"), listAt(row, "deliveries").length]),
    [
      ["1", true, "matched", 1],
      ["2", true, "related_not_wanted", 0],
    ],
  );
});

test("a channel without order does not wait for a record that is stuck, and lets go what waited", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await watchDeal(world);
  receiver.answerWith({ status: 503 });
  for (const Amount of [1, 2, 3]) await client.update("Deals", id, { Amount });
  await ask(app, "POST /clock", { advance: "1ms" });
  assert.deepEqual((await app.deliveries()).map((row) => textAt(row, "status")).toSorted(), ["pending", "waiting", "waiting"]);
  await ask(app, "POST /channels/1/order", { order: "none" });
  await client.update("Deals", id, { Amount: 4 });
  await ask(app, "POST /clock", { advance: "1ms" });
  assert.equal(receiver.received.length, 4);
  await ask(app, "POST /channels/1/order", { order: "record" });
  receiver.answerWith({ status: 200 });
  await ask(app, "POST /clock", { advance: "10m" });
  assert.deepEqual(new Set((await app.deliveries()).map((row) => textAt(row, "status"))), new Set(["delivered"]));
});

test("one that is stuck can be given up, and what waited for it goes out", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await watchDeal(world);
  receiver.answerWith({ status: 503 });
  await client.update("Deals", id, { Amount: 1 });
  await client.update("Deals", id, { Amount: 2 });
  await ask(app, "POST /clock", { advance: "1ms" });
  receiver.answerWith({ status: 200 });
  const [, stuck] = await app.deliveries();
  const skipped = await ask(app, `POST /deliveries/${numberAt(stuck, "id")}/skip`);
  assert.equal(textAt(skipped, "delivery", "status"), "cancelled");
  await ask(app, "POST /clock", { advance: "1ms" });
  assert.deepEqual(
    (await app.deliveries()).map((row) => textAt(row, "status")),
    ["delivered", "cancelled"],
  );
  await ask(app, `POST /deliveries/${numberAt(stuck, "id")}/skip 409`);
});

test("a try of a channel says so in a header, and tells of a record that is there", async () => {
  await using world = await startWorld();
  const { app, receiver } = world;
  const id = await watchDeal(world);
  const made = await ask(app, "POST /channels/1/test 202");
  const callback = await receiver.next();
  assert.equal(callback.headers["webhook-test"], "true");
  assert.equal(callback.headers["webhook-id"], textAt(made, "delivery", "webhook_id"));
  assert.deepEqual(at(callback.body, "ids"), [id]);
  await ask(app, "POST /channels/1/pause");
  await ask(app, "POST /channels/1/test 409");
});

test("a delivery shows what was sent, byte for byte, what came back, and the change behind it", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  receiver.answerWith({ status: 200, body: "thanks", headers: { "x-receiver": "r1" } });
  const id = await watchDeal(world, { token: "shared", notify_url: receiver.url("/callback?a=1") });
  await client.update("Deals", id, { Stage: "Closed Won" });
  const callback = await receiver.next();
  await app.untilSettled(1);
  const [row] = await app.deliveries();
  const shown = at(await ask(app, `GET /deliveries/${numberAt(row, "id")}`), "delivery");
  assert.equal(textAt(shown, "request", "body"), callback.text);
  assert.equal(textAt(shown, "request", "url"), receiver.url("/callback?a=1"));
  assert.equal(textAt(shown, "attempts", 0, "response_body"), "thanks");
  assert.equal(textAt(shown, "attempts", 0, "response_headers", "x-receiver"), "r1");
  assert.deepEqual(at(shown, "changes", 0, "after"), { Stage: "Closed Won" });
});
