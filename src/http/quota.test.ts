import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { limits } from "../core/limits.ts";
import type { Quota, Visit } from "./quota.ts";
import { createQuota, creditsFor } from "./quota.ts";

const startMs = Date.parse("2026-01-01T00:00:00Z");
const remaining = "X-API-CREDITS-REMAINING";

function quotaUnder(given: { creditsPerDay?: number; concurrent?: number }): { quota: Quota; clock: { nowMs: number } } {
  const clock = { nowMs: startMs };
  const quotaLimits = { creditsPerDay: given.creditsPerDay ?? null, concurrent: given.concurrent ?? null };
  return { quota: createQuota(quotaLimits, { now: () => clock.nowMs }), clock };
}

/** Lets a request in and out again, and gives its headers; or the code of its refusal. */
function call(quota: Quota, { org = 1, records = 0 } = {}): readonly string[] | string {
  const visit = quota.enter(org);
  if (!visit.ok) return visit.error.refusal.code;
  const paid = visit.value.payFor({ data: Array(records).fill({}) });
  visit.value.leave();
  return paid.ok ? visit.value.headers() : paid.error.code;
}

function letIn(quota: Quota, org = 1): Visit {
  const visit = quota.enter(org);
  assert.ok(visit.ok);
  return visit.value;
}

test("without limits nobody is counted and no header is sent", () => {
  const { quota } = quotaUnder({});
  for (let at = 0; at < 1_000; at += 1) assert.deepEqual(call(quota, { records: 100 }), []);
});

test("what is left is told from half of the credits on, and nobody comes in when none is left", () => {
  const { quota } = quotaUnder({ creditsPerDay: 5 });
  assert.deepEqual(call(quota), []);
  assert.deepEqual(call(quota), []);
  assert.deepEqual(call(quota), [remaining, "2"]);
  assert.deepEqual(call(quota), [remaining, "1"]);
  assert.deepEqual(call(quota), [remaining, "0"]);
  const turned = quota.enter(1);
  assert.deepEqual(turned, { ok: false, error: { refusal: { code: "credits_exhausted" }, headers: [remaining, "0"] } });
  assert.deepEqual(call(quota, { org: 2 }), [], "another org has credits of its own");
});

test("a write costs a credit for every ten records, and is refused whole when they are not there", () => {
  const rows = [
    [0, 1],
    [1, 1],
    [10, 1],
    [11, 2],
    [100, 10],
  ] as const;
  for (const [records, credits] of rows) assert.equal(creditsFor({ data: Array(records).fill({}) }), credits);
  for (const body of [null, "data", 5, {}, { data: "x" }, { watch: Array(50).fill({}) }]) assert.equal(creditsFor(body), 1);
  const { quota } = quotaUnder({ creditsPerDay: 12 });
  assert.deepEqual(call(quota, { records: 100 }), [remaining, "2"]);
  assert.equal(call(quota, { records: 21 }), "credits_exhausted");
  assert.deepEqual(call(quota, { records: 10 }), [remaining, "0"]);
});

test("credits come back after 24 hours", () => {
  const { quota, clock } = quotaUnder({ creditsPerDay: 2 });
  call(quota);
  clock.nowMs += limits.creditWindowMs / 2;
  call(quota);
  clock.nowMs = startMs + limits.creditWindowMs - limits.creditStepMs;
  assert.equal(call(quota), "credits_exhausted");
  clock.nowMs = startMs + limits.creditWindowMs;
  assert.deepEqual(call(quota), [remaining, "0"]);
  assert.equal(call(quota), "credits_exhausted");
  clock.nowMs += 10 * limits.creditWindowMs;
  assert.deepEqual(call(quota), [remaining, "1"]);
});

test("a clock that was set back gives nothing back", () => {
  const { quota, clock } = quotaUnder({ creditsPerDay: 2 });
  call(quota);
  clock.nowMs -= limits.creditWindowMs * 3;
  call(quota);
  assert.equal(call(quota), "credits_exhausted");
});

test("what is used is what the last 24 hours cost, give or take a step", () => {
  const calls = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 7 * 3_600_000 }), records: fc.integer({ min: 0, max: 100 }) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(calls, (made) => {
      const creditsPerDay = 1_000;
      const { quota, clock } = quotaUnder({ creditsPerDay });
      const paid: { readonly atMs: number; readonly credits: number }[] = [];
      for (const { waitMs, records } of made) {
        clock.nowMs += waitMs;
        call(quota, { records });
        paid.push({ atMs: clock.nowMs, credits: creditsFor({ data: Array(records) }) });
      }
      const usedSince = (afterMs: number): number =>
        paid.filter(({ atMs }) => atMs > afterMs).reduce((sum, { credits }) => sum + credits, 0);
      const most = usedSince(clock.nowMs - limits.creditWindowMs);
      const least = usedSince(clock.nowMs - limits.creditWindowMs + limits.creditStepMs);
      const left = creditsPerDay / 2 - least;
      // Brought up to the half, the account tells how much it holds.
      const filler = letIn(quota);
      filler.payFor({ data: Array(left * limits.recordsPerCredit).fill(null) });
      const told = Number(filler.headers()[1] ?? Number.NaN);
      assert.ok(told <= creditsPerDay / 2 && told >= creditsPerDay / 2 - (most - least), `${told} of ${creditsPerDay}`);
    }),
    { numRuns: 20 },
  );
});

test("as many requests as allowed are under way, and one more is told when to come again", () => {
  const { quota } = quotaUnder({ concurrent: 2 });
  const first = letIn(quota);
  letIn(quota);
  const turned = quota.enter(1);
  assert.deepEqual(turned, {
    ok: false,
    error: {
      refusal: { code: "too_many_requests" },
      headers: ["Retry-After", "1", "X-RATELIMIT-LIMIT", "2", "X-RATELIMIT-REMAINING", "0", "X-RATELIMIT-RESET", String(startMs + 1_000)],
    },
  });
  letIn(quota, 2);
  first.leave();
  letIn(quota);
  assert.equal(quota.enter(1).ok, false);
});

test("who is turned away pays nothing", () => {
  const { quota } = quotaUnder({ concurrent: 1, creditsPerDay: 2 });
  const visit = letIn(quota);
  for (let at = 0; at < 10; at += 1) assert.equal(call(quota), "too_many_requests");
  visit.leave();
  assert.deepEqual(call(quota), [remaining, "0"]);
});
