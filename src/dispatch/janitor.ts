/**
 * Keeps the store's size flat: removes what is older than it is kept, step by step until there is nothing more to remove, then sleeps.
 * Between two steps other commands have their turn, so that no write waits for the whole.
 */
import type { Engine } from "../app/commands.ts";
import type { Clock, Quiet } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "../observe/events.ts";
import { Alarm } from "./alarm.ts";
import { Stillness } from "./stillness.ts";

export type JanitorOptions = {
  readonly engine: Pick<Engine, "run">;
  readonly clock: Clock;
  readonly events: Pick<Events, "purgeFaulted">;
  /** How long deliveries, attempts, changes and expired channels are kept, and how long dead deliveries, in ms. */
  readonly historyMs: number;
  readonly deadMs: number;
};

export type Janitor = AsyncDisposable & {
  /** Idle between two turns. */
  readonly quiet: Quiet;
  start(): void;
  /** Ends after the step under way. Twice is fine. */
  stop(): Promise<void>;
};

export function createJanitor(options: JanitorOptions): Janitor {
  return new EngineJanitor(options);
}

class EngineJanitor implements Janitor {
  readonly #stillness = new Stillness(() => this.#work === null || this.#isStopping || this.#alarm.isAsleep);
  readonly #options: JanitorOptions;
  readonly #alarm: Alarm;
  #work: Promise<void> | null = null;
  #isStopping = false;

  constructor(options: JanitorOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock, () => this.#stillness.look());
  }

  get quiet(): Quiet {
    return this.#stillness;
  }

  start(): void {
    this.#work ??= this.#purgeUntilStopped();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stillness.look();
    this.#alarm.ring();
    await this.#work;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #purgeUntilStopped(): Promise<void> {
    while (!this.#isStopping) {
      if (!(await this.#step())) await this.#alarm.sleepUntil(this.#options.clock.now() + limits.purgePauseMs);
    }
  }

  /** Whether there may be more to remove at once. */
  async #step(): Promise<boolean> {
    const { engine, events, historyMs, deadMs } = this.#options;
    try {
      const { removed } = await engine.run("retention.purge", { historyMs, deadMs });
      return removed > 0;
    } catch (error) {
      // Expected: the store is busy, full or gone. The next turn tries again.
      events.purgeFaulted({ error });
      return false;
    }
  }
}
