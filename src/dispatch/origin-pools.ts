/**
 * One undici Pool an origin, the most recently used kept. A Pool holds its connections open between deliveries; an `Agent` would do
 * the same at two thirds of the speed (DESIGN §9). What is over the bound is closed, oldest first, but only when nobody uses it.
 */
import type { Client, Dispatcher, Pool, buildConnector } from "undici";
import { assert } from "../core/assert.ts";
import type { DispatchLimits } from "./dispatch-limits.ts";
import { undici } from "./undici.ts";

type PoolLimits = Pick<DispatchLimits, "attemptTimeoutMs" | "connectionsPerOriginMax" | "originsMax" | "responseHeaderBytesMax">;

/** A pool that is taken until it is given back. */
export type TakenPool = { readonly origin: string; readonly pool: Pool };

type Entry = TakenPool & { users: number };

export class OriginPools {
  readonly #connect: buildConnector.connector;
  readonly #limits: PoolLimits;
  /** By origin, the most recently taken last. */
  readonly #entries = new Map<string, Entry>();
  /** The one that was taken last. */
  #last: Entry | null = null;
  readonly #closing = new Set<Promise<void>>();
  readonly #single = new Set<Client>();
  #isDestroyed = false;

  constructor(connect: buildConnector.connector, limits: PoolLimits) {
    this.#connect = connect;
    this.#limits = limits;
  }

  /** The pool of `origin` (`https://host:port`), made when there is none. Give it back after use. */
  take(origin: string): TakenPool {
    const entry = this.#entries.get(origin) ?? { origin, pool: this.#open(origin), users: 0 };
    entry.users += 1;
    if (entry === this.#last) return entry;
    this.#last = entry;
    this.#entries.delete(origin);
    this.#entries.set(origin, entry);
    this.#closeSurplus();
    return entry;
  }

  giveBack(taken: TakenPool): void {
    const entry = this.#entries.get(taken.origin);
    if (entry === undefined || entry.pool !== taken.pool) return; // it was closed while it was out
    assert(entry.users > 0, "a pool is given back once for every time it is taken");
    entry.users -= 1;
    this.#closeSurplus();
  }

  /** Makes one request over a connection of its own, which is certainly new and is closed after it. */
  dispatchAfresh(origin: string, options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const client = new (undici().Client)(origin, this.#connectionOptions());
    this.#single.add(client);
    client.dispatch(options, handler);
    const closing = (this.#isDestroyed ? client.destroy() : client.close()).finally(() => {
      this.#closing.delete(closing);
      this.#single.delete(client);
    });
    this.#closing.add(closing);
  }

  /** How many pools are open. */
  get size(): number {
    return this.#entries.size;
  }

  /** Lets what runs end, then closes all. Twice is fine. */
  async close(): Promise<void> {
    for (const entry of this.#entries.values()) this.#close(entry);
    await Promise.all(this.#closing);
  }

  /** Ends what runs, as a failure of its own, and closes all. */
  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    const open = [...this.#single, ...[...this.#entries.values()].map((entry) => entry.pool)];
    this.#entries.clear();
    await Promise.all([...open.map((dispatcher) => dispatcher.destroy()), ...this.#closing]);
  }

  #open(origin: string): Pool {
    return new (undici().Pool)(origin, { ...this.#connectionOptions(), connections: this.#limits.connectionsPerOriginMax });
  }

  #connectionOptions(): Client.Options {
    const { attemptTimeoutMs, responseHeaderBytesMax } = this.#limits;
    return {
      connect: this.#connect,
      pipelining: 1,
      allowH2: false,
      // The second lock behind the attempt's own deadline, on real time.
      headersTimeout: attemptTimeoutMs,
      bodyTimeout: attemptTimeoutMs,
      maxHeaderSize: responseHeaderBytesMax,
    };
  }

  #closeSurplus(): void {
    if (this.#entries.size <= this.#limits.originsMax) return;
    for (const entry of this.#entries.values()) {
      if (entry.users > 0) continue;
      this.#close(entry);
      if (this.#entries.size <= this.#limits.originsMax) return;
    }
  }

  #close(entry: Entry): void {
    if (this.#last === entry) this.#last = null;
    this.#entries.delete(entry.origin);
    const closing = entry.pool.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
