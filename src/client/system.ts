/**
 * The real clock, chance and fetch, for programs that pass none in. A library has no composition root of its own, so they are made
 * here, and only here.
 */
import type { Clock, Random } from "../core/clock.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The longest wait a timer takes; a longer sleep is several of them. */
const timerMsMax = 2 ** 31 - 1;

export const realClock: Clock = { now: () => Date.now(), sleepUntil };

export const realRandom: Random = { next: () => Math.random() };

/** Looked up at each call: a program may put another in its place. */
export const realFetch: Fetch = (url, init) => globalThis.fetch(url, init);

/** Looks at the clock again after each timer: timers end early by a fraction, and the time may be set while they run. */
async function sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  for (let leftMs = atMs - Date.now(); leftMs > 0; leftMs = atMs - Date.now()) {
    await sleepFor(Math.min(leftMs, timerMsMax), signal);
  }
}

function sleepFor(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, durationMs);
    signal.addEventListener("abort", abort, { once: true });
  });
}
