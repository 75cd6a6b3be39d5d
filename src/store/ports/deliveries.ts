/** Deliveries, their claims and attempts. What moves a delivery from state to state is decided in `core/delivery.ts`. */
import type { AttemptEntry, AttemptView, Claim, DeliveryFilter, DeliveryView } from "../../core/attempt.ts";
import type { ChannelHealth, Operation } from "../../core/channel.ts";
import type { NextState } from "../../core/delivery.ts";
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";

export type NewDelivery = {
  readonly org: OrgKey;
  readonly channelKey: number;
  readonly channelId: string;
  readonly module: string;
  readonly operation: Operation;
  readonly recordIds: readonly Id[];
  /** JSON texts, as the callback's body takes them. */
  readonly affectedFields: string;
  readonly affectedValues: string | null;
  /** What is POSTed in place of a callback. Left out: a callback is. */
  readonly body?: string;
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

/** A delivery that a claim holds. */
export type HeldDelivery = {
  readonly org: OrgKey;
  readonly id: number;
  /** Attempts made before this claim. */
  readonly attempts: number;
  readonly channelKey: number;
  readonly recordIds: readonly Id[];
  readonly health: ChannelHealth;
};

export type DeliveryRows = {
  /**
   * Inserts a delivery; gives its id, larger than every earlier one. It is due at once, or waits until the earlier ones of its
   * channel about any of its records are settled.
   */
  insert(delivery: NewDelivery): Awaitable<number>;
  /** Claims what is due, in fair turns between orgs and between the channels of an org; within a channel the longest due first. */
  claim(order: ClaimOrder): Awaitable<readonly Claim[]>;
  /** When to claim again for the channels that are not skipped: never later than the next falls due. null: nothing is open. */
  nextDueAt(skipChannelKeys: readonly number[]): Awaitable<number | null>;
  /** The delivery, while this claim holds it. */
  claimed(org: OrgKey, id: number, claimToken: string): Awaitable<HeldDelivery | null>;
  /** Ends the claim; when the delivery is settled for good, those that waited for it fall due at `now`. Gives back whether any did. */
  settle(held: HeldDelivery, next: NextState, now: number): Awaitable<boolean>;
  insertAttempt(attempt: AttemptEntry & { readonly org: OrgKey; readonly deliveryId: number; readonly number: number }): Awaitable<void>;
  /** Cancels what is still owed to the channel, of one module or (null) of all. */
  cancel(cancelled: { org: OrgKey; channelKey: number; module: string | null; now: number }): Awaitable<void>;
  /** Makes sure that what is due of the channel is claimed again, after it was held. */
  wake(org: OrgKey, channelKey: number, now: number): Awaitable<void>;
  /** Makes every claimed delivery due now: for a store that only this process uses, at start-up. */
  releaseAll(now: number): Awaitable<void>;

  /** The newest first. */
  list(org: OrgKey, filter: DeliveryFilter): Awaitable<readonly DeliveryRow[]>;
  byId(org: OrgKey, id: number): Awaitable<DeliveryRow | null>;
  attemptsOf(org: OrgKey, id: number): Awaitable<readonly AttemptView[]>;
};
