/**
 * Deliveries handed out by a broker, which the store feeds: the deliveries stand in the database as claimed by whoever holds their message. So
 * what the broker says is worth a claim, costs the database nothing more, and may be lost: the lease ends, and they are published again. A
 * message that comes late or once more is worth nothing until the store has said which of its claims still hold.
 *
 *   commit ──► feeder ──► broker ──► inbox ──► dispatch ──► settle ──► acknowledged
 *     │          ▲                     └── no room, a channel that is held ──► back to the store
 *     │          └── due again, freed, or its lease has ended
 *     └── made where it is dispatched, and there is room ──► dispatch
 *
 * While the broker is away the store hands out by itself.
 */
import type { Engine, Gathered } from "../app/commands.ts";
import type { Claim, ClaimKey, Settlement } from "../core/attempt.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "../observe/events.ts";
import { type QueueMetrics, noQueueMetrics } from "../observe/metrics/queue-metrics.ts";
import { readBatch } from "./batch.ts";
import type { Broker, BrokerMessage } from "./broker.ts";
import type { ClaimAsk, Claimed, DeliveryQueue } from "./delivery-queue.ts";
import { Feeder, claimedAtOf } from "./feeder.ts";
import { HeldBatch, Inbox, type Returned, placeOf } from "./inbox.ts";
import { LostClaims } from "./lost-claims.ts";
import { KnownTargets } from "./known-targets.ts";

export type JetStreamQueueOptions = {
  readonly engine: Pick<Engine, "run" | "onHint" | "onGathering">;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly events: Pick<Events, "queueFaulted">;
  /** Absent: nothing is counted. */
  readonly metrics?: QueueMetrics;
};

/** Publishes from now on; takes messages from the first claim on. */
export function jetStreamQueue(options: JetStreamQueueOptions): DeliveryQueue {
  return new JetStreamQueue(options);
}

class JetStreamQueue implements DeliveryQueue {
  readonly #options: JetStreamQueueOptions;
  readonly #metrics: QueueMetrics;
  readonly #targets = new KnownTargets();
  readonly #inbox = new Inbox(this.#targets);
  readonly #feeder: Feeder;
  readonly #lost: LostClaims;
  readonly #listeners = new Set<() => void>();
  readonly #gatherers = new Set<() => void>();
  readonly #ungather: () => void;
  /** What the batch that is being gathered does, as long as nobody claims with it; null: none is. */
  #gathered: Gathered | null = null;
  readonly #stopping = new AbortController();
  readonly #returning = new Set<Promise<unknown>>();
  #caring: Promise<void> | null = null;
  /** The last look of the store at claims: one at a time, for it may change their tokens. */
  #renewing: Promise<unknown> = Promise.resolve();
  #drained: Promise<void> | null = null;
  #stopped: Promise<void> | null = null;
  /**
   * The node in whose name claims are taken over, as dispatch said last; so they are found where it dies. What is taken at its word keeps the
   * token of its message, which another may take over.
   */
  #holder: string | null = null;

  constructor(options: JetStreamQueueOptions) {
    const { broker, metrics = noQueueMetrics } = options;
    this.#options = options;
    this.#metrics = metrics;
    this.#lost = new LostClaims(options.engine, options.clock);
    this.#feeder = new Feeder({ ...options, lost: this.#lost, metrics, keep: (claim, shard) => this.#keep(claim, shard) });
    this.#feeder.open();
    this.#ungather = options.engine.onGathering((gathered = "making") => this.#gather(gathered));
    broker.open({
      wanted: (shard) => this.#inbox.wantedIn(shard),
      onMessage: (message) => this.#receive(message),
      onTurned: () => {
        this.#feeder.ring();
        this.#ring();
      },
    });
  }

