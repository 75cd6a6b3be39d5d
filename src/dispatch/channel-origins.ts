/**
 * Which channels an origin has, as far as claims have told: so that those of an origin without room need not even be looked at. What is
 * forgotten, or not known yet, is looked at once in vain; a channel that has moved elsewhere is found again when its old origin has room.
 */
import type { PassedOver } from "../core/claim-room.ts";
import type { OrgKey } from "../core/org.ts";

export class ChannelOrigins {
  readonly #channelsMax: number;
  /** The longest known first. */
  readonly #originOf = new Map<number, string>();
  readonly #channelsOf = new Map<string, Map<number, OrgKey>>();

  constructor(channelsMax: number) {
    this.#channelsMax = channelsMax;
  }

  learn({ channelKey, origin, org }: PassedOver): void {
    if (this.#originOf.get(channelKey) === origin) return;
    this.#forget(channelKey);
    const [oldest] = this.#originOf.keys();
    if (this.#originOf.size >= this.#channelsMax && oldest !== undefined) this.#forget(oldest);
    this.#originOf.set(channelKey, origin);
    const channels = this.#channelsOf.get(origin) ?? new Map<number, OrgKey>();
    this.#channelsOf.set(origin, channels.set(channelKey, org));
  }

  of(origin: string): Iterable<readonly [channelKey: number, org: OrgKey]> {
    return this.#channelsOf.get(origin) ?? [];
  }

  #forget(channelKey: number): void {
    const origin = this.#originOf.get(channelKey);
    if (origin === undefined) return;
    this.#originOf.delete(channelKey);
    const channels = this.#channelsOf.get(origin);
    channels?.delete(channelKey);
    if (channels?.size === 0) this.#channelsOf.delete(origin);
  }
}
