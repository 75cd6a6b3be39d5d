/**
 * What a bad receiver and a large org cost the others. Prints one line of JSON for each question, with the medians of runs that alternate.
 *
 *     npm run -s bench:isolation -- [--rounds 5] [--endpoints 100] [--writes 200] [--pause 100] [--pending 100000]
 *
 * `hanging`: the p95 of the wait from commit to arrival of all endpoints but one, with that one hanging behind a backlog, and without it.
 * `backlog`: the same wait of one org's single events while another org has so much pending for the same host.
 */
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { type Waits, runBacklog, runHanging } from "./isolation-runs.ts";
import { median } from "./statistics.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    endpoints: { type: "string", default: "100" },
    writes: { type: "string", default: "200" },
    pause: { type: "string", default: "100" },
    pending: { type: "string", default: "100000" },
  },
});
const [rounds, endpoints, writes] = [wholeNumber(values.rounds), wholeNumber(values.endpoints), wholeNumber(values.writes)];
const [pauseMs, pending] = [wholeNumber(values.pause), wholeNumber(values.pending)];

const runs: { readonly without: Waits; readonly hanging: Waits }[] = [];
for (let round = 0; round < rounds; round += 1) {
  const run = { endpoints, backlog: 1_000, writes, pauseMs };
  const without = await runHanging({ ...run, isOneHanging: false });
  const hanging = await runHanging({ ...run, isOneHanging: true });
  runs.push({ without, hanging });
  process.stderr.write(`round ${round + 1}: p95 ${rounded(without.p95Ms)} ms without, ${rounded(hanging.p95Ms)} ms hanging\n`);
}
const p95Without = median(runs.map(({ without }) => without.p95Ms));
const p95Hanging = median(runs.map(({ hanging }) => hanging.p95Ms));
say({
  question: "hanging",
  endpoints,
  rounds,
  p50_ms_without: rounded(median(runs.map(({ without }) => without.p50Ms))),
  p50_ms_hanging: rounded(median(runs.map(({ hanging }) => hanging.p50Ms))),
  p95_ms_without: rounded(p95Without),
  p95_ms_hanging: rounded(p95Hanging),
  ratio: rounded(p95Hanging / p95Without),
  p95_ms_each: runs.map(({ without, hanging }) => [rounded(without.p95Ms), rounded(hanging.p95Ms)]),
});

const channels = 100;
const { arrived, p50Ms, p95Ms, maxMs, backlog, backlogGone } = await runBacklog({
  channels,
  writes: Math.max(1, Math.floor(pending / channels)),
  events: 20,
  pauseMs: 200,
});
say({
  question: "backlog",
  backlog,
  gone: backlogGone,
  events: arrived,
  p50_ms: rounded(p50Ms),
  p95_ms: rounded(p95Ms),
  max_ms: rounded(maxMs),
});

function wholeNumber(text: string): number {
  const number = Number(text);
  assert(Number.isInteger(number) && number > 0, `${text} is no positive whole number`);
  return number;
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

function say(figures: unknown): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
