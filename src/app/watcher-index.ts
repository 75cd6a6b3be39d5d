/** Who watches what, for matching: an org's subscriptions by module, kept in step with its channels. */
import type { Catalog } from "../core/catalog.ts";
import type { Channel, Subscription } from "../core/channel.ts";
import { withLiveFields } from "../core/condition.ts";
import type { Watcher } from "../core/match.ts";

/** What matching and delivering need of a channel. */
type IndexedChannel = Pick<
  Channel,
  "key" | "channelId" | "state" | "expiresAt" | "returnsValues" | "notifiesRelated" | "order" | "subscriptions"
>;

export class WatcherIndex {
  readonly #channels = new Map<number, IndexedChannel>();
  readonly #byModule = new Map<string, Map<number, Watcher>>();
  #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Judges the conditions of the channels that come from now on by this catalog. */
  follow(catalog: Catalog): void {
    this.#catalog = catalog;
  }

  /** Adds the channel, or replaces what was known of it. */
  put(channel: IndexedChannel): void {
    this.remove(channel.key);
    this.#channels.set(channel.key, channel);
    for (const subscription of channel.subscriptions) {
      let watchers = this.#byModule.get(subscription.module);
      if (watchers === undefined) {
        watchers = new Map<number, Watcher>();
        this.#byModule.set(subscription.module, watchers);
      }
      watchers.set(channel.key, { channel, subscription: liveSubscription(this.#catalog, subscription) });
    }
  }

  remove(key: number): void {
    for (const subscription of this.#channels.get(key)?.subscriptions ?? []) this.#byModule.get(subscription.module)?.delete(key);
    this.#channels.delete(key);
  }

  /** The watchers of a module, in the order in which their channels came. */
  of(module: string): readonly Watcher[] {
    return [...(this.#byModule.get(module)?.values() ?? [])];
  }

  /** A channel that is in the index. */
  channel(key: number): IndexedChannel {
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
