import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { Alarm } from "./alarm.ts";

test("a sleep ends at its instant", async () => {
  const clock = new ManualClock(0);
  let isAwake = false;
  const sleep = new Alarm(clock).sleepUntil(50).then(() => (isAwake = true));
  clock.set(49);
  await setImmediate();
  assert.equal(isAwake, false);
  clock.set(50);
  await sleep;
});

test("a ring ends the sleep early, also one without an instant", async () => {
  const alarm = new Alarm(new ManualClock(0));
  for (const atMs of [50, null]) {
    let isAwake = false;
    const sleep = alarm.sleepUntil(atMs).then(() => (isAwake = true));
    await setImmediate();
    assert.equal(isAwake, false);
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

test("it sleeps until it is rung or its instant has come, and says when a sleep begins", async () => {
  const clock = new ManualClock(0);
  let sleeps = 0;
  const alarm = new Alarm(clock, () => (sleeps += 1));
  assert.equal(alarm.isAsleep, false);
  for (const wake of [() => alarm.ring(), () => clock.set(50)]) {
    const sleep = alarm.sleepUntil(50);
    assert.equal(alarm.isAsleep, true);
    wake();
    await sleep;
    assert.equal(alarm.isAsleep, false);
  }
  alarm.ring();
  await alarm.sleepUntil(null);
  assert.equal(sleeps, 2);
});

test("a sleep that is under way is made to end at another instant, sooner or later", async () => {
  for (const [first, second] of [
    [50, 30],
    [30, 50],
    [null, 40],
  ] as const) {
    const clock = new ManualClock(0);
    const alarm = new Alarm(clock);
    let isAwake = false;
    const sleep = alarm.sleepUntil(first).then(() => (isAwake = true));
    alarm.wakeAt(second);
    assert.equal(alarm.wakesAt, second);
    clock.set(second - 1);
    await setImmediate();
    assert.equal(isAwake, false);
    clock.set(second);
    await sleep;
  }
});

test("an instant that is set while nobody sleeps is forgotten", async () => {
  const clock = new ManualClock(0);
  const alarm = new Alarm(clock);
  alarm.wakeAt(10);
  let isAwake = false;
  const sleep = alarm.sleepUntil(null).then(() => (isAwake = true));
  clock.set(10);
  await setImmediate();
  assert.equal(isAwake, false);
  alarm.ring();
  await sleep;
});
