/** Stores and removes channels, in step with the index of watchers and with what is owed to them. */
import type { ChannelRow } from "../store/ports/channels.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";

/** Stores the channel; what is still owed for modules it no longer watches is cancelled. `before` null: it is new. */
export async function putChannel(
  context: Context,
  home: Home,
  { before, channel }: { readonly before: ChannelRow | null; readonly channel: ChannelRow },
): Promise<void> {
  await context.tx.channels.put(channel);
  home.watchers.put(channel);
  if (before !== null && before.state !== channel.state) await context.tx.deliveries.wake(home.org.key, channel.key, context.now);
  for (const { module } of before?.subscriptions ?? []) {
    if (channel.subscriptions.some((subscription) => subscription.module === module)) continue;
    await cancel(context, channel, module);
  }
}

/** Removes the channel; what is still owed to it is cancelled. */
export async function removeChannel(context: Context, home: Home, channel: ChannelRow): Promise<void> {
  await context.tx.channels.remove(home.org.key, channel.key);
  await cancel(context, channel, null);
  home.watchers.remove(channel.key);
}

async function cancel(context: Context, { org, key: channelKey }: ChannelRow, module: string | null): Promise<void> {
  context.tally.settled.cancelled += await context.tx.deliveries.cancel({ org, channelKey, module, now: context.now });
}
