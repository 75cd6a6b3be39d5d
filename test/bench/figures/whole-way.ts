/** The whole way: record PUT over HTTP ► commit ► POST ► settled, on the program as people run it, against C2. */
import { c2Name, openC2, perSecond } from "../ceilings.ts";
import type { Measure, Outcome } from "../figure.ts";
import { fanOutsOf } from "../org.ts";
import { type Contender, type Session, alternate, ratiosOf } from "../session.ts";
import { median } from "../statistics.ts";
import { WholeWay } from "../whole-way.ts";
import { bulkRecords } from "./engine.ts";

export async function measureWholeWay(session: Session): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const fanOuts = fanOutsOf(session.scale.fanOuts);
  const whole = stack.use(await WholeWay.open(session, fanOuts));
  const singles = fanOuts.map((fanOut): Contender => {
    const run = async (forMs: number) => {
      const { writes, tookMs } = await whole.run({ fanOut, recordsPerWrite: 1, forMs });
      return perSecond(writes * fanOut.channels, tookMs);
    };
    return { name: `whole way, fan-out ${fanOut.channels}`, run };
  });
  const bulks = fanOuts.slice(0, 1).map((fanOut): Contender => {
    const run = async (forMs: number) => {
      const { writes, tookMs } = await whole.run({ fanOut, recordsPerWrite: bulkRecords, forMs });
      return perSecond(writes * bulkRecords, tookMs);
    };
    return { name: bulkName, run };
  });
  const runs = await alternate(session, [await openC2(session, stack), ...singles, ...bulks]);
  await whole.checkSettled();
  const c2 = runs.get(c2Name) ?? [];
  const single = runs.get(singles[0]?.name ?? "") ?? [];
  const bulk = runs.get(bulkName) ?? [];
  session.wholeWayPerSecond = median(single);
  const measures = singles.map(({ name }): Measure => {
    const own = runs.get(name) ?? [];
    return { name, unit: "deliveries/s", runs: own, ratios: { "× C2": ratiosOf(own, c2) } };
  });
  return {
    measures: [
      { name: c2Name, unit: "requests/s", runs: c2 },
      ...measures,
      { name: bulkName, unit: "records/s", runs: bulk, ratios: { "× single edits": ratiosOf(bulk, single) } },
    ],
  };
}

const bulkName = `whole way, bulk edits of ${bulkRecords}`;
