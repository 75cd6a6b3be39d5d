/** The servers that nodes share, for the bench: of its own, in temporary folders, every commit on disk; and what they and a process used so far. */
import { EngineRun } from "./engine-run.ts";
import type { NatsOrder } from "./engine-store.ts";
import { familyMs, hasProcessFigures, processorMs } from "./process-figures.ts";
import type { Measure } from "./figure.ts";
import type { Contender, Session } from "./session.ts";
import { findNats } from "../support/find-nats.ts";
import { findPostgres } from "../support/find-postgres.ts";
import { NatsServers } from "../support/nats.ts";
import { PostgresServer, query } from "../support/postgres.ts";

export const noPostgres = "PostgreSQL is not installed";
export const noNats = "nats-server is not installed";

/** null: it is not on this machine. */
export async function startDatabase(stack: AsyncDisposableStack): Promise<PostgresServer | null> {
  if (findPostgres() === null) return null;
  const settings = ["fsync=on", "synchronous_commit=on", "shared_buffers=256MB", "max_wal_size=2GB"];
  return stack.use(await PostgresServer.start([...settings, "shared_preload_libraries=pg_stat_statements"]));
}

/** null: it is not on this machine. */
export async function startBroker(stack: AsyncDisposableStack): Promise<NatsServers | null> {
  return findNats() === null ? null : stack.use(await NatsServers.start());
}

/** An empty database that counts its statements. */
export async function countingDatabase(server: PostgresServer): Promise<string> {
  const url = await server.bareDatabase();
  await query(url, "create extension pg_stat_statements");
  return url;
}

/** A delivery's; those of the warm-up are left out before. */
export function costMeasures(name: string, costs: readonly Costs[], nodes: string): readonly Measure[] {
  if (costs.length === 0) return [];
  const microseconds = (key: "databaseMs" | "nodeMs" | "brokerMs"): readonly number[] => costs.map((each) => each[key] * 1_000);
  const times: readonly Measure[] = [
    { name: `${name}: PostgreSQL's processors, a delivery`, unit: "µs", runs: microseconds("databaseMs") },
    { name: `${name}: the ${nodes}, a delivery`, unit: "µs", runs: microseconds("nodeMs") },
    { name: `${name}: NATS's, a delivery`, unit: "µs", runs: microseconds("brokerMs") },
  ];
  return [
    { name: `${name}: statements a delivery`, unit: "statements", runs: costs.map(({ statements }) => statements) },
    ...times.filter(({ runs }) => runs.some((value) => value > 0)),
  ];
}

/** Totals, of which differences are taken: by what they are, with their unit. */
type Totals = { readonly statements: number; readonly databaseMs: number; readonly nodeMs: number; readonly brokerMs: number };

const costNames = ["statements", "databaseMs", "nodeMs", "brokerMs"] as const satisfies readonly (keyof Totals)[];
/** What one delivery took of each. */
export type Costs = Readonly<Record<(typeof costNames)[number], number>>;

export type Servers = { readonly database: PostgresServer; readonly url: string; readonly broker: NatsServers | null };

/** null: the database hands out. */
export function natsOf({ broker }: Servers): NatsOrder | null {
  return broker === null ? null : { url: broker.url, replicas: broker.pids.length };
}

/** An engine over the servers, whose contenders note what each of their runs cost a delivery. */
export class CostedEngine {
  readonly #session: Session;
  readonly #engine: EngineRun;
  readonly #servers: Servers;

  private constructor(session: Session, engine: EngineRun, servers: Servers) {
    this.#session = session;
    this.#engine = engine;
    this.#servers = servers;
  }

  static async open(
    session: Session,
    stack: AsyncDisposableStack,
    opening: { readonly channels: readonly number[]; readonly servers: Servers },
  ): Promise<CostedEngine> {
    const { channels, servers } = opening;
    const store = { kind: "shared", url: servers.url, nats: natsOf(servers) } as const;
    return new CostedEngine(session, await EngineRun.open(session, stack, { channels, store }), servers);
  }

  contender(name: string, fanOut: { readonly module: string; readonly channels: number }): Contender & { readonly costs: Costs[] } {
    const costs: Costs[] = [];
    const inner = this.#engine.contender(name, fanOut, 1);
    const run = async (forMs: number): Promise<number> => {
      const owedBefore = this.#session.deliveries.owed;
      const before = await this.#read();
      const value = await inner.run(forMs);
      const after = await this.#read();
      costs.push(costsBetween(before, after, this.#session.deliveries.owed - owedBefore));
      return value;
    };
    return { name, run, costs };
  }

  #read(): Promise<Totals> {
    return readTotals(this.#servers, [this.#engine.pid]);
  }
}

/** Stands in a statement of the bench's own, which is not counted. */
export const beside = "/* beside pg_stat_statements */";

/** What the servers and these nodes used so far. */
export async function readTotals({ database, url, broker }: Servers, nodes: readonly number[]): Promise<Totals> {
  const [row] = await query(
    url,
    `select sum(calls) as calls from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) and query not like '%pg_stat_statements%'`,
  );
  const statements = Number(row?.["calls"]);
  if (!hasProcessFigures) return { statements, databaseMs: 0, nodeMs: 0, brokerMs: 0 };
  const sumOf = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + processorMs(pid), 0);
  return { statements, databaseMs: familyMs(database.pid), nodeMs: sumOf(nodes), brokerMs: sumOf(broker?.pids ?? []) };
}

export function costsBetween(before: Totals, after: Totals, deliveries: number): Costs {
  const spent = costNames.map((key) => [key, (after[key] - before[key]) / deliveries] as const);
  // The table of names has each of them.
  return Object.fromEntries(spent) as Costs;
}
