/**
 * The deadlines of all attempts under way behind one sleep of the clock. Every attempt may take equally long, so the order in
 * which they began is the order in which they end, and the first of the set is always the next to pass. A timer or an
 * `AbortSignal` for each attempt costs more than the attempt's own signature (DESIGN §9).
 */
import type { Clock } from "../core/clock.ts";

export type Deadline = { readonly atMs: number; readonly onPassed: () => void };

export class Deadlines {
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  readonly #open = new Set<Deadline>();
  #isWatching = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `deadline.onPassed` at its instant, unless it is removed or all are stopped before. Add them in ascending order of `atMs`. */
  add(deadline: Deadline): void {
    if (this.#stopping.signal.aborted) return;
    this.#open.add(deadline);
    if (this.#isWatching) return;
    this.#isWatching = true;
    void this.#watch();
  }

  remove(deadline: Deadline): void {
    this.#open.delete(deadline);
  }

  /** Forgets all deadlines and ends the sleep. Twice is fine. */
  stop(): void {
    this.#open.clear();
    this.#stopping.abort();
  }

  async #watch(): Promise<void> {
    for (;;) {
      const [next] = this.#open;
      if (next === undefined) break;
      if (this.#clock.now() >= next.atMs) {
        this.#open.delete(next);
        next.onPassed();
        continue;
      }
      try {
        await this.#clock.sleepUntil(next.atMs, this.#stopping.signal);
      } catch (error) {
        // Expected: the sleep was ended by stop().
        if (!this.#stopping.signal.aborted) throw error;
      }
    }
    this.#isWatching = false;
  }
}
