/**
 * Sees to it that no channel falls silent unseen: at the instant of each notice it has the engine give those that are due, and it tells
 * the log of every lifecycle event, whoever made it.
 *
 *   asleep ──(a notice falls due, hint)──► giving and telling, step by step ──► asleep
 *
 * What an org is POSTed it owes to the commit that made the event, and the dispatcher delivers it; the log is told once, as far as this
 * process lives to do it.
 */
import type { Engine, Output } from "../app/commands.ts";
import type { Clock, Quiet } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "../observe/events.ts";
import type { LifecycleMetrics } from "../observe/metrics/lifecycle-metrics.ts";
import { Alarm } from "./alarm.ts";
import { Stillness } from "./stillness.ts";
import { type Lead, endlessLead } from "./tenure.ts";

export type HeraldOptions = {
  readonly engine: Pick<Engine, "run" | "onHint">;
  readonly clock: Clock;
  readonly events: Pick<Events, "channelLifecycle" | "lifecycleFaulted">;
  readonly metrics: Pick<LifecycleMetrics, "lifecycleNoted">;
  /** Absent: no other process does it. */
  readonly lead?: Lead;
};

export type Herald = AsyncDisposable & {
  /** Idle while no notice is due and every event is told, or while it has to wait after a fault. */
  readonly quiet: Quiet;
  start(): void;
  /** Ends after the step under way. Twice is fine. */
  stop(): Promise<void>;
};

export function createHerald(options: HeraldOptions): Herald {
  return new EngineHerald(options);
}

class EngineHerald implements Herald {
  readonly #stillness = new Stillness(() => this.#isStill());
  readonly #options: HeraldOptions;
  readonly #lead: Lead;
  readonly #alarm: Alarm;
  readonly #backoff: Alarm;
  #work: Promise<void> | null = null;
  #unsubscribe: () => void = () => undefined;
  #isStopping = false;
  #isFaulting = false;
  /** The last event that was told; null: none yet. */
  #lastId: number | null = null;

  constructor(options: HeraldOptions) {
    const onResting = (): void => this.#stillness.look();
    this.#options = options;
    this.#lead = options.lead ?? endlessLead;
    this.#lead.onGained(() => this.#alarm.ring());
    this.#alarm = new Alarm(options.clock, onResting);
    this.#backoff = new Alarm(options.clock, onResting);
  }

  get quiet(): Quiet {
    return this.#stillness;
  }

  start(): void {
    if (this.#work !== null || this.#isStopping) return;
    this.#unsubscribe = this.#options.engine.onHint(() => this.#alarm.ring(), "notice");
    this.#work = this.#giveUntilStopped();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stillness.look();
    this.#unsubscribe();
    this.#alarm.ring();
    this.#backoff.ring();
    await this.#work;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #giveUntilStopped(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#isStopping) {
      if (!this.#lead.holds()) {
        // Whoever leads meanwhile tells of what happens meanwhile.
        this.#lastId = null;
        await this.#alarm.sleepUntil(null);
        continue;
      }
      const step = await this.#step();
      if (this.#isStopping) return;
      // A hint does not end the sleep after a fault.
      if (step === null) await this.#backoff.sleepUntil(clock.now() + limits.dispatchBackoffMs);
      else if (!step.isMore && (step.nextNoticeAt === null || step.nextNoticeAt > clock.now())) {
        await this.#alarm.sleepUntil(step.nextNoticeAt);
      }
    }
  }

  /** null after a fault. */
  async #step(): Promise<Output<"lifecycle.notice"> | null> {
    const { engine, events, metrics } = this.#options;
    try {
      const step = await engine.run("lifecycle.notice", { afterId: this.#lastId, leader: this.#lead.leader });
      this.#isFaulting = false;
      this.#lastId = step.lastId;
      for (const { org, channelKey, channelId, event: kind, before, cause, expiresAt } of step.events) {
        metrics.lifecycleNoted(kind);
        events.channelLifecycle({ org, channelKey, channelId, kind, before, cause, expiresAt: new Date(expiresAt).toISOString() });
      }
      return step;
    } catch (error) {
      // Expected: the store is busy, full or gone. The next turn tries again; of a streak of faults the first is told.
      if (!this.#isFaulting) events.lifecycleFaulted({ error });
      this.#isFaulting = true;
      return null;
    }
  }

  #isStill(): boolean {
    return this.#work === null || this.#isStopping || this.#alarm.isAsleep || this.#backoff.isAsleep;
  }
}
