/** Hints between the processes that share a store: wake-ups that may be lost, so that nobody waits for one. */
import type { Awaitable } from "./store.ts";

export type WireTopic = "delivery" | "due" | "notice";

export type HintWire = {
  /** Tells the other processes, some time soon; several at once become one. */
  send(topic: WireTopic): void;
  /** Hears the others, and all topics when it may have missed some. */
  onHint(listener: (topic: WireTopic) => void): void;
  close(): Awaitable<void>;
};
