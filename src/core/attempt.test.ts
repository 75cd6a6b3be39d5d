import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf } from "../../test/support/claims.ts";
import { settlementOf } from "./attempt.ts";

test("a settlement says of its claim what ends it, and neither where it was sent nor under which secret", () => {
  const claim = claimOf({ deliveryId: 7, claimToken: "a", channelKey: 3, attemptsMade: 2 });
  assert.deepEqual(settlementOf(claim, { end: "released", attempt: null, retryAfterMs: 5 }), {
    org: 1,
    deliveryId: 7,
    claimToken: "a",
    channelKey: 3,
    attemptsMade: 2,
    recordIds: claim.recordIds,
    end: "released",
    attempt: null,
    retryAfterMs: 5,
  });
});
