/**
 * Breaks the engine on purpose, one mutation at a time in a copy of the tree, and runs the simulation there until an invariant breaks. Exits
 * with 1 when a mutation survives, when its text is no longer found, or when the tree as it is does not hold.
 *
 *     npm run mutate -- [--seeds N] [--hours H] [--only NAME] [--write]
 *
 * `--write` puts the table into docs/delivery.md.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "../../tools/repository.ts";
import { type Edit, type Mutation, edited } from "./mutation.ts";
import { mutations } from "./mutations.ts";
import { mutationTable, withMutationTable } from "./mutation-table.ts";
import type { Caught } from "./mutation-table.ts";

/** What the simulation is made of. */
const copied = ["src", "test/simulation", "test/fuzz", "package.json"];
/** A broken engine may go round in circles. */
const runLimitMs = 120_000;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "30" },
    hours: { type: "string", default: "2" },
    only: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const seeds = Number(values.seeds);
const wanted = mutations.filter(({ name }) => values.only === undefined || values.only.split(",").includes(name));

const heldOn = "every invariant held on";

type Verdict = { readonly mutation: Mutation; readonly caught: Caught | null; readonly finding: string };

const untouched = wanted.length === 0 ? null : await judged({ name: "none", what: "the tree as it is", edits: [] });
if (untouched === null) {
  say(`no mutation is called ${String(values.only)}; there are: ${mutations.map(({ name }) => name).join(", ")}`);
  process.exitCode = 2;
} else if (!untouched.finding.startsWith(heldOn)) {
  say(`the tree as it is does not hold, so nothing can be said of its mutations: ${untouched.finding}`);
  process.exitCode = 1;
} else {
  const verdicts = await judgeAll(wanted);
  const survivors = verdicts.filter(({ caught }) => caught === null);
  for (const { mutation, finding } of survivors) say(`${mutation.name}: ${finding}`);
  say(`${verdicts.length - survivors.length} of ${verdicts.length} mutations were caught; the tree as it is held on ${seeds} seeds`);
  if (survivors.length > 0) process.exitCode = 1;
  const table = mutationTable(verdicts.flatMap(({ mutation, caught }) => (caught === null ? [] : [{ mutation, caught }])));
  if (values.write && survivors.length === 0 && values.only === undefined) {
    const page = path.join(repositoryRoot, "docs/delivery.md");
    writeFileSync(page, withMutationTable(readFileSync(page, "utf8"), table));
    say("docs/delivery.md has the table");
  }
}

/** All verdicts, in the order of the mutations, as many at a time as there are processors. */
async function judgeAll(waiting: readonly Mutation[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < waiting.length; index = next++) {
      const mutation = waiting[index];
      if (mutation === undefined) return;
      const verdict = await judged(mutation);
      verdicts[index] = verdict;
      say(`${mutation.name.padEnd(28)} ${verdict.caught === null ? "SURVIVED" : caughtBy(verdict.caught)} ${verdict.finding}`);
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return verdicts;
}

/** Runs one seed after another over the mutated tree until a promise breaks. */
async function judged(mutation: Mutation): Promise<Verdict> {
  const folder = mkdtempSync(path.join(tmpdir(), "watchpost-mutation-"));
  try {
    for (const name of copied) cpSync(path.join(repositoryRoot, name), path.join(folder, name), { recursive: true });
    symlinkSync(path.join(repositoryRoot, "node_modules"), path.join(folder, "node_modules"));
    for (const edit of mutation.edits) {
      if (apply(folder, edit)) continue;
      return { mutation, caught: null, finding: `its text is not in ${edit.file}, or is there twice: ${edit.find.trim()}` };
    }
    const startedAt = performance.now();
    for (let seed = 1; seed <= seeds; seed += 1) {
      const said = await simulated(folder, seed);
      if (said === "every invariant held") continue;
      const seconds = (performance.now() - startedAt) / 1_000;
      const by = /^(I\d+): /.exec(said)?.[1] ?? null;
      const finding = by === null ? `no invariant broke, and the simulation did not come to its end: ${said}` : said.slice(by.length + 2);
      return { mutation, caught: by === null ? null : { by, seed, seconds }, finding };
    }
    return { mutation, caught: null, finding: `${heldOn} ${seeds} seeds` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function apply(folder: string, edit: Edit): boolean {
  const file = path.join(folder, edit.file);
  const after = edited(readFileSync(file, "utf8"), edit);
  if (after === null) return false;
  writeFileSync(file, after);
  return true;
}

/** What the run says of its seed last. */
async function simulated(folder: string, seed: number): Promise<string> {
  const args = ["--disable-warning=ExperimentalWarning", "test/simulation/main.ts", "--seed", String(seed), "--hours", values.hours];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: runLimitMs,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  await once(child, "close");
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  const prefix = `seed ${seed}: `;
  return last.startsWith(prefix) && child.signalCode === null
    ? last.slice(prefix.length)
    : stderr.trim().slice(-500) || `it was still running after ${runLimitMs / 1_000} s`;
}

function caughtBy({ by, seed, seconds }: Caught): string {
  return `${by} by seed ${seed} in ${seconds.toFixed(0)} s:`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
