/** How all stands, as the admin API tells it: one sentence, what waits, and the last steps of what was done. */
import { limits } from "../core/limits.ts";
import type { Overview } from "../core/overview.ts";
import type { Feed } from "../observe/feed.ts";
import { type Health, healthOf } from "../observe/health.ts";
import type { Json } from "../wire/json.ts";

export type Stats = Readonly<Record<string, Json>>;

export type StatsFacts = {
  readonly now: number;
  readonly feed: Pick<Feed, "series" | "total">;
  readonly stepMs: number;
  /** What the store said last; null: nothing yet. */
  readonly overview: Overview | null;
  readonly isAnswering: boolean;
};

const nothingKnown: Overview = {
  orgs: 0,
  backlog: { waiting: 0, pending: 0, claimed: 0, dead: 0 },
  oldestPendingAt: null,
  channels: { active: 0, paused: 0, disabled: 0 },
  failing: 0,
  expiring: [],
};

export function statsOf({ now, feed, stepMs, overview, isAnswering }: StatsFacts): Stats {
  const { backlog, oldestPendingAt, channels, expiring } = overview ?? nothingKnown;
  const health = healthOf({ now, overview: isAnswering ? overview : null, deliveredInLastHour: feed.total().delivered });
  return {
    now: iso(now),
    health: healthJson(health),
    backlog: { ...backlog },
    oldest_pending_at: oldestPendingAt === null ? null : iso(oldestPendingAt),
    channels: { ...channels },
    expiring: expiring.map(({ channelKey, channelId, zgid, expiresAt }) => ({
      channel_key: channelKey,
      channel_id: channelId,
      org: zgid,
      expires_at: iso(expiresAt),
    })),
    series: {
      step_seconds: stepMs / 1_000,
      points: feed.series(stepMs).map(({ at, changes, delivered, failed, p50Ms, p95Ms, p99Ms }) => ({
        at: iso(at),
        changes,
        delivered,
        failed,
        p50_ms: p50Ms,
        p95_ms: p95Ms,
        p99_ms: p99Ms,
      })),
    },
  };
}

/** The lengths of a step that can be asked for, in seconds; the first is meant when none is. */
export const stepsSeconds = [10, limits.feedStepMs / 1_000, 60] as const;

function healthJson({ status, sentence, causes }: Health): Json {
  return { status, sentence, causes: [...causes] };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
