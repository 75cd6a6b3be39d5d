/** What the operator reads and does: the delivery log, the channels, a channel's signing secret. */
import type { DeliveryFilter, DeliveryView } from "../core/attempt.ts";
import { limits } from "../core/limits.ts";
import { ok, refuse } from "../core/result.ts";
import type { Window } from "../store/ports/changes.ts";
import type { ChannelRow } from "../store/ports/channels.ts";
import type { ChannelFilter, ChannelView, Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { mergedWindows } from "./merged-windows.ts";
import { orgsOf } from "./explain-changes.ts";

/** The newest deliveries first, of those that one command may look through. */
export async function listDeliveries(context: Context, filter: DeliveryFilter): Promise<Output<"operate.deliveries">> {
  const windows: Window<DeliveryView>[] = [];
  for (const org of await orgsOf(context, filter.zgid)) {
    const { rows, nextId } = await context.tx.deliveries.list(org.key, filter, limits.rowsPerLookMax);
    windows.push({ rows: rows.map((row) => ({ ...row, zgid: org.zgid })), nextId });
  }
  const { rows, nextId } = mergedWindows(windows, filter.limit);
  return { deliveries: rows, nextId };
}

export async function getDelivery(context: Context, input: Input<"operate.delivery">): Promise<Output<"operate.delivery">> {
  for (const org of await context.tx.orgs.allOrgs()) {
    const row = await context.tx.deliveries.byId(org.key, input.id);
    if (row === null) continue;
    return { delivery: { ...row, zgid: org.zgid }, attempts: await context.tx.deliveries.attemptsOf(org.key, input.id) };
  }
  return null;
}

export async function listAllChannels(context: Context, input: Input<"operate.channels">): Promise<Output<"operate.channels">> {
  const zgids = new Map((await context.tx.orgs.allOrgs()).map((org) => [org.key, org.zgid]));
  const channels: ChannelView[] = [];
  let afterKey = input.afterKey ?? 0;
  for (let looked = 0; looked < limits.rowsPerLookMax; looked += limits.channelsPerPageMax) {
    const rows = await context.tx.channels.page(afterKey, limits.channelsPerPageMax);
    for (const row of rows) {
      const view = viewOf(row, zgids.get(row.org) ?? "");
      const isAsked = input.filter === undefined || isAskedFor(view, input.filter);
      if (isAsked && channels.length === input.limit) return { channels, nextKey: afterKey };
      if (isAsked) channels.push(view);
      afterKey = row.key;
    }
    if (rows.length < limits.channelsPerPageMax) return { channels, nextKey: null };
  }
  return { channels, nextKey: afterKey };
}

function isAskedFor(view: ChannelView, { zgid, state, module, channelId }: ChannelFilter): boolean {
  if (zgid !== null && view.zgid !== zgid) return false;
  if (state !== null && view.state !== state) return false;
  if (module !== null && !view.modules.includes(module)) return false;
  return channelId === null || view.channelId === channelId;
}

export async function getChannel(context: Context, input: Input<"operate.channel">): Promise<Output<"operate.channel">> {
  const channel = await context.tx.channels.byKey(input.channelKey);
  return channel === null ? null : channelView(context, channel);
}

export async function channelView(context: Context, channel: ChannelRow): Promise<ChannelView> {
  const org = await context.tx.orgs.orgByKey(channel.org);
  return viewOf(channel, org?.zgid ?? "");
}

function viewOf(row: ChannelRow, zgid: string): ChannelView {
  return {
    key: row.key,
    zgid,
    kind: row.kind,
    userId: row.userId,
    channelId: row.channelId,
    notifyUrl: row.notifyUrl,
    hasToken: row.token !== null,
    returnsValues: row.returnsValues,
    notifiesRelated: row.notifiesRelated,
    order: row.order,
    subscriptions: row.subscriptions,
    createdAt: row.createdAt,
    modifiedAt: row.modifiedAt,
    modules: row.subscriptions.map((subscription) => subscription.module),
    expiresAt: row.expiresAt,
    isSecretShown: row.isSecretShown,
    previousSecretUntil: row.previousSecret?.until ?? null,
    state: row.state,
    cause: row.cause,
    stateSince: row.stateSince,
    failingSince: row.failingSince,
  };
}

export async function revealSecret(context: Context, input: Input<"operate.revealSecret">): Promise<Output<"operate.revealSecret">> {
  const channel = await context.tx.channels.byKey(input.channelKey);
  if (channel === null) return refuse("unknown");
  if (channel.isSecretShown) return refuse("already_shown");
  await context.tx.channels.markSecretShown(channel.org, channel.key);
  return ok({ secret: channel.secret });
}
