/** What an installation of a given load takes: machines, counted by whatever needs most of them, and money. */
import { costs, perChange } from "./costs.ts";
import { type Fleet, type Load, attemptsPerDelivery, attemptsPerSecond, fullestShard, resourcesOf, zipfShares } from "./model.ts";
import {
  brokersPerShard,
  busyMax,
  databasesPerShard,
  keptBytesMax,
  prices,
  processesPerMachine,
  secondsPerMonth,
  walBytesPerSecondMax,
} from "./prices.ts";

export type Installation = {
  readonly orgs: number;
  readonly zipfExponent: number;
  readonly load: Load;
  /** How long history is kept, in seconds. */
  readonly keptSeconds: number;
};

/** How many of a thing one reason asks for. */
export type Need = { readonly reason: string; readonly count: number };
export type Position = { readonly what: string; readonly count: number; readonly dollars: number };
export type Plan = {
  readonly processes: readonly Need[];
  readonly shards: readonly Need[];
  /** The fullest shard's load as a multiple of the mean; the needs of shards have it in. */
  readonly fullest: number;
  readonly keptBytes: number;
  readonly positions: readonly Position[];
  readonly dollars: number;
};

/** What one process, one processor of a database and one disk do: how much of them the load needs is what is asked. */
const unit: Fleet = { size: "shared", processes: 1, databaseProcessors: 1, syncsPerSecond: 1 };
const bytesPerTb = 1e12;

export function planOf({ orgs, zipfExponent, load, keptSeconds }: Installation): Plan {
  const attempts = load.fanOut * attemptsPerDelivery(load.failureShare);
  const units = new Map(
    resourcesOf(load, unit).map(({ name, usedPerSecond, capacityPerSecond }) => [name, usedPerSecond / capacityPerSecond / busyMax]),
  );
  const needOf = (reason: string): Need => ({ reason, count: Math.ceil(units.get(reason) ?? 0) });
  const processes = [needOf("main threads"), needOf("POSTs under way")];

  const keptBytes = load.changesPerSecond * keptSeconds * perChange(costs.shared.keptBytes, attempts);
  const bare = {
    "PostgreSQL's processors": (units.get("PostgreSQL's processors") ?? 0) / prices.database.processors,
    "PostgreSQL's log ahead": (load.changesPerSecond * perChange(costs.shared.walBytes, attempts)) / walBytesPerSecondMax / busyMax,
    "history kept": keptBytes / keptBytesMax,
  };
  const fullest = fullestShard(zipfShares(orgs, zipfExponent), Math.max(2, Math.ceil(Math.max(...Object.values(bare)))));
  const shards = Object.entries(bare).map(([reason, count]) => ({ reason, count: Math.ceil(count * fullest) }));

  const processCount = mostOf(processes);
  const shardCount = mostOf(shards);
  const sentTb = (attemptsPerSecond(load) * costs.wire.delivery.value * secondsPerMonth) / bytesPerTb;
  const positions = [
    positionOf("node", Math.ceil(processCount / processesPerMachine)),
    positionOf("database", shardCount * databasesPerShard),
    positionOf("storage", Math.ceil((keptBytes / bytesPerTb) * databasesPerShard)),
    positionOf("broker", shardCount * brokersPerShard),
    positionOf("traffic", Math.ceil(sentTb)),
  ];
  const dollars = positions.reduce((sum, position) => sum + position.dollars, 0);
  return { processes, shards, fullest, keptBytes, positions, dollars };
}

export function mostOf(needs: readonly Need[]): number {
  return Math.max(...needs.map(({ count }) => count));
}

function positionOf(name: keyof typeof prices, count: number): Position {
  const { what, dollars } = prices[name];
  return { what, count, dollars: count * dollars };
}
