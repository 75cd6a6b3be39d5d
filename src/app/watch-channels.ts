/** Subscribes channels, changes and ends their subscriptions (PROTOCOL A; DESIGN rulings 1 and 6): item by item, each on its own. */
import { type Channel, type ChannelHealth, type Subscription, isLive, newHealth } from "../core/channel.ts";
import type { Condition } from "../core/condition.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { Resource, WatchItemDone } from "../core/watch.ts";
import type { ChannelRow } from "../store/ports/channels.ts";
import { versions } from "../wire/versions.ts";
import type { ConditionOrder } from "../wire/watch-condition.ts";
import { type EventOrder, type RemoveOrder, type SubscribeOrder, readWatchItem } from "../wire/watch-request.ts";
import { renderWatchRow } from "../wire/watch-response.ts";
import type { Caller } from "../core/principal.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";
import { putChannel, removeChannel } from "./keep-channel.ts";
import { newSigningSecret } from "./secrets.ts";

type Write = { readonly context: Context; readonly home: Home; readonly caller: Caller };

export async function writeChannels(context: Context, input: Input<"watch.write">): Promise<Output<"watch.write">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const write: Write = { context, home, caller: input.caller };
  const results: Result<WatchItemDone>[] = [];
  for (const [index, item] of input.items.entries()) {
    const order = readWatchItem(item, {
      index,
      mode: input.mode,
      version: versions[input.version],
      catalog: home.catalog,
      now: context.now,
      isTargetAllowed: (url) => context.guard.isUrlAllowed(url),
    });
    if (!order.ok) results.push(order);
    else if (order.value.kind === "remove") results.push(await removeEvents(write, order.value));
    else results.push(await subscribe(write, input.mode, order.value));
  }
  return results;
}

/** The caller's live channels, a row a channel and module, in the order in which the channels were made. */
export async function listChannels(context: Context, input: Input<"watch.list">): Promise<Output<"watch.list">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const channels = await context.tx.channels.ofUser(home.org.key, input.caller.userId);
  const module = input.module === null ? null : (home.catalog.watchable(input.module)?.apiName ?? input.module);
  const rows = channels
    .filter((channel) => isLive(channel, context.now) && (input.channelId === null || channel.channelId === input.channelId))
    .flatMap((channel) => channel.subscriptions.map((subscription) => ({ channel, subscription })))
    .filter(({ subscription }) => module === null || subscription.module === module);
  const { page, perPage } = input.page;
  const rendering = { version: versions[input.version], timeZone: input.timeZone, baseUrl: input.baseUrl };
  return {
    rows: rows.slice((page - 1) * perPage, page * perPage).map((row) => renderWatchRow(row, rendering)),
    hasMore: rows.length > page * perPage,
  };
}

export async function disableChannels(context: Context, input: Input<"watch.disable">): Promise<Output<"watch.disable">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const write: Write = { context, home, caller: input.caller };
  const results: Output<"watch.disable">[number][] = [];
  for (const channelId of input.channelIds) {
    const channel = await liveChannel(write, channelId);
    if (channel === null) {
      results.push(refuse({ code: "not_subscribed" }));
      continue;
    }
    await removeChannel(context, home, channel);
    results.push(ok({ channelId, resources: resourcesOf(channel.subscriptions) }));
  }
  return results;
}

