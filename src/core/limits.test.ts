import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "./limits.ts";

test("every limit is a positive whole number", () => {
  for (const [name, limit] of Object.entries(limits)) assert.ok(Number.isSafeInteger(limit) && limit > 0, name);
});

test("a lease outlasts the attempt that is made under it", () => {
  assert.ok(limits.leaseMs > limits.attemptTimeoutMs + limits.connectTimeoutMs);
});

test("connecting takes no longer than the attempt may", () => {
  assert.ok(limits.connectTimeoutMs <= limits.attemptTimeoutMs);
});

test("draining waits for an attempt that has just begun", () => {
  assert.ok(limits.drainMs >= limits.attemptTimeoutMs);
});

test("what is kept of an answer fits what is read of it", () => {
  assert.ok(limits.responseBytesKeptMax <= limits.responseBytesReadMax);
});

test("the largest head of an answer leaves room for its body", () => {
  assert.ok(limits.responseHeaderBytesMax < limits.responseBytesReadMax - limits.responseBytesKeptMax);
});

test("one record of the greatest size fits a request", () => {
  assert.ok(limits.recordBytesMax < limits.requestBodyBytesMax);
});

test("an org takes at most half of the deliveries in flight, an origin half of an org's, a channel less; a claim is no more than may be in hand", () => {
  assert.ok(2 * limits.deliveriesInFlightPerOrgMax <= limits.deliveriesInFlightMax);
  assert.ok(2 * limits.deliveriesInFlightPerOriginMax <= limits.deliveriesInFlightPerOrgMax);
  assert.ok(limits.deliveriesInFlightPerChannelMax < limits.deliveriesInFlightPerOriginMax);
  assert.ok(limits.claimBatchMax <= limits.deliveriesInFlightMax * limits.claimsPerSlotMax);
  assert.ok(4 * limits.claimsPerTurnMax <= limits.claimBatchMax, "one claim serves more than one channel with a backlog");
});

test("a POST that may begin finds a connection", () => {
  assert.ok(limits.connectionsPerOriginMax >= limits.deliveriesInFlightPerOriginMax);
});

test("a claim that waits behind one that hangs still has lease enough for its own attempt", () => {
  assert.ok(limits.leaseMs > 2 * limits.attemptTimeoutMs);
});

test("a channel behind an open circuit is tried often enough to be disabled in time", () => {
  assert.ok(100 * limits.circuitCooldownMsMax < limits.failingMs && 100 * limits.channelRestMsMax < limits.failingMs);
});

test("a commit takes no more commands than may wait", () => {
  assert.ok(limits.commandsPerCommitMax <= limits.queuedCommandsMax);
});

test("a condition of the greatest size can be written in groups of two", () => {
  assert.ok(limits.conditionGroupMembersMax >= 2 && limits.conditionFieldsMax >= limits.conditionGroupMembersMax);
});

test("the rows that pages reach are whole pages", () => {
  assert.equal(limits.rowsWithoutPageTokenMax % limits.rowsPerPageMax, 0);
});

test("a cached access token is forgotten long before the token ends", () => {
  assert.ok(limits.cachedTokenMs * 10 <= limits.accessTokenMs);
});

test("what the throttle counts is still kept when it is counted", () => {
  assert.ok(limits.accessTokensPerWindowMax <= limits.accessTokensPerRefreshTokenMax && limits.throttleWindowMs <= limits.accessTokenMs);
  assert.ok(limits.grantsPerWindowMax <= limits.grantsKeptPerClientMax && limits.grantTokenMs <= limits.throttleWindowMs);
});

test("a user may fail to sign in less often than an address", () => {
  assert.ok(limits.signInFailuresPerUserMax < limits.signInFailuresPerAddressMax);
});
