/** How all stands, as the admin API tells it: one sentence, what waits, and the last steps of what was done. */
import { emptyCensus, liveChannels, oldestOwedAt } from "../core/census.ts";
import { limits } from "../core/limits.ts";
import type { Overview } from "../core/overview.ts";
import type { Feed } from "../observe/feed.ts";
import type { HealthReport } from "../observe/health.ts";
import { type Health, healthOf } from "../observe/health-sentence.ts";
import type { TakenCensus } from "../observe/metrics/state-metrics.ts";
import type { Json } from "../wire/json.ts";

export type Stats = Readonly<Record<string, Json>>;

/** How long history and dead deliveries are kept, and how long a target may fail before its channel is disabled, in ms. */
export type Spans = { readonly historyMs: number; readonly deadMs: number; readonly failingMs: number };

export type StatsFacts = {
  readonly now: number;
  readonly feed: Pick<Feed, "series" | "total">;
  readonly stepMs: number;
  readonly report: HealthReport;
  /** null: nothing was counted yet. */
  readonly taken: TakenCensus | null;
  /** What the store said last; null: nothing yet. */
  readonly overview: Overview | null;
  readonly isAnswering: boolean;
  readonly spans: Spans;
};

export function statsOf({ now, feed, stepMs, report, taken, overview, isAnswering, spans }: StatsFacts): Stats {
  const census = taken?.census ?? emptyCensus;
  const oldestAt = oldestOwedAt(census);
  const answered = isAnswering ? overview : null;
  const health = healthOf({ stuck: report.causes, overview: answered, taken, deliveredInLastHour: feed.total().delivered });
  return {
    now: iso(now),
    health: healthJson(health),
    backlog: { ...census.backlog },
    oldest_pending_at: oldestAt === null ? null : iso(oldestAt),
    channels: { ...liveChannels(census) },
    expiring: (overview?.expiring ?? []).map(({ channelKey, channelId, zgid, expiresAt }) => ({
      channel_key: channelKey,
      channel_id: channelId,
      org: zgid,
      expires_at: iso(expiresAt),
    })),
    retention: { history_ms: spans.historyMs, dead_ms: spans.deadMs, disable_after_ms: spans.failingMs },
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
