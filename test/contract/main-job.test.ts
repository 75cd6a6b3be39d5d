/** The main job over HTTP: what a subscribed channel is told, and what it is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { channelFor, channelId, deal, field, onFields, secretOf } from "../support/deal-channel.ts";
import { at, listAt, textAt } from "../support/json.ts";
import { startWorld } from "../support/main-world.ts";
import type { Callback } from "../support/receiver.ts";

function signed(headers: Callback["headers"]): Record<string, string> {
  return Object.fromEntries(["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, String(headers[name])]));
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
