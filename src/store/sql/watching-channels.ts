/**
 * What matching needs of an org's channels. There may be a million of them, so a channel costs one row of four columns and next to nothing more: what
 * many channels say alike stands in one of them as one text, which is read once.
 */
import { sql } from "kysely";
import type { ChannelOrder, ChannelState, Subscription } from "../../core/channel.ts";
import { limits } from "../../core/limits.ts";
import type { ChannelRows, WatchingChannel } from "../ports/channels.ts";
import { type Database, arg } from "./database.ts";

type Stance = Omit<WatchingChannel, "key" | "channelId" | "expiresAt">;

export function sqlWatchingChannels(db: Database): ChannelRows["watching"] {
  const stance = sql<string>`state || ' ' || returns_values || ' ' || notifies_related || ' ' || ordering || ' ' || subscriptions`;
  const rows = db.all(
    db.builder
      .selectFrom("channels")
      .select(["key", "channel_id", "expires_at", stance.as("stance")])
      .where("org", "=", arg<number>("org"))
      .where("key", ">", arg<number>("afterKey"))
      .orderBy("key")
      .limit(arg<number>("limit")),
  );
  const known = new Map<string, Stance>();
  return async (org, afterKey, limit) =>
    (await rows({ org, afterKey, limit })).map((row) => {
      const { state, returnsValues, notifiesRelated, order, subscriptions } = stanceOf(known, row.stance);
      return {
        key: row.key,
        channelId: row.channel_id,
        expiresAt: row.expires_at,
        state,
        returnsValues,
        notifiesRelated,
        order,
        subscriptions,
      };
    });
}

function stanceOf(known: Map<string, Stance>, text: string): Stance {
  const stance = known.get(text);
  if (stance !== undefined) return stance;
  const read = readStance(text);
  if (known.size >= limits.channelStancesKeptMax) known.clear();
  known.set(text, read);
  return read;
}

function readStance(text: string): Stance {
  const [state, returnsValues, notifiesRelated, order, ...rest] = text.split(" ");
  return {
    state: state as ChannelState,
    returnsValues: returnsValues === "1",
    notifiesRelated: notifiesRelated === "1",
    order: order as ChannelOrder,
    subscriptions: JSON.parse(rest.join(" ")) as Subscription[],
  };
}
