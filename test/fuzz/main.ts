/**
 * Fuzzes the server and says what it found; exits with 1 when that is anything.
 *
 *     npm run fuzz -- --seconds 60 [--seed N]
 */
import { parseArgs } from "node:util";
import { fuzz } from "./fuzzer.ts";

const { values } = parseArgs({ options: { seconds: { type: "string" }, seed: { type: "string" } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const seconds = Number(values.seconds ?? 60);
say(`seed ${seed}, ${seconds} s`);
const report = await fuzz({ seed, seconds, requests: Number.POSITIVE_INFINITY });
for (const { fault, request, answer, times } of report.findings) say(`\n=== ${fault} (${times} times)\n${request}\n--- came\n${answer}`);
const statuses = [...report.statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
const megabytes = ({ early, late }: typeof report.rssBytes): string => `${Math.round(early / 1e6)} MB, then ${Math.round(late / 1e6)} MB`;
say(`\n${report.requests} requests; answers ${statuses.join(", ")}; memory ${megabytes(report.rssBytes)}`);
if (report.neverGood.length > 0) say(`never 2xx: ${report.neverGood.join(", ")}`);
say(`${report.findings.length} findings with seed ${seed}`);
process.exitCode = report.findings.length === 0 ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
