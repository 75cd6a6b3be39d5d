/** The virtual clock over HTTP: a week of retries and expiry, in order and at their instants. Real time stands still in these. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { standardSchedule } from "../../src/core/retry.ts";
import type { App } from "../support/app.ts";
import { listAt, numberAt, textAt } from "../support/json.ts";
import { type World, startWorld } from "../support/main-world.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A channel that ends in an hour, and a deal that it watches. */
async function watchDeal({ app, receiver, client }: World): Promise<string> {
  const id = await client.insert("Deals", { Deal_Name: "Big one", Stage: "Qualification" });
  const expiry = new Date(app.virtualClock.now() + hourMs).toISOString().replace(".000Z", "+00:00");
  await client.subscribe({ channel_id: "1", events: ["Deals.edit"], notify_url: receiver.url(), channel_expiry: expiry });
  return id;
}

async function move(app: App, body: unknown): Promise<unknown> {
  const answer = await app.admin("POST", "/clock", body);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

test("in a week, a receiver that fails is asked ten times, each time when the schedule says so, and the delivery is dead", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await watchDeal(world);
  receiver.answerWith({ status: 503 });
  const committedAt = app.virtualClock.now();
  await client.update("Deals", id, { Stage: "Closed Won" });
  const moved = await move(app, { advance: "7d" });

  assert.equal(textAt(moved, "now"), new Date(committedAt + 7 * dayMs).toISOString());
  const [delivery] = await app.deliveries();
  assert.equal(textAt(delivery, "status"), "dead");
  const shown = await app.admin("GET", `/deliveries/${numberAt(delivery, "id")}`);
  const startedAt = listAt(shown.body, "delivery", "attempts").map((attempt) => Date.parse(textAt(attempt, "started_at")));
  assert.equal(startedAt.length, 10);
  assert.equal(startedAt[0], committedAt);
  for (const [at, plannedMs] of standardSchedule.waitsMs.entries()) {
    const waitedMs = (startedAt[at + 1] ?? 0) - (startedAt[at] ?? 0);
    assert.ok(Math.abs(waitedMs - plannedMs) <= plannedMs * standardSchedule.jitter, `attempt ${at + 2} came after ${waitedMs} ms`);
  }
  const timestamps = receiver.received.map(({ headers }) => Number(headers["webhook-timestamp"]));
  assert.deepEqual(
    timestamps,
    startedAt.map((atMs) => Math.floor(atMs / 1_000)),
  );
  assert.deepEqual(
    receiver.received.map(({ body }) => numberAt(body, "server_time")),
    startedAt,
  );
});

test("an edit one millisecond before the channel expires is delivered, one at that instant is not", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await watchDeal(world);
  const expiresAt = app.virtualClock.now() + hourMs;
  await move(app, { now: new Date(expiresAt - 1).toISOString() });
  const late = await app.client();
  await late.update("Deals", id, { Stage: "Closed Won" });
  await move(app, { advance: "1ms" });
  await late.update("Deals", id, { Stage: "Closed Lost" });
  await move(app, { advance: "0s" });

  assert.deepEqual(
    receiver.received.map(({ body }) => listAt(body, "affected_fields")),
    [[{ [id]: ["Stage"] }]],
  );
  assert.equal((await app.deliveries()).length, 1);
  assert.equal((await client.request("GET", "/org")).status, 401);
});

test("an access token ends by the virtual clock, and answers carry its date", async () => {
  await using world = await startWorld();
  const { app, client } = world;
  await move(app, { advance: "PT59M59S" });
  const good = await client.request("GET", "/org");
  assert.equal(good.status, 200, good.text);
  assert.equal(Date.parse(good.headers.date ?? ""), Math.floor(app.virtualClock.now() / 1_000) * 1_000);
  await move(app, { advance: "1s" });
  assert.equal((await client.request("GET", "/org")).status, 401);
  assert.equal((await (await app.client()).request("GET", "/org")).status, 200);
});

test("a move waits for an attempt under way, which goes on as if nobody had moved the clock", async () => {
  await using world = await startWorld();
  const { app, receiver, client } = world;
  const id = await watchDeal(world);
  const release = receiver.hold();
  await client.update("Deals", id, { Stage: "Closed Won" });
  await receiver.next();
  const before = app.virtualClock.now();
  const moves = [app.admin("POST", "/clock", { advance: "1d" }), app.admin("POST", "/clock", { advance: "1d" })];
  const refused = await Promise.race(moves);
  assert.equal(refused.status, 409);
  assert.equal(textAt(refused.body, "error", "code"), "clock_moving");
  const during = await app.admin("GET", "/clock");
  assert.equal(textAt(during.body, "now"), new Date(before).toISOString());
  release();
  assert.deepEqual(new Set((await Promise.all(moves)).map(({ status }) => status)), new Set([200, 409]));
  const [delivery] = await app.deliveries("?status=delivered");
  assert.equal(Date.parse(textAt(delivery, "settled_at")), before);
  assert.equal(app.virtualClock.now(), before + dayMs);
});
