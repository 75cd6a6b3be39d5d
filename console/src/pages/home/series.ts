/** What the server's series of figures says, made ready for drawing. */
import type { SeriesPoint, Stats } from "../../api/server-state.ts";

/** The share of attempts that succeeded, from 0 to 1; null when none was made. */
export function successShare(points: readonly SeriesPoint[]): number | null {
  const delivered = points.reduce((sum, point) => sum + point.delivered, 0);
  const failed = points.reduce((sum, point) => sum + point.failed, 0);
  return delivered + failed === 0 ? null : delivered / (delivered + failed);
}

export type RatePoint = {
  readonly at: number;
  readonly changes: number;
  readonly delivered: number;
  readonly failed: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** In percent; null when nothing was attempted. */
  readonly success: number | null;
};

/** Counts become rates a second. */
export function ratesOf({ step_seconds, points }: Stats["series"]): readonly RatePoint[] {
  const rate = (count: number): number => Math.round((count / step_seconds) * 100) / 100;
  return points.map((point) => ({
    at: Date.parse(point.at),
    changes: rate(point.changes),
    delivered: rate(point.delivered),
    failed: rate(point.failed),
    p50: point.p50_ms,
    p95: point.p95_ms,
    p99: point.p99_ms,
    success: percentOf(successShare([point])),
  }));
}

/** Whether a figure stands between two steps without one, so that no line leads to it. */
export function hasLonePoint(values: readonly (number | null)[]): boolean {
  return values.some((value, index) => value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null);
}

function percentOf(share: number | null): number | null {
  return share === null ? null : Math.round(share * 1000) / 10;
}
