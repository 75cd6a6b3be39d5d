import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock, systemRandom } from "./system.ts";

const { signal } = new AbortController();

test("sleeping until an instant that has passed returns at once", async () => {
  await systemClock.sleepUntil(systemClock.now() - 1, signal);
});

test("a sleep is over at its instant and not before", async () => {
  const atMs = systemClock.now() + 5;
  await systemClock.sleepUntil(atMs, signal);
  assert.ok(systemClock.now() >= atMs);
});

test("an aborted sleep rejects with the signal's own reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const asleep = systemClock.sleepUntil(systemClock.now() + 60_000, controller.signal);
  controller.abort(reason);
  await assert.rejects(asleep, reason);
  await assert.rejects(systemClock.sleepUntil(0, controller.signal), reason);
});

test("a sleep longer than a timer can take does not end early", async () => {
  const controller = new AbortController();
  const asleep = systemClock.sleepUntil(systemClock.now() + 2 ** 33, controller.signal);
  const first = await Promise.race([asleep.then(() => "over"), new Promise((resolve) => setTimeout(resolve, 3, "asleep"))]);
  assert.equal(first, "asleep");
  controller.abort(new Error("enough"));
  await assert.rejects(asleep);
});

test("chance is a number from 0 up to 1", () => {
  const drawn = systemRandom.next();
  assert.ok(drawn >= 0 && drawn < 1);
});
