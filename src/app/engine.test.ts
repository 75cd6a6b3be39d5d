import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { acme } from "../../test/support/in-thread.ts";
import { TemporaryFolder } from "../../test/support/process.ts";
import type { Clock } from "../core/clock.ts";
import { openEngine } from "./engine.ts";

const clock: Clock = { now: () => 1_000_000, sleepUntil: () => Promise.resolve() };
const options = { dataFolder: null, clock, targetPolicy: { allowedCidrs: ["127.0.0.0/8"] } };
const caller = { org: 1, userId: "554023000050000001" };

test("commands given together all resolve, in the thread behind the boundary", async () => {
  const engine = await openEngine(options);
  await engine.run("seed.apply", { seed: { orgs: [acme] } });
  const inserted = await Promise.all(
    Array.from({ length: 600 }, (_, i) =>
      engine.run("records.write", { caller, module: "Leads", operation: "insert", items: [{ Last_Name: `L${i}` }], idInPath: null }),
    ),
  );
  const ids = new Set(inserted.map((done) => (done.ok && done.value.results[0]?.ok === true ? done.value.results[0].value.id : null)));
  assert.equal(ids.size, 600);
  assert.ok(!ids.has(null));
  await engine.close();
});

test("a hint comes after the commit that made a delivery, until the listener is taken off", async () => {
  const engine = await openEngine(options);
  let hints = 0;
  const off = engine.onHint(() => (hints += 1));
  await engine.run("seed.apply", { seed: { orgs: [acme] } });
  const item = { channel_id: "1", events: ["Leads.create"], notify_url: "http://127.0.0.1:9/" };
  await engine.run("watch.write", { caller, version: "v6", mode: "enable", items: [item] });
  assert.equal(hints, 0);
  const write = { caller, module: "Leads", operation: "insert", items: [{ Last_Name: "L" }], idInPath: null } as const;
  await engine.run("records.write", write);
  assert.equal(hints, 1);
  off();
  await engine.run("records.write", write);
  assert.equal(hints, 1);
  await engine.close();
});

test("a hint about notices comes when a channel is subscribed or told of, and not when a delivery is made", async () => {
  const engine = await openEngine(options);
  const hints: string[] = [];
  engine.onHint(() => hints.push("delivery"));
  const off = engine.onHint(() => hints.push("notice"), "notice");
  await engine.run("seed.apply", { seed: { orgs: [acme] } });
  const item = { channel_id: "1", events: ["Leads.create"], notify_url: "http://127.0.0.1:9/" };
  const subscribe = { caller, version: "v6", mode: "enable", items: [item] } as const;
  await engine.run("watch.write", subscribe);
  assert.deepEqual(hints, ["notice"]);
  await engine.run("records.write", { caller, module: "Leads", operation: "insert", items: [{ Last_Name: "L" }], idInPath: null });
  assert.deepEqual(hints, ["notice", "delivery"]);
  off();
  await engine.run("watch.write", subscribe);
  assert.deepEqual(hints, ["notice", "delivery"]);
  await engine.close();
});

test("a batch goes to the thread while it has another, when it is large enough, and no third", async () => {
  const engine = await openEngine(options);
  await engine.run("seed.apply", { seed: { orgs: [acme] } });
  const items = Array.from({ length: 100 }, (_, index) => ({ Last_Name: `L${index}` }));
  const long = { caller, module: "Leads", operation: "insert", items, idInPath: null } as const;
  const ask = (count: number) => Array.from({ length: count }, () => engine.run("records.write", long));
  const first = ask(20);
  await setImmediate();
  const few = ask(9);
  await setImmediate();
  assert.equal(engine.queued, 9, "so few wait for the first batch to end");
  const second = ask(20);
  await setImmediate();
  assert.equal(engine.queued, 0);
  const third = ask(40);
  await setImmediate();
  assert.equal(engine.queued, 40);
  const done = await Promise.all([...first, ...few, ...second, ...third]);
  assert.ok(done.every((each) => each.ok));
  await engine.close();
});

test("closing finishes what is queued, refuses what comes after, and can be asked twice", async () => {
  const engine = await openEngine(options);
  const queued = engine.run("seed.apply", { seed: { orgs: [acme] } });
  const closed = engine.close();
  await assert.rejects(engine.run("org.get", { caller }), { name: "EngineFault", retryable: true });
  assert.ok((await queued).ok);
  await Promise.all([closed, engine.close()]);
  await assert.rejects(engine.run("org.get", { caller }), { name: "EngineFault" });
});

test("a command that meets a fault rejects, and the engine lives on", async () => {
  const engine = await openEngine(options);
  await engine.run("seed.apply", { seed: { orgs: [acme] } });
  await assert.rejects(engine.run("org.get", { caller: { org: 99, userId: "1" } }), { name: "EngineFault", retryable: false });
  assert.ok((await engine.run("org.get", { caller })) !== null);
  await engine.close();
});

test("a data folder that another engine holds is refused in words, and free again after it", async () => {
  using folder = new TemporaryFolder();
  const engine = await openEngine({ ...options, dataFolder: folder.path });
  await assert.rejects(openEngine({ ...options, dataFolder: folder.path }), /is in use by another Watchpost/);
  await engine.close();
  await (await openEngine({ ...options, dataFolder: folder.path })).close();
});
