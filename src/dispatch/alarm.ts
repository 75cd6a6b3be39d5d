/** A sleep that ends at an instant or when it is rung, whichever comes first. */
import type { Clock } from "../core/clock.ts";

export class Alarm {
  readonly #clock: Clock;
  readonly #onAsleep: () => void;
  #isRung = false;
  #wake: (() => void) | null = null;
  #wakesAt: number | null = null;

  /** `onAsleep` is called whenever a sleep has begun. */
  constructor(clock: Clock, onAsleep: () => void = () => undefined) {
    this.#clock = clock;
    this.#onAsleep = onAsleep;
  }

  /** Whether somebody sleeps whom nothing has woken yet. */
  get isAsleep(): boolean {
    return this.#wake !== null;
  }

  /** When the sleep ends by itself; null: only when rung, or nobody sleeps. */
  get wakesAt(): number | null {
    return this.isAsleep ? this.#wakesAt : null;
  }

  /** Ends the sleep; when nobody sleeps, the next sleep ends at once. */
  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  /** Resolves at `atMs` (null: never by itself) or when rung. One sleeper at a time. */
  async sleepUntil(atMs: number | null): Promise<void> {
    const rung = new AbortController();
    if (!this.#isRung) {
      await new Promise<void>((resolve, reject) => {
        const wake = (): void => {
          if (this.#wake === wake) this.#wake = null;
          resolve();
        };
        this.#wake = wake;
        this.#wakesAt = atMs;
        // A sleep that is cut short rejects; by then this promise is resolved and does not hear it.
        if (atMs !== null) this.#clock.sleepUntil(atMs, rung.signal).then(wake, reject);
        this.#onAsleep();
      });
    }
    this.#isRung = false;
    rung.abort();
  }
}
