/** The benchmark of isolation, once and small: that it does its work, not how long that takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runBacklog, runHanging } from "./isolation-runs.ts";

test("while one endpoint of four hangs behind a backlog, everything that is owed to the others arrives", { timeout: 60_000 }, async () => {
  const run = { endpoints: 4, backlog: 40, writes: 5, pauseMs: 1 };
  assert.equal((await runHanging({ ...run, isOneHanging: true })).arrived, 15);
  assert.equal((await runHanging({ ...run, isOneHanging: false })).arrived, 15);
});

test("while an org has a backlog for a host, another org's events for that host arrive", { timeout: 60_000 }, async () => {
  const { arrived, backlog } = await runBacklog({ channels: 4, writes: 50, events: 3, pauseMs: 1 });
  assert.deepEqual([arrived, backlog], [3, 200]);
});
