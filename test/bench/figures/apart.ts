/**
 * One process that writes and several that dispatch, over PostgreSQL without and with NATS JetStream: at as much as they take, and at half of that, where what is
 * asked for in vain shows. What a delivery costs all of them together.
 */
import { Apart, type ApartRun } from "../apart.ts";
import type { Measure, Outcome } from "../figure.ts";
import { type FanOut, fanOutsOf } from "../org.ts";
import type { Session } from "../session.ts";
import { type Servers, costMeasures, countingDatabase, noNats, noPostgres, startBroker, startDatabase } from "../shared-store.ts";

const dispatchers = 2;

type System = { readonly name: string; readonly apart: Apart };

export async function measureApart(session: Session): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const database = await startDatabase(stack);
  if (database === null) return { measures: [], skipped: [noPostgres] };
  const broker = await startBroker(stack);
  const channels = session.scale.sharedFanOuts;
  const open = async (name: string, nats: Servers["broker"]): Promise<System> => {
    const servers = { database, url: await countingDatabase(database), broker: nats };
    return { name, apart: await Apart.open(session, stack, { servers, dispatchers, channels }) };
  };
  const systems = [await open("PostgreSQL", null), ...(broker === null ? [] : [await open("PostgreSQL and JetStream", broker)])];
  const measures: Measure[] = [];
  for (const fanOut of fanOutsOf(channels)) measures.push(...(await measureFanOut(session, systems, fanOut)));
  const isSpeed = ({ unit }: Measure): boolean => unit === "deliveries/s";
  return {
    measures: [...measures.filter(isSpeed), ...measures.filter((measure) => !isSpeed(measure))],
    skipped: broker === null ? [`PostgreSQL and JetStream: ${noNats}`] : [],
  };
}

async function measureFanOut(session: Session, systems: readonly System[], fanOut: FanOut): Promise<readonly Measure[]> {
  const { apartMs, apartRounds } = session.scale;
  // Warm-up, thrown away.
  for (const { apart } of systems) await apart.run(fanOut, apartMs / 2, null);
  const full = new Map<string, ApartRun[]>(systems.map(({ name }) => [name, []]));
  const half = new Map<string, ApartRun[]>(systems.map(({ name }) => [name, []]));
  for (let round = 0; round < apartRounds; round += 1) {
    for (const { name, apart } of systems) full.get(name)?.push(await apart.run(fanOut, apartMs, null));
    // The same for all: half of what the slowest of them takes.
    const slowest = Math.min(...[...full.values()].flat().map(({ perSecond }) => perSecond));
    const rate = slowest / fanOut.channels / 2;
    for (const { name, apart } of systems) half.get(name)?.push(await apart.run(fanOut, apartMs, rate));
    session.say(`round ${round + 1}: fan-out ${fanOut.channels}, ${Math.round(slowest)} deliveries/s and half of it`);
  }
  return [...measuresOf(full, `fan-out ${fanOut.channels}`), ...measuresOf(half, `fan-out ${fanOut.channels}, half load`)];
}

function measuresOf(runs: ReadonlyMap<string, readonly ApartRun[]>, load: string): readonly Measure[] {
  return [...runs].flatMap(([system, all]) => {
    const name = `${system}, ${load}`;
    const speed: Measure = { name, unit: "deliveries/s", runs: all.map(({ perSecond }) => perSecond) };
    return [
      speed,
      ...costMeasures(
        name,
        all.map(({ costs }) => costs),
        "nodes'",
      ),
    ];
  });
}
