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

/** Of a process that has nobody to tell. */
export const noNews: News = { start: () => undefined, stop: () => Promise.resolve() };

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
  const classes: unknown = Reflect.get(Object(sums), "classes");
  const counts = countsOf(["changes", "delivered", "failed"].map((name): unknown => Reflect.get(Object(sums), name)));
  if (counts === null || !Array.isArray(classes) || !Array.isArray(rows)) return null;
  const [changes = 0, delivered = 0, failed = 0] = counts;
  return { changes, delivered, failed, classes: classes.flatMap(classOf), attempts: rows.flatMap(attemptOf) };
}

function classOf(pair: unknown): FeedNews["classes"] {
  const [place, count] = (Array.isArray(pair) ? countsOf(pair) : null) ?? [];
  return place === undefined || count === undefined ? [] : [[place, count]];
}

function attemptOf(row: unknown): readonly FeedAttempt[] {
  const values: readonly unknown[] = Array.isArray(row) ? row : [];
  const [deliveryId, channelKey, channelId, module, operation, outcome, httpStatus, attempt, durationMs, at] = values;
  const counts = countsOf([deliveryId, channelKey, attempt, durationMs, at]);
  const areTexts = isText(channelId) && isText(module) && isText(operation) && isText(outcome);
  if (counts === null || !areTexts) return [];
  const [id = 0, key = 0, number = 0, took = 0, instant = 0] = counts;
  const of = { deliveryId: id, channelKey: key, channelId, module, operation };
  return [{ ...of, outcome, httpStatus: isCount(httpStatus) ? httpStatus : null, attempt: number, durationMs: took, at: instant }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Expected from whoever else uses the database: it is none of ours.
    return null;
  }
}

/** null: one of them is no count. */
function countsOf(values: readonly unknown[]): readonly number[] | null {
  const counts = values.filter(isCount);
  return counts.length === values.length ? counts : null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
