import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf } from "../../test/support/claims.ts";
import { settlementOf, textLengthOf } from "./attempt.ts";

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

test("the texts of a claim are as long as what its body is made of", () => {
  const claim = { recordIds: '["1"]', affectedFields: "[]", affectedValues: null, body: null };
  assert.equal(textLengthOf(claim), 7);
  assert.equal(textLengthOf({ ...claim, affectedValues: "[{}]", body: "{}" }), 13);
});
