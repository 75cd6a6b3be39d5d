/** The short run of `npm run crash`: one data folder, twenty-two kills. What was answered 2xx is there in the end, once, and in order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TemporaryFolder } from "../support/process.ts";
import { crashRounds } from "./crash-run.ts";

const rounds = 22;
const seed = 20_261_123;

test(
  `after ${rounds} kills nothing that was answered is lost, and nothing came twice but what was in flight`,
  { timeout: 300_000 },
  async (t) => {
    using folder = new TemporaryFolder();
    const { breaches, ...report } = await crashRounds({ rounds, seed, folder: folder.path, onProgress: () => undefined });
    assert.deepEqual(breaches, [], `npm run crash -- --rounds ${rounds} --seed ${seed}`);
    assert.ok(report.answered > rounds && report.notifications > rounds, JSON.stringify(report));
    t.diagnostic(JSON.stringify(report));
  },
);
