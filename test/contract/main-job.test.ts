/** The main job over HTTP: what a subscribed channel is told, and what it is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { startApp } from "../support/app.ts";
import type { App } from "../support/app.ts";
import { Client, send } from "../support/client.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { Receiver } from "../support/receiver.ts";
import type { Callback } from "../support/receiver.ts";
import { orgFile, seedOf } from "../support/seeds.ts";
import { TemporaryFolder } from "../support/process.ts";
import { startWorld } from "../support/main-world.ts";

const channelId = "1000000068002";
const deal = { Deal_Name: "Big one", Stage: "Qualification", Probability: 10, Amount: 100 };

function channelFor(receiver: Receiver, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { channel_id: channelId, events: ["Deals.edit"], token: "deals.all.notif", notify_url: receiver.url(), ...more };
}

function onFields(selection: unknown): Readonly<Record<string, unknown>> {
  return { notification_condition: [{ type: "field_selection", module: { api_name: "Deals" }, field_selection: selection }] };
}

function field(name: string): unknown {
  return { field: { api_name: name } };
}

function signed(headers: Callback["headers"]): Record<string, string> {
  return Object.fromEntries(["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, String(headers[name])]));
}

async function secretOf(app: App): Promise<string> {
  const channels = await app.admin("GET", "/channels");
  const key = numberAt(channels.body, "channels", 0, "key");
  const revealed = await app.admin("POST", `/channels/${key}/secret`);
  assert.equal(revealed.status, 200, revealed.text);
  return textAt(revealed.body, "secret");
}

test("an edit brings the documented callback, signed under the channel's secret", async () => {
  await using world = await startWorld(Math.floor(Date.now() / 1000) * 1000 + 7);
  const { app, receiver, client } = world;
  const id = await client.insert("Deals", deal);
  await client.subscribe(channelFor(receiver, { notify_url: receiver.url("/callback?authorization=Zoho-oauthtoken 1000.23&key1=val1") }));
  await client.update("Deals", id, { Stage: "Closed Won", Probability: 100 });

  const callback = await receiver.next();
  assert.equal(callback.method, "POST");
  assert.equal(callback.target, "/callback?authorization=Zoho-oauthtoken%201000.23&key1=val1");
  assert.equal(callback.headers["content-type"], "application/json;charset=UTF-8");
  assert.match(callback.headers["user-agent"] ?? "", /^Watchpost\//);
  const expected = {
    server_time: app.clock.now(),
    query_params: { key1: "val1", "?authorization": "Zoho-oauthtoken 1000.23" },
    module: "Deals",
    resource_uri: `${app.baseUrl}/crm/v2/Deals`,
    ids: [id],
    affected_fields: [{ [id]: ["Stage", "Probability"] }],
    operation: "update",
    channel_id: channelId,
    token: "deals.all.notif",
  };
  assert.equal(callback.text, JSON.stringify(expected));
  const [delivery] = await app.deliveries();
  assert.equal(callback.headers["webhook-id"], textAt(delivery, "webhook_id"));
  assert.equal(callback.headers["webhook-timestamp"], String(Math.floor(app.clock.now() / 1000)));
  const webhook = new Webhook(await secretOf(app));
  assert.deepEqual(webhook.verify(callback.text, signed(callback.headers)), callback.body);
  assert.throws(() => webhook.verify(callback.text.replace("Closed", "closed").replace("update", "delete"), signed(callback.headers)));
});

test("a channel's secret is shown once, and the admin API asks for its token", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  await client.subscribe(channelFor(receiver));
  assert.match(await secretOf(app), /^whsec_[A-Za-z0-9+/]+=*$/);
  const key = numberAt((await app.admin("GET", "/channels")).body, "channels", 0, "key");
  const again = await app.admin("POST", `/channels/${key}/secret`);
  assert.equal(again.status, 409);
  assert.doesNotMatch(again.text, /whsec_/);
  const unsigned = await send(app.baseUrl, { method: "GET", path: "/api/v1/deliveries" });
  assert.equal(unsigned.status, 401);
});

test("an edit of a field outside the condition does not notify, and neither does one that changes nothing", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await client.insert("Deals", deal);
  await client.subscribe(channelFor(receiver, onFields(field("Stage"))));
  await client.update("Deals", id, { Amount: 200 });
  await client.update("Deals", id, { Stage: "Qualification" });
  await client.update("Deals", id, { Stage: "Qualification", Amount: 300 });
  assert.deepEqual(await app.deliveries(), []);
  await client.update("Deals", id, { Stage: "Closed Won" });
  const callback = await receiver.next();
  assert.deepEqual(at(callback.body, "affected_fields"), [{ [id]: ["Stage"] }]);
});

test("without a condition, an edit that changes nothing does not notify", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await client.insert("Deals", deal);
  await client.subscribe(channelFor(receiver));
  await client.update("Deals", id, deal);
  assert.deepEqual(await app.deliveries(), []);
});

test("a condition is met by the set of fields that one write changed", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const stageOrBoth = {
    group_operator: "or",
    group: [field("Stage"), { group_operator: "and", group: [field("Amount"), field("Lead_Source")] }],
  };
  const id = await client.insert("Deals", deal);
  await client.subscribe(channelFor(receiver, onFields(stageOrBoth)));
  await client.update("Deals", id, { Amount: 200 });
  await client.update("Deals", id, { Lead_Source: "Chat" });
  assert.deepEqual(await app.deliveries(), []);
  await client.update("Deals", id, { Amount: 300, Lead_Source: "Partner" });
  assert.deepEqual(at((await receiver.next()).body, "affected_fields", 0, id), ["Amount", "Lead_Source"]);
  await client.update("Deals", id, { Stage: "Closed Lost", Amount: 400 });
  assert.deepEqual(new Set(listAt((await receiver.next()).body, "affected_fields", 0, id)), new Set(["Stage", "Amount"]));
});

test("a delete is not filtered by a condition, and an insert counts its fields as changed", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["Deals.all"], ...onFields(field("Lead_Source")) }));
  await client.insert("Deals", deal);
  assert.deepEqual(await app.deliveries(), []);
  const id = await client.insert("Deals", { ...deal, Lead_Source: "Chat" });
  assert.equal(at((await receiver.next()).body, "operation"), "insert");
  await client.remove("Deals", id);
  assert.equal(at((await receiver.next()).body, "operation"), "delete");
});

test("an insert and a delete bring callbacks of their own kind", async () => {
  await using world = await startWorld();
  const { receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["Leads.create", "Leads.delete"] }));
  const id = await client.insert("Leads", { Last_Name: "Lumbergh" });
  const inserted = await receiver.next();
  assert.deepEqual([at(inserted.body, "operation"), at(inserted.body, "ids"), at(inserted.body, "affected_fields")], ["insert", [id], []]);
  assert.ok(!inserted.text.includes("affected_values"));
  await client.remove("Leads", id);
  const deleted = await receiver.next();
  assert.deepEqual(
    [at(deleted.body, "operation"), at(deleted.body, "affected_fields")],
    ["delete", [{ [id]: ["Modified_By", "Record_Status__s"] }]],
  );
  assert.equal((await client.request("GET", `/Leads/${id}`)).status, 204);
});

test("a channel is told only of the operations it asked for", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["Leads.delete"] }));
  const id = await client.insert("Leads", { Last_Name: "Lumbergh" });
  await client.update("Leads", id, { Last_Name: "Bolton" });
  await client.insert("Deals", deal);
  assert.deepEqual(await app.deliveries(), []);
});

test("values come along when they were asked for, lookups as objects", async () => {
  await using world = await startWorld();
  const { receiver, client } = world;
  const account = await client.insert("Accounts", { Account_Name: "Initech" });
  const id = await client.insert("Deals", deal);
  await client.subscribe(channelFor(receiver, { return_affected_field_values: true }));
  await client.update("Deals", id, { Stage: "Closed Won", Probability: 100, Account_Name: { id: account } });
  const values = { Account_Name: { name: "Initech", id: account }, Probability: 100, Stage: "Closed Won" };
  const callback = await receiver.next();
  assert.deepEqual(at(callback.body, "affected_values"), [{ record_id: id, values }]);
  assert.deepEqual(Object.keys(Object(callback.body)).slice(0, 3), ["server_time", "affected_values", "query_params"]);
});

test("a bulk write of a hundred records is one delivery with all their ids", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["Leads.all"] }));
  const names = Array.from({ length: 100 }, (_, index) => ({ Last_Name: `Lead ${index}` }));
  const answer = await client.request("POST", "/Leads", { data: names });
  const ids = listAt(answer.body, "data").map((item) => textAt(item, "details", "id"));
  assert.equal(ids.length, 100);
  assert.deepEqual(at((await receiver.next()).body, "ids"), ids);
  assert.equal((await app.deliveries()).length, 1);
  const edit = await client.request("PUT", "/Leads", { data: ids.map((id) => ({ id, Company: "Initech" })) });
  assert.equal(edit.status, 200, edit.text);
  const edited = await receiver.next();
  assert.equal(listAt(edited.body, "affected_fields").length, 100);
  const removal = await client.request("DELETE", `/Leads?ids=${ids.join(",")}`);
  assert.equal(removal.status, 200, removal.text);
  assert.deepEqual(at((await receiver.next()).body, "ids"), ids);
  assert.equal((await app.deliveries()).length, 3);
});

test("a bulk write with bad items notifies of the good ones", async () => {
  await using world = await startWorld();
  const { receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["Leads.create"] }));
  const answer = await client.request("POST", "/Leads", { data: [{ Company: "nameless" }, { Last_Name: "Good" }] });
  assert.equal(answer.status, 207);
  assert.deepEqual(at((await receiver.next()).body, "ids"), [textAt(answer.body, "data", 1, "details", "id")]);
});

test("users.all tells of users that are added, changed and deactivated", async () => {
  await using world = await startWorld();
  const { receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["users.all"] }));
  const added = await client.request("POST", "/users", { users: [{ last_name: "Gibbons", email: "gibbons@acme.example" }] });
  assert.equal(added.status, 201, added.text);
  const id = textAt(added.body, "users", 0, "details", "id");
  const insert = await receiver.next();
  assert.deepEqual([at(insert.body, "module"), at(insert.body, "operation"), at(insert.body, "ids")], ["users", "insert", [id]]);
  const changed = await client.request("PUT", `/users/${id}`, { users: [{ last_name: "Waddams" }] });
  assert.equal(changed.status, 200, changed.text);
  assert.equal(at((await receiver.next()).body, "operation"), "update");
  const deactivated = await client.request("DELETE", `/users/${id}`);
  assert.equal(deactivated.status, 200, deactivated.text);
  assert.deepEqual(at((await receiver.next()).body, "ids"), [id]);
});

test("a write to a record that looks up another notifies the other's channel, unless it declined", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const account = await client.insert("Accounts", { Account_Name: "Initech" });
  const id = await client.insert("Deals", { ...deal, Account_Name: { id: account } });
  await client.subscribe(channelFor(receiver, { events: ["Accounts.edit"] }));
  await client.update("Deals", id, { Amount: 500 });
  const { body } = await receiver.next();
  assert.deepEqual(
    [at(body, "module"), at(body, "operation"), at(body, "ids"), at(body, "affected_fields")],
    ["Accounts", "update", [account], []],
  );
  await client.subscribe(channelFor(receiver, { events: ["Accounts.edit"], notify_on_related_action: false }));
  await client.update("Deals", id, { Amount: 600 });
  assert.equal((await app.deliveries()).length, 1);
});

test("a channel stops at the instant of its expiry", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await client.insert("Deals", deal);
  const expiresAt = app.clock.now() + 600_000;
  await client.subscribe(channelFor(receiver, { channel_expiry: new Date(expiresAt).toISOString().replace(".000Z", "Z") }));
  app.clock.set(expiresAt - 1);
  await client.update("Deals", id, { Amount: 1 });
  await receiver.next();
  app.clock.set(expiresAt);
  await client.update("Deals", id, { Amount: 2 });
  assert.equal((await app.deliveries()).length, 1);
  assert.equal((await client.request("GET", "/actions/watch")).status, 204);
  const patch = await client.request("PATCH", "/actions/watch", { watch: [{ channel_id: channelId, events: ["Deals.edit"] }] });
  assert.equal(at(patch.body, "watch", 0, "code"), "NOT_SUBSCRIBED");
});

test("PATCH keeps what it does not name, PUT does not", async () => {
  await using world = await startWorld();
  const { receiver, client } = world;
  const id = await client.insert("Deals", deal);
  await client.subscribe(channelFor(receiver, onFields(field("Stage"))));
  const patch = await client.request("PATCH", "/actions/watch", {
    watch: [{ channel_id: channelId, events: ["Deals.edit", "Leads.create"] }],
  });
  assert.equal(patch.status, 200, patch.text);
  const row = at((await client.request("GET", "/actions/watch?module=Deals")).body, "watch", 0);
  assert.deepEqual([at(row, "token"), at(row, "notify_url")], ["deals.all.notif", receiver.url()]);
  assert.equal(textAt(row, "notification_condition", 0, "field_selection", "field", "api_name"), "Stage");
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  assert.deepEqual([at((await receiver.next()).body, "module")], ["Leads"]);
  const put = await client.request("PUT", "/actions/watch", {
    watch: [{ channel_id: channelId, events: ["Deals.edit"], notify_url: receiver.url() }],
  });
  assert.equal(put.status, 200, put.text);
  await client.update("Deals", id, { Amount: 7 });
  assert.equal(at((await receiver.next()).body, "token"), null);
});

test("PATCH keeps the expiry and the events it does not name, PUT starts the expiry anew", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const subscribed = await client.subscribe(channelFor(receiver, { events: ["Leads.create"] }));
  const expiry = textAt(subscribed.body, "watch", 0, "details", "events", 0, "channel_expiry");
  app.clock.advance(60_000);
  const patch = await client.request("PATCH", "/actions/watch", { watch: [{ channel_id: channelId, token: "changed" }] });
  assert.equal(patch.status, 200, patch.text);
  const row = at((await client.request("GET", "/actions/watch")).body, "watch", 0);
  assert.deepEqual([at(row, "channel_expiry"), at(row, "events"), at(row, "token")], [expiry, ["Leads.create"], "changed"]);
  const put = await client.request("PUT", "/actions/watch", { watch: [channelFor(receiver, { events: ["Leads.create"] })] });
  assert.equal(Date.parse(textAt(put.body, "watch", 0, "details", "events", 0, "channel_expiry")), Date.parse(expiry) + 60_000);
});

test("_delete_events removes events, and the subscription with the last of them", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["Leads.create", "Leads.delete", "Deals.edit"] }));
  const remove = async (events: readonly string[]): Promise<void> => {
    const answer = await client.request("PATCH", "/actions/watch", { watch: [{ channel_id: channelId, events, _delete_events: true }] });
    assert.equal(at(answer.body, "watch", 0, "message"), "Successfully removed the subscribe details", answer.text);
  };
  await remove(["Leads.create"]);
  assert.deepEqual(at((await client.request("GET", "/actions/watch?module=Leads")).body, "watch", 0, "events"), ["Leads.delete"]);
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  assert.deepEqual(await app.deliveries(), []);
  await remove(["Leads.all"]);
  assert.deepEqual(
    listAt((await client.request("GET", "/actions/watch")).body, "watch").map((row) => at(row, "resource_name")),
    ["Deals"],
  );
});

test("disabling a channel cancels what it was still owed", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  receiver.answerWith({ status: 500 });
  await client.subscribe(channelFor(receiver, { events: ["Leads.create"] }));
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await receiver.next();
  await app.untilSettled(1);
  const answer = await client.request("DELETE", `/actions/watch?channel_ids=${channelId}`);
  assert.equal(answer.status, 200, answer.text);
  const [delivery] = await app.deliveries();
  assert.deepEqual([at(delivery, "status"), at(delivery, "attempts_made"), at(delivery, "due_at")], ["cancelled", 1, null]);
  assert.equal(receiver.received.length, 1);
});

test("a failed delivery is tried again under the same id, and every attempt is logged", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  receiver.answerWith({ status: 500, body: "x".repeat(5_000) });
  await client.subscribe(channelFor(receiver, { events: ["Leads.create"] }));
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  const first = await receiver.next();
  await app.untilSettled(1);
  const [pending] = await app.deliveries("?status=pending");
  assert.equal(at(pending, "attempts_made"), 1);
  receiver.answerWith({ status: 204 });
  app.clock.advance(6_000);
  const second = await receiver.next();
  await app.untilSettled(2);
  assert.equal(second.headers["webhook-id"], first.headers["webhook-id"]);
  assert.deepEqual(at(second.body, "ids"), at(first.body, "ids"));
  assert.equal(at(second.body, "server_time"), app.clock.now());
  const { body } = await app.admin("GET", `/deliveries/${String(at(pending, "id"))}`);
  assert.equal(at(body, "delivery", "status"), "delivered");
  const attempts = listAt(body, "delivery", "attempts");
  assert.deepEqual(
    attempts.map((attempt) => [at(attempt, "number"), at(attempt, "outcome"), at(attempt, "http_status")]),
    [
      [1, "retryable", 500],
      [2, "delivered", 204],
    ],
  );
  assert.equal(textAt(attempts[0], "response_body").length, 4_096);
});

test("a receiver that was down is reached when it is up again", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["Leads.create"] }));
  await receiver.down();
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await app.untilSettled(1);
  await receiver.up();
  app.clock.advance(6_000);
  assert.equal(at((await receiver.next()).body, "operation"), "insert");
});

test("redirects are not followed", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  receiver.answerWith({ status: 302, headers: { Location: receiver.url("/elsewhere") } });
  await client.subscribe(channelFor(receiver, { events: ["Leads.create"] }));
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await app.untilSettled(1);
  assert.deepEqual(
    receiver.received.map(({ target }) => target),
    ["/callback"],
  );
  const [delivery] = await app.deliveries();
  assert.equal(at(delivery, "status"), "pending");
});

test("a channel that is posted again is replaced whole", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["Leads.create", "Deals.edit"] }));
  await client.subscribe(channelFor(receiver, { events: ["Contacts.create"] }));
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  assert.deepEqual(await app.deliveries(), []);
  await client.insert("Contacts", { Last_Name: "Lumbergh" });
  assert.equal(at((await receiver.next()).body, "module"), "Contacts");
});

test("the delivery log is filtered by channel, module, record, status and time, and comes in pages", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  await client.subscribe(channelFor(receiver, { events: ["Leads.create", "Deals.create"] }));
  await client.subscribe(channelFor(receiver, { channel_id: "5", events: ["Leads.create"] }));
  const lead = await client.insert("Leads", { Last_Name: "Lumbergh" });
  await app.untilSettled(2);
  app.clock.advance(60_000);
  const later = app.clock.now();
  await client.insert("Deals", deal);
  await app.untilSettled(3);
  const count = async (query: string): Promise<number> => (await app.deliveries(query)).length;
  assert.equal(await count(""), 3);
  assert.equal(await count(`?channel=${channelId}`), 2);
  assert.equal(await count("?module=Deals"), 1);
  assert.equal(await count(`?record=${lead}`), 2);
  assert.equal(await count("?status=delivered"), 3);
  assert.equal(await count("?status=dead"), 0);
  assert.equal(await count(`?from=${later}`), 1);
  assert.equal(await count(`?until=${later}`), 2);
  const first = await app.admin("GET", "/deliveries?limit=2");
  const second = await app.admin("GET", `/deliveries?limit=2&cursor=${textAt(first.body, "next_cursor")}`);
  assert.equal(at(second.body, "next_cursor"), null);
  const ids = [...listAt(first.body, "deliveries"), ...listAt(second.body, "deliveries")].map((delivery) => numberAt(delivery, "id"));
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => b - a),
  );
  assert.equal(new Set(ids).size, 3);
  assert.equal((await app.admin("GET", "/deliveries?status=lost")).status, 400);
});

test("two orgs do not see each other", async () => {
  const globex = orgFile("globex", "554024000");
  await using app = await startApp({ seed: seedOf(orgFile("acme", "554023000"), globex) });
  await using receiver = await Receiver.start();
  const [ours, theirs] = [await app.client("acme"), await app.client("globex")];
  await ours.subscribe(channelFor(receiver, { events: ["Leads.create"], token: "ours" }));
  await theirs.subscribe(channelFor(receiver, { events: ["Leads.create"], token: "theirs" }));
  const id = await ours.insert("Leads", { Last_Name: "Lumbergh" });
  assert.equal(at((await receiver.next()).body, "token"), "ours");
  assert.equal((await app.deliveries()).length, 1);
  assert.equal((await app.deliveries("?org=554024000")).length, 0);
  assert.equal((await theirs.request("GET", `/Leads/${id}`)).status, 204);
  await ours.request("DELETE", `/actions/watch?channel_ids=${channelId}`);
  assert.equal((await theirs.request("GET", "/actions/watch")).status, 200);
  assert.equal((await ours.request("GET", "/actions/watch")).status, 204);
});

test("a restart on the same folder resumes what is owed, channels and tokens included", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  await receiver.down();
  const first = await startApp({ dataFolder: folder.path });
  const client = await first.client();
  await client.subscribe(channelFor(receiver, { events: ["Leads.create"] }));
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await first.untilSettled(1);
  await first.stop();
  await receiver.up();
  await using app = await startApp({ dataFolder: folder.path, nowMs: first.clock.now() + 6_000 });
  assert.equal(at((await receiver.next()).body, "operation"), "insert");
  const sameToken = new Client({ baseUrl: app.baseUrl, accessToken: client.accessToken });
  await sameToken.insert("Leads", { Last_Name: "Bolton" });
  assert.equal(at((await receiver.next()).body, "channel_id"), channelId);
});

test("a loopback target is refused at subscribe time where it is not allowed", async () => {
  await using app = await startApp({ allowedCidrs: [] });
  const client = await app.client();
  const hosts = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    "10.1.2.3",
    "169.254.169.254",
    "[::ffff:127.0.0.1]",
    "0x7f.1",
    "2130706433",
    "[64:ff9b::7f00:1]",
  ];
  for (const host of hosts) {
    const answer = await client.request("POST", "/actions/watch", {
      watch: [{ channel_id: channelId, events: ["Deals.edit"], notify_url: `http://${host}:8080/callback` }],
    });
    assert.equal(answer.status, 400, `${host}: ${answer.text}`);
    assert.deepEqual(
      [at(answer.body, "watch", 0, "code"), at(answer.body, "watch", 0, "details", "api_name")],
      ["INVALID_DATA", "notify_url"],
    );
  }
});

test("a target that is no longer allowed is refused when it would be dialled", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  await receiver.down();
  const first = await startApp({ dataFolder: folder.path });
  const client = await first.client();
  await client.subscribe(channelFor(receiver, { events: ["Leads.create"] }));
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await first.untilSettled(1);
  await first.stop();
  await receiver.up();
  await using app = await startApp({ dataFolder: folder.path, nowMs: first.clock.now() + 6_000, allowedCidrs: [] });
  await app.untilSettled(1);
  const [delivery] = await app.deliveries();
  const { body } = await app.admin("GET", `/deliveries/${numberAt(delivery, "id")}`);
  assert.equal(at(body, "delivery", "attempts", 1, "outcome"), "refused_target");
  assert.deepEqual(receiver.received, []);
});
