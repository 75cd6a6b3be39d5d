import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf } from "../../test/support/claims.ts";
import { type AttemptEntry, settlementOf } from "../core/attempt.ts";
import { packJob, packReply, unpackJob, unpackReply } from "./crossing.ts";
import type { Job, Reply } from "./executor.ts";

const attempt: AttemptEntry = {
  startedAt: 5,
  durationMs: 3,
  outcome: "retryable",
  httpStatus: 503,
  error: null,
  responseBody: "busy",
  responseHeaders: '{"retry-after":"7"}',
};

function crossed(reply: Reply): Reply | undefined {
  return unpackReply(structuredClone(packReply(reply)));
}

test("claims arrive on the other side as they were, with every part of them", () => {
  const claims = [
    claimOf({ deliveryId: 1 }),
    claimOf({ deliveryId: 2, previousSecret: "whsec_b2xk", body: "{}", isReplay: true, isTest: true, affectedValues: "[]", token: "t" }),
  ];
  const reply: Reply = { ok: true, output: { claims, passedOver: [{ org: 1, channelKey: 2, origin: "http://a" }], nextDueAt: 9 } };
  assert.deepEqual(crossed(reply), reply);
  assert.deepEqual(crossed({ ok: true, output: { claims: [], passedOver: [], nextDueAt: null } }), {
    ok: true,
    output: { claims: [], passedOver: [], nextDueAt: null },
  });
});

test("settlements arrive as they were, those without an attempt among them", () => {
  const settlements = [
    settlementOf(claimOf({ deliveryId: 1 }), { end: "retryable", attempt, retryAfterMs: 7_000 }),
    settlementOf(claimOf({ deliveryId: 2 }), { end: "released", attempt: null, retryAfterMs: null }),
  ];
  const job: Job = { name: "dispatch.settle", input: { settlements } };
  assert.deepEqual(unpackJob(structuredClone(packJob(job))), job);
});

test("what is neither crosses as it is", () => {
  const job: Job = { name: "org.get", input: { caller: { org: 1, userId: "5" } } };
  assert.equal(packJob(job), job);
  assert.equal(unpackJob(job), job);
  const fault: Reply = { ok: false, fault: "broken", ofStore: null, isRetryable: false };
  assert.equal(crossed(fault)?.ok, false);
  assert.deepEqual(crossed({ ok: true, output: null }), { ok: true, output: null });
});
