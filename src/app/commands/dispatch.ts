/** What the loops ask: to hand out and settle deliveries, to remove what is old. */
import type { Claim, Settlement } from "../../core/attempt.ts";

export type DispatchCommands = {
  /** Claims what is due; `nextDueAt` is when the next falls due, null when nothing waits. */
  "dispatch.claim": {
    input: { limit: number; leaseMs: number; skipChannelKeys: readonly number[] };
    output: { readonly claims: readonly Claim[]; readonly nextDueAt: number | null };
  };
  /** Gives back, per settlement, whether the claim still held. */
  "dispatch.settle": { input: { settlements: readonly Settlement[] }; output: readonly boolean[] };

  /** One step of removing what is older than `historyMs`, dead deliveries than `deadMs`. 0 removed: nothing is left to remove. */
  "retention.purge": { input: { historyMs: number; deadMs: number }; output: { readonly removed: number } };
};
