/** What a process that shares the store says of itself, and hears of the others. */
import type { NodeView } from "../../core/node.ts";

export type NodeCommands = {
  /** Joins under a new id. */
  "nodes.join": { input: { roles: string }; output: { readonly id: string } };
  /** A sign of life. `isCandidate`: takes the lead if nobody has it. null: the others have taken it for dead. */
  "nodes.beat": {
    input: { id: string; isCandidate: boolean };
    output: { readonly nodes: readonly NodeView[]; readonly isLeader: boolean } | null;
  };
  /**
   * Removes a node: its claims are due at once, and its lead is anybody's. `beats` null: it goes by itself; else it is removed only if it gave
   * no sign of life since. `released`: the claims that were given back; null: it was gone, or lives.
   */
  "nodes.remove": { input: { id: string; beats: number | null }; output: { readonly released: number | null } };
  /** Gives back what was claimed under tokens that nobody settles, for whoever claimed it never heard of it. Twice is fine. */
  "nodes.free": { input: { tokens: readonly string[] }; output: { readonly freed: number } };
  "nodes.giveUpLead": { input: { id: string }; output: null };
};
