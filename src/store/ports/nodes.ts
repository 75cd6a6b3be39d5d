/** The processes that share the store: who lives, who leads, and what a dead one leaves to the others. */
import type { NodeView } from "../../core/node.ts";
import type { Awaitable } from "../store.ts";

export type NodeRows = {
  join(node: Pick<NodeView, "id" | "roles"> & { readonly joinedAt: number }): Awaitable<void>;
  /** Counts one more sign of life; false: the others have taken it for dead. */
  beat(id: string): Awaitable<boolean>;
  /** All of them, by id. */
  all(): Awaitable<readonly NodeView[]>;
  /**
   * Removes a node and gives up its lead; what it had claimed is due at once. `beats` not null: only if it gave no further sign of life. Gives
   * how many claims were given back; null: the node was gone, or lives. `leaseUntil`: no claim that was made by `now` is held for longer.
   */
  remove(gone: {
    readonly id: string;
    readonly beats: number | null;
    readonly now: number;
    readonly leaseUntil: number;
  }): Awaitable<number | null>;
  /** Makes due at once what is claimed under the tokens; gives how much. `leaseUntil`: as above. */
  free(claimed: { readonly tokens: readonly string[]; readonly now: number; readonly leaseUntil: number }): Awaitable<number>;
  /** Takes the lead if nobody has it; gives who has it now. */
  takeLead(id: string): Awaitable<string>;
  /** Gives up the lead, if the node has it. */
  giveUpLead(id: string): Awaitable<void>;
  /** Whether the node leads; if so nobody takes the lead from it before this transaction's end. */
  holdLead(id: string): Awaitable<boolean>;
};