  async claim(ask: ClaimAsk): Promise<Claimed> {
    if (this.#drained !== null) return { claims: [], passedOver: [], nextDueAt: null };
    const { broker, clock } = this.#options;
    // What has come by a message is not to lose its room to what is made just now.
    if (this.#gathered !== null && !this.#inbox.isAnyWaiting) {
      const isMaking = this.#gathered === "making";
      this.#gathered = null;
      return this.#feeder.claimFor(ask, { isMaking });
    }
    this.#holder = ask.holder ?? null;
    this.#feeder.follow(ask.room);
    broker.startTaking();
    this.#caring ??= this.#careUntilStopped();
    this.#returnLost();
    await this.#readUnread();
    const { claims, returned, passedOver } = this.#inbox.take(ask, clock.now());
    this.#return(returned);
    broker.look();
    const own = { claims, passedOver: [...passedOver, ...this.#feeder.takePassedOver()], nextDueAt: null };
    if (broker.isUp || claims.length >= ask.limit) return own;
    const stored = await this.#lost.claim({ ...ask, limit: ask.limit - claims.length });
    return { ...stored, claims: [...claims, ...stored.claims], passedOver: [...own.passedOver, ...stored.passedOver] };
  }

  async settle(settlements: readonly Settlement[]): Promise<readonly boolean[]> {
    const held = await this.#options.engine.run("dispatch.settle", { settlements });
    for (const settlement of settlements) this.#inbox.end(settlement);
    if (settlements.some(({ end }) => end !== "delivered")) this.#feeder.ring();
    return held;
  }

  letGo(claims: readonly ClaimKey[]): void {
    for (const claim of claims) this.#inbox.end(claim);
  }

  onClaimable(listener: () => void): () => void {
    const { engine, broker } = this.#options;
    this.#listeners.add(listener);
    const unsubscribe = engine.onHint(() => (broker.isUp ? undefined : listener()), "due");
    return () => {
      this.#listeners.delete(listener);
      unsubscribe();
    };
  }

  onGathering(listener: () => void): () => void {
    this.#gatherers.add(listener);
    return () => void this.#gatherers.delete(listener);
  }

  drain(): Promise<void> {
    return (this.#drained ??= this.#drain());
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async #drain(): Promise<void> {
    await this.#options.broker.stopTaking();
    await this.#renewing;
    this.#return(this.#inbox.takeAll());
    await Promise.all(this.#returning);
  }

  async #stop(): Promise<void> {
    await this.drain();
    this.#stopping.abort();
    this.#ungather();
    await Promise.all([this.#feeder.stop(), this.#lost.stop(), this.#caring]);
    await Promise.all(this.#returning);
    await this.#options.broker.close();
  }

  /** What dispatch here has no hand for goes to whoever gets the message. */
  #gather(gathered: Gathered): void {
    this.#gathered = gathered;
    for (const listener of this.#gatherers) listener();
    if (this.#gathered !== null) this.#feeder.publishAlong();
    this.#gathered = null;
  }

  #receive(message: BrokerMessage): void {
    const batch = readBatch(message.text);
    if (batch === null) {
      this.#metrics.queueFailed("read");
      this.#options.events.queueFaulted({ stage: "read", error: new Error("a message of the stream is not ours, or of another version") });
      message.ack();
      return;
    }
    this.#inbox.add(new HeldBatch(message, batch, this.#options.clock.now()));
    this.#ring();
  }

  /** What is too large for a message is dispatched where it was claimed, if anything is. */
  #keep(claim: Claim, shard: number): boolean {
    if (this.#caring === null || this.#drained !== null) return false;
    const message = { ...noMessage, shard };
    const { claimToken, leaseUntil } = claim;
    const batch = { claimToken, claimedAt: claimedAtOf(claim), leaseUntil, deliveries: [claim] };
    this.#inbox.add(new HeldBatch(message, batch, this.#options.clock.now()));
    this.#ring();
    return true;
  }

  /** Asks the store of the batches whose word does not do. A fault leaves them as they are, until the next claim. */
  async #readUnread(): Promise<void> {
    const { clock } = this.#options;
    const unread = (isAnew: boolean): readonly HeldBatch[] => {
      const now = clock.now();
      return this.#inbox.unread(now).filter((batch) => batch.isDoubtful(now) === isAnew);
    };
    for (const isAnew of [true, false]) {
      if (unread(isAnew).length > 0) await this.#renew(() => unread(isAnew).slice(0, renewedAtOnceMax), { isAnew });
    }
  }

  async #renew(choose: () => readonly HeldBatch[], how: { readonly isAnew: boolean }): Promise<void> {
    const before = this.#renewing;
    const renewing = before.then(() => this.#renewNow(choose(), how));
    this.#renewing = renewing.catch(() => undefined);
    await renewing;
  }

  async #renewNow(batches: readonly HeldBatch[], { isAnew }: { readonly isAnew: boolean }): Promise<void> {
    if (batches.length === 0) return;
    for (const batch of batches) batch.isAsked = true;
    try {
      await this.#ask(batches, { isAnew });
    } finally {
      for (const batch of batches) batch.isAsked = false;
    }
  }

  async #ask(batches: readonly HeldBatch[], { isAnew }: { readonly isAnew: boolean }): Promise<void> {
    const claims = batches.flatMap(({ open }) => [...open.values()]);
    const { held, leaseUntil, prefix, suffix, targets } = await this.#options.engine.run("dispatch.renew", {
      claims,
      leaseMs: limits.heldLeaseMs,
      isAnew,
      holder: this.#holder,
    });
    this.#metrics.claimsRenewed(claims.length);
    for (const target of targets) this.#targets.note(target);
    const holding = new Set(claims.filter((_, place) => held[place] === true).map(placeOf));
    this.#inbox.renew(batches, { prefix, suffix, leaseUntil, held: holding, goodUntil: this.#options.clock.now() + limits.freshBatchMs });
  }

  /** Gives back to the store what was not begun in time: the broker may have handed it to another. */
  #returnLost(): void {
    this.#return(this.#inbox.takeLost(this.#options.clock.now()));
  }

  /** Gives back to the store what cannot be sent from here now. */
  #return(returned: readonly Returned[]): void {
    if (returned.length === 0) return;
    this.#metrics.deliveriesReturned(returned.length);
    // It leaves room for other messages, which are taken again then.
    this.#options.broker.look();
    const settlements = returned.map(({ claimToken, delivery, isHeld }): Settlement => {
      const { org, deliveryId, channelKey, attemptsMade, recordIds } = delivery;
      const key = { org, deliveryId, claimToken, channelKey, attemptsMade, recordIds };
      return { ...key, end: "released", attempt: null, retryAfterMs: isHeld ? null : limits.roomHoldMs };
    });
    const returning = this.settle(settlements)
      // Expected: the store is away. The leases bring them back.
      .catch(() => this.letGo(settlements))
      .finally(() => this.#returning.delete(returning));
    this.#returning.add(returning);
  }

  /** Sees to what is held for long: tells the broker that it is worked on, and renews its leases. */
  async #careUntilStopped(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopping.signal.aborted) {
      // Expected: the sleep is cut short at the end.
      await clock.sleepUntil(clock.now() + limits.queueLookMs, this.#stopping.signal).catch(() => undefined);
      if (!this.#stopping.signal.aborted) await this.#care(clock.now());
    }
  }

  async #care(now: number): Promise<void> {
    const { clock } = this.#options;
    for (const batch of this.#inbox.batches) {
      if (batch.isOver(now)) this.#inbox.drop(batch);
      else if (batch.isOurs(now) && now - batch.toldAt >= limits.workingMs) void batch.work(clock);
    }
    this.#returnLost();
    try {
      const choose = (): readonly HeldBatch[] =>
        this.#inbox.batches.filter((batch) => batch.isEnding(clock.now())).slice(0, renewedAtOnceMax);
      // Each look takes the next, for what was renewed is not ending.
      while (choose().length > 0) await this.#renew(choose, { isAnew: false });
    } catch {
      // Expected: the store is away. It is tried again, and what does not land in time is another's.
    }
    if (this.#inbox.isAnyWaiting) this.#ring();
  }

  #ring(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** In place of one that no broker has. */
const noMessage: Omit<BrokerMessage, "shard"> = {
  text: "",
  isRedelivered: false,
  ack: () => undefined,
  working: () => Promise.resolve(true),
};

/** Batches that one statement renews. */
const renewedAtOnceMax = 64;
