import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ManualClock } from "../../test/support/clock.ts";
import type { Quiet } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import { VirtualClock } from "./virtual-clock.ts";

const never = new AbortController().signal;
const startMs = 1_000_000;

function setUp(offsetMs = 0) {
  const base = new ManualClock(startMs);
  const kept: number[] = [];
  const keepOffset = (keptMs: number): Promise<void> => {
    kept.push(keptMs);
    return Promise.resolve();
  };
  return { base, kept, clock: new VirtualClock({ base, offsetMs, keepOffset }) };
}

/** Lets whoever was woken go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A part that is busy until it is let go. */
class Busy implements Quiet {
  readonly #settled = Promise.withResolvers<void>();
  isIdle = false;

  idle(): Promise<void> {
    return this.#settled.promise;
  }

  letGo(): void {
    this.isIdle = true;
    this.#settled.resolve();
  }
}

test("it runs with real time, ahead of it by its offset", async () => {
  const { base, clock } = setUp(500);
  assert.equal(clock.now(), startMs + 500);
  const sleep = clock.sleepUntil(startMs + 700, never);
  base.advance(200);
  await sleep;
  assert.equal(clock.now(), startMs + 700);
});

test("sleepers wake in the order of their instants, each at his own and never early, however the clock gets there", async () => {
  const sleeps = fc.array(fc.integer({ min: -5, max: 1_000 }), { maxLength: 30 });
  const moves = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 400 })), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(sleeps, moves, async (afterMs, steps) => {
      const { base, clock } = setUp();
      const woken: { readonly atMs: number; readonly wokenAtMs: number }[] = [];
      const future = afterMs.map((ms) => startMs + ms);
      for (const atMs of future) void clock.sleepUntil(atMs, never).then(() => woken.push({ atMs, wokenAtMs: clock.now() }));
      await turn();
      let hasJumpedOnly = true;
      for (const [isJump, ms] of steps) {
        if (isJump) assert.deepEqual(await clock.advance(ms), { ok: true, value: null });
        else base.advance(ms);
        hasJumpedOnly &&= isJump;
        await turn();
      }
      const due = future.filter((atMs) => atMs <= clock.now());
      const late = (atMs: number): number => Math.max(atMs, startMs);
      assert.deepEqual(
        woken.map(({ atMs }) => late(atMs)),
        due.map(late).toSorted((one, other) => one - other),
      );
      for (const { atMs, wokenAtMs } of woken) {
        assert.ok(wokenAtMs >= atMs);
        if (hasJumpedOnly) assert.equal(wokenAtMs, late(atMs));
      }
    }),
    { numRuns: 60 },
  );
});

test("who falls asleep anew while the clock moves wakes again on the way, at each of his instants", async () => {
  const { clock } = setUp();
  const wokenAtMs: number[] = [];
  const run = async (): Promise<void> => {
    for (const waitMs of [5, 300, 1_800, 7_200]) {
      await clock.sleepUntil(clock.now() + waitMs, never);
      wokenAtMs.push(clock.now() - startMs);
    }
  };
  void run();
  await clock.setTo(startMs + 2_105);
  assert.deepEqual(wokenAtMs, [5, 305, 2_105]);
  assert.deepEqual(clock.nextDue(10), [startMs + 2_105 + 7_200]);
  assert.equal(clock.now(), startMs + 2_105);
});

test("a move waits at each instant until every part is idle", async () => {
  const { clock } = setUp();
  const part = new Busy();
  clock.waitFor(part);
  let hasMoved = false;
  const moving = clock.advance(1_000).then(() => (hasMoved = true));
  for (let turns = 0; turns < 5; turns += 1) await turn();
  assert.equal(clock.now(), startMs);
  assert.equal(hasMoved, false);
  part.letGo();
  await moving;
  assert.equal(clock.now(), startMs + 1_000);
});

test("one move at a time; after it the next may come", async () => {
  const { clock } = setUp();
  const first = clock.advance(1_000);
  assert.deepEqual(await clock.advance(1), { ok: false, error: "moving" });
  assert.deepEqual(await clock.setTo(0), { ok: false, error: "moving" });
  assert.deepEqual(await first, { ok: true, value: null });
  assert.deepEqual(await clock.advance(1), { ok: true, value: null });
});

test("it goes forwards only, and not beyond its bound ahead of real time", async () => {
  const { clock } = setUp();
  assert.deepEqual(await clock.setTo(startMs - 1), { ok: false, error: "backwards" });
  assert.deepEqual(await clock.setTo(startMs), { ok: true, value: null });
  assert.deepEqual(await clock.advance(limits.clockAheadMsMax + 1), { ok: false, error: "too_far" });
  assert.deepEqual(await clock.advance(limits.clockAheadMsMax), { ok: true, value: null });
  assert.deepEqual(await clock.advance(1), { ok: false, error: "too_far" });
});

test("a move that finds no rest ends where it stands, when its time is over or the clock is stopped", async () => {
  for (const end of [(base: ManualClock) => base.advance(limits.clockMoveMsMax), (_: ManualClock, clock: VirtualClock) => clock.stop()]) {
    const { base, clock, kept } = setUp();
    clock.waitFor(new Busy());
    const moving = clock.advance(86_400_000);
    await turn();
    end(base, clock);
    assert.deepEqual(await moving, { ok: false, error: "unsettled" });
    assert.equal(clock.offsetMs, 0);
    assert.deepEqual(kept, [86_400_000, 0]);
  }
});

test("what cannot be written down is not done", async () => {
  const keepOffset = (): Promise<void> => Promise.reject(new Error("disk full"));
  const clock = new VirtualClock({ base: new ManualClock(startMs), offsetMs: 0, keepOffset });
  await assert.rejects(clock.advance(1_000), /disk full/);
  await assert.rejects(clock.advance(1_000), /disk full/);
  assert.equal(clock.now(), startMs);
});

test("an instant between two milliseconds is reached at the later one", async () => {
  const { clock } = setUp();
  const sleep = clock.sleepUntil(startMs + 0.25, never);
  await clock.advance(5);
  await sleep;
  assert.equal(clock.now(), startMs + 5);
  assert.ok(Number.isInteger(clock.offsetMs));
});

test("a sleep that is cut short rejects with the signal's reason and leaves nothing behind", async () => {
  const { clock } = setUp();
  const cut = new AbortController();
  const sleep = clock.sleepUntil(startMs + 10, cut.signal);
  const other = clock.sleepUntil(startMs + 20, never);
  const reason = new Error("enough");
  cut.abort(reason);
  await assert.rejects(sleep, reason);
  await assert.rejects(clock.sleepUntil(0, cut.signal), reason);
  assert.deepEqual(clock.nextDue(10), [startMs + 20]);
  await clock.advance(20);
  await other;
  assert.deepEqual(clock.nextDue(10), []);
});
