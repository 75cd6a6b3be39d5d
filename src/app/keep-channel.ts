/** Stores and removes channels, in step with the index of watchers and with what is owed to them. */
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
  home.watchers.put(channel);
  if (channel.nextNoticeAt !== null) context.noteNotice();
  if (before !== null && before.state !== channel.state) {
    await context.tx.deliveries.wake(home.org.key, channel.key, context.now);
    context.noteDelivery();
  }
  for (const { module } of before?.subscriptions ?? []) {
    if (channel.subscriptions.some((subscription) => subscription.module === module)) continue;
    await context.tx.deliveries.cancel({ org: home.org.key, channelKey: channel.key, module, now: context.now });
  }
}

/** Removes the channel; what is still owed to it is cancelled. */
export async function removeChannel(context: Context, home: Home, channel: ChannelRow): Promise<void> {
  await context.tx.channels.remove(home.org.key, channel.key);
  await context.tx.deliveries.cancel({ org: home.org.key, channelKey: channel.key, module: null, now: context.now });
  home.watchers.remove(channel.key);
}
