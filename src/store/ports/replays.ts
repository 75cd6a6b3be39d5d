/** Replays that were asked for, under way or ended. */
import type { OrgKey } from "../../core/org.ts";
import type { Replay } from "../../core/replay.ts";
import type { Awaitable } from "../store.ts";

export type ReplayRow = Replay & { readonly org: OrgKey };

export type ReplayRows = {
  /** Inserts it; gives its id, larger than every earlier one. */
  insert(org: OrgKey, replay: Omit<Replay, "id">): Awaitable<number>;
  /** Sets what a step changes: state, place and counts. */
  update(replay: ReplayRow): Awaitable<void>;
  byId(org: OrgKey, id: number): Awaitable<ReplayRow | null>;
  /** The newest first. */
  list(org: OrgKey, page: { readonly beforeId: number; readonly limit: number }): Awaitable<readonly ReplayRow[]>;
  /** Those of all orgs that have steps to make, the oldest first. */
  underWay(limit: number): Awaitable<readonly ReplayRow[]>;
};
