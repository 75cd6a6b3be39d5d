/** Deliveries over HTTP: tried again, logged, resumed after a restart, and where none may go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { channelFor, channelId, deal } from "../support/deal-channel.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { startWorld } from "../support/main-world.ts";
import { TemporaryFolder } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";
import { orgFile, seedOf } from "../support/seeds.ts";

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

/** A server that makes a delivery in the folder, whose first attempt fails, and ends: the second is due at `againAt`, and finds the receiver up. */
async function failOnce(folder: TemporaryFolder, receiver: Receiver): Promise<{ readonly accessToken: string; readonly againAt: number }> {
  await receiver.down();
  const app = await startApp({ dataFolder: folder.path });
  const client = await app.client();
  await client.subscribe(channelFor(receiver, { events: ["Leads.create"] }));
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await app.untilSettled(1);
  await app.stop();
  await receiver.up();
  return { accessToken: client.accessToken, againAt: app.clock.now() + 6_000 };
}

test("a restart on the same folder resumes what is owed, channels and tokens included", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  const { accessToken, againAt } = await failOnce(folder, receiver);
  await using app = await startApp({ dataFolder: folder.path, nowMs: againAt });
  assert.equal(at((await receiver.next()).body, "operation"), "insert");
  const sameToken = new Client({ baseUrl: app.baseUrl, accessToken });
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
  const { againAt } = await failOnce(folder, receiver);
  await using app = await startApp({ dataFolder: folder.path, nowMs: againAt, allowedCidrs: [] });
  await app.untilSettled(1);
  const [delivery] = await app.deliveries();
  const { body } = await app.admin("GET", `/deliveries/${numberAt(delivery, "id")}`);
  assert.equal(at(body, "delivery", "attempts", 1, "outcome"), "refused_target");
  assert.deepEqual(receiver.received, []);
});
