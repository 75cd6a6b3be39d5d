/** Brings together what is asked for often: under load hundreds of events a second become one look a second. */
import type { StartTimer } from "./live-stream.ts";

/** Returns what takes a name; all names taken within `intervalMs` of the first are handed over together, each once. */
export function coalesce(
  intervalMs: number,
  startTimer: StartTimer,
  flush: (names: ReadonlySet<string>) => void,
): (...names: readonly string[]) => void {
  let waiting: Set<string> | null = null;
  return (...names) => {
    if (waiting === null) {
      waiting = new Set();
      startTimer(intervalMs, () => {
        const taken = waiting ?? new Set();
        waiting = null;
        flush(taken);
      });
    }
    for (const name of names) waiting.add(name);
  };
}
