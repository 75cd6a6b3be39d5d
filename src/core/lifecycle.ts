/**
 * What an org is told of its channels, so that none falls silent unseen: that one is about to expire, has expired, or was disabled.
 *
 *   … ──► 24h before ──► 1h before ──► 5m before ──► expired
 *
 * A notice falls due at an instant that follows from the expiry alone. What had passed when the channel got its expiry is not made up
 * for; after an outage only the latest that has come is given, for the others say what is no longer true.
 */
import { type Channel, type DisableCause, isExpiring } from "./channel.ts";
import { limits } from "./limits.ts";
import type { OrgKey } from "./org.ts";

export const lifecycleEventNames = ["channel.expiring", "channel.expired", "channel.disabled"] as const;
export type LifecycleEventName = (typeof lifecycleEventNames)[number];

export const warnings = ["24h", "1h", "5m"] as const;
/** How long before the expiry a warning is given. */
export type Warning = (typeof warnings)[number];

const leadsMs = { "24h": 86_400_000, "1h": 3_600_000, "5m": 300_000 } as const satisfies Record<Warning, number>;

/** `before` is null once the channel has expired. */
export type Notice =
  { readonly event: "channel.expiring"; readonly before: Warning } | { readonly event: "channel.expired"; readonly before: null };

const expired: Notice = { event: "channel.expired", before: null };

/** The series, in its order. */
const series: readonly { readonly notice: Notice; readonly leadMs: number }[] = [
  ...warnings.map((before) => ({ notice: { event: "channel.expiring" as const, before }, leadMs: leadsMs[before] })),
  { notice: expired, leadMs: 0 },
];

export type LifecycleEvent = {
  readonly org: OrgKey;
  readonly channelKey: number;
  readonly channelId: string;
  readonly event: LifecycleEventName;
  /** null unless expiring. */
  readonly before: Warning | null;
  /** null unless disabled. */
  readonly cause: DisableCause | null;
  readonly expiresAt: number;
  readonly at: number;
  /** The delivery that tells the org; null when it has no lifecycle_url, or one that is held. */
  readonly deliveryId: number | null;
};

export type LifecycleEventView = LifecycleEvent & { readonly id: number; readonly zgid: string };

export type LifecycleFilter = {
  /** null: of every org. */
  readonly zgid: string | null;
  /** null: of every channel. */
  readonly channelKey: number | null;
  /** Only events with a smaller id: the cursor. null: from the newest on. */
  readonly beforeId: number | null;
  readonly limit: number;
};

/** The latest notice whose instant has come at `now`; null when none has. */
export function noticeDue(expiresAt: number, now: number): Notice | null {
  return series.findLast(({ leadMs }) => expiresAt - leadMs <= now)?.notice ?? null;
}

/** When the first notice falls due that does so later than `now`; null when there is none. */
export function nextNoticeAfter(expiresAt: number, now: number): number | null {
  const next = series.find(({ leadMs }) => expiresAt - leadMs > now);
  return next === undefined ? null : expiresAt - next.leadMs;
}

type Noticed = Pick<Channel, "kind" | "expiresAt"> & { readonly nextNoticeAt: number | null };

/** When the next notice of a channel falls due that is stored at `now`. A new expiry begins the series anew, the same one goes on with it. */
export function nextNoticeOf(channel: Pick<Channel, "kind" | "expiresAt">, before: Noticed | null, now: number): number | null {
  if (!isExpiring(channel)) return null;
  return before?.expiresAt === channel.expiresAt ? before.nextNoticeAt : nextNoticeAfter(channel.expiresAt, now);
}

/** The URL that the text names, if lifecycle events can be POSTed to such a one; whether its address is allowed is another question. */
export function readLifecycleUrl(text: string): URL | null {
  if (text.length > limits.lifecycleUrlCharsMax || /\p{Cc}/u.test(text)) return null;
  const url = URL.parse(text);
  const isHttp = url !== null && (url.protocol === "http:" || url.protocol === "https:");
  return isHttp && url.username === "" && url.password === "" ? url : null;
}
