/** One edit after another, with nothing else to do: what a change costs in time when the server is at rest. */
import type { Outcome } from "../figure.ts";
import { fanOutsOf } from "../org.ts";
import type { Session } from "../session.ts";
import { quantile } from "../statistics.ts";
import { WholeWay } from "../whole-way.ts";

export async function measureSingleEdits(session: Session): Promise<Outcome> {
  const fanOuts = fanOutsOf([1]);
  await using whole = await WholeWay.open(session, fanOuts);
  const [fanOut] = fanOuts;
  if (fanOut === undefined) throw new Error("there is no fan-out 1");
  const edits = whole.edits(fanOut, 1);
  const count = session.scale.singleEdits;
  await whole.run({ fanOut, recordsPerWrite: 1, forMs: session.scale.warmUpMs });
  const before = await whole.counts();
  await session.receiver.ask("note");
  const startedMs = performance.now();
  await whole.load.ask("oneByOne", { edits, count });
  await whole.settle(before, count);
  const tookMs = performance.now() - startedMs;
  const { arrivedAtMs, committedAtMs } = await session.receiver.ask("noted");
  const waits = arrivedAtMs.map((at, index) => at - (committedAtMs[index] ?? NaN)).toSorted();
  return {
    measures: [
      { name: "commit → receiver, p50", unit: "ms", runs: [quantile(waits, 0.5)] },
      { name: "commit → receiver, p99", unit: "ms", runs: [quantile(waits, 0.99)] },
      { name: "commit → receiver, max", unit: "ms", runs: [quantile(waits, 1)] },
      { name: "one after another", unit: "edits/s", runs: [(count * 1_000) / tookMs] },
    ],
  };
}
