/**
 * A delivery is a POST that is owed: what one write did in one module by one operation, for one channel.
 *
 *            claim                    delivered
 *   pending ───────► claimed ───────────────────────► delivered
 *      ▲  ▲            │ │ │  failed, none left
 *      │  └─ failed ───┘ │ └────────────────────────► dead
 *      └─ released, or   │
 *         lease expired ─┘        cancelled (from pending or claimed: the channel was disabled)
 *
 * A claim holds until its lease ends; only the claim's own token settles it. Whoever comes later finds the token changed
 * and leaves the delivery alone.
 */
import type { Random } from "./clock.ts";
import type { RetrySchedule } from "./retry.ts";
import { waitAfter } from "./retry.ts";

export const deliveryStatuses = ["pending", "claimed", "delivered", "dead", "cancelled"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** What one attempt came to. Only `delivered` ends the delivery well. */
export const outcomeKinds = ["delivered", "retryable", "rejected", "unreachable", "refused_target"] as const;
/**
 * `delivered`: 2xx. `retryable`: an answer that asks to come again (408, 425, 429, 5xx). `rejected`: any other answer, redirects
 * among them. `unreachable`: no answer (DNS, connection, TLS, time). `refused_target`: our own guard refused the address.
 */
export type OutcomeKind = (typeof outcomeKinds)[number];

/** The event that ends a claim. `released`: given back untried (the server stops); it spends no attempt. */
export type ClaimEnd = OutcomeKind | "released";

export type Claimed = {
  /** Attempts made before this claim. */
  readonly attempts: number;
};

export type NextState = {
  readonly status: DeliveryStatus;
  readonly attempts: number;
  /** When it may be claimed again; null when it is settled for good. */
  readonly dueAt: number | null;
};

/** The columns to write when a claim ends at `now`. */
export function endClaim(claimed: Claimed, end: ClaimEnd, at: { now: number; schedule: RetrySchedule; random: Random }): NextState {
  if (end === "released") return { status: "pending", attempts: claimed.attempts, dueAt: at.now };
  const attempts = claimed.attempts + 1;
  if (end === "delivered") return { status: "delivered", attempts, dueAt: null };
  const waitMs = waitAfter(attempts, at.schedule, at.random);
  if (waitMs === null) return { status: "dead", attempts, dueAt: null };
  return { status: "pending", attempts, dueAt: at.now + waitMs };
}

/** The outcome that an HTTP status stands for. */
export function outcomeOfStatus(status: number): OutcomeKind {
  if (status >= 200 && status < 300) return "delivered";
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "retryable";
  return "rejected";
}
