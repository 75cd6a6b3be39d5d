/** Channels that people look for. Each answer stops at a bound, so that none of them keeps a write waiting for long. */
import type { ExpiringChannel } from "../../core/overview.ts";
import type { Awaitable } from "../store.ts";

export type OverviewRows = {
  /** Active channels that have not expired and to which the last attempt failed, up to `max`. */
  failingChannels(now: number, max: number): Awaitable<number>;
  /** Active channels that expire after `after` and at `until` at the latest, the soonest first. */
  expiring(asked: { readonly after: number; readonly until: number; readonly limit: number }): Awaitable<readonly ExpiringChannel[]>;
};
