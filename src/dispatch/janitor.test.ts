import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { ManualClock } from "../../test/support/clock.ts";
import type { CommandName, Input, Output } from "../app/commands.ts";
import { limits } from "../core/limits.ts";
import { silentEvents } from "../observe/events.ts";
import { createJanitor } from "./janitor.ts";

/** An engine that removes as many rows a step as it is told, then none; `asked` resolves after so many steps. */
function purging(removals: readonly (number | Error)[]) {
  const steps: Input<"retention.purge">[] = [];
  const waiting = new Map<number, () => void>();
  return {
    steps,
    asked: (count: number) => new Promise<void>((resolve) => (steps.length >= count ? resolve() : waiting.set(count, resolve))),
    run<N extends CommandName>(_name: N, input: Input<N>): Promise<Output<N>> {
      const removed = removals[steps.length] ?? 0;
      steps.push(input as Input<"retention.purge">);
      waiting.get(steps.length)?.();
      return removed instanceof Error ? Promise.reject(removed) : Promise.resolve({ removed } as Output<N>);
    },
  };
}

test("the janitor removes step by step until nothing is left, then comes again after its pause", async () => {
  const clock = new ManualClock(0);
  const engine = purging([500, 500, 3, 0, 0]);
  const janitor = createJanitor({ engine, clock, events: silentEvents, historyMs: 7, deadMs: 30 });
  janitor.start();
  await engine.asked(4);
  assert.deepEqual(engine.steps[0], { historyMs: 7, deadMs: 30, leader: null });
  await setImmediate(); // its answer is in, and it sleeps
  clock.advance(limits.purgePauseMs - 1);
  await setImmediate();
  assert.equal(engine.steps.length, 4);
  clock.advance(1);
  await engine.asked(5);
  await janitor.stop();
});

test("a fault is told, and the next turn tries again", async () => {
  const clock = new ManualClock(0);
  const engine = purging([new Error("disk full"), 0]);
  const faults: unknown[] = [];
  const events = { ...silentEvents, purgeFaulted: (event: unknown) => void faults.push(event) };
  const janitor = createJanitor({ engine, clock, events, historyMs: 7, deadMs: 30 });
  janitor.start();
  await engine.asked(1);
  await setImmediate(); // its answer is in, and it sleeps
  clock.advance(limits.purgePauseMs);
  await engine.asked(2);
  assert.equal(faults.length, 1);
  await janitor.stop();
  await janitor.stop();
});

test("the janitor is idle between two turns and before it starts", async () => {
  const clock = new ManualClock(0);
  const engine = purging([3, 0]);
  const janitor = createJanitor({ engine, clock, events: silentEvents, historyMs: 7, deadMs: 30 });
  assert.equal(janitor.quiet.isIdle, true);
  janitor.start();
  assert.equal(janitor.quiet.isIdle, false);
  await janitor.quiet.idle();
  assert.equal(engine.steps.length, 2);
  await janitor.stop();
});
