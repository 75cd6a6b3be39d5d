/**
 * What has been going on: counters and latencies in steps of a few seconds over the last hour, in memory of a fixed size, and whoever
 * listens is told of each attempt and each commit. It knows this process and what others told it of theirs, and forgets at its end; the store has the truth.
 */
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { DeliveryAttempted, Events } from "./events.ts";

export type FeedListener = {
  onAttempt(event: FeedAttempt): void;
  /** Something was committed. */
  onHint(): void;
};

/** What whoever looks on sees of an attempt. */
export type FeedAttempt = Omit<DeliveryAttempted, "org" | "error"> & { readonly at: number };

/** What was done by one process within a moment. */
export type FeedNews = {
  readonly changes: number;
  readonly delivered: number;
  readonly failed: number;
  /** How many of those delivered fell into which class of latency. */
  readonly classes: readonly (readonly [place: number, count: number])[];
  /** The first of them. */
  readonly attempts: readonly FeedAttempt[];
};

export type FeedPoint = {
  /** The start of the step, in ms. */
  readonly at: number;
  readonly changes: number;
  readonly delivered: number;
  readonly failed: number;
  /** How long the POSTs that delivered took, in ms: below these were half of them, 95 and 99 of a hundred; null when there were none. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
};

export type Feed = {
  attempted(event: DeliveryAttempted): void;
  changed(count: number): void;
  hinted(): void;
  /** What another process did. */
  heard(news: FeedNews): void;
  /** What this process did since it was asked last; null: nothing, or the feed is nobody else's. */
  takeOwn(): FeedNews | null;
  listen(listener: FeedListener): () => void;
  /** The last `limits.statsPoints` steps of `stepMs`, a multiple of `limits.feedStepMs`, the oldest first; the last is under way. */
  series(stepMs: number): readonly FeedPoint[];
  /** What the whole memory holds: the last hour. */
  total(): { readonly delivered: number; readonly failed: number };
};

/** Upper bounds of the classes that latencies are counted in, in ms; a last class is without a bound. */
const boundsMs: readonly number[] = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000,
];

type Tally = { changes: number; delivered: number; failed: number; readonly classes: Uint32Array };
/** `step` counts steps since 1970; a tally of an older step is emptied before it is used again. */
type Slot = Tally & { step: number };

/** `isTold`: others are told of what this process does. */
export function createFeed(clock: Pick<Clock, "now">, { isTold }: { readonly isTold: boolean } = { isTold: false }): Feed {
  const slots: Slot[] = Array.from({ length: limits.feedStepsKept }, () => ({ step: -1, ...emptyTally() }));
  const listeners = new Set<FeedListener>();
  let own = emptyTally();
  let ownAttempts: FeedAttempt[] = [];

  function slotNow(): Tally {
    const step = stepAt(clock.now(), limits.feedStepMs);
    const slot = slots[step % slots.length];
    if (slot === undefined) return emptyTally();
    if (slot.step !== step) empty(slot, step);
    return slot;
  }

  function tallyOf(fromStep: number, untilStep: number): Tally {
    const tally = emptyTally();
    for (const slot of slots) if (slot.step >= fromStep && slot.step < untilStep) add(tally, slot);
    return tally;
  }

  return {
    attempted(event) {
      countAttempt(slotNow(), event);
      if (isTold) countAttempt(own, event);
      if (listeners.size === 0 && !isTold) return;
      const attempt = { ...event, at: clock.now() };
      if (isTold && ownAttempts.length < limits.newsAttemptsMax) ownAttempts.push(attempt);
      for (const listener of listeners) listener.onAttempt(attempt);
    },
    changed(count) {
      slotNow().changes += count;
      if (isTold) own.changes += count;
    },
    heard(news) {
      addNews(slotNow(), news);
      for (const listener of listeners) {
        for (const attempt of news.attempts) listener.onAttempt(attempt);
        listener.onHint();
      }
    },
    takeOwn() {
      const { changes, delivered, failed, classes } = own;
      if (changes + delivered + failed === 0) return null;
      const counted = [...classes.entries()].filter(([, count]) => count > 0);
      const news = { changes, delivered, failed, classes: counted, attempts: ownAttempts };
      own = emptyTally();
      ownAttempts = [];
      return news;
    },
    hinted() {
      for (const listener of listeners) listener.onHint();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    series(stepMs) {
      const slotsPerStep = stepMs / limits.feedStepMs;
      const current = stepAt(clock.now(), stepMs);
      return Array.from({ length: limits.statsPoints }, (_, index) => {
        const step = current - limits.statsPoints + 1 + index;
        const tally = tallyOf(step * slotsPerStep, (step + 1) * slotsPerStep);
        return pointOf(step * stepMs, tally);
      });
    },
    total() {
      const step = stepAt(clock.now(), limits.feedStepMs);
      const { delivered, failed } = tallyOf(step - limits.feedStepsKept + 1, step + 1);
      return { delivered, failed };
    },
  };
}

/** The events, with each attempt told to the feed besides. */
export function eventsInto(feed: Pick<Feed, "attempted">, events: Events): Events {
  return {
    ...events,
    deliveryAttempted: (event) => {
      events.deliveryAttempted(event);
      feed.attempted(event);
    },
  };
}

function countAttempt(tally: Tally, { outcome, durationMs }: Pick<DeliveryAttempted, "outcome" | "durationMs">): void {
  if (outcome !== "delivered") {
    tally.failed += 1;
    return;
  }
  const index = classOf(durationMs);
  tally.delivered += 1;
  tally.classes[index] = (tally.classes[index] ?? 0) + 1;
}

function stepAt(atMs: number, stepMs: number): number {
  return Math.floor(atMs / stepMs);
}

function emptyTally(): Tally {
  return { changes: 0, delivered: 0, failed: 0, classes: new Uint32Array(boundsMs.length + 1) };
}

function empty(slot: Slot, step: number): void {
  Object.assign(slot, { step, changes: 0, delivered: 0, failed: 0 });
  slot.classes.fill(0);
}

function addNews(to: Tally, { changes, delivered, failed, classes }: FeedNews): void {
  to.changes += changes;
  to.delivered += delivered;
  to.failed += failed;
  for (const [place, count] of classes) to.classes[place] = (to.classes[place] ?? 0) + count;
}

function add(sum: Tally, tally: Tally): void {
  sum.changes += tally.changes;
  sum.delivered += tally.delivered;
  sum.failed += tally.failed;
  for (const [index, count] of tally.classes.entries()) sum.classes[index] = (sum.classes[index] ?? 0) + count;
}

function classOf(durationMs: number): number {
  const index = boundsMs.findIndex((bound) => durationMs <= bound);
  return index === -1 ? boundsMs.length : index;
}

function pointOf(at: number, { changes, delivered, failed, classes }: Tally): FeedPoint {
  return {
    at,
    changes,
    delivered,
    failed,
    p50Ms: quantileOf(classes, 0.5),
    p95Ms: quantileOf(classes, 0.95),
    p99Ms: quantileOf(classes, 0.99),
  };
}

/** Between the bounds of its class as many steps along as it has others of the class before it; to a tenth of a millisecond. */
function quantileOf(classes: Uint32Array, share: number): number | null {
  const total = classes.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = share * total;
  let below = 0;
  for (const [index, count] of classes.entries()) {
    if (count > 0 && below + count >= rank) {
      const from = boundsMs[index - 1] ?? 0;
      const to = boundsMs[index] ?? from;
      return Math.round((from + ((to - from) * (rank - below)) / count) * 10) / 10;
    }
    below += count;
  }
  return boundsMs.at(-1) ?? null;
}
