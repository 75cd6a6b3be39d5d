/**
 * Feeds the broker from the store: what falls due is claimed for whoever will get the message, and published. What is made by a command of this
 * process is claimed in the same commit, for dispatch here where that has a hand for it; all the rest (retries, those that waited for others, what the broker lost, what it did not take)
 * is found by asking the store, when it tells of something and every few seconds.
 *
 * Only so many messages wait at the broker; the rest waits in the store, which gives it out in fair turns.
 */
import type { Engine } from "../app/commands.ts";
import { type Claim, settlementOf } from "../core/attempt.ts";
import { type ClaimRoom, type PassedOver, fullOrgs, wholeRoom } from "../core/claim-room.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "../observe/events.ts";
import type { QueueMetrics } from "../observe/metrics/queue-metrics.ts";
import type { LostClaims } from "./lost-claims.ts";
import { parcelsOf, writeBatch } from "./batch.ts";
import { type Broker, MessageTooLarge } from "./broker.ts";
import type { ClaimAsk, Claimed } from "./delivery-queue.ts";

export type FeederOptions = {
  readonly engine: Pick<Engine, "run" | "onHint">;
  /** Claims for dispatch here. */
  readonly lost: Pick<LostClaims, "claim">;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly events: Pick<Events, "queueFaulted">;
  readonly metrics: QueueMetrics;
  /** Takes claims of one delivery each that are too large for a message; gives back whether they are dispatched here. */
  readonly keep: (claim: Claim, shard: number) => boolean;
};

export class Feeder {
  readonly #options: FeederOptions;
  readonly #stopping = new AbortController();
  readonly #publishing = new Set<Promise<void>>();
  #unsubscribe: () => void = () => undefined;
  #work: Promise<void> | null = null;
  #sleep = new AbortController();
  #isRung = false;
  #room: ClaimRoom = wholeRoom;
  /** What had no room when the store was asked, since it was asked last for all. */
  #blocked: ReadonlySet<string> = new Set();
  #passedOver: readonly PassedOver[] = [];
  /** Whether the store was asked for all that is due, as far as it has room, and had no more; and whether it has told of something since. */
  #isAllAsked = false;
  #isToldOf = false;
  /** Messages that waited at the broker when it was last asked. */
  #waiting = 0;
  #countedAt = 0;
  #isFaulting = false;

  constructor(options: FeederOptions) {
    this.#options = options;
  }

