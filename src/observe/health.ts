/**
 * Whether the server does its work, judged by what moves. Every few seconds a heartbeat goes through the engine: a command that writes,
 * so that a commit has to reach the disk. The delivery loop shows what it is at.
 *
 *   ok ──(a part stood still, or failed, for longer than `stuckMs`)──► stuck, with the parts ──(it moves again)──► ok
 *
 * All of it is judged on real time, whatever clock the program follows, and `report` never waits for anybody: it says what is known when
 * it is asked. When the looks themselves stood still (the machine slept, the process was stopped) all spans begin anew, for
 * nothing could have moved meanwhile.
 */
import type { Skipped } from "../core/claim-room.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "./events.ts";

export const stuckParts = ["delivery_loop", "writer", "disk"] as const;
export type StuckPart = (typeof stuckParts)[number];

export type StuckCause = {
  readonly part: StuckPart;
  /** On real time, in ms. */
  readonly since: number;
  /** A sentence without secrets. */
  readonly detail: string;
};

/** No cause: all is well. */
export type HealthReport = { readonly causes: readonly StuckCause[] };

/** What the delivery loop is at. */
export type LoopPulse = {
  /** Turns that it has begun. */
  readonly turns: number;
  readonly isAsleep: boolean;
  /** When the sleep ends, on the program's clock; null: when it is rung, or it does not sleep. */
  readonly wakesAt: number | null;
  /** Nothing more may be begun now: all slots are taken. */
  readonly isFull: boolean;
  /** Claims or settlements fail; it waits to try again. */
  readonly isFaulting: boolean;
  /** Attempts that run, and that have ended so far. */
  readonly running: number;
  readonly ended: number;
  /** The channels that it would not be handed anything of now. */
  readonly skipped: Skipped;
};

/** That of a loop that is not there, or has no work. */
export const restingPulse: LoopPulse = {
  turns: 0,
  isAsleep: true,
  wakesAt: null,
  isFull: false,
  isFaulting: false,
  running: 0,
  ended: 0,
  skipped: { orgs: [], channelKeys: [] },
};

export type HealthMonitorOptions = {
  /** Real time. */
  readonly realClock: Clock;
  /** The clock that the delivery loop follows. */
  readonly clock: Pick<Clock, "now">;
  readonly events: Pick<Events, "healthStuck" | "healthRecovered">;
  /** One write through the engine; `dueAt`: when the first delivery is due that the loop may be handed, null: none is open. */
  readonly beat: (skipped: Skipped) => Promise<{ readonly dueAt: number | null }>;
  /** What the store's thread is at. */
  readonly stage: () => "idle" | "running" | "committing";
  readonly pulse: () => LoopPulse;
  /** How long an attempt takes at most, in ms. */
  readonly attemptTimeoutMs: number;
};

export type HealthMonitor = AsyncDisposable & {
  start(): void;
  /** Looks no more; a heartbeat under way is left to itself. Twice is fine. */
  stop(): Promise<void>;
  report(): HealthReport;
  /** To be told of each batch that the store's thread has finished. */
  noteBatch(): void;
};

export function createHealthMonitor(options: HealthMonitorOptions): HealthMonitor {
  return new BeatingMonitor(options);
}

/** Since when something has been so without a break; a `mark` that changes is one. */
class Span {
  #since: number | null = null;
  #mark: number | null = null;

