/**
 * The clock of `dev`: real time and an offset that only grows. It goes on by itself, and it can be moved forwards, over days at once.
 *
 * A move skips nothing. It goes from due instant to due instant, and at each it lets the program do what has fallen due before it
 * goes on, so that a week of retries and expiry happens in its order:
 *
 *   all parts idle ──► is the first sleeper's instant within the target? ──► stand there, wake it ──► all parts idle ──► …
 *                                          └──── no ──► stand at the target
 *
 * Time goes on at its real pace while the parts work, so that a move ends nobody's time limit: it waits for an attempt that is under
 * way. Invariants: nobody wakes before his instant; those whose instants have come wake in the order of their instants; `now` never
 * goes back by a move.
 */
import { assert } from "../core/assert.ts";
import type { Clock, Quiet } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";

/**
 * `backwards`: the target has passed. `too_far`: it is more than `limits.clockAheadMsMax` ahead of real time. `moving`: another
 * move is under way. `unsettled`: the program had work for longer than a move may take, or stops; the clock stands on the way.
 */
export type MoveRefusal = "backwards" | "too_far" | "moving" | "unsettled";

export type VirtualClockOptions = {
  /** Real time. */
  readonly base: Clock;
  /** How far ahead of it the clock starts, in ms. */
  readonly offsetMs: number;
  /** Writes down how far ahead the clock is, before it gets there and where it ends up; what it throws ends the move. */
  readonly keepOffset: (offsetMs: number) => Promise<void>;
};

type Sleeper = { readonly atMs: number; readonly wake: () => void };

export class VirtualClock implements Clock {
  readonly #options: VirtualClockOptions;
  readonly #parts: Quiet[] = [];
  /** By ascending instant; of the same instant, in the order in which they fell asleep. */
  readonly #sleepers: Sleeper[] = [];
  readonly #stopping = new AbortController();
  #offsetMs: number;
  #isMoving = false;
  /** The sleep on the base clock, until the first sleeper's instant. */
  #sleep: { readonly baseAtMs: number; readonly over: AbortController } | null = null;

  constructor(options: VirtualClockOptions) {
    this.#options = options;
    this.#offsetMs = options.offsetMs;
  }

  now(): number {
    return this.#options.base.now() + this.#offsetMs;
  }

  /** How far ahead of real time it is. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (atMs <= this.now()) return resolve();
      const abort = (): void => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
        this.#sleepToTheFirst();
        reject(signal.reason);
      };
      const wake = (): void => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      const sleeper: Sleeper = { atMs, wake };
      signal.addEventListener("abort", abort, { once: true });
      this.#sleepers.splice(1 + this.#sleepers.findLastIndex((other) => other.atMs <= atMs), 0, sleeper);
      this.#sleepToTheFirst();
    });
  }

  /** The next `countMax` instants at which somebody wakes, in ms, ascending. */
  nextDue(countMax: number): readonly number[] {
    return [...new Set(this.#sleepers.map((sleeper) => sleeper.atMs))].slice(0, countMax);
  }

  /** From now on a move waits for these before each step. Whoever sleeps on this clock and works when it wakes belongs here. */
  waitFor(...parts: readonly Quiet[]): void {
    this.#parts.push(...parts);
  }

  /** Moves on by `ms` (not negative). One move at a time. */
  async advance(ms: number): Promise<Result<null, MoveRefusal>> {
    assert(ms >= 0, "the clock goes forwards");
    return this.#moveTo(this.now() + ms);
  }

  /** Moves on to the instant `atMs`. One move at a time. */
  async setTo(atMs: number): Promise<Result<null, MoveRefusal>> {
    return atMs < this.now() && !this.#isMoving ? refuse("backwards") : this.#moveTo(atMs);
  }

  /** Ends a move that is under way; the clock goes on by itself. */
  stop(): void {
    this.#stopping.abort();
  }

  async #moveTo(targetMs: number): Promise<Result<null, MoveRefusal>> {
    const { base, keepOffset } = this.#options;
    if (this.#isMoving) return refuse("moving");
    if (targetMs - base.now() > limits.clockAheadMsMax) return refuse("too_far");
    this.#isMoving = true;
    try {
      // Whatever is stored under an instant on the way must not lie ahead of the clock after a crash.
      await keepOffset(Math.max(this.#offsetMs, targetMs - base.now()));
      const hasArrived = await this.#stepUntilOver(targetMs);
      await keepOffset(this.#offsetMs);
      return hasArrived ? ok(null) : refuse("unsettled");
    } finally {
      this.#isMoving = false;
    }
  }

  /** Whether the target was reached before the time for a move was over. */
  async #stepUntilOver(targetMs: number): Promise<boolean> {
    const { base } = this.#options;
    const over = new AbortController();
    const ends = AbortSignal.any([over.signal, this.#stopping.signal]);
    const hasEnded = (): false => false;
    // Expected: the sleep is cut short, because the target is reached or the clock is stopped.
    const limit = base.sleepUntil(base.now() + limits.clockMoveMsMax, ends).then(hasEnded, hasEnded);
    try {
      return await Promise.race([this.#step(targetMs, ends), limit]);
    } finally {
      over.abort();
    }
  }

  async #step(targetMs: number, ends: AbortSignal): Promise<boolean> {
    for (;;) {
      await this.#quiet(ends);
      if (ends.aborted) return false;
      const first = this.#sleepers[0];
      if (first === undefined || first.atMs > targetMs) break;
      this.#standAt(first.atMs);
    }
    this.#standAt(targetMs);
    return true;
  }

  /** Resolves when no part has anything to do but sleep. */
  async #quiet(ends: AbortSignal): Promise<void> {
    while (!ends.aborted) {
      // Whoever was woken goes on within the turn.
      await new Promise((resolve) => setImmediate(resolve));
      const busy = this.#parts.filter((part) => !part.isIdle);
      if (busy.length === 0) return;
      await Promise.all(busy.map((part) => part.idle()));
    }
  }

  /** At whole milliseconds, as everything that is stored. */
  #standAt(atMs: number): void {
    this.#offsetMs += Math.max(0, Math.ceil(atMs) - this.now());
    this.#wakeDue();
  }

  #wakeDue(): void {
    const now = this.now();
    for (let first = this.#sleepers[0]; first !== undefined && first.atMs <= now; first = this.#sleepers[0]) {
      this.#sleepers.shift();
      first.wake();
    }
    this.#sleepToTheFirst();
  }

  /** Keeps one sleep on the base clock, and none when nobody sleeps here: it would keep the process from ending. */
  #sleepToTheFirst(): void {
    const first = this.#sleepers[0];
    const baseAtMs = first === undefined ? null : first.atMs - this.#offsetMs;
    if (this.#sleep !== null && this.#sleep.baseAtMs === baseAtMs) return;
    this.#sleep?.over.abort();
    this.#sleep = null;
    if (baseAtMs === null) return;
    const sleep = { baseAtMs, over: new AbortController() };
    this.#sleep = sleep;
    this.#options.base.sleepUntil(baseAtMs, sleep.over.signal).then(
      () => {
        if (this.#sleep === sleep) this.#sleep = null;
        this.#wakeDue();
      },
      () => undefined, // Expected: the sleep was given up for another.
    );
  }
}
