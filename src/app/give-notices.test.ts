import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import type { Claim } from "../core/attempt.ts";
import type { ClaimEnd } from "../core/delivery.ts";
import type { LifecycleEventView } from "../core/lifecycle.ts";
import { limits } from "../core/limits.ts";
import type { Output } from "./commands.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const told = { orgs: [{ ...acme, lifecycleUrl: "http://127.0.0.1:9/ops" }] };

function expiry(app: InThread, ms: number): { channel_expiry: string } {
  return { channel_expiry: new Date(app.now + ms).toISOString().replace(/\.\d+Z$/, "+00:00") };
}

function step(app: InThread, afterId: number | null = null): Promise<Output<"lifecycle.notice">> {
  return app.run("lifecycle.notice", { afterId });
}

async function events(app: InThread): Promise<readonly LifecycleEventView[]> {
  const all = await app.run("lifecycle.events", { zgid: null, channelKey: null, beforeId: null, limit: 200 });
  return all.events.toReversed();
}

/** As `expiring 24h`, `expired`, `disabled gone`. */
function words(rows: readonly LifecycleEventView[]): readonly string[] {
  return rows.map(({ event, before, cause }) => [event.slice("channel.".length), before, cause].filter((word) => word !== null).join(" "));
}

async function settleAll(app: InThread, end: ClaimEnd): Promise<readonly Claim[]> {
  const claims = await app.claims();
  for (const claim of claims) await app.settle(claim, { end });
  return claims;
}

describe("notices", () => {
  test("are given one by one, each at its instant and once, and each is owed to the lifecycle_url alone", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("77", ["Leads.create"], { ...expiry(app, 7 * day), token: "hush" });
    const start = app.now;
    const expected = [7 * day - day, 7 * day - hour, 7 * day - 5 * minute, 7 * day].map((ms) => Math.floor(start / 1_000) * 1_000 + ms);
    const seen: number[] = [];
    for (let { nextNoticeAt } = await step(app); nextNoticeAt !== null; { nextNoticeAt } = await step(app)) {
      app.now = nextNoticeAt - 1;
      assert.deepEqual((await step(app)).events, [], "not a millisecond too early");
      app.now = nextNoticeAt;
      seen.push(app.now);
      const given = await step(app);
      assert.equal(given.events.length, 1);
      assert.equal(given.isMore, false);
      assert.deepEqual((await step(app, given.lastId)).events, [], "and not again");
      const [claim, ...others] = await settleAll(app, "delivered");
      assert.equal(others.length, 0);
      assert.deepEqual([claim?.notifyUrl, claim?.module, claim?.recordIds], ["http://127.0.0.1:9/ops", "lifecycle", '["2"]']);
      assert.ok(claim?.body?.includes('"channel_id":"77"') === true && !claim.body.includes("hush"));
      assert.equal(claim.deliveryId, given.events[0]?.deliveryId);
    }
    assert.deepEqual(seen, expected);
    assert.deepEqual(words(await events(app)), ["expiring 24h", "expiring 1h", "expiring 5m", "expired"]);
  });

  test("that had passed at the subscription are skipped", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("1", ["Leads.create"]); // for an hour
    app.now += 30 * day;
    await step(app);
    assert.deepEqual(words(await events(app)), ["expired"]);
    await using other = await InThread.open(told);
    await other.subscribe("1", ["Leads.create"]);
    const { nextNoticeAt } = await step(other);
    assert.equal(nextNoticeAt, other.now + 55 * minute);
  });

  test("of a long outage are one: the latest", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("1", ["Leads.create"], expiry(app, 3 * day));
    app.now += 3 * day - 2 * minute;
    const { events: given } = await step(app);
    assert.deepEqual(words(given), ["expiring 5m"]);
    assert.equal((await app.claims()).length, 1);
  });

  test("begin anew after a renewal by the client or an operator, and none of the old expiry is given", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("1", ["Leads.create"], expiry(app, 2 * day));
    app.now += 2 * day - hour;
    assert.deepEqual(words((await step(app)).events), ["expiring 1h"]);
    const item = { channel_id: "1", ...expiry(app, 3 * day) };
    await app.run("watch.write", { caller: app.caller, version: "v6", mode: "merge", items: [item] });
    app.now += 2 * day;
    assert.deepEqual(words((await step(app)).events), ["expiring 24h"]);
    const until = app.now + 30 * day;
    await app.run("operate.steerChannel", { channelKey: 2, act: { kind: "renew", until } });
    assert.equal((await step(app)).nextNoticeAt, until - day);
    app.now += 5 * day;
    assert.deepEqual((await step(app)).events, []);
  });

  test("go on after a change that leaves the expiry as it is, also one that was due by then", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("1", ["Leads.create"], expiry(app, 2 * day));
    app.now += day + minute;
    const item = { channel_id: "1", token: "t" };
    await app.run("watch.write", { caller: app.caller, version: "v6", mode: "merge", items: [item] });
    assert.deepEqual(words((await step(app)).events), ["expiring 24h"]);
    await app.run("watch.write", { caller: app.caller, version: "v6", mode: "merge", items: [item] });
    assert.deepEqual((await step(app)).events, []);
  });

  test("are none of a channel that its client ended", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("1", ["Leads.create"]);
    await app.run("watch.disable", { caller: app.caller, channelIds: ["1"] });
    app.now += day;
    assert.deepEqual(await step(app), { events: [], lastId: 0, nextNoticeAt: null, isMore: false });
  });

  test("are recorded without a lifecycle_url, and owed to nobody", async () => {
    await using app = await InThread.open();
    await app.subscribe("1", ["Leads.create"]);
    app.now += day;
    assert.deepEqual(
      (await step(app)).events.map(({ deliveryId }) => deliveryId),
      [null],
    );
    assert.deepEqual(await app.claims(), []);
  });

  test("of many channels at once are given in steps", async () => {
    await using app = await InThread.open();
    const count = limits.noticesPerStepMax + 5;
    for (let i = 0; i < count; i += 1) await app.subscribe(String(i), ["Leads.create"]);
    app.now += day;
    const first = await step(app);
    assert.deepEqual([first.events.length, first.isMore], [limits.noticesPerStepMax, true]);
    const second = await step(app, first.lastId);
    assert.deepEqual([second.events.length, second.isMore, second.nextNoticeAt], [5, false, null]);
    assert.equal(new Set((await events(app)).map(({ channelId }) => channelId)).size, count);
  });

  test("of a channel that is removed for its age are given before", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("1", ["Leads.create"]);
    app.now += 30 * day;
    await app.run("retention.purge", { historyMs: day, deadMs: day });
    const { channels } = await app.run("operate.channels", { afterKey: null, limit: 9 });
    assert.deepEqual(
      channels.map(({ kind }) => kind),
      ["lifecycle"],
      "a lifecycle channel is never too old",
    );
    assert.deepEqual(words(await events(app)), ["expired"]);
    assert.equal((await app.claims()).length, 1);
  });
});

