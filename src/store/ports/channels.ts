/** Channels with their subscriptions. */
import type { Channel, ChannelHealth, ChannelStanding } from "../../core/channel.ts";
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";

/** A channel as it is stored: with its signing secret. */
export type ChannelRow = Channel & {
  readonly secret: string;
  readonly isSecretShown: boolean;
  /** The secret before the last rotation, which signs along until it ends; null when there is none. */
  readonly previousSecret: { readonly secret: string; readonly until: number } | null;
  /** When the next notice of its expiry falls due; null when none does. */
  readonly nextNoticeAt: number | null;
};

/** What matching needs of a channel. Of those that are read together, the ones that say the same share their subscriptions. */
export type WatchingChannel = Pick<
  Channel,
  "key" | "channelId" | "state" | "expiresAt" | "returnsValues" | "notifiesRelated" | "order" | "subscriptions"
>;

/** What a channel was from this version on until the next. `channel` null: removed. */
export type ChannelVersion = {
  readonly id: number;
  readonly channelKey: number;
  readonly at: number;
  readonly channel: ChannelStanding | null;
};

export type ChannelRows = {
  /** Inserts the channel, or replaces the row with its key, with its subscriptions. */
  put(channel: ChannelRow): Awaitable<void>;
  remove(org: OrgKey, key: number): Awaitable<void>;
  byChannelId(org: OrgKey, userId: Id, channelId: string): Awaitable<ChannelRow | null>;
  /** A user's channels by ascending key. */
  ofUser(org: OrgKey, userId: Id): Awaitable<readonly ChannelRow[]>;
  /** All channels of the org, by ascending key. */
  ofOrg(org: OrgKey): Awaitable<readonly ChannelRow[]>;
  /** What matching needs of the org's channels behind a key, ascending, at most `limit`. */
  watching(org: OrgKey, afterKey: number, limit: number): Awaitable<readonly WatchingChannel[]>;
  byKey(key: number): Awaitable<ChannelRow | null>;
  setHealth(org: OrgKey, key: number, health: ChannelHealth): Awaitable<void>;
  setNextNotice(org: OrgKey, key: number, at: number | null): Awaitable<void>;
  /** Channels of every org with a notice that is due at `now`, the longest due first. */
  withNoticeDue(now: number, limit: number): Awaitable<readonly ChannelRow[]>;
  /** When the next notice of any channel falls due; null when none does. */
  nextNoticeAt(): Awaitable<number | null>;
  markSecretShown(org: OrgKey, key: number): Awaitable<void>;
  /** All orgs' channels after a key, ascending, at most `limit`. */
  page(afterKey: number, limit: number): Awaitable<readonly ChannelRow[]>;

  /** Notes what the channel is from now on; null: it is gone. */
  insertVersion(version: {
    readonly org: OrgKey;
    readonly channelKey: number;
    readonly at: number;
    readonly channel: ChannelStanding | null;
  }): Awaitable<void>;
  /** The channel as it stood when the change or delivery `id` was made; null: it was not there yet, or that is no longer kept. */
  versionAt(org: OrgKey, channelKey: number, id: number): Awaitable<ChannelVersion | null>;
  /** Keys behind `afterKey` of channels that are or were, ascending. */
  keysWithVersions(org: OrgKey, afterKey: number, limit: number): Awaitable<readonly number[]>;
};
