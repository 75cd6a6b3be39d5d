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

type Order = { readonly rounds: number; readonly seed: number; readonly parent: string; readonly isJson: boolean };

const order = readOrder();
if (typeof order === "string") {
  process.stderr.write(`crash: ${order}\n`);
  process.exitCode = 2;
} else await run(order);

async function run({ rounds, seed, parent, isJson }: Order): Promise<void> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, "watchpost-crash-"));
  if (!isJson) say(`seed ${seed}: ${rounds} rounds in ${folder}`);
  const report = await crashRounds({ rounds, seed, folder, onProgress: (soFar) => void (isJson || say(progressOf(soFar))) });
  const isSound = report.breaches.length === 0;
  if (isSound) rmSync(folder, { recursive: true, force: true });
  else process.exitCode = 1;
  if (isJson) say(JSON.stringify({ ...report, folder: isSound ? null : folder }));
  else say(linesOf(report, folder).join("\n"));
}

/** What was asked for; a text says what is wrong with it. */
function readOrder(): Order | string {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: "string", default: "1000" },
        seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
        dir: { type: "string", default: tmpdir() },
        json: { type: "boolean", default: false },
      },
    });
    const { rounds, seed, dir, json } = values;
    return { rounds: wholeNumber("--rounds", rounds), seed: wholeNumber("--seed", seed), parent: path.resolve(dir), isJson: json };
  } catch (error) {
    // Expected: an option that there is not, or one that is no number.
    return error instanceof Error ? error.message : String(error);
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is a whole number, not ${text}`);
  return Number(text);
}

function progressOf({ rounds: done, answered, notifications, duplicates, seconds }: CrashReport): string {
  return `${done} rounds in ${seconds} s: ${answered} writes and orders answered, ${notifications} notifications, ${duplicates.total} duplicates`;
}

function linesOf({ duplicates, recoveryMs, breaches, ...counts }: CrashReport, folder: string): readonly string[] {
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
