/** Which commands share a transaction where several go side by side. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { openPostgresEngine } from "../../src/app/open-postgres-engine.ts";
import type { BatchReport } from "../../src/app/executor.ts";
import type { Engine } from "../../src/app/commands.ts";
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

test("who is left hears that a process is gone, also when it held nothing: what it had put off nobody else waits for", async () => {
  await using it = await open();
  const { id } = await it.engine.run("nodes.join", { roles: "all" });
  let hints = 0;
  it.engine.onHint(() => (hints += 1), "due");
  assert.deepEqual(await it.engine.run("nodes.remove", { id, beats: null }), { released: 0 });
  assert.equal(hints, 1);
  assert.deepEqual(await it.engine.run("nodes.remove", { id, beats: null }), { released: null });
  assert.equal(hints, 1);
});
