/** Claims as the store would hand them out, for tests of dispatch alone. */
import type { Claim } from "../../src/core/attempt.ts";

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
    ...over,
  };
}
