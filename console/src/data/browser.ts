/** What the console takes from the browser besides the page itself: clock, timers, fetch, the stream. The only file that does. */
import type { StartTimer, StreamSource } from "./live-stream.ts";

export const browserNow = (): number => Date.now();

export const startTimer: StartTimer = (delayMs, act) => {
  const timer = setTimeout(act, delayMs);
  return () => clearTimeout(timer);
};

/** Calls `act` each `intervalMs`, until what is returned is called. */
export function everyInterval(intervalMs: number, act: () => void): () => void {
  const timer = setInterval(act, intervalMs);
  return () => clearInterval(timer);
}

export function browserFetch(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init);
}

/** The stream of events; the session's cookie goes along by itself. */
export function openEventSource(url: string): StreamSource {
  const source = new EventSource(url);
  return {
    on: (name, take) =>
      source.addEventListener(name, (event) => {
        if (event instanceof MessageEvent) take(String(event.data));
      }),
    onOpen: (take) => source.addEventListener("open", take),
    onBroken: (take) => source.addEventListener("error", take),
    close: () => source.close(),
  };
}