  /** Hears from now on of what falls due. */
  open(): void {
    this.#unsubscribe = this.#options.engine.onHint(() => {
      this.#isToldOf = true;
      this.ring();
    }, "due");
  }

  /** Asks the store from now on, for what there is `room` for here. */
  follow(room: ClaimRoom): void {
    this.#room = room;
    if (this.#work === null) this.#work = this.#feedUntilStopped();
    this.#ringIfFreed();
  }

  /** Asks the store soon. */
  ring(): void {
    this.#isRung = true;
    this.#sleep.abort();
  }

  /** What the store passed over since this was asked last. */
  takePassedOver(): readonly PassedOver[] {
    const passedOver = this.#passedOver;
    this.#passedOver = [];
    return passedOver;
  }

  /** Resolves when nothing is on its way to the broker. Twice is fine. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort();
    this.#sleep.abort();
    await this.#work;
    while (this.#publishing.size > 0) await Promise.all(this.#publishing);
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /**
   * Claims with the batch that is gathered, for dispatch here: what the batch makes; and with one that makes some (`isMaking`) what waits in the
   * store besides, where any may have room, for that comes first.
   */
  async claimFor({ limit, leaseMs, room, holder }: ClaimAsk, { isMaking }: { readonly isMaking: boolean }): Promise<Claimed> {
    const { lost, broker, clock } = this.#options;
    this.follow(room);
    const isForAll = isMaking && (!broker.isUp || !this.#isAllAsked || this.#isToldOf);
    if (isForAll) this.#beginAll();
    // Not when the next falls due: dispatch knows that of what has come by messages alone.
    const ask = { limit, leaseMs, room, ...(holder === undefined ? {} : { holder }) };
    const claimed = await lost.claim(isForAll ? ask : { ...ask, takes: "new" });
    this.#noteBlocked(room, claimed);
    if (claimed.claims.length >= limit || (claimed.nextDueAt ?? Infinity) <= clock.now()) this.ring();
    return claimed;
  }

  /** Claims what the batch that is gathered makes for whoever gets the message. */
  publishAlong(): void {
    const { engine, broker } = this.#options;
    if (this.#isStopping || !broker.isUp) return;
    if (this.#waiting > limits.brokerWaitingMax) {
      // Expected: the broker is away; it is asked again.
      void this.#count().catch(() => undefined);
      return;
    }
    const ask = { limit: limits.claimBatchMax, leaseMs: limits.publishedLeaseMs, room: this.#room, takes: "new" } as const;
    const publishing = engine
      .run("dispatch.claim", ask)
      .then((claimed) => {
        this.#noteBlocked(ask.room, claimed);
        return this.#publish(claimed.claims);
      })
      // Expected: the batch failed, and made nothing.
      .catch(() => undefined)
      .finally(() => this.#publishing.delete(publishing));
    this.#publishing.add(publishing);
  }

  async #feedUntilStopped(): Promise<void> {
    while (!this.#isStopping) {
      this.#isRung = false;
      const { broker, clock } = this.#options;
      const nextAt = broker.isUp ? await this.#feed() : null;
      const now = clock.now();
      // What comes meanwhile goes along.
      await clock.sleepUntil(now + limits.feedPauseMs, this.#stopping.signal).catch(() => undefined);
      await this.#sleepUntil(Math.min(nextAt ?? Infinity, now + limits.reconcileMs));
    }
  }

  /** Claims and publishes until the store has no more for now; gives back when to ask again. */
  async #feed(): Promise<number | null> {
    const { engine, clock } = this.#options;
    try {
      for (;;) {
        if ((await this.#count()) > limits.brokerWaitingMax || this.#isStopping) {
          this.#isAllAsked = false;
          return clock.now() + limits.queueRecountMs;
        }
        const ask = { limit: limits.claimBatchMax, leaseMs: limits.publishedLeaseMs, room: this.#room };
        this.#beginAll();
        const claimed = await engine.run("dispatch.claim", ask);
        const { claims, passedOver, nextDueAt } = claimed;
        this.#noteBlocked(ask.room, claimed);
        this.#passedOver = [...this.#passedOver.slice(-limits.lanesPassedOverMax), ...passedOver];
        await this.#publish(claims);
        this.#isAllAsked = claims.length < ask.limit;
        if (this.#isAllAsked) return nextDueAt;
      }
    } catch {
      // Expected: the store is busy, full or gone, which its own monitor tells; or the broker is.
      return clock.now() + limits.feedBackoffMs;
    }
  }

  /** The store is asked for all that is due. */
  #beginAll(): void {
    this.#blocked = new Set();
    this.#isToldOf = false;
  }

  /** What of it there is room for by now was left where it is, and nobody tells of it again. */
  #noteBlocked(room: ClaimRoom, { claims, passedOver }: Pick<Claimed, "claims" | "passedOver">): void {
    this.#blocked = new Set([...this.#blocked, ...blockedIn(room, claims), ...passedOver.map(({ origin }) => originKey(origin))]);
    if (room !== this.#room) this.#ringIfFreed();
  }

  #ringIfFreed(): void {
    const blocked = blockedIn(this.#room, []);
    if ([...this.#blocked].some((key) => !blocked.has(key))) this.ring();
  }

  /** Messages that wait at the broker, counted now and then. */
  async #count(): Promise<number> {
    const now = this.#options.clock.now();
    const keptMs = this.#waiting > limits.brokerWaitingMax ? limits.queueRecountMs : limits.queueLookMs;
    if (now - this.#countedAt < keptMs) return this.#waiting;
    this.#countedAt = now;
    this.#waiting = await this.#options.broker.countWaiting();
    return this.#waiting;
  }

  async #publish(claims: readonly Claim[]): Promise<void> {
    await Promise.all(parcelsOf(claims).map((parcel) => this.#publishParcel(parcel.shard, parcel.claims)));
    // So that what is published unasked stops when nobody takes it.
    if (claims.length > 0) await this.#count().catch(() => undefined);
  }

  async #publishParcel(shard: number, claims: readonly Claim[]): Promise<void> {
    const { broker, events, metrics } = this.#options;
    const [first] = claims;
    if (first === undefined) return;
    const id = `${String(first.org)}-${String(first.deliveryId)}-${String(claims.length)}-${first.claimToken}`;
    try {
      await broker.publish({ shard, id, text: writeBatch(claims, claimedAtOf(first)) });
      metrics.batchPublished(claims.length);
      this.#isFaulting = false;
    } catch (error) {
      if (error instanceof MessageTooLarge) {
        await this.#publishApart(shard, claims);
        return;
      }
      // Expected: the broker is away or full. The store has the deliveries back, and gives them to whoever asks.
      metrics.queueFailed("publish");
      if (!this.#isFaulting) events.queueFaulted({ stage: "publish", error });
      this.#isFaulting = true;
      await this.#release(claims);
    }
  }

  /** In two messages, or where one delivery alone is too large, in none. */
  async #publishApart(shard: number, claims: readonly Claim[]): Promise<void> {
    const [first, ...more] = claims;
    if (first === undefined) return;
    if (more.length > 0) {
      const half = Math.ceil(claims.length / 2);
      await Promise.all([this.#publishParcel(shard, claims.slice(0, half)), this.#publishParcel(shard, claims.slice(half))]);
    } else if (!this.#options.keep(first, shard)) await this.#release([first]);
  }

  async #release(claims: readonly Claim[]): Promise<void> {
    const settlements = claims.map((claim) => settlementOf(claim, { end: "released", attempt: null, retryAfterMs: null }));
    this.#options.metrics.deliveriesReturned(claims.length);
    // Expected: the store is away too. The leases end soon.
    await this.#options.engine.run("dispatch.settle", { settlements }).catch(() => undefined);
  }

  async #sleepUntil(atMs: number): Promise<void> {
    this.#sleep = new AbortController();
    if (this.#isStopping || this.#isRung) return;
    // Expected: the sleep is cut short.
    await this.#options.clock.sleepUntil(atMs, this.#sleep.signal).catch(() => undefined);
  }
}

/** When a claim was made that was made for a message. */
export function claimedAtOf({ leaseUntil }: Claim): number {
  return leaseUntil - limits.publishedLeaseMs;
}

function originKey(origin: string): string {
  return `origin ${origin}`;
}

/** What has no room once these are taken. */
function blockedIn(room: ClaimRoom, claims: readonly Claim[]): ReadonlySet<string> {
  return new Set([
    ...fullOrgs(room, claims).map((org) => `org ${String(org)}`),
    ...room.origins.flatMap(([origin, left]) => (left <= 0 ? [originKey(origin)] : [])),
    ...room.skipped.flatMap(([, channelKeys]) => channelKeys.map((key) => `channel ${String(key)}`)),
  ]);
}
