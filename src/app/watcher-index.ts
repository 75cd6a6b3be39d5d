/** Who watches what, for matching: an org's subscriptions by module, kept in step with its channels. */
import type { Channel } from "../core/channel.ts";
import type { Watcher } from "../core/match.ts";

/** What matching and delivering need of a channel. */
type IndexedChannel = Pick<Channel, "key" | "channelId" | "expiresAt" | "returnsValues" | "notifiesRelated" | "subscriptions">;

export class WatcherIndex {
  readonly #channels = new Map<number, IndexedChannel>();
  readonly #byModule = new Map<string, Map<number, Watcher>>();

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
      watchers.set(channel.key, { channel, subscription });
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

  /** The client's own id of a channel in the index. */
  channelId(key: number): string {
    const channel = this.#channels.get(key);
    if (channel === undefined) throw new Error(`invariant broken: channel ${key} is not in the index`);
    return channel.channelId;
  }
}
