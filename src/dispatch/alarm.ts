/** A sleep that ends at an instant or when it is rung, whichever comes first. */
import type { Clock } from "../core/clock.ts";

export class Alarm {
  readonly #clock: Clock;
  #isRung = false;
  #wake: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
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
        this.#wake = resolve;
        // A sleep that is cut short rejects; by then this promise is resolved and does not hear it.
        if (atMs !== null) this.#clock.sleepUntil(atMs, rung.signal).then(resolve, reject);
      });
    }
    this.#wake = null;
    this.#isRung = false;
    rung.abort();
  }
}
