/**
 * Hands out what is owed: claim ► POST ► settle, until stopped.
 *
 *   asleep ──(due instant, hint, freed slot, retry settled)──► claiming ──► lanes ──► attempts ──► settler
 *      ▲                                                          │
 *      └──────────────── nothing more to claim, or a fault ───────┘
 *
 * One claim and one settle are outstanding at a time. Invariants: a claim is attempted only while its lease outlasts the attempt; a hint
 * only shortens the sleep; while settlements do not land nothing new is claimed or begun, so that no POST is made whose outcome cannot be
 * written; all that is in memory may be lost, for the leases bring it back.
 */
import type { Claim } from "../core/attempt.ts";
import type { Clock, Quiet, Random } from "../core/clock.ts";
import type { Engine, Output } from "../app/commands.ts";
import type { TargetGuard } from "../app/target-guard.ts";
import type { Events } from "../observe/events.ts";
import { Alarm } from "./alarm.ts";
import type { AttemptContext } from "./attempt.ts";
import { attempt } from "./attempt.ts";
import type { Lookup } from "./connect.ts";
import { createConnector } from "./connect.ts";
import { Deadlines } from "./deadlines.ts";
import type { DispatchLimits } from "./dispatch-limits.ts";
import { standardLimits } from "./dispatch-limits.ts";
import { Lanes } from "./lanes.ts";
import { OriginPools } from "./origin-pools.ts";
import { Settler } from "./settler.ts";
import { Stillness } from "./stillness.ts";

export type DispatcherOptions = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: Events;
  readonly guard: TargetGuard;
  /** The server's public origin, for `resource_uri`. */
  readonly baseUrl: string;
  readonly version: string;
  /** In place of the standard ones; for tests. */
  readonly limits?: Partial<DispatchLimits>;
  /** In place of the system's name lookup; for tests. */
  readonly lookup?: Lookup;
  /** In place of a POST; for the simulation. */
  readonly attempt?: typeof attempt;
};

export type Dispatcher = AsyncDisposable & {
  /** Idle while all that was due is attempted and settled, or has to wait after a fault. */
  readonly quiet: Quiet;
  /** Begins to claim. Twice is fine; after `stop` it does nothing. */
  start(): void;
  /** Claims no more, waits up to `limits.drainMs` for what runs, gives the rest back untried, and closes all connections. Twice is fine. */
  stop(): Promise<void>;
};

/** A dispatcher over `engine`; it does nothing until started. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new EngineDispatcher(options);
}

/** Backoffs vary by a fifth either way, so that several dispatchers do not come back together. */
const backoffJitter = 0.2;

class EngineDispatcher implements Dispatcher {
  readonly #stillness = new Stillness(() => this.#isStill());
  readonly #options: DispatcherOptions;
  readonly #limits: DispatchLimits;
  readonly #alarm: Alarm;
  readonly #backoff: Alarm;
  readonly #lanes: Lanes;
  readonly #settler: Settler;
  readonly #context: AttemptContext;
  readonly #runs = new Set<Promise<void>>();
  #work: Promise<void> | null = null;
  #stopped: Promise<void> | null = null;
  #unsubscribe: () => void = () => undefined;
  #isStopping = false;
  #isClaimFaulting = false;
  /** The drain is over: what still runs is broken off and given back. */
  #isBreakingOff = false;

