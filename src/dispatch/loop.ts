/**
 * The life of a part that works in turns: a turn, then a sleep until the instant that the turn named, or until it is rung; and so on until it is
 * stopped. Where several processes share the store, one of them makes turns: the others sleep until they lead. A turn sees to its own faults, and to `isStopping` where it is long.
 */
import type { Clock, Quiet } from "../core/clock.ts";
import { Alarm } from "./alarm.ts";
import { Stillness } from "./stillness.ts";
import { type Lead, endlessLead } from "./tenure.ts";

export abstract class Loop implements AsyncDisposable {
  readonly #stillness = new Stillness(() => this.#work === null || this.#isStopping || this.#alarm.isAsleep);
  readonly #alarm: Alarm;
  readonly #lead: Lead;
  #work: Promise<void> | null = null;
  #isStopping = false;

  constructor(clock: Clock, lead: Lead = endlessLead) {
    this.#lead = lead;
    lead.onGained(() => this.#alarm.ring());
    this.#alarm = new Alarm(clock, () => this.#stillness.look());
  }

  /** Idle between two turns. */
  get quiet(): Quiet {
    return this.#stillness;
  }

  /** Under whose name the steps are made; null: nobody else makes them. */
  protected get leader(): string | null {
    return this.#lead.leader;
  }

  /** Whether the turn is to end. */
  protected get isEnding(): boolean {
    return this.#isStopping || !this.#lead.holds();
  }

  protected get isStopping(): boolean {
    return this.#isStopping;
  }

  /** One turn; when to make the next, or null: when rung. Never rejects. */
  protected abstract turn(): Promise<number | null>;

  /** Twice is fine. */
  start(): void {
    this.#work ??= this.#turnUntilStopped();
  }

  /** Ends after the turn under way. Twice is fine. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stillness.look();
    this.#alarm.ring();
    await this.#work;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  protected ring(): void {
    this.#alarm.ring();
  }

  async #turnUntilStopped(): Promise<void> {
    while (!this.#isStopping) {
      const nextAt = this.#lead.holds() ? await this.turn() : null;
      if (!this.#isStopping) await this.#alarm.sleepUntil(nextAt);
    }
  }
}
