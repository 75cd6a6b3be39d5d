/** What the loops ask: to hand out and settle deliveries, to remove what is old. */
import type { Claim, ClaimKey, ClaimTarget, Settlement } from "../../core/attempt.ts";
import type { ClaimRoom, PassedOver } from "../../core/claim-room.ts";

export type DispatchCommands = {
  /**
   * Claims what is due and has room. `nextDueAt`: when the next falls due of what still has room, null when nothing of it waits.
   * `holder`: the node that holds what is claimed; absent or null: the only one, or whoever gets the message that it goes into.
   * `passedOver`: channels that are due and whose origin has no room left, at least one where there are any. `takes: "new"`: only what is
   * made in the same batch, whoever else waits, unless the batch lets something go that waited; then it says nothing of what falls due. The input's
   * `nextDueAt`: when that is, so far as the asker knows, who has looked just now and heard of nothing since; absent: it is looked for. `mark`: what the
   * token ends with, so that who hears no answer can give back what was claimed (`nodes.free`); absent: by chance.
   */
  "dispatch.claim": {
    input: {
      limit: number;
      leaseMs: number;
      room: ClaimRoom;
      holder?: string | null;
      mark?: string;
      takes?: "due" | "new";
      nextDueAt?: number | null;
    };
    output: { readonly claims: readonly Claim[]; readonly passedOver: readonly PassedOver[]; readonly nextDueAt: number | null };
  };
  /**
   * Gives claims a new lease. `isAnew`: and a new token, so that who had the old one settles them no more; that is the token given with a suffix,
   * and `holder`, the node that holds it from then on, in front; who comes with the token alone may do it again. Says which of them still held, and where their channels deliver to now.
   */
  "dispatch.renew": {
    input: { claims: readonly ClaimKey[]; leaseMs: number; isAnew: boolean; holder?: string | null };
    output: {
      readonly held: readonly boolean[];
      readonly leaseUntil: number;
      /** What now stands in front of each token, and behind it; empty: nothing. */
      readonly prefix: string;
      readonly suffix: string;
      readonly targets: readonly ClaimTarget[];
    };
  };
  /** A name that no other store has, and every process over this one finds; it tells nothing else. */
  "dispatch.queueName": { input: Record<never, never>; output: string };
  /** Gives back, per settlement, whether the claim still held. */
  "dispatch.settle": { input: { settlements: readonly Settlement[] }; output: readonly boolean[] };

  /** `leader`, here and elsewhere: the node that makes the step, which fails if it does not lead; absent or null: the only one. One step of removing what is older than `historyMs`, dead deliveries than `deadMs`. 0 removed: nothing is left to remove. */
  "retention.purge": { input: { historyMs: number; deadMs: number; leader?: string | null }; output: { readonly removed: number } };
};
