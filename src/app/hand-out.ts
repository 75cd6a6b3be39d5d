/** Hands deliveries out under a lease, and writes down what came of each attempt. */
import { createHash } from "node:crypto";
import type { Settlement } from "../core/attempt.ts";
import { renewalMark } from "../store/ports/deliveries.ts";
import { fullOrgs } from "../core/claim-room.ts";
import { type ChannelHealth, healthAfter } from "../core/channel.ts";
import { type OutcomeKind, endClaim } from "../core/delivery.ts";
import { type ClaimOrder, Hand } from "../core/hand.ts";
import { holderPrefix } from "../core/node.ts";
import type { OrgKey } from "../core/org.ts";
import type { Tx } from "../store/store.ts";
import type { EndingClaim } from "../store/ports/deliveries.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { noteStanding } from "./keep-channel.ts";
import { pageTokenKey } from "./page-token.ts";
import { newClaimToken } from "./secrets.ts";
import { tellLifecycle } from "./tell-lifecycle.ts";

type ClaimInput = Input<"dispatch.claim">;

/** The hand of a claim, opened before the commands that stand in front of it: it takes what they make unless something else comes first. */
export async function openHand({ tx, now }: { readonly tx: Tx; readonly now: number }, input: ClaimInput): Promise<Hand> {
  const { room, nextDueAt: known } = input;
  if (input.takes === "new") return new Hand(orderOf(now, input), { takesNew: true, isOnlyForNew: true });
  const skipped = { orgs: fullOrgs(room, []), channelKeys: room.skipped.flatMap(([, channelKeys]) => channelKeys) };
  const nextDueAt = known === undefined ? await tx.deliveries.nextDueAt(skipped) : known;
  return new Hand(orderOf(now, input), { takesNew: nextDueAt === null || nextDueAt > now, nextDueAt });
}

function orderOf(now: number, { room, limit, leaseMs, holder = null, mark }: ClaimInput): ClaimOrder {
  return { now, leaseUntil: now + leaseMs, claimToken: newClaimToken(holder, mark), limit, room };
}

export async function claimDeliveries(context: Context, input: ClaimInput): Promise<Output<"dispatch.claim">> {
  const { room } = input;
  const isOnlyForNew = input.takes === "new";
  const hand = context.hand ?? new Hand(orderOf(context.now, input), { takesNew: isOnlyForNew, isOnlyForNew });
  const passedOver = await context.tx.deliveries.claim(hand);
  const { claims } = hand;
  if (hand.isOnlyForMade) {
    if (context.hand !== null && !hand.isAnyLeft) context.noteAllClaimed({ isAnyLeft: false });
    return { claims, passedOver, nextDueAt: null };
  }
  const channelKeys = [...room.skipped.flatMap(([, skipped]) => skipped), ...passedOver.map(({ channelKey }) => channelKey)];
  const known = hand.nextDueAt;
  const nextDueAt = known === undefined ? await context.tx.deliveries.nextDueAt({ orgs: fullOrgs(room, claims), channelKeys }) : known;
  if (nextDueAt === null || nextDueAt > context.now) context.noteAllClaimed({ isAnyLeft: hand.isAnyLeft });
  return { claims, passedOver, nextDueAt };
}

export async function renewClaims(
  { tx, now }: Context,
  { claims, leaseMs, isAnew, holder = null }: Input<"dispatch.renew">,
): Promise<Output<"dispatch.renew">> {
  const leaseUntil = now + leaseMs;
  const prefix = isAnew && holder !== null ? holderPrefix(holder) : "";
  const suffix = isAnew ? `${renewalMark}${newClaimToken(null)}` : "";
  return { ...(await tx.deliveries.renew({ claims, leaseUntil, prefix, suffix })), leaseUntil, prefix, suffix };
}

/** Made of what every store has made by chance for itself, and what a copy of the store keeps. */
export async function queueName({ tx }: Context): Promise<Output<"dispatch.queueName">> {
  const digest = createHash("sha256")
    .update(`queue of ${await pageTokenKey(tx)}`)
    .digest("hex");
  return digest.slice(0, queueNameChars);
}

const queueNameChars = 16;

export async function settleDeliveries(context: Context, { settlements }: Input<"dispatch.settle">): Promise<Output<"dispatch.settle">> {
  const ending = settlements.map((settlement) => endingOf(settlement, context));
  const ended = await context.tx.deliveries.settle(ending, context.now);
  const healths = new Map<number, ChannelHealth>();
  for (const [index, { org, channelKey, end }] of settlements.entries()) {
    const before = ended[index] ?? null;
    if (before === null) continue;
    const status = ending[index]?.next.status;
    if (status === "delivered" || status === "dead") context.tally.settled[status] += 1;
    // What is given back is anybody's at once; a hand that is only for what is made leaves it.
    const isGivenBack = end === "released" && (ending[index]?.next.dueAt ?? Infinity) <= context.now;
    if (before.isAnyFree) context.hand?.noteFreed();
    if (isGivenBack) context.hand?.noteLeft();
    if (before.isAnyFree || isGivenBack) context.noteDelivery();
    if (end === "released") continue;
    // Of one channel several may end at once; each finds the health that the one before left.
    const health = healths.get(channelKey) ?? before.health;
    healths.set(channelKey, (await noteHealth(context, { org, channelKey, health }, end)) ?? health);
  }
  return ended.map((each) => each !== null);
}

function endingOf({ end, attempt, retryAfterMs, ...claim }: Settlement, { now, schedule, random }: Context): EndingClaim {
  return { ...claim, next: endClaim({ attempts: claim.attemptsMade }, end, { now, schedule, random, retryAfterMs }), attempt };
}

type Fared = { readonly org: OrgKey; readonly channelKey: number; readonly health: ChannelHealth };

/** Writes down a change of the channel's health and gives it back; null: nothing changed, as with most attempts. */
async function noteHealth(context: Context, { org, channelKey, health }: Fared, end: OutcomeKind): Promise<ChannelHealth | null> {
  const after = healthAfter(health, end === "delivered" || end === "gone" ? end : "failed", context);
  if (after === null) return null;
  await context.tx.channels.setHealth(org, channelKey, after);
  if (after.state !== health.state) await noteState(context, { org, channelKey, health: after });
  return after;
}

async function noteState(context: Context, { org, channelKey, health: { cause, failingSince } }: Fared): Promise<void> {
  const channel = await context.tx.channels.byKey(channelKey);
  if (channel === null) return;
  await context.directory.noteChannel(context.tx, org, channel);
  await noteStanding(context, org, channel);
  if (cause === null) return;
  context.tally.disabled.push({ org, channelKey, channelId: channel.channelId, cause, failingSince });
  await tellLifecycle(context, channel, { event: "channel.disabled", before: null, cause });
}
