/** What the processes that share a store tell each other beside it. All of it may be lost, so that nobody waits for it. */
import type { Awaitable } from "./store.ts";

export type WireTopic = "due" | "notice" | "replay";

export type HintWire = {
  /** Tells the other processes, some time soon; several at once become one. */
  send(topic: WireTopic): void;
  /** Hears the others, and all topics when it may have missed some. */
  onHint(listener: (topic: WireTopic) => void): void;
  /** Tells the other processes a text of at most `limits.newsBytesMax`. */
  publish(text: string): void;
  onText(listener: (text: string) => void): void;
  close(): Awaitable<void>;
};
