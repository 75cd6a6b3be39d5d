/** Stores and removes channels, in step with the index of watchers, with what is owed to them, and with the memory of what they were. */
import type { Channel, ChannelStanding } from "../core/channel.ts";
import type { OrgKey } from "../core/org.ts";
import type { ChannelRow } from "../store/ports/channels.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";

/** The number of a channel that is made. */
export async function newChannelKey({ tx }: Context): Promise<number> {
  return tx.orgs.takeNumbers({ org: 0, name: "channel", start: 1, count: 1 });
}

/** Stores the channel; what is still owed for modules it no longer watches is cancelled. `before` null: it is new. */
export async function putChannel(
  context: Context,
  home: Home,
  { before, channel }: { readonly before: ChannelRow | null; readonly channel: ChannelRow },
): Promise<void> {
  await context.tx.channels.put(channel);
  await context.directory.noteChannel(context.tx, home.org.key, channel);
  await noteStanding(context, home.org.key, channel);
  if (channel.nextNoticeAt !== null) context.noteNotice();
  if (before !== null && before.state !== channel.state) {
    await context.tx.deliveries.wake(home.org.key, channel.key, context.now);
    context.noteDelivery();
  }
  for (const { module } of before?.subscriptions ?? []) {
    if (channel.subscriptions.some((subscription) => subscription.module === module)) continue;
    await cancel(context, channel, module);
  }
}

/** Removes the channel; what is still owed to it is cancelled. */
export async function removeChannel(context: Context, home: Home, channel: ChannelRow): Promise<void> {
  await context.tx.channels.remove(home.org.key, channel.key);
  await cancel(context, channel, null);
  await context.directory.noteGone(context.tx, home.org.key, channel.key);
  await noteGone(context, home.org.key, channel.key);
}

/** Notes what matching knows of the channel from now on. */
export async function noteStanding(context: Context, org: OrgKey, channel: Channel): Promise<void> {
  await context.tx.channels.insertVersion({ org, channelKey: channel.key, at: context.now, channel: standingOf(channel) });
}

/** Notes that the channel is there no more. */
export async function noteGone(context: Context, org: OrgKey, channelKey: number): Promise<void> {
  await context.tx.channels.insertVersion({ org, channelKey, at: context.now, channel: null });
}

function standingOf(channel: Channel): ChannelStanding {
  const { channelId, userId, state, cause, expiresAt, returnsValues, notifiesRelated, subscriptions } = channel;
  return { channelId, userId, state, cause, expiresAt, returnsValues, notifiesRelated, subscriptions };
}

async function cancel(context: Context, { org, key: channelKey }: ChannelRow, module: string | null): Promise<void> {
  context.tally.settled.cancelled += await context.tx.deliveries.cancel({ org, channelKey, module, now: context.now });
}
