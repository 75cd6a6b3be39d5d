/** Writes down what happens to a channel, and owes its org the POST that tells of it: both in the commit that makes it happen. */
import type { DisableCause } from "../core/channel.ts";
import type { LifecycleEvent, Notice } from "../core/lifecycle.ts";
import type { OrgKey } from "../core/org.ts";
import type { ChannelRow } from "../store/ports/channels.ts";
import { writeLifecycleBody } from "../wire/lifecycle.ts";
import type { Context } from "./context.ts";

/** The module of a delivery that tells of a channel. */
const lifecycleModule = "lifecycle";
/** No user and no client has these: ids begin with a zgid, and what a client makes has a user. */
export const lifecycleOwner = { userId: "0", channelId: "0" } as const;

export type Told =
  (Notice & { readonly cause: null }) | { readonly event: "channel.disabled"; readonly before: null; readonly cause: DisableCause };

/** The channel by which the org is told of the others; null when it has none. */
export async function lifecycleChannel({ tx }: Context, org: OrgKey): Promise<ChannelRow | null> {
  return tx.channels.byChannelId(org, lifecycleOwner.userId, lifecycleOwner.channelId);
}

/** Records what happened to `channel`; what concerns the lifecycle channel itself is recorded and told to nobody. */
export async function tellLifecycle(context: Context, channel: ChannelRow, { event, before, cause }: Told): Promise<void> {
  const { tx, now } = context;
  const { org, key: channelKey, channelId, expiresAt } = channel;
  const told: LifecycleEvent = { org, channelKey, channelId, event, before, cause, expiresAt, at: now, deliveryId: null };
  const target = await lifecycleChannel(context, org);
  const isHeard = target !== null && target.key !== channelKey && target.state === "active";
  const deliveryId = isHeard ? await owe(context, { target, channel, told }) : null;
  await tx.lifecycle.insert({ ...told, deliveryId });
  context.noteNotice();
}

/** The channel that it tells of stands where a record would: so one channel's events arrive in their order, and hold up no other's. */
async function owe(context: Context, { target, channel, told }: { target: ChannelRow; channel: ChannelRow; told: LifecycleEvent }) {
  const { org } = await context.directory.home(context.tx, channel.org);
  const modules = channel.subscriptions.map((subscription) => subscription.module);
  const id = await context.tx.deliveries.insert({
    org: org.key,
    channelKey: target.key,
    channelId: target.channelId,
    module: lifecycleModule,
    operation: "update",
    recordIds: [String(channel.key)],
    affectedFields: "[]",
    affectedValues: null,
    body: writeLifecycleBody(told, { zgid: org.zgid, userId: channel.userId, modules }),
    committedAt: context.now,
    write: 0,
    replay: null,
    isTest: false,
    isInOrder: true,
  });
  context.tally.deliveriesMade += 1;
  context.noteDelivery();
  return id;
}
