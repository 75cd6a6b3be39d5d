/** Why a change was owed to a channel, or was not: the rules of `match.ts` one by one, as the channel stood at the commit. */
import { type ChannelStanding, type Subscription, isLive } from "./channel.ts";
import { type JudgedCondition, judge } from "./condition.ts";
import type { Change } from "./record.ts";

export const reasons = [
  "matched",
  "expired",
  "disabled",
  "paused",
  "operation_not_subscribed",
  "condition_not_met",
  "related_not_wanted",
  "related_needs_no_condition",
] as const;
/** `matched`, or the first rule that stood in the way. The last two are of a change that reached the channel's module by a lookup. */
export type Reason = (typeof reasons)[number];

export type Verdict = {
  readonly reason: Reason;
  /** What the subscription's condition came to on the changed fields; null when it has none, or the condition was not asked. */
  readonly condition: JudgedCondition | null;
};

/** Of the change itself, committed at `at`, for a channel with this subscription to its module. */
export function explainDirect(
  channel: Pick<ChannelStanding, "state" | "expiresAt">,
  subscription: Subscription,
  { change, at }: { readonly change: Pick<Change, "operation" | "changedFields">; readonly at: number },
): Verdict {
  const isConditional = subscription.condition !== null && change.operation !== "delete";
  const condition = isConditional && subscription.condition !== null ? judge(subscription.condition, new Set(change.changedFields)) : null;
  const unheard = whyUnheard(channel, at);
  if (unheard !== null) return { reason: unheard, condition };
  if (!subscription.operations.includes(change.operation)) return { reason: "operation_not_subscribed", condition };
  return { reason: condition === null || condition.isMet ? "matched" : "condition_not_met", condition };
}

/** Of a change to a record that looks up one of the subscription's module: an `update` of that one (DESIGN ruling 11). */
export function explainRelated(
  channel: Pick<ChannelStanding, "state" | "expiresAt" | "notifiesRelated">,
  subscription: Subscription,
  at: number,
): Verdict {
  const unheard = whyUnheard(channel, at);
  if (unheard !== null) return { reason: unheard, condition: null };
  if (!channel.notifiesRelated) return { reason: "related_not_wanted", condition: null };
  if (subscription.condition !== null) return { reason: "related_needs_no_condition", condition: null };
  return { reason: subscription.operations.includes("update") ? "matched" : "operation_not_subscribed", condition: null };
}

function whyUnheard(channel: Pick<ChannelStanding, "state" | "expiresAt">, at: number): Reason | null {
  if (!isLive(channel, at)) return "expired";
  return channel.state === "active" ? null : channel.state;
}
