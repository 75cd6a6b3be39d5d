/**
 * What a channel missed: the deliveries that writes would have owed it, had it been heard. Each write is matched by the channel as it
 * stood then, as if it had been active and without end; what has been made for it since is left out.
 */
import { type ChannelStanding, isHearing } from "../core/channel.ts";
import { limits } from "../core/limits.ts";
import { type DeliveryDraft, matchWrite } from "../core/match.ts";
import { WatchIndex } from "../core/watch-index.ts";
import type { ChangeRow } from "../store/ports/changes.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";
import { liveSubscription } from "./watcher-index.ts";

export type MissedWrite = { readonly write: number; readonly changes: readonly ChangeRow[]; readonly drafts: readonly DeliveryDraft[] };

export type MissedRange = {
  readonly channelKey: number;
  /** null: all of them. */
  readonly module: string | null;
  readonly fromId: number;
  readonly untilId: number;
  /** Deliveries after which the look ends. */
  readonly limit: number;
};

/** Looks through some changes from `fromId` on. `nextId` null: there are no more before `untilId`. */
export async function findMissed(
  context: Context,
  home: Home,
  range: MissedRange,
): Promise<{ readonly missed: readonly MissedWrite[]; readonly nextId: number | null }> {
  const { fromId, untilId } = range;
  const look = limits.changesPerMissedLookMax + limits.recordsPerWriteMax;
  const rows = await context.tx.changes.after(home.org.key, { fromId, untilId, limit: look });
  const writes = [...Map.groupBy(rows, (row) => row.write)];
  // The last write may go on behind the look; it is the first of the next.
  const isCut = rows.length === look;
  const whole = isCut ? writes.slice(0, -1) : writes;
  const missed: MissedWrite[] = [];
  let found = 0;
  for (const [index, [write, changes]] of whole.entries()) {
    const drafts = await draftsOf(context, home, { write, changes, range });
    if (drafts.length > 0) missed.push({ write, changes, drafts });
    found += drafts.length;
    const next = writes[index + 1]?.[1][0];
    if (found >= range.limit && next !== undefined) return { missed, nextId: next.id };
  }
  return { missed, nextId: isCut ? (writes.at(-1)?.[1][0]?.id ?? null) : null };
}

async function draftsOf(
  context: Context,
  home: Home,
  { write, changes, range }: { readonly write: number; readonly changes: readonly ChangeRow[]; readonly range: MissedRange },
): Promise<readonly DeliveryDraft[]> {
  const [first] = changes;
  const version = await context.tx.channels.versionAt(home.org.key, range.channelKey, write);
  const channel = version?.channel ?? null;
  if (first === undefined || channel === null || isHearing(channel, first.at)) return [];
  const drafts = matchWrite({
    module: first.module,
    changes,
    related: changes.flatMap((change) => change.related),
    now: first.at,
    watchers: indexOf(home, range.channelKey, channel),
  }).filter((draft) => range.module === null || draft.module === range.module);
  if (drafts.length === 0) return [];
  const made = await context.tx.deliveries.ofWrite(home.org.key, write, range.channelKey);
  return drafts.filter((draft) => !made.some((row) => row.module === draft.module && row.operation === draft.operation));
}

/** Of the one channel, as if it had been active and without end. */
function indexOf(home: Home, key: number, { returnsValues, notifiesRelated, subscriptions }: ChannelStanding): WatchIndex {
  const index = new WatchIndex();
  const heard = { key, place: 1, state: "active", expiresAt: Number.POSITIVE_INFINITY, returnsValues, notifiesRelated } as const;
  const live = subscriptions.map((subscription) => liveSubscription(home.catalog, subscription));
  index.add(live, (groups) => ({ ...heard, groups }));
  return index;
}
