/** The engine: change in ► commit ► POST ► settled, without HTTP in front, against C1. */
import { c1Name, openC1 } from "../ceilings.ts";
import { EngineRun } from "../engine-run.ts";
import type { Measure, Outcome } from "../figure.ts";
import { fanOutsOf } from "../org.ts";
import { type Session, alternate, ratiosOf } from "../session.ts";
import { limits } from "../../../src/core/limits.ts";

export async function measureEngine(session: Session): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const { fanOuts } = session.scale;
  const engine = await EngineRun.open(session, stack, { channels: fanOuts });
  const singles = fanOutsOf(fanOuts).map((fanOut) => engine.contender(`engine, fan-out ${fanOut.channels}`, fanOut, 1));
  const bulks = fanOutsOf(fanOuts.slice(0, 1)).map((fanOut) => engine.contender(bulkName, fanOut, bulkRecords));
  const runs = await alternate(session, [openC1(session, stack), ...singles, ...bulks]);
  const c1 = runs.get(c1Name) ?? [];
  const measures = singles.map(({ name }): Measure => {
    const own = runs.get(name) ?? [];
    return { name, unit: "deliveries/s", runs: own, ratios: { "× C1": ratiosOf(own, c1) } };
  });
  const bulk = runs.get(bulkName) ?? [];
  const single = runs.get(singles[0]?.name ?? "") ?? [];
  return {
    measures: [
      { name: c1Name, unit: "requests/s", runs: c1 },
      ...measures,
      { name: bulkName, unit: "records/s", runs: bulk, ratios: { "× single edits": ratiosOf(bulk, single) } },
    ],
  };
}

export const bulkRecords = limits.recordsPerWriteMax;
const bulkName = `engine, bulk edits of ${bulkRecords}`;
