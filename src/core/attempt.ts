/** A delivery on its way: claimed for one attempt, settled after it, and read back in the delivery log. */
import type { Operation } from "./channel.ts";
import type { ClaimEnd, DeliveryStatus } from "./delivery.ts";
import type { Id } from "./ids.ts";
import type { OrgKey } from "./org.ts";

/** A delivery handed out for one attempt. */
export type Claim = {
  readonly org: OrgKey;
  readonly deliveryId: number;
  /** Settles this claim and no other. */
  readonly claimToken: string;
  readonly leaseUntil: number;
  readonly attemptsMade: number;
  readonly committedAt: number;
  readonly channelKey: number;
  readonly channelId: string;
  /** The org's epoch under which the channel was read: whatever changes a channel raises it. 0: where nobody else could change one. */
  readonly orgEpoch: number;
  readonly notifyUrl: string;
  readonly token: string | null;
  /** Standard Webhooks form, `whsec_` and base64. */
  readonly secret: string;
  /** The secret before a rotation, while it signs along; null when it does not. */
  readonly previousSecret: string | null;
  readonly module: string;
  readonly operation: Operation;
  /** JSON texts, ready to be spliced into the callback's body; `affectedValues` is null unless asked for. */
  readonly recordIds: string;
  readonly affectedFields: string;
  readonly affectedValues: string | null;
  /** What the receiver knows the notification by: a replay's is that of the delivery it repeats. */
  readonly notificationId: number;
  readonly isReplay: boolean;
  readonly isTest: boolean;
  /** What is POSTed where it is no callback; null: the callback that the parts above make. */
  readonly body: string | null;
};

/** What tells one claim from every other. */
export type ClaimKey = Pick<Claim, "org" | "deliveryId" | "claimToken">;

/** Where a channel delivers to, as it was under an epoch of its org. */
export type ClaimTarget = Pick<Claim, "org" | "channelKey" | "orgEpoch" | "notifyUrl" | "token" | "secret"> & {
  /** Whether it may be sent to. */
  readonly isActive: boolean;
  /** null: none signs along. */
  readonly previousSecret: { readonly secret: string; readonly until: number } | null;
};

/** What a callback is made of. */
export type CallbackParts = Pick<
  Claim,
  "channelId" | "notifyUrl" | "token" | "module" | "operation" | "recordIds" | "affectedFields" | "affectedValues"
>;

export type AttemptEntry = {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: ClaimEnd;
  /** null: no answer came. */
  readonly httpStatus: number | null;
  /** What went wrong, without secrets; null when an answer came. */
  readonly error: string | null;
  /** The first bytes of the answer as text; null when none. */
  readonly responseBody: string | null;
  /** JSON of the answer's first headers, by lower-case name; null when no answer came. */
  readonly responseHeaders: string | null;
};

/** How a claim ends, with what it said of itself. */
export type Settlement = Pick<Claim, "org" | "deliveryId" | "claimToken" | "channelKey" | "attemptsMade" | "recordIds"> & {
  readonly end: ClaimEnd;
  /** null when released untried. */
  readonly attempt: AttemptEntry | null;
  /**
   * How long the answer asked to be left alone (`Retry-After` of 429 and 503), in ms, or how long one that is released is not to be claimed
   * again; null: not at all.
   */
  readonly retryAfterMs: number | null;
};

/** How long the texts of a claim are that can be long. */
export function textLengthOf(claim: Pick<Claim, "recordIds" | "affectedFields" | "affectedValues" | "body">): number {
  const { recordIds, affectedFields, affectedValues, body } = claim;
  return recordIds.length + affectedFields.length + (affectedValues?.length ?? 0) + (body?.length ?? 0);
}

export function settlementOf(claim: Claim, end: Pick<Settlement, "end" | "attempt" | "retryAfterMs">): Settlement {
  const { org, deliveryId, claimToken, channelKey, attemptsMade, recordIds } = claim;
  return { org, deliveryId, claimToken, channelKey, attemptsMade, recordIds, ...end };
}

export type DeliveryFilter = {
  readonly zgid: string | null;
  readonly channelId: string | null;
  readonly channelKey: number | null;
  readonly module: string | null;
  readonly recordId: Id | null;
  readonly status: DeliveryStatus | null;
  /** Committed at or after, and before, in ms. */
  readonly from: number | null;
  readonly until: number | null;
  /** Only deliveries with a smaller id: the cursor. */
  readonly beforeId: number | null;
  readonly limit: number;
};

export type DeliveryView = {
  readonly id: number;
  readonly zgid: string;
  readonly channelId: string;
  readonly channelKey: number;
  readonly module: string;
  readonly operation: Operation;
  readonly recordIds: readonly Id[];
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly committedAt: number;
  /** The next attempt, or the end of the lease while claimed; null when settled. */
  readonly dueAt: number | null;
  readonly settledAt: number | null;
  /** The delivery that this one repeats; null: none. */
  readonly replayOf: number | null;
  /** The last one that repeats this; null: none. */
  readonly replayedAs: number | null;
  /** Made by hand, not by a write alone: a replay, or a change that was missed. */
  readonly isReplay: boolean;
  /** An operator's try. */
  readonly isTest: boolean;
};

/** One delivery with what was sent and why. */
export type DeliveryDetail = DeliveryView & {
  /** JSON texts, as the callback's body takes them. */
  readonly affectedFields: string;
  readonly affectedValues: string | null;
  /** What is POSTed where it is no callback; null: the callback that the parts make. */
  readonly body: string | null;
  /** The number of the write; 0: none, or one that was made before writes had numbers. */
  readonly write: number;
};

export type AttemptView = Omit<AttemptEntry, "responseHeaders"> & {
  readonly number: number;
  readonly responseHeaders: Readonly<Record<string, string>> | null;
};
