import assert from "node:assert/strict";
import { test } from "node:test";
import { isPassword } from "../app/password.ts";
import { sampleClient, samplePassword, sampleSeed, sampleWebClient } from "./sample-org.ts";

test("the sample org has the zgid of the documented samples, and its client belongs to one of its users", () => {
  const [org] = sampleSeed.orgs;
  assert.equal(org?.zgid, "554023000");
  assert.ok(org?.users.some(({ email }) => email === sampleClient.userEmail));
});

test("the sample client's credentials have the form of real ones, and say what they are for", () => {
  for (const text of [sampleClient.clientId, sampleClient.refreshToken, sampleClient.grantToken]) assert.match(text ?? "", /^1000\.dev/i);
  assert.match(sampleClient.clientSecret, /^dev/);
});

test("the sample user's hash is that of the password that is printed", async () => {
  assert.ok(await isPassword(samplePassword, sampleSeed.orgs[0]?.users[0]?.password ?? null));
  assert.notEqual(sampleWebClient.redirectUri, null);
});
