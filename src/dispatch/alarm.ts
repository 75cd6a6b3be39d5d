/** A sleep that ends at an instant or when it is rung, whichever comes first. */
import type { Clock } from "../core/clock.ts";

export class Alarm {
  readonly #clock: Clock;
  readonly #onAsleep: () => void;
  #isRung = false;
  #sleeper: { readonly wake: () => void; readonly fail: (error: unknown) => void } | null = null;
  #wakesAt: number | null = null;
  #armed = new AbortController();

  /** `onAsleep` is called whenever a sleep has begun. */
  constructor(clock: Clock, onAsleep: () => void = () => undefined) {
    this.#clock = clock;
    this.#onAsleep = onAsleep;
  }

  /** Whether somebody sleeps whom nothing has woken yet. */
  get isAsleep(): boolean {
    return this.#sleeper !== null;
  }

  /** When the sleep ends by itself; null: only when rung, or nobody sleeps. */
  get wakesAt(): number | null {
    return this.isAsleep ? this.#wakesAt : null;
  }

  /** Ends the sleep; when nobody sleeps, the next sleep ends at once. */
  ring(): void {
    this.#isRung = true;
    this.#wake();
  }

  /** Makes the sleep that is under way end at `atMs`. Also where it would anyway: a clock that was set meanwhile is looked at again. */
  wakeAt(atMs: number): void {
    if (this.#sleeper !== null) this.#arm(atMs);
  }

  /** Resolves at `atMs` (null: never by itself) or when rung. One sleeper at a time. */
  async sleepUntil(atMs: number | null): Promise<void> {
    if (!this.#isRung) {
      await new Promise<void>((wake, fail) => {
        this.#sleeper = { wake, fail };
        this.#arm(atMs);
        this.#onAsleep();
      });
    }
    this.#isRung = false;
    this.#armed.abort();
  }

  #wake(): void {
    this.#sleeper?.wake();
    this.#sleeper = null;
  }

  #arm(atMs: number | null): void {
    this.#armed.abort();
    this.#armed = new AbortController();
    this.#wakesAt = atMs;
    if (atMs === null) return;
    const { signal } = this.#armed;
    this.#clock.sleepUntil(atMs, signal).then(
      () => {
        if (!signal.aborted) this.#wake();
      },
      (error: unknown) => {
        // A sleep that is cut short rejects, and nobody waits for it any more.
        if (!signal.aborted) this.#sleeper?.fail(error);
      },
    );
  }
}
