/** One sentence of health, in plain words. */
import { type Census, liveChannels, oldestOwedAt } from "../core/census.ts";
import { limits } from "../core/limits.ts";
import type { Overview } from "../core/overview.ts";
import type { StuckCause } from "./health.ts";
import type { TakenCensus } from "./metrics/state-metrics.ts";

export type Health = {
  /** `degraded`: it works, and somebody should look. `down`: nothing can be stored or delivered. */
  readonly status: "ok" | "degraded" | "down";
  readonly sentence: string;
  /** What somebody should look at, each as a clause. */
  readonly causes: readonly string[];
};

export type HealthFacts = {
  /** What the monitor found. */
  readonly stuck: readonly Pick<StuckCause, "detail">[];
  /** null: the store does not answer. */
  readonly overview: Overview | null;
  /** null: nothing was counted yet. */
  readonly taken: Pick<TakenCensus, "census" | "takenAt"> | null;
  readonly deliveredInLastHour: number;
};

export function healthOf({ stuck, overview, taken, deliveredInLastHour }: HealthFacts): Health {
  if (stuck.length > 0) {
    return { status: "down", sentence: stuck.map(({ detail }) => detail).join(" "), causes: stuck.map(({ detail }) => clauseOf(detail)) };
  }
  if (overview === null) {
    const cause = "the store does not answer";
    return { status: "down", sentence: "The store does not answer: nothing is taken in or delivered.", causes: [cause] };
  }
  const causes = causesOf(overview, taken);
  if (causes.length > 0) return { status: "degraded", sentence: sentenceOf(causes.join("; ")), causes };
  const delivered = deliveredInLastHour === 0 ? "nothing was delivered" : `${counted(deliveredInLastHour)} delivered`;
  return {
    status: "ok",
    sentence: `All is well: ${delivered} in the last hour${taken === null ? "" : backlogText(taken.census)}.`,
    causes: [],
  };
}

function causesOf({ failing }: Overview, taken: HealthFacts["taken"]): readonly string[] {
  const disabled = taken === null ? 0 : liveChannels(taken.census).disabled;
  const oldestAt = taken === null ? null : oldestOwedAt(taken.census);
  const waitedMs = taken === null || oldestAt === null ? 0 : taken.takenAt - oldestAt;
  return [
    failing === 0 ? null : failing === 1 ? "1 channel fails" : `${boundedText(failing)} channels fail`,
    disabled === 0 ? null : disabled === 1 ? "1 channel is disabled" : `${counted(disabled)} channels are disabled`,
    waitedMs < limits.longWaitMs ? null : `the oldest delivery has waited ${spanText(waitedMs)}`,
  ].filter((cause) => cause !== null);
}

/** Dead deliveries are kept for weeks, also when everybody knows of them; so they are told, and trouble nobody. */
function backlogText({ backlog: { waiting, pending, claimed, dead } }: Census): string {
  const open = waiting + pending + claimed;
  const openText = open === 0 ? "nothing waits" : open === 1 ? "1 is on its way" : `${counted(open)} are on their way`;
  const deadText = dead === 0 ? "" : dead === 1 ? "; 1 dead delivery is kept" : `; ${counted(dead)} dead deliveries are kept`;
  return `, ${openText}${deadText}`;
}

function sentenceOf(clauses: string): string {
  return `${clauses.charAt(0).toUpperCase()}${clauses.slice(1)}.`;
}

function clauseOf(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, "")}`;
}

/** A count that stopped at its bound says so. */
function boundedText(count: number): string {
  return count >= limits.failingCountedMax ? `${counted(count)} or more` : counted(count);
}

/** With commas between thousands. */
function counted(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

const units = [
  { name: "day", ms: 86_400_000 },
  { name: "hour", ms: 3_600_000 },
  { name: "minute", ms: 60_000 },
] as const;

/** In the largest unit of which there are two, or one minute. */
function spanText(ms: number): string {
  const unit = units.find((candidate) => ms >= 2 * candidate.ms) ?? units[2];
  const count = Math.floor(ms / unit.ms);
  return count === 1 ? `1 ${unit.name}` : `${count} ${unit.name}s`;
}
