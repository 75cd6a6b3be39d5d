/** Deliveries, their claims and attempts. What moves a delivery from state to state is decided in `core/delivery.ts`. */
import type {
  AttemptEntry,
  AttemptView,
  Claim,
  ClaimKey,
  ClaimTarget,
  DeliveryDetail,
  DeliveryFilter,
  DeliveryView,
} from "../../core/attempt.ts";
import type { PassedOver, Skipped } from "../../core/claim-room.ts";
import type { ChannelHealth, Operation } from "../../core/channel.ts";
import type { NextState } from "../../core/delivery.ts";
import type { Hand } from "../../core/hand.ts";
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { ReplayFilter } from "../../core/replay.ts";
import type { Awaitable } from "../store.ts";
import type { Window } from "./changes.ts";

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
  /** The id of the write's first change; 0: no write made it. */
  readonly write: number;
  /** Made by hand; null: by the write alone. `of`: the delivery that it repeats, null for a change that was missed. */
  readonly replay: { readonly of: number | null } | null;
  /** An operator's try. */
  readonly isTest: boolean;
  /** Whether it waits for the channel's earlier ones about its records, and later ones for it. */
  readonly isInOrder: boolean;
};

export type DeliveryRow = Omit<DeliveryView, "zgid">;
export type DeliveryDetailRow = Omit<DeliveryDetail, "zgid">;

/** Which deliveries a replay goes through; null: any. */
export type DeliveryScan = Pick<ReplayFilter, "channelKey" | "channelId" | "module" | "recordId" | "status"> & {
  readonly fromId: number;
  readonly untilId: number;
  /** The most that are looked at, and that are given. */
  readonly look: number;
  readonly limit: number;
};

/** A claim that ends, and how. */
export type EndingClaim = Pick<Claim, "org" | "deliveryId" | "claimToken" | "channelKey" | "recordIds"> & {
  readonly next: NextState;
  /** null: none was made. */
  readonly attempt: AttemptEntry | null;
};

/** A claim that has ended. */
export type EndedClaim = {
  /** Whether any that waited for it fell due. */
  readonly isAnyFree: boolean;
  /** How the channel fared before. */
  readonly health: ChannelHealth;
};

/** Stands between a claim's token and the suffix of its renewal; no token has it. */
export const renewalMark = "~";

/**
 * Claims that get another lease. `suffix`, from the mark on: their tokens get it, in place of one that they may have, and `prefix`, whoever holds
 * them then, in front. Empty both: only the very tokens that are named are renewed, and stay.
 */
export type Renewal = {
  readonly claims: readonly ClaimKey[];
  readonly leaseUntil: number;
  readonly prefix: string;
  readonly suffix: string;
};

/** `held`: in the same order, whether each claim was held. `targets`: those of the channels of the ones that were. */
export type Renewed = { readonly held: readonly boolean[]; readonly targets: readonly ClaimTarget[] };

export type DeliveryRows = {
  /**
   * Inserts a delivery; gives its id, larger than every earlier one. It is due at once, or waits until the earlier ones of its
   * channel about any of its records are settled. What is due at once the hand may take.
   */
  insert(delivery: NewDelivery, hand?: Hand | null): Awaitable<number>;
  /**
   * Claims into the hand what is due and has room, in fair turns between orgs and between the channels of an org; within a channel the longest due first.
   * It ends when it has passed over `limits.lanesPassedOverMax` channels, and gives these. A hand that is only for what is new gets nothing
   * more, and hears whether something that fell due in the transaction was left.
   */
  claim(hand: Hand): Awaitable<readonly PassedOver[]>;
  /** Moves the end of leases, under the claims' own tokens. */
  renew(renewal: Renewal): Awaitable<Renewed>;
  /** When to claim again for those that are not skipped: never later than the next falls due. null: nothing is open. */
  nextDueAt(skipped: Skipped): Awaitable<number | null>;
  /**
   * Ends claims and logs their attempts; where a delivery is settled for good, those that waited for it fall due at `now`. Gives, in the
   * same order, what came of each; null: the claim held no more, and nothing was done.
   */
  settle(ending: readonly EndingClaim[], now: number): Awaitable<readonly (EndedClaim | null)[]>;
  /** Cancels what is still owed to the channel, of one module or (null) of all; gives how many. */
  cancel(cancelled: { org: OrgKey; channelKey: number; module: string | null; now: number }): Awaitable<number>;
  /** Cancels one that is not settled; those that waited for it fall due. Gives back whether it was, and whether any did. */
  skip(org: OrgKey, id: number, now: number): Awaitable<{ readonly isSkipped: boolean; readonly isAnyFree: boolean }>;
  /** Lets every waiting delivery of the channel go, and gives up the order of those that are open. */
  dropOrder(org: OrgKey, channelKey: number, now: number): Awaitable<void>;
  /** Notes the delivery that repeats this one. */
  markReplayed(org: OrgKey, id: number, replayedAs: number): Awaitable<void>;
  /** Makes sure that what is due of the channel is claimed again, after it was held. */
  wake(org: OrgKey, channelKey: number, now: number): Awaitable<void>;
  /** Makes every claimed delivery due now: for a store that only this process uses, at start-up. */
  releaseAll(now: number): Awaitable<void>;

  /** The newest first, of as many as `look` allows to be looked at. */
  list(org: OrgKey, filter: DeliveryFilter, look: number): Awaitable<Window<DeliveryRow>>;
  byId(org: OrgKey, id: number): Awaitable<DeliveryDetailRow | null>;
  /** The deliveries that a write made by itself for a channel, and those that were made for it since by hand. */
  ofWrite(org: OrgKey, write: number, channelKey: number): Awaitable<readonly DeliveryRow[]>;
  /**
   * The oldest first, for a replay: each notification once. That is the first delivery of it, or, where dead ones are asked for, the last.
   */
  scan(org: OrgKey, scan: DeliveryScan): Awaitable<Window<DeliveryDetailRow>>;
  attemptsOf(org: OrgKey, id: number): Awaitable<readonly AttemptView[]>;
};
