/** The engine over PostgreSQL, without and with NATS JetStream, beside C1 and the embedded one; and what a delivery costs each server. */
import { c1Name, openC1 } from "../ceilings.ts";
import { EngineRun } from "../engine-run.ts";
import type { Measure, Outcome } from "../figure.ts";
import { fanOutsOf } from "../org.ts";
import { type Contender, type Session, alternate, ratiosOf } from "../session.ts";
import {
  CostedEngine,
  type Costs,
  costMeasures,
  countingDatabase,
  noNats,
  noPostgres,
  startBroker,
  startDatabase,
} from "../shared-store.ts";

type Costed = Contender & { readonly costs?: readonly Costs[] };

export async function measureShared(session: Session): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const database = await startDatabase(stack);
  if (database === null) return { measures: [], skipped: [noPostgres] };
  const broker = await startBroker(stack);
  const channels = session.scale.sharedFanOuts;
  const embedded = await EngineRun.open(session, stack, { channels });
  const open = async (nats: typeof broker): Promise<CostedEngine> =>
    CostedEngine.open(session, stack, { channels, servers: { database, url: await countingDatabase(database), broker: nats } });
  const shared = await open(null);
  const distributed = broker === null ? null : await open(broker);
  const contenders = fanOutsOf(channels).flatMap((fanOut): readonly Costed[] => [
    embedded.contender(`embedded, fan-out ${fanOut.channels}`, fanOut, 1),
    shared.contender(`PostgreSQL, fan-out ${fanOut.channels}`, fanOut),
    ...(distributed === null ? [] : [distributed.contender(`PostgreSQL and JetStream, fan-out ${fanOut.channels}`, fanOut)]),
  ]);
  const runs = await alternate(session, [openC1(session, stack), ...contenders]);
  const c1 = runs.get(c1Name) ?? [];
  const speeds = contenders.map(({ name }): Measure => {
    const own = runs.get(name) ?? [];
    return { name, unit: "deliveries/s", runs: own, ratios: { "× C1": ratiosOf(own, c1) } };
  });
  const costs = contenders.flatMap(({ name, costs: all = [] }) => costMeasures(name, all.slice(1), "node's"));
  return {
    measures: [{ name: c1Name, unit: "requests/s", runs: c1 }, ...speeds, ...costs],
    skipped: broker === null ? [`PostgreSQL and JetStream: ${noNats}`] : [],
  };
}
