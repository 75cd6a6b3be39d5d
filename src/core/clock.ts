/** Time and chance come in from outside, so that whatever depends on them can be run again. */

export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves at the instant `atMs`, or at once when it has passed; rejects with the signal's reason when aborted. */
  sleepUntil(atMs: number, signal: AbortSignal): Promise<void>;
};

/** A part that works when a clock wakes it, as who moves that clock sees it. */
export type Quiet = {
  /** Nothing is under way and nothing is due: only time, or a call from outside, brings work. */
  readonly isIdle: boolean;
  /** Resolves when it has become idle; it may be busy again by then. */
  idle(): Promise<void>;
};

export type Random = {
  /** A number in [0, 1). */
  next(): number;
};

/** The earlier of two instants; null is never. */
export function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
