/** The targets in place of sockets: they answer, refuse, hang and lie, each in its own mood, which changes from time to time. */
import type { Claim } from "../../src/core/attempt.ts";
import { outcomeOfStatus } from "../../src/core/delivery.ts";
import type { AttemptContext, Attempted } from "../../src/dispatch/attempt.ts";
import type { Random } from "../fuzz/random.ts";

export type Mood = "well" | "slow" | "failing" | "throttling" | "rejecting" | "hanging" | "lying" | "gone";

/** What comes of one POST: after how long, and with which status; null: no answer. */
type Answer = { readonly afterMs: number; readonly status: number | null; readonly retryAfterMs: number | null };

const moods: readonly Mood[] = ["well", "well", "well", "slow", "failing", "throttling", "rejecting", "hanging", "lying", "gone"];

export class Receivers {
  readonly #random: Random;
  readonly #moods: Mood[];

  constructor(random: Random, count: number) {
    this.#random = random;
    this.#moods = Array.from({ length: count }, () => "well");
  }

  get count(): number {
    return this.#moods.length;
  }

  /** Puts one target into another mood; gives which and what. */
  change(): string {
    const target = this.#random.below(this.count);
    const mood = this.#random.pick(moods) ?? "well";
    this.#moods[target] = mood;
    return `${target} ${mood}`;
  }

  heal(): void {
    this.#moods.fill("well");
  }

  answer(claim: Claim, attemptTimeoutMs: number): Answer {
    const random = this.#random;
    const mood = this.#moods[Number(/\/(\d+)$/.exec(claim.notifyUrl)?.[1] ?? 0)] ?? "well";
    const soon = 2 + random.below(150);
    switch (mood) {
      case "well":
        return { afterMs: soon, status: 200, retryAfterMs: null };
      case "slow":
        return { afterMs: 1_000 + random.below(attemptTimeoutMs - 2_000), status: 204, retryAfterMs: null };
      case "failing":
        return { afterMs: soon, status: random.hasChance(0.5) ? 500 : null, retryAfterMs: null };
      case "throttling":
        return { afterMs: soon, status: random.hasChance(0.5) ? 429 : 503, retryAfterMs: 1_000 * random.below(90_000) };
      case "rejecting":
        return { afterMs: soon, status: random.hasChance(0.5) ? 404 : 302, retryAfterMs: null };
      case "hanging":
        return { afterMs: attemptTimeoutMs, status: null, retryAfterMs: null };
      case "lying":
        // It has taken the notification, and says so to nobody, or says that it has not.
        return { afterMs: soon, status: random.hasChance(0.3) ? null : random.hasChance(0.5) ? 200 : 500, retryAfterMs: null };
      case "gone":
        return { afterMs: soon, status: random.hasChance(0.3) ? 410 : 500, retryAfterMs: null };
    }
  }
}

/** The attempt's entry, as a real attempt would write it. */
export function attemptedOf(answer: Answer, startedAt: number, { clock }: AttemptContext): Attempted {
  const times = { startedAt, durationMs: Math.max(0, clock.now() - startedAt), responseBody: null, responseHeaders: null };
  const { status, retryAfterMs } = answer;
  if (status === null) return { entry: { ...times, outcome: "unreachable", httpStatus: null, error: "no answer" }, retryAfterMs: null };
  return { entry: { ...times, outcome: outcomeOfStatus(status), httpStatus: status, error: null }, retryAfterMs };
}
