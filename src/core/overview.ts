/** How the whole store stands: what is owed, and how the channels fare. Counts stop at `limits.overviewCountMax`. */
import type { ChannelState } from "./channel.ts";
import type { DeliveryStatus } from "./delivery.ts";

export type Backlog = Readonly<Record<Extract<DeliveryStatus, "waiting" | "pending" | "claimed" | "dead">, number>>;

export type ExpiringChannel = {
  readonly channelKey: number;
  readonly channelId: string;
  readonly zgid: string;
  readonly expiresAt: number;
};

export type Overview = {
  readonly orgs: number;
  readonly backlog: Backlog;
  /** When the oldest delivery that is not settled was committed; null when nothing is owed. */
  readonly oldestPendingAt: number | null;
  /** Of those that have not expired. */
  readonly channels: Readonly<Record<ChannelState, number>>;
  /** Active channels to which the last attempt failed. */
  readonly failing: number;
  /** Active channels that expire within `limits.expiringSoonMs`, the soonest first, at most `limits.expiringShownMax`. */
  readonly expiring: readonly ExpiringChannel[];
};
