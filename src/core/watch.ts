/** What a request to watch asked for, and what came of it. */
import type { Id } from "./ids.ts";

/** A module a channel watches, as an answer names it. */
export type Resource = { readonly id: Id; readonly name: string };

export type WatchMode = "enable" | "replace" | "merge";

export type WatchItemDone = {
  /** `removed`: an item with `_delete_events: true`. */
  readonly kind: "subscribed" | "updated" | "removed";
  readonly channelId: string;
  readonly expiresAt: number;
  /** By ascending id (ruling 4). */
  readonly resources: readonly Resource[];
};
