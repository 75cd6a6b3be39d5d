import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { limits } from "../core/limits.ts";
import { silentEvents } from "./events.ts";
import { type LoopPulse, createHealthMonitor, restingPulse } from "./health.ts";

/** Within how long a part that is stuck has to be told of. */
const toldWithinMs = 10_000;

class Scene {
  readonly realClock = new ManualClock(1_000_000);
  /** The clock of the program may be days ahead, and jump. */
  readonly clock = new ManualClock(900_000_000);
  readonly told: string[] = [];
  pulse: LoopPulse = restingPulse;
  stage: "idle" | "running" | "committing" = "idle";
  beat: () => Promise<{ dueAt: number | null }> = () => Promise.resolve({ dueAt: null });
  beats = 0;
  readonly monitor = createHealthMonitor({
    realClock: this.realClock,
    clock: this.clock,
    events: {
      ...silentEvents,
      healthStuck: ({ part }) => void this.told.push(`stuck ${part}`),
      healthRecovered: ({ part }) => void this.told.push(`recovered ${part}`),
    },
    beat: () => {
      this.beats += 1;
      return this.beat();
    },
    stage: () => this.stage,
    pulse: () => this.pulse,
    attemptTimeoutMs: 15_000,
  });

  constructor() {
    this.monitor.start();
  }

  get parts(): readonly string[] {
    return this.monitor.report().causes.map(({ part }) => part);
  }

  async pass(ms: number, each: () => void = () => undefined): Promise<void> {
    for (let passed = 0; passed < ms; passed += limits.healthLookMs) {
      await setImmediate();
      each();
      this.realClock.advance(limits.healthLookMs);
      this.clock.advance(limits.healthLookMs);
    }
    await setImmediate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.monitor.stop();
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

test("while everything moves nothing is stuck, and the store is made to commit every few seconds", async () => {
  await using scene = new Scene();
  await scene.pass(60_000);
  assert.deepEqual(scene.parts, []);
  assert.ok(scene.beats >= 15 && scene.beats <= 31, String(scene.beats));
});

test("a writer that hangs is told of within ten seconds with the instant since when, and no more when it answers", async () => {
  await using scene = new Scene();
  let answer: (beat: { dueAt: null }) => void = () => undefined;
  await scene.pass(5_000);
  scene.beat = () => new Promise((resolve) => (answer = resolve));
  scene.stage = "running";
  const hangsAt = scene.realClock.now();
  await scene.pass(toldWithinMs);
  const [cause] = scene.monitor.report().causes;
  assert.equal(cause?.part, "writer");
  assert.ok(cause.since >= hangsAt && cause.since <= hangsAt + 4_000);
  answer({ dueAt: null });
  scene.beat = () => Promise.resolve({ dueAt: null });
  await scene.pass(1_000);
  assert.deepEqual(scene.parts, []);
  assert.deepEqual(scene.told, ["stuck writer", "recovered writer"]);
});

test("a commit that does not end is the disk's", async () => {
  await using scene = new Scene();
  scene.beat = never;
  scene.stage = "committing";
  await scene.pass(toldWithinMs);
  assert.deepEqual(scene.parts, ["disk"]);
});

test("a writer that is slow but finishes batches is not stuck", async () => {
  await using scene = new Scene();
  scene.beat = never;
  await scene.pass(60_000, () => scene.monitor.noteBatch());
  assert.deepEqual(scene.parts, []);
});

test("a disk that refuses is told of with what is wrong, and so is a thread that has ended; the beat that works ends it", async () => {
  await using scene = new Scene();
  scene.beat = () => Promise.reject(Object.assign(new Error("at /data"), { retryable: true, ofStore: "the disk is full" }));
  await scene.pass(4_000);
  const [cause] = scene.monitor.report().causes;
  assert.equal(cause?.part, "disk");
  assert.equal(cause.detail, "Nothing can be written: the disk is full.");
  scene.beat = () => Promise.reject(Object.assign(new Error("the thread failed"), { retryable: false, ofStore: null }));
  await scene.pass(4_000);
  assert.deepEqual(scene.parts, ["writer"]);
  scene.beat = () => Promise.resolve({ dueAt: null });
  await scene.pass(4_000);
  assert.deepEqual(scene.parts, []);
});

test("a full queue is no fault while batches end, and is the writer's when none does", async () => {
  await using scene = new Scene();
  scene.beat = () => Promise.reject(Object.assign(new Error("20000 commands wait already"), { retryable: true, ofStore: null }));
  await scene.pass(30_000, () => scene.monitor.noteBatch());
  assert.deepEqual(scene.parts, []);
  await scene.pass(toldWithinMs);
  assert.deepEqual(scene.parts, ["writer"]);
});

test("a delivery loop that hangs in its turn is told of within ten seconds, and no more when it goes on", async () => {
  await using scene = new Scene();
  scene.pulse = { ...restingPulse, isAsleep: false, turns: 7 };
  await scene.pass(toldWithinMs);
  assert.deepEqual(scene.parts, ["delivery_loop"]);
  scene.pulse = { ...restingPulse, isAsleep: false, turns: 8 };
  await scene.pass(1_000);
  assert.deepEqual(scene.parts, []);
});

test("a loop that sleeps past its instant, or while something is due, is stuck; one that sleeps for days is not", async () => {
  await using scene = new Scene();
  scene.pulse = { ...restingPulse, wakesAt: scene.clock.now() + 86_400_000 };
  await scene.pass(30_000);
  assert.deepEqual(scene.parts, []);
  scene.beat = () => Promise.resolve({ dueAt: scene.clock.now() - 1 });
  await scene.pass(toldWithinMs);
  assert.deepEqual(scene.parts, ["delivery_loop"]);
  scene.beat = () => Promise.resolve({ dueAt: null });
  await scene.pass(4_000);
  assert.deepEqual(scene.parts, []);
  scene.pulse = { ...restingPulse, wakesAt: scene.clock.now() };
  await scene.pass(toldWithinMs);
  assert.deepEqual(scene.parts, ["delivery_loop"]);
});

test("a clock that jumps over days makes nothing stuck", async () => {
  await using scene = new Scene();
  scene.pulse = { ...restingPulse, wakesAt: scene.clock.now() + 86_400_000 };
  scene.clock.advance(7 * 86_400_000);
  await scene.pass(3_000);
  assert.deepEqual(scene.parts, []);
});

test("settlements that fail in a row, and attempts that do not end, are the loop's", async () => {
  await using scene = new Scene();
  scene.pulse = { ...restingPulse, isFaulting: true };
  await scene.pass(toldWithinMs);
  assert.deepEqual(scene.parts, ["delivery_loop"]);
  scene.pulse = { ...restingPulse, running: 3, ended: 5 };
  await scene.pass(15_000);
  assert.deepEqual(scene.parts, [], "an attempt may take its time");
  await scene.pass(toldWithinMs);
  assert.deepEqual(scene.parts, ["delivery_loop"]);
});

test("a process that was stopped for an hour has not been stuck for an hour", async () => {
  await using scene = new Scene();
  scene.beat = never;
  await scene.pass(2_000);
  scene.realClock.advance(3_600_000);
  assert.deepEqual(scene.parts, []);
});
