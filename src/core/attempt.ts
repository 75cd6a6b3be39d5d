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
  /** What is POSTed where it is no callback; null: the callback that the parts above make. */
  readonly body: string | null;
};

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
};

export type Settlement = {
  readonly org: OrgKey;
  readonly deliveryId: number;
  readonly claimToken: string;
  readonly end: ClaimEnd;
  /** null when released untried. */
  readonly attempt: AttemptEntry | null;
  /** How long the answer asked to be left alone (`Retry-After` of 429 and 503), in ms; null when it did not. */
  readonly retryAfterMs: number | null;
};

export type DeliveryFilter = {
  readonly zgid: string | null;
  readonly channelId: string | null;
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
};

export type AttemptView = AttemptEntry & { readonly number: number };
