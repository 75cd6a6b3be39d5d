/** What is asked to be sent again, from the filters that stand in the address. */
import type { ReplayOrder } from "../../api/replays.ts";

export type DeliveryFilters = {
  readonly org: string;
  readonly channel_key: string;
  readonly channel: string;
  readonly module: string;
  readonly record: string;
  readonly status: string;
  readonly from: string;
  readonly until: string;
};

export function replayOf(filters: DeliveryFilters): ReplayOrder {
  const { channel_key: channelKey, ...texts } = filters;
  const names = ["org", "channel", "module", "record", "status", "from", "until"] as const;
  const given = names.filter((name) => texts[name] !== "").map((name) => [name, texts[name]] as const);
  const key = /^\d+$/.test(channelKey) ? { channel_key: Number(channelKey) } : {};
  return { what: "deliveries", ...key, ...Object.fromEntries(given) };
}
