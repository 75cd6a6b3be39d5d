/**
 * Writes back what attempts came to. What ends while a call to the queue is outstanding goes together in the next; that one may go along
 * with a batch of commands before the first is back. A call that fails is made again after a pause, until it lands or the leases have passed:
 * then the store has handed the deliveries out anew, and the settlements mean nothing any more.
 */
import type { Claim, Settlement } from "../core/attempt.ts";
import type { Clock } from "../core/clock.ts";
import type { DispatchMetrics } from "../observe/metrics/dispatch-metrics.ts";
import type { DeliveryQueue } from "../queue/delivery-queue.ts";
import { Alarm } from "./alarm.ts";

export type SettlerOptions = {
  readonly queue: Pick<DeliveryQueue, "settle" | "letGo">;
  readonly clock: Clock;
  readonly metrics: Pick<DispatchMetrics, "delivered" | "dispatchFailed">;
  /** How long to pause after a fault, in ms. */
  readonly pauseMs: () => number;
  /** The first fault of a streak. */
  readonly onFault: (error: unknown) => void;
  /** Something may be claimed that could not before: a delivery goes back to waiting, or a streak of faults is over. */
  readonly onClaimable: () => void;
  /** It has come to rest: nothing is owed, or it waits on the clock before it tries again. */
  readonly onResting?: () => void;
};

export type Owed = {
  readonly settlement: Settlement;
  /** Its lease is renewed while the settlement does not land, where the claim came in a message. */
  readonly claim: Pick<Claim, "leaseUntil">;
  /** When what is delivered was committed; null: nobody asks how long it took. */
  readonly committedAt: number | null;
};

export class Settler {
  readonly #options: SettlerOptions;
  readonly #pause: Alarm;
  #owed: Owed[] = [];
  #work: Promise<void> | null = null;
  /** The call that went along with a batch, and whether it landed. */
  #along: Promise<boolean> | null = null;
  #isFaulting = false;
  #isGivingUp = false;

  constructor(options: SettlerOptions) {
    this.#options = options;
    this.#pause = new Alarm(options.clock, () => options.onResting?.());
  }

  /** Whether the last call failed. */
  get isFaulting(): boolean {
    return this.#isFaulting;
  }

  /** Whether nothing is owed, or only time brings the next try. */
  get isResting(): boolean {
    return this.#work === null || (this.#pause.isAsleep && this.#along === null);
  }

  add(owed: Owed): void {
    this.#owed.push(owed);
    this.#work ??= this.#settleAll();
  }

  /** Sends what is owed with a batch of commands that is gathered, behind the call that is outstanding. */
  settleAlong(): void {
    if (this.#work === null || this.#along !== null || this.#isFaulting || this.#owed.length === 0) return;
    this.#along = this.#settleOwed().finally(() => {
      this.#along = null;
      this.#options.onResting?.();
    });
  }

  /** Resolves when nothing is owed. */
  async idle(): Promise<void> {
    while (this.#work !== null) await this.#work;
  }

  /** From now on a fault is final: each settlement gets one more try, and the leases bring back what does not land. */
  giveUp(): void {
    this.#isGivingUp = true;
    this.#pause.ring();
  }

  async #settleAll(): Promise<void> {
    while (this.#owed.length > 0 || this.#along !== null) {
      const hasLanded = await (this.#owed.length > 0 ? this.#settleOwed() : this.#along);
      if (hasLanded === true || this.#isGivingUp || !this.#isFaulting) continue;
      await this.#pause.sleepUntil(this.#options.clock.now() + this.#options.pauseMs());
      this.#letGoLate();
    }
    this.#work = null;
    if (this.#isFaulting) this.#endStreak();
    this.#options.onResting?.();
  }

  /** The store has handed them out anew. */
  #letGoLate(): void {
    const now = this.#options.clock.now();
    const late = this.#owed.filter(({ claim }) => claim.leaseUntil <= now);
    if (late.length === 0) return;
    this.#owed = this.#owed.filter(({ claim }) => claim.leaseUntil > now);
    this.#options.queue.letGo(late.map(({ settlement }) => settlement));
  }

  /** Whether the call landed. What did not is owed again, before what has come meanwhile. */
  async #settleOwed(): Promise<boolean> {
    const batch = this.#owed;
    this.#owed = [];
    const hasLanded = await this.#settle(batch);
    if (!hasLanded && !this.#isGivingUp) this.#owed = [...batch, ...this.#owed];
    return hasLanded;
  }

  async #settle(batch: readonly Owed[]): Promise<boolean> {
    const settlements = batch.map((owed) => owed.settlement);
    const { queue, metrics } = this.#options;
    let held: readonly boolean[];
    try {
      held = await queue.settle(settlements);
    } catch (error) {
      // Expected: the store is busy, full or gone.
      metrics.dispatchFailed("settle");
      if (!this.#isFaulting) this.#options.onFault(error);
      this.#isFaulting = true;
      return false;
    }
    this.#countDelivered(batch, held);
    if (this.#isFaulting) this.#endStreak();
    else if (settlements.some((settlement) => settlement.end !== "delivered")) this.#options.onClaimable();
    return true;
  }

  #countDelivered(batch: readonly Owed[], held: readonly boolean[]): void {
    const now = this.#options.clock.now();
    for (const [index, { settlement, committedAt }] of batch.entries()) {
      const isDelivered = held[index] === true && settlement.end === "delivered";
      if (isDelivered && committedAt !== null) this.#options.metrics.delivered(now - committedAt);
    }
  }

  #endStreak(): void {
    this.#isFaulting = false;
    // A call that went along has landed while what failed before it waits.
    if (this.#pause.isAsleep) this.#pause.ring();
    this.#options.onClaimable();
  }
}
