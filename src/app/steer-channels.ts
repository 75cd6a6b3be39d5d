/** What an operator does with a channel: look at it, hold it, let it go, renew it, give it another signing secret. */
import { isExpiring, isHearing, isLive, newHealth } from "../core/channel.ts";
import { nextNoticeOf } from "../core/lifecycle.ts";
import { limits } from "../core/limits.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { ChannelRow } from "../store/ports/channels.ts";
import type { ChannelAct, ChannelSteered, Input, Output, SteerError } from "./commands.ts";
import type { Context } from "./context.ts";
import { putChannel } from "./keep-channel.ts";
import { channelView } from "./operate.ts";
import { newSigningSecret } from "./secrets.ts";

export async function steerChannel(context: Context, input: Input<"operate.steerChannel">): Promise<Output<"operate.steerChannel">> {
  const channel = await context.tx.channels.byKey(input.channelKey);
  if (channel === null) return refuse("unknown");
  const changed = changedBy(channel, input.act, context.now);
  if (!changed.ok) return changed;
  const home = await context.directory.home(context.tx, channel.org);
  await putChannel(context, home, { before: channel, channel: changed.value });
  if (changed.value.order === "none" && channel.order !== "none") {
    await context.tx.deliveries.dropOrder(channel.org, channel.key, context.now);
    context.noteDelivery();
  }
  return ok(await steered(context, { before: channel, channel: changed.value }, input.act));
}

function changedBy(channel: ChannelRow, act: ChannelAct, now: number): Result<ChannelRow, SteerError> {
  switch (act.kind) {
    case "pause":
      if (channel.state === "disabled") return refuse("disabled");
      // A second pause moves no instant: what was missed was missed from the first one on.
      return ok(channel.state === "paused" ? channel : { ...channel, ...newHealth(now), state: "paused" });
    case "resume":
      return ok(channel.state === "active" ? channel : { ...channel, ...newHealth(now) });
    case "renew":
      if (act.until <= now || act.until > now + limits.renewalMsMax) return refuse("until_out_of_range");
      if (!isExpiring(channel)) return refuse("never_expires");
      return ok(renewed(channel, act.until, now));
    case "rotate": {
      const previousSecret = act.overlapMs === 0 ? null : { secret: channel.secret, until: now + act.overlapMs };
      return ok({ ...channel, secret: newSigningSecret(), isSecretShown: true, previousSecret });
    }
    case "order":
      return ok({ ...channel, order: act.order });
  }
}

function renewed(channel: ChannelRow, until: number, now: number): ChannelRow {
  const nextNoticeAt = nextNoticeOf({ ...channel, expiresAt: until }, channel, now);
  return { ...channel, expiresAt: until, nextNoticeAt, modifiedAt: now };
}

type Steered = { readonly before: ChannelRow; readonly channel: ChannelRow };

/** Only a rotation shows a secret: the new one, here and never again. */
async function steered(context: Context, { before, channel }: Steered, act: ChannelAct): Promise<ChannelSteered> {
  const view = await channelView(context, channel);
  return { channel: view, secret: act.kind === "rotate" ? channel.secret : null, missed: missedBy(before, channel, context.now) };
}

/** The time in which nothing was owed to a channel that is heard again from now on: it was held, or had expired. */
function missedBy(before: ChannelRow, after: ChannelRow, now: number): ChannelSteered["missed"] {
  if (isHearing(before, now) || !isHearing(after, now)) return null;
  const from =
    before.state === "active" ? before.expiresAt : isLive(before, now) ? before.stateSince : Math.min(before.stateSince, before.expiresAt);
  return { from, until: now + 1 };
}
