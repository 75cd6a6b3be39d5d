import assert from "node:assert/strict";
import { test } from "node:test";
import { type Replay, afterStep, isUnderWay } from "./replay.ts";

const replay: Replay = {
  id: 1,
  what: "deliveries",
  filter: { channelKey: null, channelId: null, module: null, recordId: null, status: null, from: null, until: 99 },
  ratePerSecond: 100,
  state: "counting",
  nextId: 10,
  counted: 0,
  sent: 0,
  skipped: 0,
  createdAt: 1,
  finishedAt: null,
};

test("a replay counts to the end, then begins anew to send, then is done", () => {
  const at = { now: 50, firstId: 10 };
  const halfway = afterStep(replay, { found: 3, sent: 0, nextId: 40 }, at);
  assert.deepEqual(halfway, { ...replay, counted: 3, nextId: 40 });
  const counted = afterStep(halfway, { found: 2, sent: 0, nextId: null }, at);
  assert.deepEqual(counted, { ...replay, counted: 5, state: "running", nextId: 10 });
  const running = afterStep(counted, { found: 4, sent: 3, nextId: 60 }, at);
  assert.deepEqual(running, { ...counted, sent: 3, skipped: 1, nextId: 60 });
  const done = afterStep(running, { found: 1, sent: 1, nextId: null }, at);
  assert.deepEqual(done, { ...running, sent: 4, state: "done", finishedAt: 50 });
});

test("it is under way until it is done or cancelled", () => {
  assert.deepEqual(
    (["counting", "running", "done", "cancelled"] as const).map((state) => isUnderWay({ state })),
    [true, true, false, false],
  );
});
