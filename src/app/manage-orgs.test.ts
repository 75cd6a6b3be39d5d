import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import type { ChannelView, Output } from "./commands.ts";

const zgid = acme.zgid;
const day = 86_400_000;

function set(app: InThread, url: string | null, org = zgid): Promise<Output<"lifecycle.setUrl">> {
  return app.run("lifecycle.setUrl", { zgid: org, url });
}

async function secretOf(app: InThread, url: string): Promise<string | null> {
  const done = await set(app, url);
  assert.ok(done.ok, JSON.stringify(done));
  return done.value.secret;
}

async function lifecycleChannels(app: InThread): Promise<readonly ChannelView[]> {
  const { channels } = await app.run("operate.channels", { afterKey: null, limit: 50 });
  return channels.filter(({ kind }) => kind === "lifecycle");
}

/** Has the org owed one lifecycle POST. */
async function oweOne(app: InThread): Promise<void> {
  await app.subscribe("1", ["Leads.create"]);
  app.now += day;
  await app.run("lifecycle.notice", { afterId: null });
}

describe("a lifecycle_url", () => {
  test("makes one channel, whose secret is shown once and stays when the URL changes", async () => {
    await using app = await InThread.open();
    const secret = await secretOf(app, "http://127.0.0.1:9/a");
    assert.match(secret ?? "", /^whsec_/);
    assert.equal(await secretOf(app, "http://127.0.0.1:9/b"), null);
    const channels = await lifecycleChannels(app);
    assert.deepEqual(
      channels.map(({ notifyUrl, isSecretShown, modules }) => [notifyUrl, isSecretShown, modules]),
      [["http://127.0.0.1:9/b", true, []]],
    );
    await oweOne(app);
    const [claim] = await app.claims();
    assert.deepEqual([claim?.notifyUrl, claim?.secret], ["http://127.0.0.1:9/b", secret]);
  });

  test("that is taken away cancels what was owed; the next one has another secret", async () => {
    await using app = await InThread.open();
    const secret = await secretOf(app, "http://127.0.0.1:9/a");
    await oweOne(app);
    const removed = await set(app, null);
    assert.ok(removed.ok);
    assert.deepEqual([removed.value.org.lifecycleUrl, removed.value.secret], [null, null]);
    assert.deepEqual(await app.claims(), []);
    assert.deepEqual(await lifecycleChannels(app), []);
    assert.ok((await set(app, null)).ok, "twice is fine");
    const next = await secretOf(app, "http://127.0.0.1:9/a");
    assert.ok(next !== null && next !== secret);
  });

  test("that changes takes along what is owed", async () => {
    await using app = await InThread.open();
    await set(app, "http://127.0.0.1:9/a");
    await oweOne(app);
    await set(app, "http://127.0.0.1:9/b");
    assert.deepEqual(
      (await app.claims()).map(({ notifyUrl }) => notifyUrl),
      ["http://127.0.0.1:9/b"],
    );
  });

  test("brings back a channel that was disabled, with what it is owed, and leaves one that is paused", async () => {
    await using app = await InThread.open();
    await set(app, "http://127.0.0.1:9/a");
    const [{ key } = { key: 0 }] = await lifecycleChannels(app);
    for (const id of ["1", "2"]) await app.subscribe(id, ["Leads.create"]);
    app.now += day;
    await app.run("lifecycle.notice", { afterId: null });
    const [claim] = await app.claims();
    assert.ok(claim !== undefined);
    await app.settle(claim, { end: "gone" });
    assert.equal((await lifecycleChannels(app))[0]?.state, "disabled");
    app.now += 3_600_000;
    assert.deepEqual(await app.claims(), []);
    const { isDeliveryDue } = await app.executor.run(app.now, [{ name: "lifecycle.setUrl", input: { zgid, url: "http://127.0.0.1:9/b" } }]);
    assert.ok(isDeliveryDue, "whoever waits is told that the rest may go");
    assert.equal((await app.claims()).length, 1);
    await app.run("operate.steerChannel", { channelKey: key, act: { kind: "pause" } });
    await set(app, "http://127.0.0.1:9/c");
    assert.equal((await lifecycleChannels(app))[0]?.state, "paused");
  });

  for (const [url, error] of [
    ["http://10.0.0.1/", "target_refused"],
    ["http://169.254.169.254/latest", "target_refused"],
    ["http://[::1]/", "target_refused"],
    ["ops.example", "not_a_url"],
    ["ftp://ops.example/", "not_a_url"],
    ["https://me:pass@ops.example/", "not_a_url"],
    ["", "not_a_url"],
  ] as const) {
    test(`is refused: ${JSON.stringify(url)}`, async () => {
      await using app = await InThread.open();
      assert.deepEqual(await set(app, url), { ok: false, error });
      assert.deepEqual(await lifecycleChannels(app), []);
    });
  }

  test("is no channel to a client, and cannot be renewed", async () => {
    await using app = await InThread.open();
    await set(app, "http://127.0.0.1:9/a");
    const [{ key } = { key: 0 }] = await lifecycleChannels(app);
    const page = { page: 1, perPage: 200 };
    const asked = { caller: app.caller, version: "v6", timeZone: "UTC", baseUrl: "http://a.example" } as const;
    assert.deepEqual((await app.run("watch.list", { ...asked, channelId: null, module: null, page })).rows, []);
    assert.deepEqual(await app.run("watch.disable", { caller: app.caller, channelIds: ["0"] }), [
      { ok: false, error: { code: "not_subscribed" } },
    ]);
    const act = { kind: "renew", until: app.now + day } as const;
    assert.deepEqual(await app.run("operate.steerChannel", { channelKey: key, act }), { ok: false, error: "never_expires" });
    await app.write("Leads", "insert", { Last_Name: "L" });
    assert.deepEqual(await app.claims(), []);
  });
});

