/**
 * Hands out what is owed: claim ► POST ► settle, until stopped.
 *
 *   asleep ──(due instant, hint, freed slot, retry settled, circuit)──► claiming ──► lanes ──► attempts ──► settler
 *      ▲                                                                   │
 *      └───────────────────── nothing more to claim, or a fault ───────────┘
 *
 * A claim also goes along with every batch of commands that is gathered while there is room: it takes what the batch makes in the same
 * commit; the loop itself claims when no claim is outstanding. Invariants: a claim is attempted only while its lease outlasts the attempt, and the
 * circuits of its channel and its origin let it, and only while the process surely holds it; a hint only shortens the sleep; while settlements do not land nothing new is claimed or
 * begun, so that no POST is made whose outcome cannot be written; all that is in memory may be lost, for the leases bring it back.
 */
import { type Claim, settlementOf } from "../core/attempt.ts";
import { type Quiet, earlier } from "../core/clock.ts";
import { fullOrgs } from "../core/claim-room.ts";
import type { Known } from "../queue/delivery-queue.ts";
import type { LoopPulse } from "../observe/health.ts";
import { type DispatchMetrics, noDispatchMetrics } from "../observe/metrics/dispatch-metrics.ts";
import { Alarm } from "./alarm.ts";
import type { AttemptContext, Attempted } from "./attempt.ts";
import { attempt } from "./attempt.ts";
import { CircuitBoard } from "./circuit-board.ts";
import type { CircuitView } from "./circuits.ts";
import { createConnector } from "./connect.ts";
import { Deadlines } from "./deadlines.ts";
import type { DispatchLimits } from "./dispatch-limits.ts";
import { standardLimits } from "./dispatch-limits.ts";
import type { DispatcherOptions } from "./dispatcher-options.ts";
import { type InHand, Lanes } from "./lanes.ts";
import { OriginPools } from "./origin-pools.ts";
import { Outstanding } from "./outstanding.ts";
import { Settler } from "./settler.ts";
import { Signer } from "./signature.ts";
import { Stillness } from "./stillness.ts";
import { Targets } from "./targets.ts";
import { type Tenure, endlessTenure } from "./tenure.ts";
import { VainClaims } from "./vain-claims.ts";

export type Dispatcher = AsyncDisposable & {
  /** Idle while all that was due is attempted and settled, or has to wait after a fault. */
  readonly quiet: Quiet;
  /** The circuits that are not closed, and those of which attempts have failed since the last success. */
  circuits(): readonly CircuitView[];
  /** What the loop is at, for whoever judges whether it moves. */
  readonly pulse: LoopPulse;
  /** Begins to claim. Twice is fine; after `stop` it does nothing. */
  start(): void;
  /** Claims no more, waits up to `limits.drainMs` for what runs, gives the rest back untried, and closes all connections. Twice is fine. */
  stop(): Promise<void>;
};

/** A dispatcher over `queue`; it does nothing until started. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new EngineDispatcher(options);
}

/** Backoffs vary by a fifth either way, so that several dispatchers do not come back together. */
const backoffJitter = 0.2;

/** What a claim said. `isAll`: it took all it may, so that there may be more; `lookAt`: when to look again whatever falls due. */
type Asked = { readonly askedAt: number; readonly isAll: boolean; readonly nextDueAt: number | null; readonly lookAt: number | null };

class EngineDispatcher implements Dispatcher {
  readonly #stillness = new Stillness(() => this.#isStill());
  readonly #options: DispatcherOptions;
  readonly #limits: DispatchLimits;
  readonly #tenure: Tenure;
  readonly #alarm: Alarm;
  readonly #backoff: Alarm;
  readonly #lanes: Lanes;
  readonly #circuits: CircuitBoard;
  readonly #settler: Settler;
  readonly #targets: Targets;
  readonly #vain: VainClaims;
  readonly #context: AttemptContext;
  readonly #metrics: DispatchMetrics;
  readonly #runs = new Set<Promise<void>>();
  #turns = 0;
  #lookedAt = -Infinity;
  #ended = 0;
  #work: Promise<void> | null = null;
  readonly #claims = new Outstanding(() => this.#stillness.look());
  #stopped: Promise<void> | null = null;
  #unsubscribe: () => void = () => undefined;
  #isStopping = false;
  #isClaimFaulting = false;
  /** The drain is over: what still runs is broken off and given back. */
  #isBreakingOff = false;

