import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { Deadlines } from "./deadlines.ts";

test("deadlines pass in order, each at its instant", async () => {
  const clock = new ManualClock(0);
  const deadlines = new Deadlines(clock);
  const passed: string[] = [];
  deadlines.add({ atMs: 10, onPassed: () => passed.push("a") });
  deadlines.add({ atMs: 20, onPassed: () => passed.push("b") });
  clock.set(9);
  await setImmediate();
  assert.deepEqual(passed, []);
  clock.set(10);
  await setImmediate();
  assert.deepEqual(passed, ["a"]);
  clock.set(25);
  await setImmediate();
  assert.deepEqual(passed, ["a", "b"]);
  deadlines.stop();
});

test("a deadline that is removed does not pass, and later ones still do", async () => {
  const clock = new ManualClock(0);
  const deadlines = new Deadlines(clock);
  const passed: string[] = [];
  const first = { atMs: 10, onPassed: () => passed.push("a") };
  deadlines.add(first);
  deadlines.remove(first);
  deadlines.add({ atMs: 30, onPassed: () => passed.push("b") });
  clock.set(10);
  await setImmediate();
  clock.set(30);
  await setImmediate();
  deadlines.add({ atMs: 40, onPassed: () => passed.push("c") });
  clock.set(40);
  await setImmediate();
  assert.deepEqual(passed, ["b", "c"]);
  deadlines.stop();
});

test("after stop nothing passes", async () => {
  const clock = new ManualClock(0);
  const deadlines = new Deadlines(clock);
  const passed: string[] = [];
  deadlines.add({ atMs: 10, onPassed: () => passed.push("a") });
  deadlines.stop();
  deadlines.stop();
  deadlines.add({ atMs: 10, onPassed: () => passed.push("b") });
  clock.set(100);
  await setImmediate();
  assert.deepEqual(passed, []);
});