describe("a seed's lifecycle_url", () => {
  const seed = { orgs: [{ ...acme, lifecycleUrl: "http://127.0.0.1:9/seed" }] };

  test("is set where there is none; its secret can be asked for once", async () => {
    await using app = await InThread.open(seed);
    const [channel] = await lifecycleChannels(app);
    assert.equal(channel?.notifyUrl, "http://127.0.0.1:9/seed");
    assert.ok((await app.run("operate.revealSecret", { channelKey: channel.key })).ok);
    assert.equal(await secretOf(app, "http://127.0.0.1:9/seed"), null, "it was shown");
  });

  test("leaves one that was set since as it is", async () => {
    await using app = await InThread.open(seed);
    assert.notEqual(await secretOf(app, "http://127.0.0.1:9/other"), null, "it was not shown yet");
    assert.deepEqual(await app.run("seed.apply", { seed }), { ok: true, value: { orgs: [zgid], isApplied: false } });
    assert.equal((await lifecycleChannels(app))[0]?.notifyUrl, "http://127.0.0.1:9/other");
  });

  test("that the guard refuses undoes the seed, and the reason names its path", async () => {
    await using app = await InThread.open({ orgs: [] });
    const refused = await app.run("seed.apply", { seed: { orgs: [{ ...acme, lifecycleUrl: "http://10.0.0.1/" }] } });
    assert.ok(!refused.ok);
    assert.match(refused.error, /^\$\.org\.lifecycle_url: the target guard /);
    assert.deepEqual((await app.run("lifecycle.orgs", { beforeKey: null, limit: 9 })).orgs, []);
  });
});

test("orgs are listed the newest first with what is known of them, a page at a time", async () => {
  await using app = await InThread.open({
    orgs: [acme, { ...acme, path: "$.orgs[1]", zgid: "7", name: "Beta", lifecycleUrl: "http://127.0.0.1:9/b" }],
  });
  const first = await app.run("lifecycle.orgs", { beforeKey: null, limit: 1 });
  assert.deepEqual(
    first.orgs.map(({ zgid: id, name, lifecycleUrl, users }) => [id, name, lifecycleUrl, users]),
    [["7", "Beta", "http://127.0.0.1:9/b", 1]],
  );
  assert.equal(first.hasMore, true);
  const second = await app.run("lifecycle.orgs", { beforeKey: first.orgs[0]?.key ?? 0, limit: 1 });
  assert.deepEqual([second.orgs.map((org) => [org.zgid, org.lifecycleUrl]), second.hasMore], [[[zgid, null]], false]);
  assert.deepEqual(await set(app, null, "99"), { ok: false, error: "unknown" });
});
