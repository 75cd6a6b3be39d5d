/**
 * Takes a census when somebody wants to see one: step by step, so that other commands have their turn between two. One serves for some
 * seconds, and for longer when it took long, so that counting never takes more than a small part of the writer's time.
 */
import { type Census, addCensus, emptyCensus } from "../core/census.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { TakenCensus } from "./metrics/state-metrics.ts";

export type CensusTakerOptions<Place> = {
  /** One step; `next` null: it was the last. */
  readonly count: (after: Place | null) => Promise<{ readonly counted: Census; readonly next: Place | null }>;
  /** The program's clock, by which deliveries age. */
  readonly clock: Pick<Clock, "now">;
  readonly realClock: Clock;
};

/** A census takes at most one part in so many of the time. */
const pauseFactor = 20;

/** Gives the census of now, or after `limits.censusWaitMs` the one before; null: there is none yet. Never rejects. */
export function createCensusTaker<Place>(options: CensusTakerOptions<Place>): () => Promise<TakenCensus | null> {
  const { clock, realClock } = options;
  let latest: (Omit<TakenCensus, "ageMs"> & { readonly realMs: number }) | null = null;
  let underWay: Promise<void> | null = null;

  async function take(): Promise<void> {
    const begunMs = realClock.now();
    let census = emptyCensus;
    try {
      for (let after: Place | null = null, isDone = false; !isDone;) {
        const { counted, next } = await options.count(after);
        census = addCensus(census, counted);
        after = next;
        isDone = next === null;
      }
      const realMs = realClock.now();
      latest = { census, takenAt: clock.now(), realMs, tookMs: realMs - begunMs };
    } catch {
      // Expected: the store cannot answer; /readyz says so. The census before stays, and its age shows.
    }
    underWay = null;
  }

  return async () => {
    const keptMs = Math.max(limits.censusKeptMs, (latest?.tookMs ?? 0) * pauseFactor);
    if (latest === null || realClock.now() - latest.realMs >= keptMs) {
      underWay ??= take();
      const inTime = new AbortController();
      const waited = realClock.sleepUntil(realClock.now() + limits.censusWaitMs, inTime.signal).catch(() => undefined);
      await Promise.race([underWay, waited]);
      inTime.abort();
    }
    return latest === null ? null : { ...latest, ageMs: realClock.now() - latest.realMs };
  };
}
