/**
 * Makes the steps of replays: several a second while one is under way, each in a commit that other commands share. It sleeps when there
 * is none, and is woken when one is made; what was under way when the process ended goes on at the start.
 */
import type { Engine } from "../app/commands.ts";
import type { Clock, Quiet } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "../observe/events.ts";
import { Loop } from "./loop.ts";
import type { Lead } from "./tenure.ts";

export type ReplayerOptions = {
  readonly engine: Pick<Engine, "run">;
  readonly clock: Clock;
  readonly events: Pick<Events, "replayFaulted">;
  /** Absent: no other process does it. */
  readonly lead?: Lead;
};

export type Replayer = AsyncDisposable & {
  /** Idle when nothing is under way, and between two steps. */
  readonly quiet: Quiet;
  start(): void;
  /** Looks for replays under way. */
  wake(): void;
  /** Ends after the step under way. Twice is fine. */
  stop(): Promise<void>;
};

export function createReplayer(options: ReplayerOptions): Replayer {
  return new EngineReplayer(options);
}

const stepsPerSecond = 1_000 / limits.replayStepMs;

class EngineReplayer extends Loop implements Replayer {
  readonly #options: ReplayerOptions;
  #isFaulting = false;

  constructor(options: ReplayerOptions) {
    super(options.clock, options.lead);
    this.#options = options;
  }

  wake(): void {
    this.ring();
  }

  protected async turn(): Promise<number | null> {
    const { engine, clock, events } = this.#options;
    const startedAt = clock.now();
    try {
      const { isUnderWay } = await engine.run("replays.step", { perSecond: stepsPerSecond, leader: this.leader });
      this.#isFaulting = false;
      return isUnderWay ? startedAt + limits.replayStepMs : null;
    } catch (error) {
      // Expected: the store is busy, full or gone. The next step begins where the last commit ended.
      if (!this.#isFaulting) events.replayFaulted({ error });
      this.#isFaulting = true;
      return clock.now() + limits.dispatchBackoffMs;
    }
  }
}
