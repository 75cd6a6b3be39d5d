/** What the loops ask: to hand out and settle deliveries, to remove what is old. */
import type { Claim, Settlement } from "../../core/attempt.ts";
import type { ClaimRoom, PassedOver } from "../../core/claim-room.ts";

export type DispatchCommands = {
  /**
   * Claims what is due and has room. `nextDueAt`: when the next falls due of what still has room, null when nothing of it waits.
   * `holder`: the node that holds what is claimed; absent or null: the only one. `passedOver`: channels that are due and whose origin has no room left, at least one where there are any.
   */
  "dispatch.claim": {
    input: { limit: number; leaseMs: number; room: ClaimRoom; holder?: string | null };
    output: { readonly claims: readonly Claim[]; readonly passedOver: readonly PassedOver[]; readonly nextDueAt: number | null };
  };
  /** Gives back, per settlement, whether the claim still held. */
  "dispatch.settle": { input: { settlements: readonly Settlement[] }; output: readonly boolean[] };

  /** `leader`, here and elsewhere: the node that makes the step, which fails if it does not lead; absent or null: the only one. One step of removing what is older than `historyMs`, dead deliveries than `deadMs`. 0 removed: nothing is left to remove. */
  "retention.purge": { input: { historyMs: number; deadMs: number; leader?: string | null }; output: { readonly removed: number } };
};
