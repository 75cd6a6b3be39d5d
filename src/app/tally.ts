/** What a batch did, counted for the metrics and the log; it travels back with the batch's replies. */
import type { DisableCause } from "../core/channel.ts";
import type { OrgKey } from "../core/org.ts";

/** A way in which a delivery ends. */
export type EndState = "delivered" | "dead" | "cancelled";

export type ChannelDisabled = {
  readonly org: OrgKey;
  readonly channelKey: number;
  readonly channelId: string;
  readonly cause: DisableCause;
  /** The first failure since the last success. */
  readonly failingSince: number | null;
};

export type Tally = {
  /** Records that a write accepted, changed or not. */
  recordsWritten: number;
  changesCommitted: number;
  deliveriesMade: number;
  readonly settled: Record<EndState, number>;
  /** Heartbeats: each of them writes. */
  beats: number;
  readonly disabled: ChannelDisabled[];
};

export function newTally(): Tally {
  return {
    recordsWritten: 0,
    changesCommitted: 0,
    deliveriesMade: 0,
    settled: { delivered: 0, dead: 0, cancelled: 0 },
    beats: 0,
    disabled: [],
  };
}

/** Adds what one command did to what its batch did. */
export function addTally(sum: Tally, more: Tally): void {
  sum.recordsWritten += more.recordsWritten;
  sum.changesCommitted += more.changesCommitted;
  sum.deliveriesMade += more.deliveriesMade;
  for (const state of ["delivered", "dead", "cancelled"] as const) sum.settled[state] += more.settled[state];
  sum.beats += more.beats;
  sum.disabled.push(...more.disabled);
}
