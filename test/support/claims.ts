/** Claims as the store hands them out, and such as it would. */
import type { Claim } from "../../src/core/attempt.ts";
import type { PassedOver } from "../../src/core/claim-room.ts";
import { type ClaimOrder, Hand } from "../../src/core/hand.ts";
import type { Tx } from "../../src/store/store.ts";

export const claimSecret = `whsec_${Buffer.from("a key of thirty-two bytes, as is").toString("base64")}`;

/** A claim of an edited deal; `over` says what matters to the test. */
export function claimOf(over: Partial<Claim> = {}): Claim {
  const deliveryId = over.deliveryId ?? 1;
  return {
    org: 1,
    deliveryId,
    claimToken: `claim-${deliveryId}`,
    leaseUntil: Number.MAX_SAFE_INTEGER,
    attemptsMade: 0,
    committedAt: 0,
    channelKey: 1,
    channelId: "1000000068001",
    orgEpoch: 0,
    notifyUrl: "http://127.0.0.1:9/hook",
    token: null,
    secret: claimSecret,
    previousSecret: null,
    module: "Deals",
    operation: "update",
    recordIds: '["554023000100000001"]',
    affectedFields: '[{"554023000100000001":["Stage"]}]',
    affectedValues: null,
    notificationId: deliveryId,
    isReplay: false,
    isTest: false,
    body: null,
    ...over,
  };
}

/** One claim of what the store has. */
export async function claimWith(tx: Tx, order: ClaimOrder): Promise<{ claims: readonly Claim[]; passedOver: readonly PassedOver[] }> {
  const hand = new Hand(order);
  const passedOver = await tx.deliveries.claim(hand);
  return { claims: hand.claims, passedOver };
}
