/** The short run of `npm run chaos` over PostgreSQL: each of some faults once, and none of them long. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TemporaryFolder } from "../support/process.ts";
import type { FaultKind } from "./chaos-faults.ts";
import { chaosRounds } from "./chaos-run.ts";

const kinds: readonly FaultKind[] = ["node-kill", "database-crash", "database-still"];
/** Not what `test/e2e/cluster.pg.test.ts` holds: other tests share the machine. */
const takeoverMsMax = 40_000;
const seed = 20_261_126;

test(
  "over PostgreSQL, what a cluster answered it delivers in order, and twice only what was in flight at a fault",
  { timeout: 170_000 },
  async (t) => {
    using folder = new TemporaryFolder();
    const options = { rounds: kinds.length, minutes: null, seed, nats: 0, kinds, isInTurn: true, longestMs: 2_000, takeoverMsMax } as const;
    const { breaches, logs, ...report } = await chaosRounds({ ...options, folder: folder.path, onRound: (line) => t.diagnostic(line) });
    assert.deepEqual(breaches, [], JSON.stringify(logs));
    assert.ok(report.answered > 50 && report.notifications > 50, JSON.stringify(report));
  },
);
