/** What more dispatch processes bring: a backlog drained by one and by four, with a receiver that takes its time and one that answers at once. */
import { type Crowd, Drain, type Drained } from "../drain.ts";
import type { Measure, Outcome } from "../figure.ts";
import { Part } from "../part.ts";
import type { ReceiverActs } from "../parts/receiver.ts";
import { type Session, ratiosOf } from "../session.ts";
import { noPostgres, startDatabase } from "../shared-store.ts";

const answerAfterMs = 50;
const processes = 4;

type Scenario = {
  readonly name: string;
  readonly crowd: Crowd;
  readonly answerAfterMs: number;
  /** POSTs that one process has under way to such a crowd. */
  readonly slots: number;
};

/** At 50 ms a process is bounded by its POSTs under way, and each process brings as many again. */
const scenarios: readonly Scenario[] = [
  { name: "one channel, 50 ms", crowd: { channels: 1, hosts: 1 }, answerAfterMs, slots: 16 },
  { name: "eight channels of one host, 50 ms", crowd: { channels: 8, hosts: 1 }, answerAfterMs, slots: 64 },
  { name: "sixteen channels of four hosts, 50 ms", crowd: { channels: 16, hosts: 4 }, answerAfterMs, slots: 128 },
  { name: "eight channels of one host, at once", crowd: { channels: 8, hosts: 1 }, answerAfterMs: 0, slots: 64 },
];

export async function measureScaling(session: Session): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const server = await startDatabase(stack);
  if (server === null) return { measures: [], skipped: [noPostgres] };
  const receiver = stack.use(new Part<ReceiverActs>("./parts/receiver.ts"));
  const crowds = scenarios.map(({ crowd }) => crowd);
  const one = await Drain.open(session, stack, { server, receiver, processes: 1, crowds });
  const many = await Drain.open(session, stack, { server, receiver, processes, crowds });
  const measures: Measure[] = [];
  for (const scenario of scenarios) {
    await receiver.ask("answerAfter", scenario.answerAfterMs);
    measures.push(...(await alternateDrains(session, scenario, { one, many })));
  }
  return { measures };
}

type Drains = { readonly one: Drain; readonly many: Drain };

async function alternateDrains(session: Session, scenario: Scenario, { one, many }: Drains): Promise<readonly Measure[]> {
  const { name, crowd } = scenario;
  const deliveries = deliveriesOf(session, scenario);
  // Warm-up, thrown away: as much for each process of the many as for the one, since each compiles its code for itself.
  await one.run(crowd, Math.ceil(deliveries / 4));
  await many.run(crowd, Math.ceil(deliveries / 4) * processes);
  const [alone, together]: [Drained[], Drained[]] = [[], []];
  for (let round = 0; round < session.scale.scalingRounds; round += 1) {
    alone.push(await one.run(crowd, deliveries));
    together.push(await many.run(crowd, deliveries));
    const said = [alone, together].map((drained) => describe(drained.at(-1)));
    session.say(`round ${round + 1}: ${name}: ${said.join("; ")}`);
  }
  const [aloneSpeeds, togetherSpeeds] = [speedsOf(alone), speedsOf(together)];
  return [
    { name: `${name}: 1 process`, unit: "deliveries/s", runs: aloneSpeeds },
    {
      name: `${name}: ${processes} processes`,
      unit: "deliveries/s",
      runs: togetherSpeeds,
      ratios: { "× 1 process": ratiosOf(togetherSpeeds, aloneSpeeds) },
    },
  ];
}

function speedsOf(drained: readonly Drained[]): readonly number[] {
  return drained.map(({ perSecond }) => perSecond);
}

function describe(drained: Drained | undefined): string {
  if (drained === undefined) return "";
  const { statements, databaseMs, nodeMs } = drained.costs;
  const each = `${statements.toFixed(2)} statements, ${Math.round(databaseMs * 1_000)} µs of PostgreSQL, ${Math.round(nodeMs * 1_000)} µs of nodes each`;
  return `${Math.round(drained.perSecond)} deliveries/s, ${each}`;
}

/** As many as one process takes so long for; at once each slot sends one every five milliseconds or so. */
function deliveriesOf({ scale }: Session, { slots, answerAfterMs: delayMs }: Scenario): number {
  const perSecond = (slots * 1_000) / Math.max(delayMs, 5);
  return Math.ceil((perSecond * scale.scalingMs) / 1_000);
}
