/** What the program asks about itself: whether the store still commits, and how much waits in it. */
import type { Census } from "../../core/census.ts";
import type { Skipped } from "../../core/claim-room.ts";

/** Where a census stopped; opaque to whoever goes on from there. */
export type CensusPlace = { readonly part: "open" | "waiting" | "dead" | "channels"; readonly mark: readonly (string | number)[] | null };

export type HealthCommands = {
  /** Writes, so that the commit has to reach the disk. `dueAt`: when the first delivery of the channels that are not skipped is due; null: none is open. */
  "health.beat": { input: { skipped: Skipped }; output: { readonly dueAt: number | null } };
  /** One small step of counting all orgs' deliveries and channels; `next` null: it was the last. The steps add up. */
  "health.count": { input: { after: CensusPlace | null }; output: { readonly counted: Census; readonly next: CensusPlace | null } };
};
