/** What is old is removed in small steps, so that no write waits long for one. */
import type { OrgKey } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";

export type PurgeOrder = {
  readonly org: OrgKey;
  /** In ms: what is older goes. */
  readonly before: number;
  /** Rows of one step. */
  readonly limit: number;
};

export type RetentionRows = {
  /** Removes deliveries that were delivered or cancelled, or are dead, with their attempts; gives how many. */
  purgeDeliveries(order: PurgeOrder & { readonly kind: "settled" | "dead" }): Awaitable<number>;
  purgeChanges(order: PurgeOrder): Awaitable<number>;
  /** Removes replays that ended before. */
  purgeReplays(order: PurgeOrder): Awaitable<number>;
  /** Removes what channels were before, but for what they were at that instant. */
  purgeVersions(order: PurgeOrder): Awaitable<number>;
  purgeLifecycle(order: PurgeOrder): Awaitable<number>;
  /** Makes ready the places where history will stand, and removes whole ones that are older than `before`, where a store has such. */
  arrange(order: { readonly now: number; readonly before: number }): Awaitable<void>;
  /** Removes channels that expired before and are owed nothing; gives their keys. */
  purgeChannels(order: PurgeOrder): Awaitable<readonly number[]>;
};
