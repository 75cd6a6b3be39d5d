import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread } from "../../test/support/in-thread.ts";
import { wholeRoom } from "../core/claim-room.ts";
import { limits } from "../core/limits.ts";
import type { ChannelAct, Input } from "./commands.ts";

function steer(app: InThread, act: ChannelAct, channelKey: Input<"operate.steerChannel">["channelKey"] = 1) {
  return app.run("operate.steerChannel", { channelKey, act });
}

test("a paused channel sends neither what is pending nor what comes; resumed, it sends what was pending", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  await app.write("Leads", "insert", { Last_Name: "before" });
  const paused = await steer(app, { kind: "pause" });
  assert.ok(paused.ok && paused.value.channel.state === "paused");
  await app.write("Leads", "insert", { Last_Name: "meanwhile" });
  assert.deepEqual(await app.claims(), []);
  const { nextDueAt } = await app.run("dispatch.claim", { limit: 1, leaseMs: 1, room: wholeRoom });
  assert.equal(nextDueAt, null, "a channel that is held asks for no turn");
  app.now += 1_000;
  await steer(app, { kind: "resume" });
  assert.equal((await app.claims()).length, 1);
});

test("what a channel missed begins with the first of two pauses", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  const from = app.now;
  await steer(app, { kind: "pause" });
  app.now += 1_000;
  await steer(app, { kind: "pause" });
  app.now += 1_000;
  const resumed = await steer(app, { kind: "resume" });
  assert.ok(resumed.ok);
  assert.equal(resumed.value.missed?.from, from);
});

test("an operator's pause outlasts the client's renewal", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  await steer(app, { kind: "pause" });
  await app.subscribe("1", ["Leads.create"]);
  assert.equal((await app.run("operate.channel", { channelKey: 1 }))?.state, "paused");
});

test("a renewal sets the expiry, within bounds", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  const until = app.now + limits.renewalMsMax;
  const renewed = await steer(app, { kind: "renew", until });
  assert.ok(renewed.ok && renewed.value.channel.expiresAt === until);
  for (const wrong of [app.now, until + 1]) {
    assert.deepEqual(await steer(app, { kind: "renew", until: wrong }), { ok: false, error: "until_out_of_range" });
  }
});

test("after a rotation both secrets sign until the overlap ends, and the new one was shown", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  const shown = await app.run("operate.revealSecret", { channelKey: 1 });
  assert.ok(shown.ok);
  const rotated = await steer(app, { kind: "rotate", overlapMs: 1_000 });
  assert.ok(rotated.ok && rotated.value.secret !== null && rotated.value.secret !== shown.value.secret);
  for (const name of ["A", "B"]) await app.write("Leads", "insert", { Last_Name: name });
  const claim = async () => (await app.run("dispatch.claim", { limit: 1, leaseMs: 1, room: wholeRoom })).claims[0];
  const during = await claim();
  assert.deepEqual([during?.secret, during?.previousSecret], [rotated.value.secret, shown.value.secret]);
  app.now += 1_000;
  const afterwards = await claim();
  assert.deepEqual([afterwards?.secret, afterwards?.previousSecret], [rotated.value.secret, null]);
  assert.deepEqual(await app.run("operate.revealSecret", { channelKey: 1 }), { ok: false, error: "already_shown" });
});

test("a channel that is not there is unknown, one that was given up is not paused", async () => {
  await using app = await InThread.open();
  assert.deepEqual(await steer(app, { kind: "pause" }, 9), { ok: false, error: "unknown" });
  assert.equal(await app.run("operate.channel", { channelKey: 9 }), null);
});
