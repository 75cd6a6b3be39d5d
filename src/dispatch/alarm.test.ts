import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { Alarm } from "./alarm.ts";

test("a sleep ends at its instant", async () => {
  const clock = new ManualClock(0);
  const sleep = new Alarm(clock).sleepUntil(50);
  clock.set(50);
  await sleep;
});

test("a ring ends the sleep early, also one without an instant", async () => {
  const alarm = new Alarm(new ManualClock(0));
  for (const atMs of [50, null]) {
    const sleep = alarm.sleepUntil(atMs);
    alarm.ring();
    await sleep;
  }
});

test("a ring while nobody sleeps ends the next sleep and no other", async () => {
  const alarm = new Alarm(new ManualClock(0));
  alarm.ring();
  alarm.ring();
  await alarm.sleepUntil(null);
  let isAwake = false;
  const sleep = alarm.sleepUntil(null).then(() => (isAwake = true));
  await setImmediate();
  assert.equal(isAwake, false);
  alarm.ring();
  await sleep;
});
