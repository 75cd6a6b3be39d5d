/** What orgs were told of their channels, or would have been. */
import type { LifecycleEvent } from "../../core/lifecycle.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";

export type LifecycleRow = LifecycleEvent & { readonly id: number };

export type LifecycleRows = {
  /** Gives the event's id, larger than every earlier one. */
  insert(event: LifecycleEvent): Awaitable<number>;
  /** The largest id; 0 when there is no event. */
  lastId(): Awaitable<number>;
  /** Those of every org with a larger id, the oldest first. */
  after(id: number, limit: number): Awaitable<readonly LifecycleRow[]>;
  /** The newest first; null: of every org, of every channel. */
  list(listing: {
    readonly org: OrgKey | null;
    readonly channelKey: number | null;
    readonly beforeId: number;
    readonly limit: number;
  }): Awaitable<readonly LifecycleRow[]>;
};
