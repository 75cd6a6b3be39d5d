/**
 * What a receiver remembers of the notifications that came, so that none is handled twice:
 *
 *           claim                keep
 *   (new) ────────► claimed ────────────► kept, until it is forgotten
 *     ▲                │ release, or the claim's time is over
 *     └────────────────┘
 *
 * A claim ends by itself, so that what was claimed by a process that died is handled by another.
 */
import { kitLimits } from "../limits.ts";

/** `new`: it is the caller's now. `claimed`: another copy is being handled. `kept`: it has been handled. */
export type Claimed = "new" | "claimed" | "kept";

/** Instants in ms. Each act is to be atomic where several processes share a store. */
export type SeenStore = {
  claim(key: string, times: { readonly now: number; readonly until: number }): Claimed | Promise<Claimed>;
  /** It was handled. */
  keep(key: string, times: { readonly now: number; readonly until: number }): void | Promise<void>;
  /** It was not handled; the next copy is to be. */
  release(key: string): void | Promise<void>;
};

/** In this process's memory, and no more than `idsMax` of them: when it is full, what was kept first is forgotten first. */
export function memorySeenStore({ idsMax = kitLimits.rememberedIdsMax }: { readonly idsMax?: number } = {}): SeenStore {
  const claims = new Map<string, number>();
  /** In the order in which they were kept. */
  const kept = new Map<string, number>();
  return {
    claim(key, { now, until }) {
      const keptUntil = kept.get(key);
      if (keptUntil !== undefined && keptUntil > now) return "kept";
      if ((claims.get(key) ?? 0) > now) return "claimed";
      claims.set(key, until);
      return "new";
    },
    keep(key, { now, until }) {
      claims.delete(key);
      kept.delete(key);
      kept.set(key, until);
      for (const [oldest, oldestUntil] of kept) {
        if (kept.size <= idsMax && oldestUntil > now) break;
        kept.delete(oldest);
      }
    },
    release(key) {
      claims.delete(key);
    },
  };
}
