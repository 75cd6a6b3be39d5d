/** Sends again: asked for here, and done in small steps, each in one commit with the place it has come to. */
import { isHearing } from "../core/channel.ts";
import { firstIdAt } from "../core/commit-ids.ts";
import { limits } from "../core/limits.ts";
import type { Org } from "../core/org.ts";
import { type Replay, type ReplayFilter, type StepDone, afterStep, isUnderWay } from "../core/replay.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { ChannelRow } from "../store/ports/channels.ts";
import type { DeliveryDetailRow } from "../store/ports/deliveries.ts";
import type { ReplayRow } from "../store/ports/replays.ts";
import type { Input, Output, ReplayOrder, ReplayRefusal, ReplayView } from "./commands.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";
import { orgsOf } from "./explain-changes.ts";
import { type MissedWrite, findMissed } from "./missed-changes.ts";
import { deliveryOf } from "./notify.ts";
import { tellerOf } from "./tell.ts";

export async function countReplay(context: Context, input: Input<"replays.count">): Promise<Output<"replays.count">> {
  const plan = await planOf(context, input.order);
  if (!plan.ok) return plan;
  const { org, replay } = plan.value;
  const nextId = input.fromId ?? replay.nextId;
  const step = await makeStep(context, org, { replay: { ...replay, nextId, state: "counting" }, limit: limits.rowsPerLookMax });
  return ok({ found: step.found, nextId: step.nextId });
}

export async function makeReplay(context: Context, order: Input<"replays.make">): Promise<Output<"replays.make">> {
  const plan = await planOf(context, order);
  if (!plan.ok) return plan;
  const { org, replay } = plan.value;
  if ((await context.tx.replays.underWay(limits.replaysUnderWayMax)).length >= limits.replaysUnderWayMax) return refuse("too_many");
  const id = await context.tx.replays.insert(org.key, replay);
  return ok({ ...replay, id, zgid: org.zgid });
}

export async function getReplay(context: Context, { id }: Input<"replays.get">): Promise<Output<"replays.get">> {
  const found = await findReplay(context, id);
  return found === null ? null : viewOf(found.replay, found.org);
}

export async function listReplays(context: Context, input: Input<"replays.list">): Promise<Output<"replays.list">> {
  const views: ReplayView[] = [];
  for (const org of await orgsOf(context, input.zgid)) {
    const page = { beforeId: input.beforeId ?? Number.MAX_SAFE_INTEGER, limit: input.limit + 1 };
    views.push(...(await context.tx.replays.list(org.key, page)).map((row) => viewOf(row, org)));
  }
  views.sort((a, b) => b.id - a.id);
  return { replays: views.slice(0, input.limit), hasMore: views.length > input.limit };
}

export async function cancelReplay(context: Context, { id }: Input<"replays.cancel">): Promise<Output<"replays.cancel">> {
  const found = await findReplay(context, id);
  if (found === null) return null;
  if (!isUnderWay(found.replay)) return viewOf(found.replay, found.org);
  const cancelled: ReplayRow = { ...found.replay, state: "cancelled", finishedAt: context.now };
  await context.tx.replays.update(cancelled);
  return viewOf(cancelled, found.org);
}

/** `perSecond`: how many steps are made in a second, so that each has its part of the rate. */
export async function stepReplays(context: Context, { perSecond }: Input<"replays.step">): Promise<Output<"replays.step">> {
  let sent = 0;
  for (const replay of await context.tx.replays.underWay(limits.replaysUnderWayMax)) {
    const org = await context.tx.orgs.orgByKey(replay.org);
    if (org === null) continue;
    const limit = replay.state === "counting" ? limits.rowsPerLookMax : Math.ceil(replay.ratePerSecond / perSecond);
    const done = await makeStep(context, org, { replay, limit });
    const moved = afterStep(replay, done, { now: context.now, firstId: firstIdOf(replay.filter) });
    await context.tx.replays.update({ ...moved, org: replay.org });
    sent += done.sent;
  }
  return { sent, isUnderWay: (await context.tx.replays.underWay(1)).length > 0 };
}

/** Sends one again; what it was is in the row, whatever has become of its record since. */
export async function replayOne(context: Context, { id }: Input<"deliveries.replay">): Promise<Output<"deliveries.replay">> {
  for (const org of await context.tx.orgs.allOrgs()) {
    const row = await context.tx.deliveries.byId(org.key, id);
    if (row === null) continue;
    if (row.settledAt === null) return refuse("open");
    const channel = await hearingChannel(context, row.channelKey);
    if (channel === null) return refuse("channel_unheard");
    const made = await context.tx.deliveries.byId(org.key, await sendAgain(context, channel, row));
    return made === null ? refuse("unknown") : ok({ ...made, zgid: org.zgid });
  }
  return refuse("unknown");
}

async function makeStep(
  context: Context,
  org: Org,
  step: { readonly replay: Omit<Replay, "id">; readonly limit: number },
): Promise<StepDone> {
  return step.replay.what === "deliveries" ? stepDeliveries(context, org, step) : stepMissed(context, org, step);
}

