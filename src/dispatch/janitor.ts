/**
 * Keeps the store's size flat: removes what is older than it is kept, step by step until there is nothing more to remove, then sleeps.
 * Between two steps other commands have their turn, so that no write waits for the whole.
 */
import type { Engine } from "../app/commands.ts";
import type { Clock, Quiet } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "../observe/events.ts";
import type { WriterMetrics } from "../observe/metrics/writer-metrics.ts";
import { Loop } from "./loop.ts";
import type { Lead } from "./tenure.ts";

export type JanitorOptions = {
  readonly engine: Pick<Engine, "run">;
  readonly clock: Clock;
  readonly events: Pick<Events, "purgeEnded" | "purgeFaulted">;
  /** Absent: nothing is counted. */
  readonly metrics?: Pick<WriterMetrics, "rowsPurged">;
  /** How long deliveries, attempts, changes and expired channels are kept, and how long dead deliveries, in ms. */
  readonly historyMs: number;
  readonly deadMs: number;
  /** Absent: no other process does it. */
  readonly lead?: Lead;
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

class EngineJanitor extends Loop implements Janitor {
  readonly #options: JanitorOptions;

  constructor(options: JanitorOptions) {
    super(options.clock, options.lead);
    this.#options = options;
  }

  protected async turn(): Promise<number> {
    await this.#purge();
    return this.#options.clock.now() + limits.purgePauseMs;
  }

  /** Step by step, until nothing is left to remove. */
  async #purge(): Promise<void> {
    const { engine, events, metrics, historyMs, deadMs } = this.#options;
    let rows = 0;
    try {
      for (let steps = 1; !this.isEnding; steps += 1) {
        const { removed } = await engine.run("retention.purge", { historyMs, deadMs, leader: this.leader });
        metrics?.rowsPurged(removed);
        rows += removed;
        if (removed > 0) continue;
        events.purgeEnded({ rows, steps });
        return;
      }
    } catch (error) {
      // Expected: the store is busy, full or gone. The next turn tries again.
      events.purgeFaulted({ error });
    }
  }
}
