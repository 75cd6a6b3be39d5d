/**
 * The ids of deliveries, changes, replays and versions of channels are microseconds since 1970 at their commit's instant, or one more
 * than the last one given. So they only grow, order by age, and an instant is a place among them. No two in a store are the same.
 */

import { limits } from "./limits.ts";

const idsPerMs = 1_000;
const lastMs = Math.floor(Number.MAX_SAFE_INTEGER / idsPerMs);

/** The smallest id that what is committed at `atMs` can have. */
export function firstIdAt(atMs: number): number {
  return Math.max(0, Math.min(Math.ceil(atMs), lastMs)) * idsPerMs;
}

/** When what has the id was committed, in ms. */
export function instantOf(id: number): number {
  return Math.trunc(id / idsPerMs);
}

/** The id that follows `last` at the instant `nowMs`. */
export function nextId(last: number, nowMs: number): number {
  return Math.max(last + 1, firstIdAt(Math.trunc(nowMs)));
}

/** As `nextId`, among the ids of one slot: no two slots have one in common. */
export function nextIdInSlot(slot: number, last: number, nowMs: number): number {
  const least = nextId(last, nowMs);
  return least + ((slot - (least % limits.idSlots) + limits.idSlots) % limits.idSlots);
}
