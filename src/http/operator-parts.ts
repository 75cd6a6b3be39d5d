/** What stands behind the console: its files, what has been going on, who looks on, and in `dev` the inbox. */
import type { IncomingMessage } from "node:http";
import type { Engine } from "../app/commands.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Overview } from "../core/overview.ts";
import type { Feed } from "../observe/feed.ts";
import type { HealthMonitor } from "../observe/health.ts";
import type { TakenCensus } from "../observe/metrics/state-metrics.ts";
import type { Inbox } from "./inbox.ts";
import { createInbox } from "./inbox.ts";
import { LiveStreams } from "./live-streams.ts";
import type { StaticFiles } from "./static-files.ts";
import { type Spans, type Stats, statsOf } from "./stats.ts";

export type OperatorParts = {
  readonly isDev: boolean;
  /** Real time, whatever the virtual clock says: for what people do. */
  readonly realNow: () => number;
  readonly realClock: Clock;
  /** The console as it was built; null: it was not. */
  readonly consoleFiles: () => Promise<StaticFiles | null>;
  readonly feed: Feed;
  readonly streams: LiveStreams;
  /** null: not in `dev`. */
  readonly inbox: Inbox | null;
  /** How all stands, in steps of `stepMs`. */
  stats(stepMs: number): Promise<Stats>;
  /** Whether the request is for the stream of events. */
  isStream(raw: Pick<IncomingMessage, "url">): boolean;
  /** Ends the streams. */
  close(): void;
};

export type OperatorOptions = {
  readonly engine: Engine;
  readonly clock: Pick<Clock, "now">;
  readonly realClock: Clock;
  readonly feed: Feed;
  readonly health: Pick<HealthMonitor, "report">;
  readonly census: () => Promise<TakenCensus | null>;
  readonly consoleFiles: () => Promise<StaticFiles | null>;
  readonly isDev: boolean;
  readonly spans: Spans;
};

const streamPath = "/api/v1/stream";

export function createOperatorParts(options: OperatorOptions): OperatorParts {
  const { engine, clock, realClock, feed, health, census, consoleFiles, isDev, spans } = options;
  const askOverview = keptOverview(engine, realClock);
  const stats = async (stepMs: number): Promise<Stats> => {
    const [taken, known] = await Promise.all([census(), askOverview()]);
    return statsOf({ now: clock.now(), feed, stepMs, report: health.report(), taken, spans, ...known });
  };
  const streams = new LiveStreams({ feed, realClock, stats });
  const unhear = engine.onHint(() => feed.hinted());
  return {
    isDev,
    realNow: () => realClock.now(),
    realClock,
    consoleFiles,
    feed,
    streams,
    inbox: isDev ? createInbox() : null,
    stats,
    isStream: ({ url = "" }) => url.split("?", 1)[0] === streamPath,
    close: () => {
      unhear();
      streams.close();
    },
  };
}

type Known = { readonly overview: Overview | null; readonly isAnswering: boolean };

/**
 * Asks the store at most every few seconds, however many look on. When it does not answer, or not in time, what it said last stands: that
 * it hangs is the monitor's to say.
 */
function keptOverview(engine: Engine, realClock: Clock): () => Promise<Known> {
  let last: Overview | null = null;
  let asked: { readonly at: number; readonly answer: Promise<Known> } | null = null;

  async function ask(): Promise<Known> {
    try {
      last = await engine.run("operate.overview", {});
      return { overview: last, isAnswering: true };
    } catch {
      // Expected: the store is busy, full or gone, which is just what people are to see.
      return { overview: last, isAnswering: false };
    }
  }

  return async () => {
    const now = realClock.now();
    if (asked === null || now - asked.at >= limits.overviewKeptMs || now < asked.at) asked = { at: now, answer: ask() };
    const inTime = new AbortController();
    const waited = realClock.sleepUntil(now + limits.overviewWaitMs, inTime.signal).catch(() => undefined);
    const known = await Promise.race([asked.answer, waited]);
    inTime.abort();
    return known ?? { overview: last, isAnswering: true };
  };
}
