/** A clock that stands still until a test moves it; sleepers wake when it passes their instant. */
import type { Clock } from "../../src/core/clock.ts";

type Sleeper = { readonly atMs: number; readonly wake: () => void };

export class ManualClock implements Clock {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Sets the clock, also backwards, and wakes whoever slept until then. */
  set(nowMs: number): void {
    this.#nowMs = nowMs;
    for (const sleeper of this.#sleepers) {
      if (sleeper.atMs <= nowMs) sleeper.wake();
    }
  }

  advance(ms: number): void {
    this.set(this.#nowMs + ms);
  }

  sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (atMs <= this.#nowMs) return resolve();
      const end = (settle: () => void): void => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener("abort", abort);
        settle();
      };
      const abort = (): void => end(() => reject(signal.reason));
      const sleeper: Sleeper = { atMs, wake: () => end(resolve) };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", abort);
    });
  }
}
