/** A wake that may wait, so that what comes meanwhile goes along: the earliest of those that were asked for, and none once it is not wanted any more. */
import type { Clock } from "../core/clock.ts";

export class LaterWake {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #atMs = Infinity;
  #armed = new AbortController();

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Wakes at this instant, unless it does so before. */
  at(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.cancel();
    this.#atMs = atMs;
    const { signal } = this.#armed;
    this.#clock.sleepUntil(atMs, signal).then(
      () => {
        if (signal.aborted) return;
        this.#atMs = Infinity;
        this.#wake();
      },
      // Expected: the sleep was cut short, for somebody else woke.
      () => undefined,
    );
  }

  cancel(): void {
    // It is asked for with each command, and seldom is there one.
    if (this.#atMs === Infinity) return;
    this.#armed.abort();
    this.#armed = new AbortController();
    this.#atMs = Infinity;
  }
}
