/** Which commands share a transaction where several go side by side. */
import assert from "node:assert/strict";
import { setImmediate, setTimeout } from "node:timers/promises";
import { test } from "node:test";
import { type SharedEngine, openPostgresEngine, openSharedEngine } from "../../src/app/open-postgres-engine.ts";
import type { BatchReport } from "../../src/app/executor.ts";
import type { Engine } from "../../src/app/commands.ts";
import { sampleSeed } from "../../src/config/sample-org.ts";
import { systemClock } from "../../src/config/system.ts";
import { type Settlement, settlementOf } from "../../src/core/attempt.ts";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { ManualClock } from "../support/clock.ts";
import { attemptEntry } from "../support/attempt-entry.ts";
import { claimOf } from "../support/claims.ts";
import { PostgresServer } from "../support/postgres.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

type Opened = AsyncDisposable & { readonly engine: Engine; readonly clock: ManualClock; readonly batches: readonly BatchReport[] };

async function open(): Promise<Opened> {
  const clock = new ManualClock(1_000);
  const batches: BatchReport[] = [];
  const engine = await openPostgresEngine(await server.database(), {
    clock,
    realClock: systemClock,
    random: { next: () => 0.5 },
    stopwatch: () => 0,
    targetPolicy: { allowedCidrs: [] },
    onBatch: (report) => void batches.push(report),
  });
  return { engine, clock, batches, [Symbol.asyncDispose]: async () => engine.close() };
}

/** Of a claim that nobody has any more, after an attempt of so long. */
function settlementAfter(durationMs: number): Settlement {
  return settlementOf(claimOf(), {
    end: "delivered",
    attempt: attemptEntry({ durationMs }),
    retryAfterMs: null,
  });
}

const settle = (engine: Engine, durationMs: number) => engine.run("dispatch.settle", { settlements: [settlementAfter(durationMs)] });

test("a settlement waits a quarter of what its attempt took for others to share its commit, and no longer", async () => {
  await using it = await open();
  const first = settle(it.engine, 80);
  await setImmediate();
  await setImmediate();
  const second = settle(it.engine, 400);
  it.clock.advance(19);
  await setImmediate();
  await setImmediate();
  assert.deepEqual(it.batches, []);
  it.clock.advance(1);
  assert.deepEqual(await Promise.all([first, second]), [[false], [false]]);
  assert.deepEqual(
    it.batches.map(({ commands }) => commands),
    [1],
    "as one command of one batch",
  );
});

test("a settlement after a short attempt, or after none, waits for nothing", async () => {
  await using it = await open();
  assert.deepEqual(await settle(it.engine, 3), [false]);
  const released = settlementOf(claimOf(), { end: "released", attempt: null, retryAfterMs: null });
  assert.deepEqual(await it.engine.run("dispatch.settle", { settlements: [released] }), [false]);
});

test("a claim does not wait for settlements, and a settlement that waits is written when the engine is closed", async () => {
  const it = await open();
  const waiting = settle(it.engine, 400);
  const { claims } = await it.engine.run("dispatch.claim", { limit: 1, leaseMs: 1_000, room: wholeRoom });
  assert.deepEqual(claims, []);
  await it[Symbol.asyncDispose]();
  assert.deepEqual(await waiting, [false]);
});

type Two = AsyncDisposable & {
  readonly one: SharedEngine;
  readonly other: SharedEngine;
  /** How often the other was told that something is due, by all that the one has told so far. */
  readonly heard: () => Promise<number>;
};

/** Two processes on one database. */
async function openTwo(): Promise<Two> {
  const url = await server.database();
  const own = {
    clock: systemClock,
    realClock: systemClock,
    random: { next: () => 0.5 },
    stopwatch: () => 0,
    targetPolicy: { allowedCidrs: ["127.0.0.0/8"] },
  };
  const one = await openSharedEngine(url, own);
  const other = await openSharedEngine(url, own);
  const texts = new Set<string>();
  other.wire.onText((text) => texts.add(text));
  let hints = 0;
  other.engine.onHint(() => (hints += 1), "due");
  // What is told comes in the order in which it was told. Before the connection of the other stands, nothing does.
  const until = async (text: string): Promise<number> => {
    while (!texts.has(text)) {
      one.wire.publish(text);
      await setTimeout(5);
    }
    return hints;
  };
  const before = await until("there");
  let asked = 0;
  const close = async (): Promise<void> => void (await Promise.all([one.engine.close(), other.engine.close()]));
  return { one, other, heard: async () => (await until(`heard ${String((asked += 1))}`)) - before, [Symbol.asyncDispose]: close };
}

test("who is left hears that a process is gone, also when it held nothing: what it had put off nobody else waits for", async () => {
  await using it = await openTwo();
  const { id } = await it.one.engine.run("nodes.join", { roles: "all" });
  assert.deepEqual(await it.one.engine.run("nodes.remove", { id, beats: null }), { released: 0 });
  assert.equal(await it.heard(), 1);
  assert.deepEqual(await it.one.engine.run("nodes.remove", { id, beats: null }), { released: null });
  assert.equal(await it.heard(), 1);
});

test("what a process makes and has no room for the others are told of, and nothing of what it takes itself", async () => {
  await using it = await openTwo();
  const { engine } = it.one;
  assert.ok((await engine.run("seed.apply", { seed: sampleSeed })).ok);
  const { rows: users } = await engine.run("access.users", { zgid: null, cursor: null, limit: 1 });
  const caller = { org: 1, userId: users[0]?.id ?? "", scopes: [] };
  const channel = { channel_id: "1000", events: ["Deals.create"], notify_url: "http://127.0.0.1:9/hook" };
  await engine.run("watch.write", { caller, version: "v6", mode: "enable", items: [channel] });
  const [made] = (await engine.run("operate.channels", { afterKey: null, limit: 1 })).channels;
  assert.ok(made !== undefined);
  let room = wholeRoom;
  let claimed = 0;
  engine.onGathering((gathered) => {
    if (gathered === "making")
      void engine.run("dispatch.claim", { limit: 9, leaseMs: 1_000, room }).then(({ claims }) => (claimed += claims.length));
  });
  const insert = async (): Promise<void> => {
    const items = [{ Deal_Name: "One", Stage: "Qualification" }];
    assert.ok((await engine.run("records.write", { caller, module: "Deals", operation: "insert", items, idInPath: null })).ok);
  };
  await insert();
  assert.deepEqual([claimed, await it.heard()], [1, 0]);
  room = { ...wholeRoom, channels: [[made.key, 0]], skipped: [[1, [made.key]]] };
  await insert();
  assert.deepEqual([claimed, await it.heard()], [1, 1]);
});
