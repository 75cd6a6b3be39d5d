/**
 * What a process tells the others of its attempts, so that whoever looks on sees all of them, whichever process they are connected to: sums, and
 * the attempts themselves as far as they fit into a few messages a second. It may be lost; the lists have all of it.
 */
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Feed, FeedAttempt, FeedNews } from "./feed.ts";

export type NewsOptions = {
  readonly feed: Pick<Feed, "takeOwn" | "heard">;
  readonly realClock: Clock;
  readonly wire: { publish(text: string): void; onText(listener: (text: string) => void): void };
};

export type News = {
  start(): void;
  /** Tells what is left. Twice is fine. */
  stop(): Promise<void>;
};

export function createNews({ feed, realClock, wire }: NewsOptions): News {
  const over = new AbortController();
  let work: Promise<void> | null = null;

  function tell(): void {
    const own = feed.takeOwn();
    if (own !== null) for (const text of writeNews(own)) wire.publish(text);
  }

  async function tellUntilStopped(): Promise<void> {
    while (!over.signal.aborted) {
      // Expected: the sleep is cut short at the end.
      await realClock.sleepUntil(realClock.now() + limits.newsPauseMs, over.signal).catch(() => undefined);
      tell();
    }
  }

  return {
    start: () => {
      wire.onText((text) => {
        const news = readNews(text);
        if (news !== null) feed.heard(news);
      });
      work ??= tellUntilStopped();
    },
    stop: async () => {
      over.abort();
      await work;
    },
  };
}

const attemptKeys = [
  "deliveryId",
  "channelKey",
  "channelId",
  "module",
  "operation",
  "outcome",
  "httpStatus",
  "attempt",
  "durationMs",
  "at",
] as const;

/** As messages that the wire takes; the attempts that fit into none are left out. */
export function writeNews({ attempts, ...sums }: FeedNews): readonly string[] {
  const texts: string[] = [];
  let left = attempts;
  while (texts.length === 0 || (left.length > 0 && texts.length < limits.newsPerPauseMax)) {
    const rows: string[] = [];
    let bytes = Buffer.byteLength(JSON.stringify(sums));
    for (const attempt of left) {
      const row = JSON.stringify(attemptKeys.map((key) => attempt[key]));
      bytes += Buffer.byteLength(row) + 1;
      if (bytes > limits.newsBytesMax - messageBytes) break;
      rows.push(row);
    }
    const told = texts.length === 0 ? sums : noSums;
    texts.push(`{"sums":${JSON.stringify(told)},"attempts":[${rows.join(",")}]}`);
    // One that fits nowhere stands in nobody's way.
    left = left.slice(Math.max(1, rows.length));
  }
  return texts;
}

/** What stands around the rows. */
const messageBytes = 64;
const noSums: Omit<FeedNews, "attempts"> = { changes: 0, delivered: 0, failed: 0, classes: [] };

/** null: it is no news, or of another version of the program. */
export function readNews(text: string): FeedNews | null {
  const value = parsed(text);
  const sums: unknown = Reflect.get(Object(value), "sums");
  const rows: unknown = Reflect.get(Object(value), "attempts");
  const [changes, delivered, failed] = ["changes", "delivered", "failed"].map((name) => countOf(Reflect.get(Object(sums), name)));
  const classes: unknown = Reflect.get(Object(sums), "classes");
  if (changes == null || delivered == null || failed == null || !Array.isArray(classes) || !Array.isArray(rows)) return null;
  return {
    changes,
    delivered,
    failed,
    classes: classes.flatMap((pair: unknown) => {
      const [place, count] = Array.isArray(pair) ? pair.map(countOf) : [];
      return place == null || count == null ? [] : [[place, count] as const];
    }),
    attempts: rows.flatMap((row: unknown) => (Array.isArray(row) ? attemptOf(row) : [])),
  };
}

function attemptOf(row: readonly unknown[]): readonly FeedAttempt[] {
  const [deliveryId, channelKey, channelId, module, operation, outcome, httpStatus, attempt, durationMs, at] = row;
  const [id, key, number, took, instant] = [deliveryId, channelKey, attempt, durationMs, at].map(countOf);
  const [channel, inModule, by, end] = [channelId, module, operation, outcome].map(textOf);
  if (id == null || key == null || number == null || took == null || instant == null) return [];
  if (channel == null || inModule == null || by == null || end == null) return [];
  const of = { deliveryId: id, channelKey: key, channelId: channel, module: inModule, operation: by };
  return [{ ...of, outcome: end, httpStatus: countOf(httpStatus), attempt: number, durationMs: took, at: instant }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Expected from whoever else uses the database: it is none of ours.
    return null;
  }
}

function countOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