async function subscribe(write: Write, mode: Input<"watch.write">["mode"], order: SubscribeOrder): Promise<Result<WatchItemDone>> {
  const { context, home, caller } = write;
  const stored = await context.tx.channels.byChannelId(home.org.key, caller.userId, order.channelId);
  const live = stored !== null && isLive(stored, context.now) ? stored : null;
  if (mode !== "enable" && live === null) return refuse({ code: "not_subscribed" });
  const base = mode === "merge" ? live : null;
  const subscriptions = subscriptionsOf(order, base?.subscriptions ?? []);
  const channel: ChannelRow = {
    key: stored?.key ?? (await context.tx.orgs.takeNumbers({ org: 0, name: "channel", start: 1, count: 1 })),
    org: home.org.key,
    userId: caller.userId,
    channelId: order.channelId,
    notifyUrl: order.notifyUrl ?? kept(base).notifyUrl,
    token: order.token === undefined ? kept(base).token : order.token,
    secret: stored?.secret ?? newSigningSecret(),
    isSecretShown: stored?.isSecretShown ?? false,
    previousSecret: stored?.previousSecret ?? null,
    ...healthOf(context, mode, stored),
    expiresAt: order.expiresAt ?? kept(base).expiresAt,
    returnsValues: order.returnsValues ?? kept(base).returnsValues,
    notifiesRelated: order.notifiesRelated ?? kept(base).notifiesRelated,
    order: stored?.order ?? "record",
    subscriptions,
    createdAt: live?.createdAt ?? context.now,
    modifiedAt: context.now,
  };
  await putChannel(context, home, { before: stored, channel });
  const kind = mode === "merge" ? "updated" : "subscribed";
  return ok({ kind, channelId: channel.channelId, expiresAt: channel.expiresAt, resources: resourcesOf(subscriptions) });
}

/** A client that subscribes again brings back what the program gave up, but not what an operator holds. */
function healthOf({ now }: Context, mode: Input<"watch.write">["mode"], stored: ChannelRow | null): ChannelHealth {
  if (stored === null || (mode !== "merge" && stored.state === "disabled")) return newHealth(now);
  const { state, cause, stateSince, failingSince } = stored;
  return { state, cause, stateSince, failingSince };
}

async function removeEvents(write: Write, order: RemoveOrder): Promise<Result<WatchItemDone>> {
  const channel = await liveChannel(write, order.channelId);
  if (channel === null) return refuse({ code: "not_subscribed" });
  const removed = channel.subscriptions.filter((subscription) => operationsRemoved(subscription, order.events).length > 0);
  if (removed.length === 0) return refuse({ code: "not_subscribed" });
  const subscriptions = channel.subscriptions
    .map((subscription) => {
      const gone = operationsRemoved(subscription, order.events);
      return { ...subscription, operations: subscription.operations.filter((operation) => !gone.includes(operation)) };
    })
    .filter((subscription) => subscription.operations.length > 0);
  if (subscriptions.length === 0) await removeChannel(write.context, write.home, channel);
  else {
    const left = { ...channel, subscriptions, modifiedAt: write.context.now };
    await putChannel(write.context, write.home, { before: channel, channel: left });
  }
  return ok({ kind: "removed", channelId: channel.channelId, expiresAt: channel.expiresAt, resources: resourcesOf(removed) });
}

function operationsRemoved(subscription: Subscription, events: readonly EventOrder[]): Subscription["operations"] {
  const named = events.find((event) => event.module === subscription.module)?.operations ?? [];
  return subscription.operations.filter((operation) => named.includes(operation));
}

async function liveChannel({ context, home, caller }: Write, channelId: string): Promise<ChannelRow | null> {
  const channel = await context.tx.channels.byChannelId(home.org.key, caller.userId, channelId);
  return channel !== null && isLive(channel, context.now) ? channel : null;
}

/** By ascending module id; where the order does not name events or conditions, the channel's own stay (ruling 6). */
function subscriptionsOf(order: SubscribeOrder, before: readonly Subscription[]): readonly Subscription[] {
  const events = order.events ?? before;
  return events
    .map(({ module, moduleId, operations }) => ({ module, moduleId, operations, condition: conditionOf(module, order.conditions, before) }))
    .sort((a, b) => (BigInt(a.moduleId) < BigInt(b.moduleId) ? -1 : 1));
}

function conditionOf(module: string, given: readonly ConditionOrder[] | undefined, before: readonly Subscription[]): Condition | null {
  if (given !== undefined) return given.find((order) => order.module === module)?.condition ?? null;
  return before.find((subscription) => subscription.module === module)?.condition ?? null;
}

function resourcesOf(subscriptions: readonly Subscription[]): readonly Resource[] {
  return subscriptions.map((subscription) => ({ id: subscription.moduleId, name: subscription.module }));
}

/** The channel whose values a merge keeps; the wire's other orders say every key. */
function kept(base: Channel | null): Channel {
  if (base === null) throw new Error("invariant broken: an order that replaces a channel left a key unsaid");
  return base;
}