describe("a channel that is disabled", () => {
  test("is told of once, with its cause, in the commit that disables it", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("1", ["Leads.create"]);
    for (const name of ["A", "B"]) await app.write("Leads", "insert", { Last_Name: name });
    const before = (await step(app)).lastId;
    const claims = await app.claims();
    assert.equal(claims.length, 2);
    for (const claim of claims) await app.settle(claim, { end: "gone" });
    assert.deepEqual(words(await events(app)), ["disabled gone"]);
    assert.deepEqual(words((await step(app, before)).events), ["disabled gone"], "the loop hears of what another command recorded");
    const [owed, ...others] = await app.claims();
    assert.equal(others.length, 0);
    assert.ok(owed?.body?.startsWith('{"type":"channel.disabled"') === true && owed.body.includes('"cause":"gone"'));
  });

  test("for its failures is told of with that cause", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("1", ["Leads.create"], expiry(app, 7 * day));
    await app.write("Leads", "insert", { Last_Name: "A" });
    await settleAll(app, "unreachable");
    app.now += limits.failingMs;
    await settleAll(app, "unreachable");
    assert.deepEqual(words(await events(app)), ["disabled failing"]);
  });

  test("and is the lifecycle channel itself, is recorded and tells nobody, nor do later events while it is held", async () => {
    await using app = await InThread.open(told);
    await app.subscribe("1", ["Leads.create"], expiry(app, 3 * day));
    app.now += 2 * day;
    await step(app);
    await settleAll(app, "gone");
    app.now += day;
    await step(app);
    assert.deepEqual(words(await events(app)), ["expiring 24h", "disabled gone", "expired"]);
    assert.deepEqual(
      (await events(app)).map(({ deliveryId }) => deliveryId === null),
      [false, true, true],
    );
    assert.deepEqual(await app.claims(), []);
  });
});

test("events are listed by org and channel, a page at a time", async () => {
  await using app = await InThread.open(told);
  for (const id of ["1", "2", "3"]) await app.subscribe(id, ["Leads.create"]);
  app.now += day;
  await step(app);
  const list = async (over: Partial<{ zgid: string; channelKey: number; beforeId: number; limit: number }>) => {
    const page = await app.run("lifecycle.events", { zgid: null, channelKey: null, beforeId: null, limit: 2, ...over });
    return [page.events.map(({ channelKey, zgid }) => `${zgid} ${channelKey}`), page.hasMore];
  };
  const [first, second] = (await app.run("lifecycle.events", { zgid: null, channelKey: null, beforeId: null, limit: 2 })).events;
  assert.deepEqual(await list({}), [[`554023000 ${first?.channelKey}`, `554023000 ${second?.channelKey}`], true]);
  assert.deepEqual((await list({ beforeId: second?.id ?? 0 }))[1], false);
  assert.deepEqual(await list({ zgid: "7" }), [[], false]);
  assert.deepEqual(await list({ zgid: "554023000", channelKey: 3 }), [["554023000 3"], false]);
});
