import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Outstanding } from "./outstanding.ts";

test("a call counts until it has ended, and only one that landed has landed", async () => {
  let ended = 0;
  const calls = new Outstanding(() => (ended += 1));
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const followed = [calls.follow(first.promise), calls.follow(second.promise)];
  assert.deepEqual([calls.count, calls.landed, ended], [2, 0, 0]);
  second.resolve("here");
  assert.equal(await followed[1], "here");
  assert.deepEqual([calls.count, calls.landed, ended], [1, 1, 1]);
  first.reject(new Error("gone"));
  await assert.rejects(async () => followed[0], /gone/);
  assert.deepEqual([calls.count, calls.landed, ended], [0, 1, 2]);
});

test("a call is new once, and only while it is outstanding", async () => {
  const calls = new Outstanding(() => undefined);
  assert.equal(calls.takeNew(), false);
  const { promise, resolve } = Promise.withResolvers<void>();
  const followed = calls.follow(promise);
  assert.deepEqual([calls.takeNew(), calls.takeNew()], [true, false]);
  resolve();
  await followed;
  await calls.follow(Promise.resolve());
  assert.equal(calls.takeNew(), false);
});

test("none is outstanding when those have ended too that were begun while it was waited for", async () => {
  const calls = new Outstanding(() => undefined);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const firstDone = calls.follow(first.promise);
  let isOver = false;
  const none = calls.none().then(() => (isOver = true));
  void calls.follow(second.promise);
  first.resolve();
  await firstDone;
  await setImmediate();
  assert.equal(isOver, false);
  second.resolve();
  await none;
  assert.equal(calls.count, 0);
});
