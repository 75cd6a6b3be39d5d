import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { LaterWake } from "./later-wake.ts";

async function afterMs(clock: ManualClock, ms: number): Promise<void> {
  clock.advance(ms);
  await setImmediate();
}

test("the earliest of the wakes that were asked for comes, and no other", async () => {
  const clock = new ManualClock(0);
  let wakes = 0;
  const later = new LaterWake(clock, () => (wakes += 1));
  for (const atMs of [20, 10, 30]) later.at(atMs);
  await afterMs(clock, 9);
  assert.equal(wakes, 0);
  await afterMs(clock, 1);
  assert.equal(wakes, 1);
  await afterMs(clock, 100);
  assert.equal(wakes, 1);
  later.at(200);
  await afterMs(clock, 100);
  assert.equal(wakes, 2);
});

test("a wake that is not wanted any more does not come, and a later one does", async () => {
  const clock = new ManualClock(0);
  let wakes = 0;
  const later = new LaterWake(clock, () => (wakes += 1));
  later.at(10);
  later.cancel();
  later.at(20);
  await afterMs(clock, 19);
  assert.equal(wakes, 0);
  await afterMs(clock, 1);
  assert.equal(wakes, 1);
});
