/** When a channel keeper acts: pure, with the instant and chance as arguments. */
import type { Random } from "../../core/clock.ts";
import { kitLimits } from "../limits.ts";
import type { ApiVersion, WatchEvent, WatchRow, WatchedModule } from "./watch-types.ts";

const dayMs = 24 * 3_600_000;
const weekMs = 7 * dayMs;

/** The longest that a channel of a version may live; a server that is asked for more grants an hour or two, and says nothing. */
export const lifetimeMsMax: Readonly<Record<ApiVersion, number>> = {
  v2: dayMs,
  "v2.1": dayMs,
  v3: dayMs,
  v4: weekMs,
  v5: weekMs,
  v6: weekMs,
  v7: weekMs,
  v8: weekMs,
};

/** What to ask for: the longest, less what the two clocks may differ by. */
export function lifetimeMsOf(version: ApiVersion): number {
  return lifetimeMsMax[version] - kitLimits.lifetimeSlackMs;
}

/**
 * When the channel ends by what the server has granted: with several modules, when the first of them does. An answer that does not say, or
 * names an instant that our clock has passed, is taken for the shortest that any version grants.
 */
export function grantedUntil(modules: readonly Pick<WatchedModule, "channel_expiry">[], now: number): number {
  const instants = modules.map(({ channel_expiry: expiry }) => Date.parse(expiry ?? "")).filter((instant) => !Number.isNaN(instant));
  const first = Math.min(...instants);
  return instants.length > 0 && first > now ? first : now + kitLimits.unknownLifetimeMs;
}

export type RenewalOptions = {
  /** How long before the end; null: a fifth of the lifetime. Never more than half of it, so that a channel that lives shortly is not renewed without pause. */
  readonly leadMs: number | null;
  /** 0.2 adds up to a fifth to the lead, so that many channels are not renewed in one instant. */
  readonly jitter: number;
  readonly random: Random;
};

export function renewAt(span: { readonly now: number; readonly expiresAt: number }, { leadMs, jitter, random }: RenewalOptions): number {
  const lifetimeMs = span.expiresAt - span.now;
  const wantedMs = (leadMs ?? lifetimeMs / 5) * (1 + jitter * random.next());
  const at = span.expiresAt - Math.min(wantedMs, lifetimeMs / 2);
  return Math.ceil(Math.max(at, span.now + kitLimits.renewalPauseMsMin));
}

/** The wait after so many failures in a row: doubled each time up to five minutes, a half of it by chance; longer when the server asks for it. */
export function backoffMs(failures: number, { askedMs, random }: { readonly askedMs: number | null; readonly random: Random }): number {
  const fullMs = Math.min(kitLimits.backoffMsMax, kitLimits.backoffMsMin * 2 ** (failures - 1));
  return Math.round(Math.max(fullMs * (1 - random.next() / 2), askedMs ?? 0));
}

/** Whether the rows of a channel have every module that its events name. */
export function hasEveryModule(rows: readonly Pick<WatchRow, "resource_name">[], events: readonly WatchEvent[]): boolean {
  const listed = new Set(rows.map(({ resource_name: name }) => name.toLowerCase()));
  return events.every((event) => listed.has(event.slice(0, event.lastIndexOf(".")).toLowerCase()));
}
