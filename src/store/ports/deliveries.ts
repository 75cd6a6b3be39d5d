/** Deliveries, their claims and attempts. What moves a delivery from state to state is decided in `core/delivery.ts`. */
import type { AttemptEntry, AttemptView, Claim, DeliveryFilter, DeliveryView } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import type { NextState } from "../../core/delivery.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";

export type NewDelivery = {
  readonly org: OrgKey;
  readonly channelKey: number;
  readonly channelId: string;
  readonly module: string;
  readonly operation: Operation;
  /** JSON texts, as the callback's body takes them. */
  readonly recordIds: string;
  readonly affectedFields: string;
  readonly affectedValues: string | null;
  readonly committedAt: number;
};

export type ClaimOrder = {
  readonly now: number;
  readonly leaseUntil: number;
  readonly claimToken: string;
  readonly limit: number;
  readonly skipChannelKeys: readonly number[];
};

export type DeliveryRow = Omit<DeliveryView, "zgid">;

export type ClaimedRow = { readonly attempts: number };

export type DeliveryRows = {
  /** Inserts a delivery that is due at once; gives its id, larger than every earlier one. */
  insert(delivery: NewDelivery): Awaitable<number>;
  /** Claims what is due, the longest waiting first. */
  claim(order: ClaimOrder): Awaitable<readonly Claim[]>;
  /** When the next delivery of another channel falls due (a claimed one: when its lease ends); null when nothing waits. */
  nextDueAt(skipChannelKeys: readonly number[]): Awaitable<number | null>;
  /** The delivery, while this claim holds it. */
  claimed(org: OrgKey, id: number, claimToken: string): Awaitable<ClaimedRow | null>;
  settle(settled: { org: OrgKey; id: number; next: NextState; now: number }): Awaitable<void>;
  insertAttempt(attempt: AttemptEntry & { readonly org: OrgKey; readonly deliveryId: number; readonly number: number }): Awaitable<void>;
  /** Cancels what is still owed to the channel, of one module or (null) of all. */
  cancel(cancelled: { org: OrgKey; channelKey: number; module: string | null; now: number }): Awaitable<void>;
  /** Makes every claimed delivery due now: for a store that only this process uses, at start-up. */
  releaseAll(now: number): Awaitable<void>;

  /** The newest first. */
  list(org: OrgKey, filter: DeliveryFilter): Awaitable<readonly DeliveryRow[]>;
  byId(org: OrgKey, id: number): Awaitable<DeliveryRow | null>;
  attemptsOf(org: OrgKey, id: number): Awaitable<readonly AttemptView[]>;
};
