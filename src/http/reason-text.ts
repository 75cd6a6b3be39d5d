/** Why a channel heard of a change or did not, in a sentence for people. */
import type { ExplainedChannel } from "../app/commands.ts";
import type { JudgedCondition } from "../core/condition.ts";
import { unreachable } from "../core/assert.ts";

type Told = Pick<ExplainedChannel, "reason" | "condition" | "module" | "isRelated" | "expiresAt">;

export function reasonText(told: Told): string {
  const { reason, module } = told;
  switch (reason) {
    case "matched":
      return matchedText(told);
    case "expired":
      return `The channel had expired at ${new Date(told.expiresAt).toISOString()}.`;
    case "disabled":
      return "The channel was disabled then; resume it to be notified again.";
    case "paused":
      return "An operator had paused the channel then.";
    case "operation_not_subscribed":
      return told.isRelated
        ? `The change reached ${module} by a lookup, as an edit, and the channel is not subscribed to ${module}.edit.`
        : `The channel is subscribed to ${module}, and not to this operation.`;
    case "condition_not_met":
      return `The channel's condition was not met: ${unmetText(told.condition)}.`;
    case "related_not_wanted":
      return `The change reached ${module} by a lookup, and the channel has notify_on_related_action set to false.`;
    case "related_needs_no_condition":
      return `The change reached ${module} by a lookup, which no condition is ever met by, and the channel has one there.`;
    default:
      return unreachable(reason);
  }
}

function matchedText({ isRelated, module, condition }: Told): string {
  if (isRelated) return `The changed record looks up one of ${module}, which counts as an edit of that one.`;
  if (condition === null) return "The channel asked for this operation, without a condition.";
  return `The channel's condition was met by the change of ${leavesOf(condition, true).join(", ")}.`;
}

function unmetText(condition: JudgedCondition | null): string {
  const missing = condition === null ? [] : leavesOf(condition, false);
  if (missing.length === 0) return "its field is no longer there";
  return `the write did not change ${missing.join(", ")}`;
}

/** The fields that were changed, or were not, each once. */
function leavesOf(condition: JudgedCondition, isMet: boolean): readonly string[] {
  if (condition.kind === "field") return condition.isMet === isMet ? [condition.field.apiName] : [];
  return [...new Set(condition.members.flatMap((member) => leavesOf(member, isMet)))];
}
