/**
 * A replay sends again, by hand: deliveries that were made, or changes that a channel missed while it was not heard. It goes through
 * them in the order of their commits, at a bounded rate, and can be stopped.
 *
 *   counting ───► running ───► done
 *       └────────────┴───────► cancelled
 */
import type { DeliveryStatus } from "./delivery.ts";
import type { Id } from "./ids.ts";

export const replayKinds = ["deliveries", "missed"] as const;
/** `deliveries`: what was owed once. `missed`: what would have been owed had the channel been heard. */
export type ReplayKind = (typeof replayKinds)[number];

export const replayStates = ["counting", "running", "done", "cancelled"] as const;
export type ReplayState = (typeof replayStates)[number];

/** Which ones; null: any. `missed` names a channel, and has no record or status. */
export type ReplayFilter = {
  readonly channelKey: number | null;
  /** The client's own id of the channel. */
  readonly channelId: string | null;
  readonly module: string | null;
  readonly recordId: Id | null;
  readonly status: DeliveryStatus | null;
  /** Committed at or after, and before, in ms. */
  readonly from: number | null;
  readonly until: number;
};

export type Replay = {
  readonly id: number;
  readonly what: ReplayKind;
  readonly filter: ReplayFilter;
  readonly ratePerSecond: number;
  readonly state: ReplayState;
  /** Where the next step begins: an id of a delivery or a change. */
  readonly nextId: number;
  /** How many there are, as far as they have been counted. */
  readonly counted: number;
  readonly sent: number;
  /** Found, and not sent: the channel is gone or not heard, or was sent them by another replay meanwhile. */
  readonly skipped: number;
  readonly createdAt: number;
  /** null until it is done or cancelled. */
  readonly finishedAt: number | null;
};

/** What a step of a replay came to. `nextId` null: it reached the end. */
export type StepDone = { readonly found: number; readonly sent: number; readonly nextId: number | null };

/** The replay after a step at `now`, begun anew at `firstId` when the counting is over. */
export function afterStep(replay: Replay, done: StepDone, { now, firstId }: { now: number; firstId: number }): Replay {
  if (replay.state === "counting") {
    const counted = replay.counted + done.found;
    return done.nextId === null ? { ...replay, counted, state: "running", nextId: firstId } : { ...replay, counted, nextId: done.nextId };
  }
  const moved = { ...replay, sent: replay.sent + done.sent, skipped: replay.skipped + done.found - done.sent };
  return done.nextId === null ? { ...moved, state: "done", finishedAt: now } : { ...moved, nextId: done.nextId };
}

/** Whether it has steps to make. */
export function isUnderWay(replay: Pick<Replay, "state">): boolean {
  return replay.state === "counting" || replay.state === "running";
}
