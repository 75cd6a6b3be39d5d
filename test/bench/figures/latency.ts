/**
 * Latency at half load: edits at half of what the whole way takes, on a schedule that waits for nobody. From the commit to the receiver,
 * and from the instant that the schedule says to the receiver and to the API's answer.
 */
import type { Measure, Outcome } from "../figure.ts";
import { type FanOut, fanOutsOf } from "../org.ts";
import type { OpenLoopDone } from "../parts/load.ts";
import type { Arrivals } from "../parts/receiver.ts";
import type { Session } from "../session.ts";
import { quantile } from "../statistics.ts";
import { WholeWay } from "../whole-way.ts";

const shares = [
  { name: "p50", share: 0.5 },
  { name: "p90", share: 0.9 },
  { name: "p99", share: 0.99 },
  { name: "p99.9", share: 0.999 },
] as const;

const waysOf = {
  "commit → receiver": (_load, { arrivedAtMs, committedAtMs }) => arrivedAtMs.map((at, index) => at - (committedAtMs[index] ?? NaN)),
  "due → receiver": (load, arrivals) => dueToReceiver(load, arrivals),
  "due → API answer": ({ answeredAtMs, intendedAtMs }) => answeredAtMs.map((at, index) => at - (intendedAtMs[index] ?? NaN)),
} satisfies Record<string, (load: OpenLoopDone, arrivals: Arrivals) => Float64Array>;

export async function measureLatency(session: Session): Promise<Outcome> {
  const fanOuts = fanOutsOf([1]);
  await using whole = await WholeWay.open(session, fanOuts);
  const [fanOut] = fanOuts;
  if (fanOut === undefined) throw new Error("there is no fan-out 1");
  await whole.run({ fanOut, recordsPerWrite: 1, forMs: session.scale.warmUpMs });
  const perSecond = (session.wholeWayPerSecond ?? (await measureLoad(session, whole, fanOut))) / 2;
  const values = new Map<string, number[]>();
  for (let round = 0; round < session.scale.latencyRounds; round += 1) {
    for (const [name, waits] of Object.entries(await runAt(session, whole, { fanOut, perSecond }))) {
      for (const { name: shareName, share } of shares) {
        const key = `${name}, ${shareName}`;
        values.set(key, [...(values.get(key) ?? []), quantile(waits, share)]);
      }
    }
    session.say(`round ${round + 1}: latency at ${Math.round(perSecond)} edits/s`);
  }
  const measures = [...values].map(([name, runs]): Measure => ({ name, unit: "ms", runs }));
  return { measures: [{ name: "load", unit: "edits/s", runs: [perSecond] }, ...measures] };
}

/** What the whole way takes, when no figure has said so before. */
async function measureLoad(session: Session, whole: WholeWay, fanOut: FanOut): Promise<number> {
  const { writes, tookMs } = await whole.run({ fanOut, recordsPerWrite: 1, forMs: session.scale.runMs });
  return (writes * 1_000) / tookMs;
}

/** One run; gives the sorted waits of each way. */
async function runAt(session: Session, whole: WholeWay, order: { readonly fanOut: FanOut; readonly perSecond: number }) {
  const { fanOut, perSecond } = order;
  const count = Math.max(1, Math.round((perSecond * session.scale.latencyMs) / 1_000));
  const before = await whole.counts();
  await session.receiver.ask("note");
  const load = await whole.load.ask("open", { edits: whole.edits(fanOut, 1), perSecond, count });
  await whole.settle(before, count);
  const arrivals = await session.receiver.ask("noted");
  return Object.fromEntries(Object.entries(waysOf).map(([name, waitsOf]) => [name, waitsOf(load, arrivals).toSorted()]));
}

/** The first notification of a record is that of its first edit, and so on: a channel hears of a record in the order of the commits. */
function dueToReceiver(load: OpenLoopDone, { recordIds, arrivedAtMs }: Arrivals): Float64Array {
  const arrivals = Map.groupBy(arrivedAtMs.keys(), (index) => recordIds[index]);
  const taken = new Map<string, number>();
  const waits = load.recordIds.map((recordId, index) => {
    const place = taken.get(recordId) ?? 0;
    taken.set(recordId, place + 1);
    return (arrivedAtMs[arrivals.get(recordId)?.[place] ?? -1] ?? NaN) - (load.intendedAtMs[index] ?? NaN);
  });
  return Float64Array.from(waits.filter((wait) => !Number.isNaN(wait)));
}
