/** The server's clock, as far as the console knows it: in `dev` it can be days ahead of the browser's. */
import { useSyncExternalStore } from "react";
import { browserNow, everyInterval } from "./browser.ts";

const tickMs = 1_000;
/** What lies within it is the answer's way here, not a difference between clocks. */
const toleranceMs = 2_000;

let offsetMs = 0;
let tick = browserNow();
const listeners = new Set<() => void>();
let stopTicking: (() => void) | null = null;

/** Learns from an instant that the server just told. */
export function learnServerTime(nowIso: string): void {
  const learnt = Date.parse(nowIso) - browserNow();
  if (Number.isNaN(learnt) || Math.abs(learnt - offsetMs) < toleranceMs) return;
  offsetMs = learnt;
  ring();
}

/** The server's instant in ms, anew each second. */
export function useServerNow(): number {
  return useSyncExternalStore(subscribe, () => tick + offsetMs);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  stopTicking ??= everyInterval(tickMs, ring);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stopTicking?.();
    stopTicking = null;
  };
}

function ring(): void {
  tick = browserNow();
  for (const listener of listeners) listener();
}
