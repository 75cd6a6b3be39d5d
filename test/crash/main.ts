/**
 * Kills the server again and again, and says what became of what it had answered. Exits with 1 when anything was lost, doubled without a
 * reason, out of order or broken; the data folder is kept then.
 *
 *     npm run crash -- [--rounds N] [--seed S] [--dir DIR] [--json]
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { crashRounds } from "./crash-run.ts";
import type { CrashReport } from "./crash-run.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "1000" },
    seed: { type: "string" },
    dir: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const rounds = wholeNumber("--rounds", values.rounds);
const seed = wholeNumber("--seed", values.seed ?? String(Math.floor(Math.random() * 1_000_000)));
const parent = values.dir ?? tmpdir();
mkdirSync(parent, { recursive: true });
const folder = mkdtempSync(path.join(parent, "watchpost-crash-"));
if (!values.json) say(`seed ${seed}: ${rounds} rounds in ${folder}`);

const report = await crashRounds({ rounds, seed, folder, onProgress: (soFar) => void (values.json || say(progressOf(soFar))) });
if (report.breaches.length === 0) rmSync(folder, { recursive: true, force: true });
else process.exitCode = 1;
if (values.json) say(JSON.stringify({ ...report, folder: report.breaches.length === 0 ? null : folder }));
else say(linesOf(report).join("\n"));

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is a whole number, not ${text}`);
  return Number(text);
}

function progressOf({ rounds: done, answered, notifications, duplicates, seconds }: CrashReport): string {
  return `${done} rounds in ${seconds} s: ${answered} writes and orders answered, ${notifications} notifications, ${duplicates.total} duplicates`;
}

function linesOf({ duplicates, recoveryMs, breaches, ...counts }: CrashReport): readonly string[] {
  const kills = Object.entries(counts.kills).map(([point, count]) => `${count} at ${point}`);
  return [
    `rounds           ${counts.rounds} in ${counts.seconds} s (${kills.join(", ")})`,
    `answered 2xx     ${counts.answered} writes and orders, ${counts.changes} changes of records`,
    `notifications    ${counts.notifications}`,
    `lost             ${counts.lost}`,
    `duplicates       ${duplicates.total}; most after one kill ${duplicates.mostPerKill}, with ${duplicates.inFlightThen} in flight; most in flight ${duplicates.mostInFlight}`,
    `recovery         p50 ${recoveryMs.p50} ms, max ${recoveryMs.max} ms until ready`,
    ...breaches.map((breach) => `BROKEN           ${breach}`),
    ...(breaches.length === 0
      ? []
      : [`again            npm run crash -- --rounds ${counts.rounds} --seed ${counts.seed}; the data is kept in ${folder}`]),
    `seed ${counts.seed}: ${breaches.length === 0 ? "nothing was lost, and nothing came twice but what was in flight" : "BROKEN"}`,
  ];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
