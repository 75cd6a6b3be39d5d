/** A channel over HTTP: its secret, what PATCH and PUT keep of it, its expiry and its end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { send } from "../support/client.ts";
import { channelFor, channelId, deal, field, onFields, secretOf } from "../support/deal-channel.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { startWorld } from "../support/main-world.ts";

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
