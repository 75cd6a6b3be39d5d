/** What the formulas say beside what the simulation says, and how far apart they may be. */
import { limits } from "../../src/core/limits.ts";
import { type Load, erlangC, fullestShard, meanOf, slotsBusy, threadWait, usualLatency, zipfShares } from "./model.ts";
import { exponential, simulateDispatch, simulateShards } from "./simulation.ts";
import type { Random } from "../fuzz/random.ts";

export type Comparison = {
  readonly what: string;
  readonly formula: number;
  readonly simulated: number;
  /** Of the formula's value. */
  readonly tolerance: number;
};

const hour = 3_600_000;
const unbounded = Number.MAX_SAFE_INTEGER;

/** An answer's time by chance, from the shares of a latency. */
function drawn(random: Random): number {
  let left = random.next();
  for (const { share, ms } of usualLatency) {
    left -= share;
    if (left < 0) return ms;
  }
  return usualLatency.at(-1)?.ms ?? 0;
}

export function comparisons(): readonly Comparison[] {
  return [...slots(), ...bounds(), ...thread(), ...shards()];
}

/** A node's 256 slots under the usual mixture of receivers, over many channels. */
function slots(): readonly Comparison[] {
  const load: Load = { changesPerSecond: 2_000, fanOut: 1, latency: usualLatency, failureShare: 0 };
  const channels = Array.from({ length: 500 }, () => 4);
  const run = simulateDispatch({
    seed: 7,
    slots: limits.deliveriesInFlightMax,
    slotsPerChannel: limits.deliveriesInFlightPerChannelMax,
    channels,
    holdMs: drawn,
    forMs: hour / 6,
  });
  return [{ what: "slots busy at 2,000 deliveries/s, receivers as above", formula: slotsBusy(load), simulated: run.busy, tolerance: 0.05 }];
}

/** Slots that a channel has to itself, and what it gets of them when it is owed more. */
function bounds(): readonly Comparison[] {
  const slotsPerChannel = limits.deliveriesInFlightPerChannelMax;
  const holdMs = (random: Random): number => exponential(random, 50);
  const common = { seed: 11, slots: limits.deliveriesInFlightMax, slotsPerChannel, holdMs };
  const used = simulateDispatch({ ...common, channels: [256], forMs: hour });
  const { waitShare, meanWait } = erlangC(slotsPerChannel, 256 * 0.05);
  const over = simulateDispatch({ ...common, channels: [1_000, 40], forMs: hour / 20 });
  const slow = simulateDispatch({ ...common, slotsPerChannel: unbounded, channels: [8_000], holdMs: drawn, forMs: hour / 30 });
  return [
    { what: "share that waits at a channel with 80 % of its 16 slots busy", formula: waitShare, simulated: used.waitShare, tolerance: 0.1 },
    { what: "mean wait there, ms", formula: meanWait * 50, simulated: used.meanWaitMs, tolerance: 0.15 },
    {
      what: "deliveries/s of a channel owed 1,000, at 50 ms",
      formula: slotsPerChannel / 0.05,
      simulated: over.endedPerSecond[0] ?? 0,
      tolerance: 0.03,
    },
    { what: "deliveries/s of its quiet neighbour, owed 40", formula: 40, simulated: over.endedPerSecond[1] ?? 0, tolerance: 0.03 },
    {
      what: "deliveries/s of a node whose slots are all taken, receivers as above",
      formula: (limits.deliveriesInFlightMax * 1_000) / meanOf(usualLatency),
      simulated: slow.endedPerSecond[0] ?? 0,
      tolerance: 0.05,
    },
  ];
}

/** One thread that takes as long for each, used to 60 % and to 90 %. */
function thread(): readonly Comparison[] {
  return [0.6, 0.9].map((used) => {
    const one = { seed: 13, slots: 1, slotsPerChannel: 1, holdMs: () => 1 };
    const run = simulateDispatch({ ...one, channels: [used * 1_000], forMs: hour / 6 });
    return {
      what: `mean wait before a thread used to ${used * 100} %, in service times`,
      formula: threadWait(used),
      simulated: run.meanWaitMs,
      tolerance: 0.1,
    };
  });
}

/** Orgs spread over shards by chance. */
function shards(): readonly Comparison[] {
  return [0.6, 0.8, 1].map((exponent) => {
    const shares = zipfShares(100_000, exponent);
    const simulated = simulateShards(shares, 10, { seed: 17, times: 40 });
    return {
      what: `the fullest of 10 shards, 100,000 orgs, exponent ${exponent}`,
      formula: fullestShard(shares, 10),
      simulated,
      tolerance: 0.2,
    };
  });
}
