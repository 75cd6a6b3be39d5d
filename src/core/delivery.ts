/**
 * A delivery is a POST that is owed: what one write did in one module by one operation, for one channel.
 *
 *   waiting
 *      │ first in line
 *      ▼      claim                    delivered
 *   pending ───────► claimed ───────────────────────► delivered
 *      ▲  ▲            │ │ │  failed, none left
 *      │  └─ failed ───┘ │ └────────────────────────► dead
 *      └─ released, or   │
 *         lease expired ─┘        cancelled (from the three on the left: the channel or the module was given up)
 *
 * A delivery waits while an earlier one of its channel, about one of its records, is not delivered, dead or cancelled: what a channel
 * hears of a record comes in the order of the commits.
 *
 * A claim holds until its lease ends; only the claim's own token settles it. Whoever comes later finds the token changed
 * and leaves the delivery alone.
 */
import type { Random } from "./clock.ts";
import type { RetrySchedule } from "./retry.ts";
import { waitAfter, waitAsked } from "./retry.ts";

export const deliveryStatuses = ["waiting", "pending", "claimed", "delivered", "dead", "cancelled"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** What one attempt came to. Only `delivered` ends the delivery well. */
export const outcomeKinds = ["delivered", "retryable", "gone", "rejected", "unreachable", "refused_target"] as const;
/**
 * `delivered`: 2xx. `retryable`: an answer that asks to come again (408, 425, 429, 5xx). `gone`: 410, which ends the delivery and
 * disables the channel. `rejected`: any other answer, redirects
 * among them. `unreachable`: no answer (DNS, connection, TLS, time). `refused_target`: our own guard refused the address.
 */
export type OutcomeKind = (typeof outcomeKinds)[number];

/** The event that ends a claim. `released`: given back untried (the server stops, or a circuit is open); it spends no attempt. */
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

export type EndedAt = {
  readonly now: number;
  readonly schedule: RetrySchedule;
  readonly random: Random;
  /** How long the receiver asked to be left alone, or how long what is released is held; null: not at all. */
  readonly retryAfterMs: number | null;
};

/** The columns to write when a claim ends at `now`. The next attempt waits as long as the schedule or the receiver says, whichever is longer. */
export function endClaim(claimed: Claimed, end: ClaimEnd, at: EndedAt): NextState {
  if (end === "released") return { status: "pending", attempts: claimed.attempts, dueAt: at.now + (at.retryAfterMs ?? 0) };
  const attempts = claimed.attempts + 1;
  if (end === "delivered") return { status: "delivered", attempts, dueAt: null };
  if (end === "gone") return { status: "dead", attempts, dueAt: null };
  const waitMs = waitAfter(attempts, at.schedule, at.random);
  if (waitMs === null) return { status: "dead", attempts, dueAt: null };
  const dueAt = at.now + (at.retryAfterMs === null ? waitMs : waitAsked(waitMs, at.retryAfterMs, at));
  return { status: "pending", attempts, dueAt };
}

/** The outcome that an HTTP status stands for. */
export function outcomeOfStatus(status: number): OutcomeKind {
  if (status >= 200 && status < 300) return "delivered";
  if (status === 410) return "gone";
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "retryable";
  return "rejected";
}