  constructor(options: DispatcherOptions) {
    const { queue, clock, random, guard, events, baseUrl, version, lookup } = options;
    const limits = { ...standardLimits, ...options.limits };
    this.#options = options;
    this.#limits = limits;
    this.#tenure = options.tenure ?? endlessTenure;
    this.#metrics = options.metrics ?? noDispatchMetrics;
    const onResting = (): void => this.#stillness.look();
    this.#alarm = new Alarm(clock, onResting);
    this.#vain = new VainClaims(random, limits);
    this.#backoff = new Alarm(clock, onResting);
    this.#lanes = new Lanes(limits);
    this.#circuits = new CircuitBoard({
      random,
      limits,
      onTurned: (circuit) => (circuit.state === "closed" ? events.circuitClosed(circuit) : events.circuitOpened(circuit)),
    });
    const connect = createConnector({ guard, limits, lookup });
    this.#targets = new Targets(guard, limits.targetsKeptMax);
    this.#context = {
      clock,
      targets: this.#targets,
      signer: new Signer(limits.signingKeysKeptMax),
      pools: new OriginPools(connect, limits),
      deadlines: new Deadlines(clock),
      limits,
      mayBegin: () => this.#tenure.holds(),
      baseUrl,
      version,
    };
    this.#settler = new Settler({
      queue,
      clock,
      limits,
      metrics: this.#metrics,
      pauseMs: () => this.#backoffMs(),
      onFault: (error) => events.dispatchFaulted({ stage: "settle", error }),
      onClaimable: () => this.#alarm.ring(),
      onLanded: () => this.#beginAll(),
      onResting,
    });
  }

  get quiet(): Quiet {
    return this.#stillness;
  }

  circuits(): readonly CircuitView[] {
    return this.#circuits.views();
  }

  get pulse(): LoopPulse {
    const isIdle = this.#work === null || this.#isStopping;
    const room = this.#circuits.room(this.#lanes, this.#options.clock.now());
    return {
      turns: this.#turns,
      isAsleep: isIdle || this.#alarm.isAsleep || this.#backoff.isAsleep,
      wakesAt: isIdle ? null : (this.#alarm.wakesAt ?? this.#backoff.wakesAt),
      isFull: this.#lanes.room <= 0,
      isFaulting: !isIdle && (this.#settler.isFaulting || this.#isClaimFaulting),
      running: this.#runs.size,
      ended: this.#ended,
      skipped: { orgs: fullOrgs(room, []), channelKeys: room.skipped.flatMap(([, channelKeys]) => channelKeys) },
    };
  }

  start(): void {
    if (this.#work !== null || this.#isStopping) return;
    const { queue } = this.#options;
    const unsubscribes = [queue.onClaimable(() => this.#alarm.ring()), queue.onGathering(() => this.#goAlong())];
    this.#unsubscribe = () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    };
    this.#tenure.onRenewed((isNew) => this.#resume(isNew));
    this.#work = this.#claimUntilStopped();
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#drain());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #claimUntilStopped(): Promise<void> {
    while (!this.#isStopping) {
      this.#turns += 1;
      this.#beginAll();
      if (this.#settler.isFaulting || !this.#tenure.holds()) await this.#alarm.sleepUntil(null);
      else if (this.#lanes.room <= 0) await this.#alarm.sleepUntil(this.#lanes.lateAt);
      else await this.#claim();
    }
  }

  /** Claims once, begins what it got, and sleeps when there is no more for now. */
  async #claim(): Promise<void> {
    await this.#claims.none();
    const { clock, events } = this.#options;
    const { landed } = this.#claims;
    let asked: Asked;
    try {
      asked = await this.#ask();
      this.#isClaimFaulting = false;
    } catch (error) {
      // Expected: the store is busy, full or gone. A hint does not end this sleep.
      this.#metrics.dispatchFailed("claim");
      if (!this.#isClaimFaulting) events.dispatchFaulted({ stage: "claim", error });
      this.#isClaimFaulting = true;
      // One that went along behind it has landed: the fault is over.
      if (this.#claims.landed === landed) await this.#backoff.sleepUntil(clock.now() + this.#backoffMs());
      return;
    }
    const { isAll, nextDueAt, lookAt, askedAt } = asked;
    const now = clock.now();
    if (isAll) return;
    if (nextDueAt === null || nextDueAt > now) await this.#alarm.sleepUntil(earlier(nextDueAt, lookAt));
    // Otherwise it fell due during the call; or others have it, and the sleep says nothing of what falls due next.
    else if (nextDueAt <= askedAt) {
      this.#lookedAt = -Infinity;
      const pauseMs = this.#vain.note();
      if (pauseMs > 0) await this.#alarm.sleepUntil(earlier(now + pauseMs, lookAt));
    }
  }

  /** Settles and claims with a batch that is gathered, unless enough claims are outstanding or there is a reason to claim nothing. */
  #goAlong(): void {
    this.#settler.settleAlong();
    const isAlong = this.#claims.takeNew();
    const isResting = this.#isStopping || this.#settler.isFaulting || this.#backoff.isAsleep || !this.#tenure.holds();
    if (isResting || isAlong || this.#claims.count >= this.#limits.claimsOutstandingMax || this.#lanes.room <= 0) return;
    const asking = this.#ask(this.#known());
    this.#claims.takeNew();
    asking.then(
      ({ isAll, nextDueAt, lookAt }) => {
        const wakeAt = earlier(nextDueAt, lookAt);
        if (this.#backoff.isAsleep) this.#backoff.ring();
        if (isAll || (nextDueAt !== null && nextDueAt <= this.#options.clock.now())) this.#alarm.ring();
        else if (wakeAt !== null) this.#alarm.wakeAt(wakeAt);
      },
      // Expected: the store is busy, full or gone. The loop meets it itself.
      () => this.#alarm.ring(),
    );
  }

  /** The process may begin what it has in hand again; where the others took it, it gives up what it still has of it. */
  #resume(isNew: boolean): void {
    if (isNew) for (const { claim } of this.#lanes.takeWaiting()) this.#giveBack(claim, null);
    this.#beginAll();
    this.#alarm.ring();
  }

  /** What a claim need not look for: the loop sleeps until the next falls due, and has looked a moment ago. What another process put off nobody tells. */
  #known(): Known {
    const isFresh = this.#options.clock.now() - this.#lookedAt < this.#limits.dueKnownMs;
    return this.#alarm.isAsleep && isFresh ? { nextDueAt: this.#alarm.wakesAt } : {};
  }

  /** One claim: begins what it got. Rejects for a fault of the store. */
  #ask(known: Known = {}): Promise<Asked> {
    return this.#claims.follow(this.#askQueue(known));
  }

  async #askQueue(known: Known): Promise<Asked> {
    const { queue, clock } = this.#options;
    const askedAt = clock.now();
    const limit = Math.min(this.#lanes.room, this.#limits.claimBatchMax);
    const room = this.#circuits.room(this.#lanes, askedAt);
    this.#metrics.claimCalled();
    const asked = { limit, leaseMs: this.#limits.leaseMs, room, holder: this.#tenure.holder, ...known };
    if (known.nextDueAt === undefined) this.#lookedAt = askedAt;
    const { claims, passedOver, nextDueAt } = await queue.claim(asked);
    for (const claim of claims) this.#lanes.add({ claim, origin: this.#targets.of(claim.notifyUrl).origin });
    this.#beginAll();
    this.#circuits.learn(passedOver);
    if (claims.length > 0) this.#vain.end();
    // A circuit that lets its probe through only since the claim was asked for was left out of it.
    const probeAt = earlier(this.#circuits.nextProbeAt(askedAt), this.#circuits.nextProbeAt(clock.now()));
    return { askedAt, isAll: claims.length === limit, nextDueAt, lookAt: earlier(probeAt, this.#lanes.lateAt) };
  }

  /** Begins all that may run, and gives back what has waited too long, while its lease lasts. */
  #beginAll(): void {
    if (this.#isStopping || this.#settler.isFaulting || this.#settler.isBehind(this.#runs.size) || !this.#tenure.holds()) return;
    const now = this.#options.clock.now();
    const late = this.#lanes.takeLate(now);
    for (const { claim } of late) this.#giveUp(claim, now);
    if (late.length > 0) this.#alarm.ring();
    for (let inHand = this.#lanes.take(); inHand !== null; inHand = this.#lanes.take()) this.#begin(inHand);
  }

  #begin(inHand: InHand): void {
    const now = this.#options.clock.now();
    const leaseMs = inHand.claim.leaseUntil - now;
    if (leaseMs > this.#limits.attemptTimeoutMs && this.#circuits.begin(inHand, this.#lanes, now)) {
      const run = this.#run(inHand).finally(() => this.#end(run));
      this.#runs.add(run);
      return;
    }
    if (this.#lanes.leave(inHand)) this.#alarm.ring();
    if (leaseMs > this.#limits.attemptTimeoutMs) this.#hold(inHand);
    else this.#giveUp(inHand.claim, now);
  }

  #end(run: Promise<void>): void {
    this.#runs.delete(run);
    this.#ended += 1;
    this.#stillness.look();
  }

  #isStill(): boolean {
    if (this.#work === null || this.#isStopping) return true;
    return this.#runs.size === 0 && this.#claims.count === 0 && this.#settler.isResting && (this.#alarm.isAsleep || this.#backoff.isAsleep);
  }

  /** One attempt from slot to settlement. Never rejects. */
  async #run(inHand: InHand): Promise<void> {
    let attempted: Attempted | null = null;
    try {
      attempted = await this.#attempt(inHand.claim);
    } catch (cause) {
      // Not expected: a bug, or a claim that cannot be made into a request. Its lease brings it back.
      const error = new Error(`delivery ${inHand.claim.deliveryId} could not be attempted`, { cause });
      this.#options.events.dispatchFaulted({ stage: "claim", error });
      this.#options.queue.letGo([inHand.claim]);
    }
    this.#leave(inHand, attempted);
  }

  /** Tells the circuits, frees the slot for whoever waits, and claims anew where there is room that was not there before. */
  #leave(inHand: InHand, attempted: Attempted | null): void {
    const { claim, origin } = inHand;
    const turned = this.#circuits.end(inHand, attempted, this.#options.clock.now());
    const isFreed = this.#lanes.leave(inHand, attempted?.entry.durationMs ?? null);
    if (turned.isChannelOpen) for (const waiting of this.#lanes.takeWaiting({ channelKey: claim.channelKey })) this.#hold(waiting);
    if (turned.isOriginOpen) for (const waiting of this.#lanes.takeWaiting({ origin })) this.#hold(waiting);
    this.#beginAll();
    if (isFreed || turned.isChanged || this.#circuits.isTroubled(inHand)) this.#alarm.ring();
  }

  /** null: it was broken off, and given back. */
  async #attempt(claim: Claim): Promise<Attempted | null> {
    const attempted = await (this.#options.attempt ?? attempt)(claim, this.#context);
    const { entry, retryAfterMs } = attempted;
    if (entry.outcome === "released" || (this.#isBreakingOff && entry.httpStatus === null)) {
      this.#giveBack(claim, null);
      return null;
    }
    const { org, deliveryId, channelKey, channelId, module, operation } = claim;
    // What was sent again, or only tried, says nothing of how long deliveries take.
    const committedAt = claim.isReplay || claim.isTest ? null : claim.committedAt;
    this.#settler.add({ settlement: settlementOf(claim, { end: entry.outcome, attempt: entry, retryAfterMs }), claim, committedAt });
    const { outcome, httpStatus, durationMs, error } = entry;
    this.#metrics.attemptMade({ outcome, durationMs });
    const made = { attempt: claim.attemptsMade + 1, outcome, httpStatus, durationMs, error };
    this.#options.events.deliveryAttempted({ org, deliveryId, channelKey, channelId, module, operation, ...made });
    return attempted;
  }

  /** Gives back what a circuit keeps from being sent. */
  #hold(inHand: InHand): void {
    this.#giveBack(inHand.claim, this.#circuits.holdMs(inHand, this.#options.clock.now()));
  }

  /** Gives back what has waited too long; where its lease is over, it is another's already. */
  #giveUp(claim: Claim, now: number): void {
    if (claim.leaseUntil > now) this.#giveBack(claim, null);
    else this.#options.queue.letGo([claim]);
  }

  #giveBack(claim: Claim, holdMs: number | null): void {
    this.#settler.add({
      settlement: settlementOf(claim, { end: "released", attempt: null, retryAfterMs: holdMs }),
      claim,
      committedAt: null,
    });
  }

  async #drain(): Promise<void> {
    const { clock } = this.#options;
    const drainUntil = clock.now() + this.#limits.drainMs;
    this.#isStopping = true;
    this.#stillness.look();
    this.#unsubscribe();
    this.#alarm.ring();
    this.#backoff.ring();
    const inTime = new AbortController();
    const finished = this.#finish().then(() => inTime.abort());
    // Expected: the sleep is cut short when all is finished in time.
    await Promise.race([finished, clock.sleepUntil(drainUntil, inTime.signal).catch(() => undefined)]);
    this.#isBreakingOff = true;
    this.#settler.giveUp();
    if (this.#runs.size > 0) await this.#context.pools.destroy();
    await finished;
    this.#context.deadlines.stop();
    await this.#context.pools.close();
  }

  /** Resolves when nothing is claimed, nothing runs, and nothing is owed to the store. */
  async #finish(): Promise<void> {
    await this.#work;
    await this.#claims.none();
    for (const { claim } of this.#lanes.takeWaiting()) this.#giveBack(claim, null);
    await Promise.all(this.#runs);
    await this.#settler.idle();
  }

  #backoffMs(): number {
    return this.#limits.dispatchBackoffMs * (1 + backoffJitter * (2 * this.#options.random.next() - 1));
  }
}
