import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleClient, sampleSeed } from "./sample-org.ts";

test("the sample org has the zgid of the documented samples, and its client belongs to one of its users", () => {
  const [org] = sampleSeed.orgs;
  assert.equal(org?.zgid, "554023000");
  assert.ok(org?.users.some(({ email }) => email === sampleClient.userEmail));
});

test("the sample client's credentials have the form of real ones, and say what they are for", () => {
  for (const text of [sampleClient.clientId, sampleClient.refreshToken, sampleClient.grantToken]) assert.match(text ?? "", /^1000\.dev/i);
  assert.match(sampleClient.clientSecret, /^dev/);
});