async function stepDeliveries(
  context: Context,
  org: Org,
  { replay, limit }: { readonly replay: Omit<Replay, "id">; readonly limit: number },
): Promise<StepDone> {
  const { filter, nextId, state } = replay;
  const range = { fromId: nextId, untilId: firstIdAt(filter.until), look: limits.rowsPerLookMax, limit };
  const { rows, nextId: next } = await context.tx.deliveries.scan(org.key, { ...filter, ...range });
  let sent = 0;
  for (const row of state === "counting" ? [] : rows) {
    const channel = row.settledAt === null ? null : await hearingChannel(context, row.channelKey);
    if (channel === null) continue;
    await sendAgain(context, channel, row);
    sent += 1;
  }
  return { found: rows.length, sent, nextId: next };
}

async function stepMissed(
  context: Context,
  org: Org,
  { replay, limit }: { readonly replay: Omit<Replay, "id">; readonly limit: number },
): Promise<StepDone> {
  const { filter, nextId, state } = replay;
  const home = await context.directory.home(context.tx, org.key);
  const channelKey = filter.channelKey ?? 0;
  const range = { channelKey, module: filter.module, fromId: nextId, untilId: firstIdAt(filter.until), limit };
  const { missed, nextId: next } = await findMissed(context, home, range);
  const found = missed.reduce((sum, { drafts }) => sum + drafts.length, 0);
  const channel = state === "counting" || found === 0 ? null : await hearingChannel(context, channelKey);
  if (channel === null) return { found, sent: 0, nextId: next };
  for (const write of missed) await sendMissed(context, home, { channel, write });
  return { found, sent: found, nextId: next };
}

async function sendMissed(
  context: Context,
  home: Home,
  { channel, write: { write, changes, drafts } }: { readonly channel: ChannelRow; readonly write: MissedWrite },
): Promise<void> {
  const teller = tellerOf(context, home, changes);
  for (const draft of drafts) {
    await context.tx.deliveries.insert({
      ...(await deliveryOf(draft, teller)),
      org: channel.org,
      channelId: channel.channelId,
      committedAt: context.now,
      write,
      replay: { of: null },
      isTest: false,
      isInOrder: channel.order === "record",
    });
    context.tally.deliveriesMade += 1;
    context.noteDelivery();
  }
}

/** Gives the id of the delivery that repeats `row`. */
async function sendAgain(context: Context, channel: ChannelRow, row: DeliveryDetailRow): Promise<number> {
  const { module, operation, recordIds, affectedFields, affectedValues, write } = row;
  const id = await context.tx.deliveries.insert({
    org: channel.org,
    channelKey: channel.key,
    channelId: channel.channelId,
    module,
    operation,
    recordIds,
    affectedFields,
    affectedValues,
    committedAt: context.now,
    write,
    replay: { of: row.replayOf ?? row.id },
    isTest: false,
    isInOrder: channel.order === "record",
  });
  await context.tx.deliveries.markReplayed(channel.org, row.id, id);
  context.tally.deliveriesMade += 1;
  context.noteDelivery();
  return id;
}

async function hearingChannel(context: Context, channelKey: number): Promise<ChannelRow | null> {
  const channel = await context.tx.channels.byKey(channelKey);
  return channel !== null && isHearing(channel, context.now) ? channel : null;
}

type Plan = { readonly org: Org; readonly replay: Omit<Replay, "id"> };

async function planOf(context: Context, order: ReplayOrder): Promise<Result<Plan, ReplayRefusal>> {
  const channel = order.channelKey === null ? null : await context.tx.channels.byKey(order.channelKey);
  if (order.channelKey !== null && channel === null) return refuse("channel_unknown");
  const orgs = channel === null ? await orgsOf(context, order.zgid) : await orgOf(context, channel.org);
  const [org, ...others] = orgs;
  if (org === undefined) return refuse("org_unknown");
  if (others.length > 0) return refuse("org_needed");
  if (order.zgid !== null && order.zgid !== org.zgid) return refuse("channel_unknown");
  if (order.what === "missed") {
    if (channel === null) return refuse("channel_needed");
    if (!isHearing(channel, context.now)) return refuse("channel_unheard");
  }
  const filter: ReplayFilter = {
    channelKey: order.channelKey,
    channelId: order.channelId,
    module: order.module,
    recordId: order.recordId,
    status: order.status,
    from: order.from,
    // What is committed later is not of this replay.
    until: Math.min(order.until ?? Infinity, context.now + 1),
  };
  const counts = { counted: 0, sent: 0, skipped: 0, createdAt: context.now, finishedAt: null };
  const { what, ratePerSecond } = order;
  return ok({ org, replay: { what, filter, ratePerSecond, state: "counting", nextId: firstIdOf(filter), ...counts } });
}

async function orgOf(context: Context, key: number): Promise<readonly Org[]> {
  const org = await context.tx.orgs.orgByKey(key);
  return org === null ? [] : [org];
}

function firstIdOf(filter: ReplayFilter): number {
  return firstIdAt(filter.from ?? 0);
}

async function findReplay(context: Context, id: number): Promise<{ readonly replay: ReplayRow; readonly org: Org } | null> {
  for (const org of await context.tx.orgs.allOrgs()) {
    const replay = await context.tx.replays.byId(org.key, id);
    if (replay !== null) return { replay, org };
  }
  return null;
}

function viewOf(
  { id, what, filter, ratePerSecond, state, nextId, counted, sent, skipped, createdAt, finishedAt }: Replay,
  org: Org,
): ReplayView {
  return { id, zgid: org.zgid, what, filter, ratePerSecond, state, nextId, counted, sent, skipped, createdAt, finishedAt };
}
