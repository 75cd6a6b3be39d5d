/**
 * Time that is made: events in one order, and clocks that follow it. An event runs to its end, with all that it set off, before the
 * next one begins; nothing here waits on the machine. So one seed gives one run.
 */
import type { Clock } from "../../src/core/clock.ts";

type Event = { readonly atMs: number; readonly act: () => void };

/** One stay of the process: from a start to its stop or crash. What it had planned does not happen after its end. */
export type Life = { isOver: boolean };

export class Schedule {
  /** By instant; of one instant, in the order in which they were planned. */
  readonly #events: Event[] = [];
  #nowMs = 0;
  /** How far the clock on the wall is off the time that has really passed. */
  #offsetMs = 0;
  steps = 0;

  constructor(startMs: number) {
    this.#offsetMs = startMs;
  }

  /** Milliseconds that have passed since the beginning. */
  get passedMs(): number {
    return this.#nowMs;
  }

  /** What the clock on the wall shows. */
  get wallMs(): number {
    return this.#nowMs + this.#offsetMs;
  }

  /** Sets the clock on the wall forward or (below 0) back; what sleeps does not hear of it. */
  jump(ms: number): void {
    this.#offsetMs += ms;
  }

  after(ms: number, act: () => void): void {
    const atMs = this.#nowMs + Math.max(0, Math.ceil(ms));
    let low = 0;
    for (let high = this.#events.length; low < high;) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, { atMs, act });
  }

  /** Runs the next event, and all that it sets off; false when none is left before `untilMs`. */
  async step(untilMs: number): Promise<boolean> {
    const next = this.#events[0];
    if (next === undefined || next.atMs > untilMs) {
      this.#nowMs = Math.max(this.#nowMs, untilMs);
      return false;
    }
    this.#events.shift();
    this.#nowMs = next.atMs;
    this.steps += 1;
    next.act();
    await settled();
    return true;
  }

  /** A clock as the system's: it looks at the wall again after each timer, and a timer runs by the time that really passes. */
  clockOf(life: Life): Clock {
    return {
      now: () => this.wallMs,
      sleepUntil: (atMs, signal) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) return reject(signal.reason);
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          const look = (): void => {
            if (life.isOver || signal.aborted) return;
            if (this.wallMs >= atMs) resolve();
            else this.after(atMs - this.wallMs, look);
          };
          look();
        }),
    };
  }
}

/** Resolves when every promise that could settle has settled: they all go before the next turn of the machine's own loop. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
