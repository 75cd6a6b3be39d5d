/**
 * Runs the simulation of one seed, or of many, and says its seed first and last; exits with 1 when an invariant broke.
 *
 *     npm run simulate -- [--seed N] [--runs N] [--hours H] [--faults crash,jump,…] [--lines N]
 */
import { parseArgs } from "node:util";
import { type FaultName, faultNames } from "./faults.ts";
import { simulate } from "./world.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    runs: { type: "string", default: "1" },
    hours: { type: "string", default: "24" },
    lines: { type: "string", default: "40" },
    faults: { type: "string", default: faultNames.join() },
  },
});
const first = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const faults = values.faults.split(",").filter((name): name is FaultName => faultNames.some((known) => known === name));
for (let seed = first; seed < first + Number(values.runs); seed += 1) {
  say(`seed ${seed}: ${values.hours} h, faults ${faults.join(", ") || "none"}`);
  const report = await simulate({ seed, hours: Number(values.hours), faults, linesKept: Number(values.lines) });
  const counts = Object.entries(report.counts).map(([name, count]) => `${name} ${count}`);
  say(`${report.steps} steps, trace ${report.trace.slice(0, 16)}; ${counts.join(", ")}`);
  if (report.failure !== null) {
    say(`${report.last.join("\n")}\n${report.failure.stack ?? report.failure.message}`);
    process.exitCode = 1;
  }
  say(`seed ${seed}: ${report.failure === null ? "every invariant held" : report.failure.message}`);
  if (report.failure !== null) break;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
