import { Counter, type Registry } from "prom-client";
import { type DisableCause, disableCauses } from "../../core/channel.ts";

export const lifecycleEvents = ["channel.expiring", "channel.expired", "channel.disabled"] as const;
/** What a channel's owner is told of. */
export type LifecycleEvent = (typeof lifecycleEvents)[number];

export type LifecycleMetrics = {
  lifecycleNoted(event: LifecycleEvent): void;
  channelDisabled(cause: DisableCause): void;
};

export function createLifecycleMetrics(registry: Registry): LifecycleMetrics {
  const registers = [registry];
  const events = new Counter({
    name: "watchpost_channel_lifecycle_total",
    help: "Lifecycle events of channels, by event.",
    labelNames: ["event"],
    registers,
  });
  for (const event of lifecycleEvents) events.inc({ event }, 0);
  const disabled = new Counter({
    name: "watchpost_channels_disabled_total",
    help: "Channels that were disabled, by cause.",
    labelNames: ["cause"],
    registers,
  });
  for (const cause of disableCauses) disabled.inc({ cause }, 0);
  return { lifecycleNoted: (event) => events.inc({ event }), channelDisabled: (cause) => disabled.inc({ cause }) };
}
