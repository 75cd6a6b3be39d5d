/**
 * The port through which dispatch gets claims and tells their end. Whoever dispatches does not know who hands out: the store itself, or a
 * broker that was fed from it.
 */
import type { Input, Output } from "../app/commands.ts";
import type { ClaimKey, Settlement } from "../core/attempt.ts";

/** What dispatch has room for. */
export type ClaimAsk = Input<"dispatch.claim">;
export type Claimed = Output<"dispatch.claim">;

export type DeliveryQueue = {
  /**
   * Claims of what is due and has room. Rejects for a fault of the store. Over a store of one process alone two calls may be outstanding, each with
   * a batch of its own (`claimsOutstandingMax`); otherwise one.
   */
  claim(ask: ClaimAsk): Promise<Claimed>;
  /** Ends claims; gives back, per settlement, whether the claim still held. Rejects with nothing done. */
  settle(settlements: readonly Settlement[]): Promise<readonly boolean[]>;
  /** Says that claims end here without a settlement, for none would hold any more: nobody is to renew them, and their leases bring them back. */
  letGo(claims: readonly ClaimKey[]): void;
  /** Calls `listener` when there may be something to claim; gives back a function that stops it. */
  onClaimable(listener: () => void): () => void;
  /** Calls `listener` when a claim that is asked for at once costs least; gives back a function that stops it. */
  onGathering(listener: () => void): () => void;
  /** Hands out no more, and gives back what was handed to this process and not yet claimed; what is claimed is settled as ever. Twice is fine. */
  drain(): Promise<void>;
  /** Drains, and lets go of all. Twice is fine. */
  stop(): Promise<void>;
};
