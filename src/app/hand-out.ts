/** Hands deliveries out under a lease, and writes down what came of each attempt. */
import type { Settlement } from "../core/attempt.ts";
import { fullOrgs } from "../core/claim-room.ts";
import { healthAfter } from "../core/channel.ts";
import { type OutcomeKind, endClaim } from "../core/delivery.ts";
import type { HeldDelivery } from "../store/ports/deliveries.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { noteStanding } from "./keep-channel.ts";
import { newClaimToken } from "./secrets.ts";

export async function claimDeliveries(context: Context, input: Input<"dispatch.claim">): Promise<Output<"dispatch.claim">> {
  const { room } = input;
  const order = { now: context.now, leaseUntil: context.now + input.leaseMs, claimToken: newClaimToken(), limit: input.limit, room };
  const { claims, passedOver } = await context.tx.deliveries.claim(order);
  const channelKeys = [...room.skipped.flatMap(([, skipped]) => skipped), ...passedOver.map(({ channelKey }) => channelKey)];
  const nextDueAt = await context.tx.deliveries.nextDueAt({ orgs: fullOrgs(room, claims), channelKeys });
  return { claims, passedOver, nextDueAt };
}

export async function settleDeliveries(context: Context, input: Input<"dispatch.settle">): Promise<Output<"dispatch.settle">> {
  const held = [];
  for (const settlement of input.settlements) held.push(await settle(context, settlement));
  return held;
}

/** false when the claim no longer holds: the lease ended and another claim came, or the delivery was cancelled. */
async function settle(context: Context, settlement: Settlement): Promise<boolean> {
  const { tx, now, schedule, random } = context;
  const { org, deliveryId, claimToken, end, attempt, retryAfterMs } = settlement;
  const claimed = await tx.deliveries.claimed(org, deliveryId, claimToken);
  if (claimed === null) return false;
  const next = endClaim(claimed, end, { now, schedule, random, retryAfterMs });
  if (await tx.deliveries.settle(claimed, next, now)) context.noteDelivery();
  if (next.status === "delivered" || next.status === "dead") context.tally.settled[next.status] += 1;
  if (attempt !== null) await tx.deliveries.insertAttempt({ ...attempt, org, deliveryId, number: next.attempts });
  if (end !== "released") await noteHealth(context, claimed, end);
  return true;
}

/** Writes down a change of the channel's health; most attempts change nothing. */
async function noteHealth(context: Context, { org, channelKey, health }: HeldDelivery, end: OutcomeKind): Promise<void> {
  const after = healthAfter(health, end === "delivered" || end === "gone" ? end : "failed", context);
  if (after === null) return;
  await context.tx.channels.setHealth(org, channelKey, after);
  if (after.state === health.state) return;
  const home = await context.directory.home(context.tx, org);
  const channel = await context.tx.channels.byKey(channelKey);
  if (channel === null) return;
  home.watchers.put(channel);
  await noteStanding(context, org, channel);
  if (after.cause === null) return;
  const { cause, failingSince } = after;
  context.tally.disabled.push({ org, channelKey, channelId: channel.channelId, cause, failingSince });
}
