import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { ManualClock } from "../../test/support/clock.ts";
import type { CommandName, Input, Output } from "../app/commands.ts";
import { limits } from "../core/limits.ts";
import { silentEvents } from "../observe/events.ts";
import { createReplayer } from "./replayer.ts";

type Step = boolean | Error;

/** A replayer over an engine whose steps say in turn whether there are more to make, or fail; then there are none. */
function replaying(steps: readonly Step[]) {
  const clock = new ManualClock(0);
  const asked: number[] = [];
  const faults: unknown[] = [];
  const engine = {
    run<N extends CommandName>(_name: N, _input: Input<N>): Promise<Output<N>> {
      const step = steps[asked.length] ?? false;
      asked.push(clock.now());
      return step instanceof Error ? Promise.reject(step) : Promise.resolve({ sent: 0, isUnderWay: step } as Output<N>);
    },
  };
  const events = { ...silentEvents, replayFaulted: (event: unknown) => void faults.push(event) };
  return { clock, asked, faults, replayer: createReplayer({ engine, clock, events }) };
}

test("what was under way at the start goes on, a step each tenth of a second, until there is no more", async () => {
  const { clock, asked, replayer } = replaying([true, true, false]);
  replayer.start();
  for (let turn = 0; turn < 5; turn += 1) {
    await replayer.quiet.idle();
    clock.advance(limits.replayStepMs);
    await setImmediate(); // the sleeper is awake
  }
  assert.deepEqual(asked, [0, limits.replayStepMs, 2 * limits.replayStepMs]);
  await replayer.stop();
});

test("it sleeps while there is none, and a replay that was made wakes it", async () => {
  const { clock, asked, replayer } = replaying([false, false]);
  replayer.start();
  await replayer.quiet.idle();
  clock.advance(365 * 86_400_000);
  await setImmediate();
  await replayer.quiet.idle();
  assert.equal(asked.length, 1);
  replayer.wake();
  await setImmediate();
  await replayer.quiet.idle();
  assert.equal(asked.length, 2);
  await replayer.stop();
  await replayer.stop();
});

test("of a streak of faults the first is told, and each is tried again after a pause", async () => {
  const { clock, asked, faults, replayer } = replaying([new Error("disk full"), new Error("disk full"), true, new Error("gone"), false]);
  replayer.start();
  for (const pauseMs of [limits.dispatchBackoffMs, limits.dispatchBackoffMs, limits.replayStepMs, limits.dispatchBackoffMs]) {
    await replayer.quiet.idle();
    clock.advance(pauseMs);
    await setImmediate();
  }
  await replayer.quiet.idle();
  assert.equal(asked.length, 5);
  assert.equal(faults.length, 2, "one a streak");
  await replayer.stop();
});
