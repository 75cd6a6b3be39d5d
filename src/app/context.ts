/** What a use case works with: one transaction, one instant, and what was made once for the thread. */
import type { Random } from "../core/clock.ts";
import type { Hand } from "../core/hand.ts";
import type { RetrySchedule } from "../core/retry.ts";
import type { Tx } from "../store/store.ts";
import type { Directory } from "./directory.ts";
import type { Tally } from "./tally.ts";
import type { TargetGuard } from "./target-guard.ts";

export type Context = {
  readonly tx: Tx;
  /** The instant of the commit, in ms. */
  readonly now: number;
  readonly directory: Directory;
  readonly guard: TargetGuard;
  readonly schedule: RetrySchedule;
  readonly random: Random;
  /** How long a channel's target may fail before it is disabled. */
  readonly failingMs: number;
  /** Takes what this command makes, before the batch's claim takes the rest; null: nobody claims in this batch any more. */
  readonly hand: Hand | null;
  /** What this command did, for the metrics; what a command undoes is not counted. */
  readonly tally: Tally;
  /** Says that a delivery has become due, so that a hint goes out after the commit. */
  noteDelivery(): void;
  /** Says that all that is due and has room here has been claimed. `isAnyLeft`: some had none, and another process may have it. */
  noteAllClaimed(claimed: { readonly isAnyLeft: boolean }): void;
  /** Says that a notice may fall due earlier than before, or that a lifecycle event is there to be told. */
  noteNotice(): void;
};
