/**
 * How often somebody may guess: failures are counted in memory, by user and by address, over a window that begins with the first. An
 * attempt counts as a failure from its beginning, so that many at once are no way around; success takes that back.
 */
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";

export type SignInAttempts = {
  /** Counts an attempt. When there were too many, it is not to be made: gives the seconds to wait. null: go on. */
  begin(attempt: Attempt): number | null;
  /** Takes back an attempt that did not fail. */
  forgive(attempt: Attempt): void;
};

/** `user`: the client's id and the e-mail address, as sent, whether there is such a user or not. */
export type Attempt = { readonly user: string; readonly address: string };

type Count = { failures: number; readonly until: number };

export function createSignInAttempts(clock: Pick<Clock, "now">): SignInAttempts {
  // In the order in which their windows began, so the first is the oldest.
  const counts = new Map<string, Count>();

  return {
    begin(attempt) {
      const now = clock.now();
      const found = keysOf(attempt).map(({ key, max }) => ({ key, max, count: liveCount(key, now) }));
      const full = found.filter(({ count, max }) => count !== null && count.failures >= max);
      if (full.length > 0) return Math.ceil((Math.max(...full.map(({ count }) => count?.until ?? now)) - now) / 1_000);
      for (const { key, count } of found) {
        if (count === null) put(key, { failures: 1, until: now + limits.signInFailuresWindowMs });
        else count.failures += 1;
      }
      return null;
    },
    forgive(attempt) {
      for (const { key } of keysOf(attempt)) {
        const count = counts.get(key);
        if (count !== undefined && (count.failures -= 1) <= 0) counts.delete(key);
      }
    },
  };

  function liveCount(key: string, now: number): Count | null {
    const count = counts.get(key);
    if (count === undefined || count.until > now) return count ?? null;
    counts.delete(key);
    return null;
  }

  function put(key: string, count: Count): void {
    counts.set(key, count);
    const oldest = counts.keys().next();
    if (counts.size > limits.signInKeysKeptMax && oldest.done !== true) counts.delete(oldest.value);
  }
}

function keysOf({ user, address }: Attempt): readonly { readonly key: string; readonly max: number }[] {
  return [
    { key: `user ${user.toLowerCase()}`, max: limits.signInFailuresPerUserMax },
    { key: `address ${address}`, max: limits.signInFailuresPerAddressMax },
  ];
}
