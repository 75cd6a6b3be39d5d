/** Counts for people who look on. Each stops at a bound, so that none of them keeps a write waiting for long. */
import type { ChannelState } from "../../core/channel.ts";
import type { Backlog, ExpiringChannel } from "../../core/overview.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";

export type OverviewRows = {
  /**
   * Counts up to `max` a status. Which of the owed are claimed is seen of the first `sampled` of them only. `oldestId` is the smallest id
   * of those that were looked at and are not settled; null when nothing is owed.
   */
  backlog(asked: {
    readonly org: OrgKey;
    readonly max: number;
    readonly sampled: number;
  }): Awaitable<{ readonly counts: Backlog; readonly oldestId: number | null }>;
  /** Channels that have not expired at `now`, up to `max` of them. */
  channelsByState(now: number, max: number): Awaitable<Readonly<Record<ChannelState, number>>>;
  /** Active channels to which the last attempt failed, up to `max`. */
  failingChannels(now: number, max: number): Awaitable<number>;
  /** Active channels that expire after `after` and at `until` at the latest, the soonest first. */
  expiring(asked: { readonly after: number; readonly until: number; readonly limit: number }): Awaitable<readonly ExpiringChannel[]>;
};
