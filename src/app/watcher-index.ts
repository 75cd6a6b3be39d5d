/** Who watches what, for matching and delivering: an org's channels, kept in step with the store by the commands that change them. */
import type { Catalog } from "../core/catalog.ts";
import type { Channel, Subscription } from "../core/channel.ts";
import { withLiveFields } from "../core/condition.ts";
import { WatchIndex, type Watcher } from "../core/watch-index.ts";

/** What matching and delivering need of a channel. */
export type IndexedChannel = Pick<
  Channel,
  "key" | "channelId" | "state" | "expiresAt" | "returnsValues" | "notifiesRelated" | "order" | "subscriptions"
>;

/** There may be a million of them: they hold no more than is asked for. */
type KnownChannel = Watcher & Pick<Channel, "channelId" | "order">;

export class WatcherIndex {
  readonly #channels = new Map<number, KnownChannel>();
  readonly #index = new WatchIndex();
  #catalog: Catalog;
  /** By this catalog: many channels come with the very same subscriptions. */
  #live = new WeakMap<readonly Subscription[], readonly Subscription[]>();
  #places = 0;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Judges the conditions of the channels that come from now on by this catalog. */
  follow(catalog: Catalog): void {
    this.#catalog = catalog;
    this.#live = new WeakMap();
  }

  /** Adds the channel, or replaces what was known of it. */
  put({ key, channelId, state, expiresAt, returnsValues, notifiesRelated, order, subscriptions }: IndexedChannel): void {
    this.remove(key);
    const live = this.#live.get(subscriptions) ?? subscriptions.map((subscription) => liveSubscription(this.#catalog, subscription));
    this.#live.set(subscriptions, live);
    const place = ++this.#places;
    this.#channels.set(
      key,
      this.#index.add(live, (groups) => ({
        key,
        place,
        groups,
        channelId,
        state,
        expiresAt,
        returnsValues,
        notifiesRelated,
        order,
      })),
    );
  }

  remove(key: number): void {
    const channel = this.#channels.get(key);
    if (channel === undefined) return;
    this.#index.remove(channel);
    this.#channels.delete(key);
  }

  /** For matching. */
  get groups(): Pick<WatchIndex, "owed" | "related"> {
    return this.#index;
  }

  /** The keys of the channels that watch a module, in the order in which they came. */
  watching(module: string): readonly number[] {
    return this.#index.watching(module);
  }

  /** A channel that is in the index. */
  channel(key: number): Pick<Channel, "channelId" | "order"> {
    const channel = this.#channels.get(key);
    if (channel === undefined) throw new Error(`invariant broken: channel ${key} is not in the index`);
    return channel;
  }
}

/** The subscription as it holds by this catalog: a leaf of its condition whose field was deleted holds no more. */
export function liveSubscription(catalog: Catalog, subscription: Subscription): Subscription {
  if (subscription.condition === null) return subscription;
  const module = catalog.moduleById(subscription.moduleId);
  const condition = withLiveFields(
    subscription.condition,
    (field) => module !== undefined && catalog.field(module, field.apiName)?.id === field.id,
  );
  return condition === subscription.condition ? subscription : { ...subscription, condition };
}
