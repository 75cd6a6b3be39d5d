/** How much the cluster is asked for while faults fall: as little as shows what a fault does, or so much that nothing has time to spare. */
import type { Watch } from "../load/answered-ledger.ts";
import { type Target, heavyWatches, steadyWatches } from "../load/channel-orders.ts";

export const loadNames = ["light", "heavy"] as const;
export type LoadName = (typeof loadNames)[number];

export type LoadPlan = {
  readonly orgs: readonly string[];
  readonly writersPerOrg: number;
  /** Between two requests of one client, so that what is measured is the cluster's and not the machine's. */
  readonly pauseMsMax: number;
  /** Nobody writes while more is owed to receivers that answer well: what takes long then is not what was to be measured. */
  readonly owedMax: number;
  /** Channels an org that their clients do not leave alone. */
  readonly tendedPerOrg: number;
  /** How long such a client rests before it begins with a new channel: those that it left behind hear of every change too. */
  readonly retiredMs: number;
  /** Ports of the receiver, each an origin of its own. */
  readonly origins: number;
  /** The channels of each org that stand still. */
  readonly steady: () => readonly (readonly [Target, Watch])[];
  /** How many of the rounds are storms: several faults of each area, one right after another, those of the areas side by side. */
  readonly stormShare: number;
};

export const loadPlans: Readonly<Record<LoadName, LoadPlan>> = {
  light: {
    orgs: ["acme", "bolt", "cedar"],
    writersPerOrg: 2,
    pauseMsMax: 160,
    owedMax: 10_000,
    tendedPerOrg: 1,
    retiredMs: 1_000,
    origins: 1,
    steady: () => Object.entries(steadyWatches()).map(([path, watch]) => [{ path, origin: 0 }, watch]),
    stormShare: 0,
  },
  heavy: {
    orgs: ["acme", "bolt", "cedar", "delta", "ember", "fjord"],
    writersPerOrg: 6,
    pauseMsMax: 300,
    owedMax: 1_000,
    tendedPerOrg: 2,
    retiredMs: 8_000,
    origins: 5,
    steady: heavyWatches,
    stormShare: 0.3,
  },
};