  constructor(options: DispatcherOptions) {
    const { engine, clock, guard, events, baseUrl, version, lookup } = options;
    const limits = { ...standardLimits, ...options.limits };
    this.#options = options;
    this.#limits = limits;
    const onResting = (): void => this.#stillness.look();
    this.#alarm = new Alarm(clock, onResting);
    this.#backoff = new Alarm(clock, onResting);
    this.#lanes = new Lanes(limits);
    const connect = createConnector({ guard, limits, lookup });
    this.#context = { clock, guard, pools: new OriginPools(connect, limits), deadlines: new Deadlines(clock), limits, baseUrl, version };
    this.#settler = new Settler({
      engine,
      clock,
      pauseMs: () => this.#backoffMs(),
      onFault: (error) => events.dispatchFaulted({ stage: "settle", error }),
      onClaimable: () => this.#alarm.ring(),
      onResting,
    });
  }

  get quiet(): Quiet {
    return this.#stillness;
  }

  start(): void {
    if (this.#work !== null || this.#isStopping) return;
    this.#unsubscribe = this.#options.engine.onHint(() => this.#alarm.ring());
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
      for (const channelKey of this.#lanes.channelKeys()) this.#begin(channelKey);
      if (this.#lanes.freeSlots <= 0 || this.#settler.isFaulting) await this.#alarm.sleepUntil(null);
      else await this.#claim();
    }
  }

  /** Claims once, begins what it got, and sleeps when there is no more for now. */
  async #claim(): Promise<void> {
    const limit = Math.min(this.#lanes.freeSlots, this.#limits.claimBatchMax);
    const input = { limit, leaseMs: this.#limits.leaseMs, skipChannelKeys: this.#lanes.fullChannelKeys() };
    const { engine, clock, events } = this.#options;
    let claimed: Output<"dispatch.claim">;
    try {
      claimed = await engine.run("dispatch.claim", input);
      this.#isClaimFaulting = false;
    } catch (error) {
      // Expected: the store is busy, full or gone. A hint does not end this sleep.
      if (!this.#isClaimFaulting) events.dispatchFaulted({ stage: "claim", error });
      this.#isClaimFaulting = true;
      await this.#backoff.sleepUntil(clock.now() + this.#backoffMs());
      return;
    }
    for (const claim of claimed.claims) {
      this.#lanes.add(claim);
      this.#begin(claim.channelKey);
    }
    if (claimed.claims.length === limit) return;
    const now = clock.now();
    const { nextDueAt } = claimed;
    if (nextDueAt === null || nextDueAt > now) await this.#alarm.sleepUntil(nextDueAt);
    // What is due and was held back belongs to a full channel, whose next free slot rings; otherwise it fell due during the call.
    else if (input.skipChannelKeys.length > 0) await this.#alarm.sleepUntil(now + this.#limits.dispatchBackoffMs);
  }

  /** Begins as many of the channel's claims as may run. */
  #begin(channelKey: number): void {
    if (this.#isStopping || this.#settler.isFaulting) return;
    for (let claim = this.#lanes.take(channelKey); claim !== null; claim = this.#lanes.take(channelKey)) {
      const leaseMs = claim.leaseUntil - this.#options.clock.now();
      if (leaseMs > this.#limits.attemptTimeoutMs) {
        const run = this.#run(claim).finally(() => this.#end(run));
        this.#runs.add(run);
        continue;
      }
      this.#lanes.leave(channelKey);
      if (leaseMs > 0) this.#giveBack(claim);
    }
  }

  #end(run: Promise<void>): void {
    this.#runs.delete(run);
    this.#stillness.look();
  }

  #isStill(): boolean {
    if (this.#work === null || this.#isStopping) return true;
    return this.#runs.size === 0 && this.#settler.isResting && (this.#alarm.isAsleep || this.#backoff.isAsleep);
  }

  /** One attempt from slot to settlement. Never rejects. */
  async #run(claim: Claim): Promise<void> {
    try {
      await this.#attempt(claim);
    } catch (cause) {
      // Not expected: a bug, or a claim that cannot be made into a request. Its lease brings it back.
      const error = new Error(`delivery ${claim.deliveryId} could not be attempted`, { cause });
      this.#options.events.dispatchFaulted({ stage: "claim", error });
    }
    this.#leave(claim.channelKey);
  }

  /** Frees the claim's slot for its channel's next, and for a new claim if there was no room for one. */
  #leave(channelKey: number): void {
    const lanes = this.#lanes;
    const wasTaken = lanes.freeSlots <= 0;
    const wasFull = lanes.isFull(channelKey);
    lanes.leave(channelKey);
    this.#begin(channelKey);
    if ((wasTaken && lanes.freeSlots > 0) || (wasFull && !lanes.isFull(channelKey))) this.#alarm.ring();
  }

  async #attempt(claim: Claim): Promise<void> {
    const { entry, retryAfterMs } = await (this.#options.attempt ?? attempt)(claim, this.#context);
    if (this.#isBreakingOff && entry.httpStatus === null) {
      this.#giveBack(claim);
      return;
    }
    const { org, deliveryId, claimToken, channelKey, channelId, module, operation } = claim;
    this.#settler.add({ org, deliveryId, claimToken, end: entry.outcome, attempt: entry, retryAfterMs }, claim.leaseUntil);
    const { outcome, httpStatus, durationMs, error } = entry;
    const made = { attempt: claim.attemptsMade + 1, outcome, httpStatus, durationMs, error };
    this.#options.events.deliveryAttempted({ org, deliveryId, channelKey, channelId, module, operation, ...made });
  }

  #giveBack({ org, deliveryId, claimToken, leaseUntil }: Claim): void {
    this.#settler.add({ org, deliveryId, claimToken, end: "released", attempt: null, retryAfterMs: null }, leaseUntil);
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
    for (const claim of this.#lanes.takeWaiting()) this.#giveBack(claim);
    await Promise.all(this.#runs);
    await this.#settler.idle();
  }

  #backoffMs(): number {
    return this.#limits.dispatchBackoffMs * (1 + backoffJitter * (2 * this.#options.random.next() - 1));
  }
}
