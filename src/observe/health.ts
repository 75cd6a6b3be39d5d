/** One sentence of health, in plain words. */
import { limits } from "../core/limits.ts";
import type { Overview } from "../core/overview.ts";

export type Health = {
  /** `degraded`: it works, and somebody should look. `down`: nothing can be stored or delivered. */
  readonly status: "ok" | "degraded" | "down";
  readonly sentence: string;
  /** What somebody should look at, each as a clause. */
  readonly causes: readonly string[];
};

export type HealthFacts = {
  readonly now: number;
  /** null: the store does not answer. */
  readonly overview: Overview | null;
  readonly deliveredInLastHour: number;
};

export function healthOf({ now, overview, deliveredInLastHour }: HealthFacts): Health {
  if (overview === null) {
    const cause = "the store does not answer";
    return { status: "down", sentence: "The store does not answer: nothing is taken in or delivered.", causes: [cause] };
  }
  const causes = causesOf(now, overview);
  if (causes.length > 0) return { status: "degraded", sentence: sentenceOf(causes.join("; ")), causes };
  const delivered = deliveredInLastHour === 0 ? "nothing was delivered" : `${counted(deliveredInLastHour)} delivered`;
  return {
    status: "ok",
    sentence: `All is well: ${delivered} in the last hour, ${waitingText(overview)}${deadText(overview)}.`,
    causes: [],
  };
}

function causesOf(now: number, { failing, channels, oldestPendingAt }: Overview): readonly string[] {
  const waitedMs = oldestPendingAt === null ? 0 : now - oldestPendingAt;
  return [
    failing === 0 ? null : failing === 1 ? "1 channel fails" : `${counted(failing)} channels fail`,
    channels.disabled === 0
      ? null
      : channels.disabled === 1
        ? "1 channel is disabled"
        : `${counted(channels.disabled)} channels are disabled`,
    waitedMs < limits.longWaitMs ? null : `the oldest delivery has waited ${spanText(waitedMs)}`,
  ].filter((cause) => cause !== null);
}

function waitingText({ backlog }: Overview): string {
  const open = backlog.waiting + backlog.pending + backlog.claimed;
  if (open === 0) return "nothing waits";
  return open === 1 ? "1 is on its way" : `${counted(open)} are on their way`;
}

/** Dead deliveries are kept for weeks, also when everybody knows of them; so they are told, and trouble nobody. */
function deadText({ backlog: { dead } }: Overview): string {
  if (dead === 0) return "";
  return dead === 1 ? "; 1 dead delivery is kept" : `; ${counted(dead)} dead deliveries are kept`;
}

function sentenceOf(clauses: string): string {
  return `${clauses.charAt(0).toUpperCase()}${clauses.slice(1)}.`;
}

/** With commas between thousands; a count that stopped at its bound says so. */
function counted(count: number): string {
  const text = String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return count >= limits.overviewCountMax ? `${text} or more` : text;
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