  look(isSo: boolean, now: number, mark = 0): number | null {
    if (!isSo) this.#since = null;
    else if (this.#since === null || this.#mark !== mark) this.#since = now;
    this.#mark = mark;
    return this.#since;
  }

  reset(): void {
    this.#since = null;
  }
}

/** A fault of the last heartbeat: what is wrong with the store, or null when the store is not at fault. */
type BeatFault = { readonly ofStore: string | null; readonly error: unknown };

class BeatingMonitor implements HealthMonitor {
  readonly #options: HealthMonitorOptions;
  readonly #stopping = new AbortController();
  readonly #spans = {
    still: new Span(),
    overdue: new Span(),
    faulting: new Span(),
    attempts: new Span(),
    blocked: new Span(),
    failing: new Span(),
  };
  #work: Promise<void> | null = null;
  #lastLookAt: number;
  #isBeating = false;
  #beatEndedAt = -Infinity;
  #batches = 0;
  #beatFault: BeatFault | null = null;
  /** The beat was turned away: too much waits. */
  #isTurnedAway = false;
  #dueAt: number | null = null;
  #stuck: readonly StuckCause[] = [];

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
    this.#lastLookAt = options.realClock.now();
  }

  start(): void {
    this.#work ??= this.#lookUntilStopped();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  noteBatch(): void {
    this.#batches += 1;
  }

  report(): HealthReport {
    return { causes: this.#judge(this.#options.realClock.now()) };
  }

  async #lookUntilStopped(): Promise<void> {
    const { realClock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const now = realClock.now();
      if (!this.#isBeating && now - this.#beatEndedAt >= limits.heartbeatMs) void this.#beat();
      this.#tell(this.#judge(now), now);
      // Expected: the sleep is cut short when the monitor stops.
      await realClock.sleepUntil(now + limits.healthLookMs, signal).catch(() => undefined);
    }
  }

  async #beat(): Promise<void> {
    const { beat, pulse, realClock } = this.#options;
    this.#isBeating = true;
    try {
      const { dueAt } = await beat(pulse().skipped);
      this.#dueAt = dueAt;
      this.#beatFault = null;
      this.#isTurnedAway = false;
    } catch (error) {
      // Expected: the disk is full or fails, the thread has ended, or so much waits that the beat was turned away.
      const ofStore = wordsOf(error);
      this.#isTurnedAway = ofStore === null && isRetryable(error);
      this.#beatFault = this.#isTurnedAway ? null : { ofStore, error };
    }
    this.#beatEndedAt = realClock.now();
    this.#isBeating = false;
  }

  /** The causes at `now`. */
  #judge(now: number): readonly StuckCause[] {
    if (Math.abs(now - this.#lastLookAt) > limits.healthLookMs * 3) for (const span of Object.values(this.#spans)) span.reset();
    this.#lastLookAt = now;
    const ofStore = this.#judgeStore(now);
    const ofLoop = this.#judgeLoop(now);
    // Without the store the loop can do nothing; it is not the cause.
    return ofStore === null ? ofLoop : [ofStore];
  }

  #judgeStore(now: number): StuckCause | null {
    const { stage } = this.#options;
    const failingSince = this.#spans.failing.look(this.#beatFault !== null, now);
    const blockedSince = this.#spans.blocked.look(this.#isBeating || this.#isTurnedAway, now, this.#batches);
    if (blockedSince !== null && now - blockedSince > limits.stuckMs) {
      if (stage() === "committing") return { part: "disk", since: blockedSince, detail: "A commit has begun and does not end." };
      return { part: "writer", since: blockedSince, detail: "The writer finishes nothing." };
    }
    if (failingSince === null || this.#beatFault === null) return null;
    const { ofStore } = this.#beatFault;
    if (ofStore === null) return { part: "writer", since: failingSince, detail: "The writer fails. The log says why." };
    return { part: "disk", since: failingSince, detail: `Nothing can be written: ${ofStore}.` };
  }

  #judgeLoop(now: number): readonly StuckCause[] {
    const { pulse, clock, attemptTimeoutMs } = this.#options;
    const { turns, isAsleep, wakesAt, isFull, isFaulting, running, ended } = pulse();
    const programNow = clock.now();
    const hasDue = this.#dueAt !== null && this.#dueAt <= programNow && !isFull && !isFaulting;
    const isOverdue = isAsleep && ((wakesAt !== null && wakesAt <= programNow) || hasDue);
    const spans = [
      { since: this.#spans.still.look(!isAsleep, now, turns), limitMs: 0, detail: "The delivery loop does not come back from the store." },
      { since: this.#spans.overdue.look(isOverdue, now, turns), limitMs: 0, detail: "The delivery loop sleeps while deliveries are due." },
      {
        since: this.#spans.faulting.look(isFaulting, now),
        limitMs: 0,
        detail: "Claims or settlements fail again and again. The log says why.",
      },
      {
        since: this.#spans.attempts.look(running > 0, now, ended),
        limitMs: attemptTimeoutMs,
        detail: "Attempts run and none of them ends.",
      },
    ];
    return spans.flatMap(({ since, limitMs, detail }) =>
      since !== null && now - since > limitMs + limits.stuckMs ? [{ part: "delivery_loop" as const, since, detail }] : [],
    );
  }

  /** Logs what has changed since the last look. */
  #tell(causes: readonly StuckCause[], now: number): void {
    const { events } = this.#options;
    for (const cause of causes) {
      if (this.#stuck.some((known) => known.part === cause.part)) continue;
      events.healthStuck({ part: cause.part, detail: cause.detail, stuckMs: now - cause.since, error: this.#beatFault?.error ?? null });
    }
    for (const { part, since } of this.#stuck) {
      if (!causes.some((cause) => cause.part === part)) events.healthRecovered({ part, stuckMs: now - since });
    }
    this.#stuck = causes;
  }
}

function wordsOf(error: unknown): string | null {
  return error instanceof Error && "ofStore" in error && typeof error.ofStore === "string" ? error.ofStore : null;
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && "retryable" in error && error.retryable === true;
}
