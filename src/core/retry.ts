/**
 * When a delivery that failed is tried again: a schedule that is data (the Standard Webhooks one, ten attempts over about
 * 75 hours), each wait varied by a fifth either way so that what failed together does not return together.
 */
import type { Random } from "./clock.ts";
import { limits } from "./limits.ts";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

export type RetrySchedule = {
  /** The wait before attempt 2, 3, … in ms; attempt 1 is made at once. */
  readonly waitsMs: readonly number[];
  /** 0.2 varies each wait by up to ±20 %. */
  readonly jitter: number;
};

export const standardSchedule: RetrySchedule = {
  waitsMs: [5 * secondMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs, 14 * hourMs, 20 * hourMs, 24 * hourMs],
  jitter: 0.2,
};

/** The wait in ms after `attemptsMade` failed attempts (at least 1), or null when none is left. */
export function waitAfter(attemptsMade: number, schedule: RetrySchedule, random: Random): number | null {
  const waitMs = schedule.waitsMs[attemptsMade - 1];
  if (waitMs === undefined) return null;
  return Math.round(waitMs * (1 + schedule.jitter * (2 * random.next() - 1)));
}

/**
 * The wait in ms when the receiver asked to be left alone for `askedMs`: never shorter than it asked, up to `limits.retryAfterMaxMs`,
 * and never shorter than `scheduledMs`. What it asked of many is stretched by up to the schedule's jitter of the scheduled wait, so
 * that they do not return in the same instant.
 */
export function waitAsked(scheduledMs: number, askedMs: number, { schedule, random }: { schedule: RetrySchedule; random: Random }): number {
  const spreadMs = Math.floor(schedule.jitter * scheduledMs * random.next());
  return Math.max(scheduledMs, Math.min(askedMs + spreadMs, limits.retryAfterMaxMs));
}
