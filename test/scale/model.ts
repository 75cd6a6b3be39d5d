/**
 * How much each size bears: closed formulas over `costs.ts`. A load is turned into work for each resource a second; what a resource can do bounds it, and the one that is
 * used most saturates first. `simulation.ts` checks the formulas.
 */
import { limits } from "../../src/core/limits.ts";
import { costs, perChange } from "./costs.ts";
import { walBytesPerSecondMax } from "./prices.ts";

/** A share of the answers, and how long each takes, in ms. */
export type Latency = readonly { readonly share: number; readonly ms: number }[];

export type Load = {
  readonly changesPerSecond: number;
  /** Channels that hear a change. */
  readonly fanOut: number;
  readonly latency: Latency;
  /** Of the attempts, those that fail. */
  readonly failureShare: number;
};

/** Most receivers are quick, some are not, and one in a thousand answers after the longest wait that there is. */
export const usualLatency: Latency = [
  { share: 0.9, ms: 50 },
  { share: 0.099, ms: 300 },
  { share: 0.001, ms: limits.attemptTimeoutMs },
];

export type Resource = { readonly name: string; readonly usedPerSecond: number; readonly capacityPerSecond: number };
export type Size = "embedded" | "shared" | "distributed";

/** What the size is made of; `embedded` has one process and no processors of a database. */
export type Fleet = {
  readonly size: Size;
  readonly processes: number;
  readonly databaseProcessors: number;
  readonly syncsPerSecond: number;
};

const microsPerSecond = 1_000_000;
const attemptsMax = 10;

export function meanOf(latency: Latency): number {
  return latency.reduce((sum, { share, ms }) => sum + share * ms, 0);
}

/** Attempts that a delivery takes when each fails with this chance by itself, up to the last one that there is. */
export function attemptsPerDelivery(failureShare: number): number {
  return (1 - failureShare ** attemptsMax) / (1 - failureShare);
}

export function attemptsPerSecond({ changesPerSecond, fanOut, failureShare }: Load): number {
  return changesPerSecond * fanOut * attemptsPerDelivery(failureShare);
}

/** POSTs under way at a time (Little). */
export function slotsBusy(load: Load): number {
  return (attemptsPerSecond(load) * meanOf(load.latency)) / 1_000;
}

/** What the load asks of each resource, and what there is of it. An attempt that fails costs what one that succeeds does. */
export function resourcesOf(load: Load, fleet: Fleet): readonly Resource[] {
  const attempts = load.fanOut * attemptsPerDelivery(load.failureShare);
  const isEmbedded = fleet.size === "embedded";
  const of = isEmbedded ? costs.embedded : costs.shared;
  const used = (cost: (typeof of)["mainThread"]): number => load.changesPerSecond * perChange(cost, attempts);
  const syncs = isEmbedded ? costs.syncs.embedded : costs.syncs.shared;
  const common: readonly Resource[] = [
    { name: "main threads", usedPerSecond: used(of.mainThread), capacityPerSecond: fleet.processes * microsPerSecond },
    {
      name: isEmbedded ? "store's thread" : "nodes' other threads",
      usedPerSecond: used(of.otherThreads),
      capacityPerSecond: fleet.processes * microsPerSecond,
    },
    { name: "POSTs under way", usedPerSecond: slotsBusy(load), capacityPerSecond: fleet.processes * limits.deliveriesInFlightMax },
    // With all places in a batch taken: batches grow with the load, so the syncs counted at a small one do not bound a large one.
    {
      name: "syncs of full batches",
      usedPerSecond: Math.min(used(syncs), (load.changesPerSecond * (1 + attempts)) / limits.commandsPerCommitMax),
      capacityPerSecond: fleet.syncsPerSecond,
    },
  ];
  if (isEmbedded) return common;
  return [
    ...common,
    {
      name: "PostgreSQL's processors",
      usedPerSecond: used(costs.shared.database),
      capacityPerSecond: fleet.databaseProcessors * microsPerSecond,
    },
    { name: "PostgreSQL's log ahead", usedPerSecond: used(costs.shared.walBytes), capacityPerSecond: walBytesPerSecondMax },
  ];
}

export function utilisation({ usedPerSecond, capacityPerSecond }: Resource): number {
  return usedPerSecond / capacityPerSecond;
}

/** The resources, the most used first. */
export function byUse(resources: readonly Resource[]): readonly Resource[] {
  return resources.toSorted((one, other) => utilisation(other) - utilisation(one));
}

/** The most changes a second that the fleet bears, and what is then used up, and what would be next. */
export function saturation(load: Load, fleet: Fleet): { readonly changesPerSecond: number; readonly first: string; readonly next: string } {
  const one = byUse(resourcesOf({ ...load, changesPerSecond: 1 }, { ...fleet }));
  const [first, next] = [one[0], one[1]];
  return { changesPerSecond: first === undefined ? 0 : 1 / utilisation(first), first: first?.name ?? "", next: next?.name ?? "" };
}

/** Changes a second of one org over PostgreSQL: its writes come one after another, and each holds the org's row while the node and the database work for it. */
export function orgChangesPerSecondMax(fanOut: number): number {
  const { mainThread, database } = costs.shared;
  return microsPerSecond / (perChange(mainThread, fanOut) + perChange(database, fanOut));
}

/** The shares of so many orgs, the largest first: the k-th has 1/k^exponent of the first's. */
export function zipfShares(orgs: number, exponent: number): Float64Array {
  const shares = Float64Array.from({ length: orgs }, (_, index) => (index + 1) ** -exponent);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / whole);
}

/**
 * The load of the fullest of so many shards, orgs being spread by chance, as a multiple of the mean. The very large orgs are counted singly: the largest stands in a shard
 * with its part of the rest, whose sums vary as those of many small ones do.
 */
export function fullestShard(shares: Float64Array, shards: number): number {
  const deviationOf = (from: number): number => {
    let squares = 0;
    for (let index = from; index < shares.length; index += 1) squares += (shares[index] ?? 0) ** 2;
    return Math.sqrt(squares * (1 / shards) * (1 - 1 / shards));
  };
  const largest = shares[0] ?? 0;
  const byChance = 1 / shards + Math.sqrt(2 * Math.log(shards)) * deviationOf(0);
  const byLargest = largest + (1 - largest) / shards;
  return Math.max(byChance, byLargest) * shards;
}

/** The chance that an arrival waits for one of `slots`, of which `busy` are on the mean (Erlang's C), and its mean wait in holding times. */
export function erlangC(slots: number, busy: number): { readonly waitShare: number; readonly meanWait: number } {
  if (busy >= slots) return { waitShare: 1, meanWait: Number.POSITIVE_INFINITY };
  let blocked = 1;
  for (let count = 1; count <= slots; count += 1) blocked = (busy * blocked) / (count + busy * blocked);
  const waitShare = blocked / (1 - (busy / slots) * (1 - blocked));
  return { waitShare, meanWait: waitShare / (slots - busy) };
}

/** The mean wait before one thread that takes the same time for each, in service times (Pollaczek and Khinchine). */
export function threadWait(used: number): number {
  return used >= 1 ? Number.POSITIVE_INFINITY : used / (2 * (1 - used));
}
