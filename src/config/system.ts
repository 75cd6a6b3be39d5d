/** The real clock, stopwatch and chance; only `server.ts` hands them out. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Random } from "../core/clock.ts";

/** The longest wait a timer takes; a longer sleep is several of them. */
const timerMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleepUntil,
};

/** Milliseconds from anywhere, to tell how long something takes. */
export const systemStopwatch = (): number => performance.now();

export const systemRandom: Random = { next: () => Math.random() };

/** Looks at the clock again after each timer: timers end early by a fraction, and the time may be set while they run. */
async function sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  for (let leftMs = atMs - Date.now(); leftMs > 0; leftMs = atMs - Date.now()) {
    await sleepFor(Math.min(leftMs, timerMsMax), signal);
  }
}

async function sleepFor(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(durationMs, undefined, { signal });
  } catch (error) {
    // An abort arrives wrapped in an AbortError; the signal's own reason is promised.
    signal.throwIfAborted();
    throw error;
  }
}
