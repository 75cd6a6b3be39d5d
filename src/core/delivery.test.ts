import assert from "node:assert/strict";
import { test } from "node:test";
import { deliveryStatuses, endClaim, outcomeKinds, outcomeOfStatus } from "./delivery.ts";
import type { ClaimEnd, NextState, OutcomeKind } from "./delivery.ts";

const now = 1_000_000;
const at = { now, schedule: { waitsMs: [5_000, 60_000], jitter: 0 }, random: { next: () => 0.5 }, retryAfterMs: null };

/** Where a claim stands among its attempts. */
const stages = { first: 0, middle: 1, last: 2 } as const;
type Stage = keyof typeof stages;

const retriedOnce: NextState = { status: "pending", attempts: 1, dueAt: now + 5_000 };
const retriedTwice: NextState = { status: "pending", attempts: 2, dueAt: now + 60_000 };
const givenUp: NextState = { status: "dead", attempts: 3, dueAt: null };

/** Every end of a claim, at every stage: a new outcome or stage does not compile until it has its cells. */
const cells: Record<ClaimEnd, Record<Stage, NextState>> = {
  delivered: {
    first: { status: "delivered", attempts: 1, dueAt: null },
    middle: { status: "delivered", attempts: 2, dueAt: null },
    last: { status: "delivered", attempts: 3, dueAt: null },
  },
  retryable: { first: retriedOnce, middle: retriedTwice, last: givenUp },
  gone: {
    first: { status: "dead", attempts: 1, dueAt: null },
    middle: { status: "dead", attempts: 2, dueAt: null },
    last: givenUp,
  },
  rejected: { first: retriedOnce, middle: retriedTwice, last: givenUp },
  unreachable: { first: retriedOnce, middle: retriedTwice, last: givenUp },
  refused_target: { first: retriedOnce, middle: retriedTwice, last: givenUp },
  released: {
    first: { status: "pending", attempts: 0, dueAt: now },
    middle: { status: "pending", attempts: 1, dueAt: now },
    last: { status: "pending", attempts: 2, dueAt: now },
  },
};

for (const end of [...outcomeKinds, "released"] as const) {
  for (const stage of ["first", "middle", "last"] as const) {
    const next = cells[end][stage];
    test(`a claim of the ${stage} attempt that ends ${end} leaves the delivery ${next.status}`, () => {
      assert.deepEqual(endClaim({ attempts: stages[stage] }, end, at), next);
    });
  }
}

test("a delivery that is settled for good has no due time, one that waits has", () => {
  for (const end of [...outcomeKinds, "released"] as const) {
    for (const attempts of [0, 1, 2, 3, 10]) {
      const next = endClaim({ attempts }, end, at);
      assert.equal(next.dueAt === null, next.status !== "pending");
      assert.ok(deliveryStatuses.includes(next.status));
    }
  }
});

test("a receiver that asks to be left alone moves the next attempt, and neither its number nor the end of the attempts", () => {
  const asked = { ...at, retryAfterMs: 30_000 };
  assert.deepEqual(endClaim({ attempts: 0 }, "retryable", asked), { ...retriedOnce, dueAt: now + 30_000 });
  assert.deepEqual(endClaim({ attempts: 1 }, "retryable", asked), retriedTwice);
  assert.deepEqual(endClaim({ attempts: 2 }, "retryable", asked), givenUp);
});

const outcomes: Record<OutcomeKind, readonly number[]> = {
  delivered: [200, 201, 202, 204, 299],
  retryable: [408, 425, 429, 500, 502, 503, 504, 599],
  gone: [410],
  rejected: [100, 199, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 409, 413, 422, 499],
  unreachable: [],
  refused_target: [],
};

for (const kind of ["delivered", "retryable", "gone", "rejected"] as const) {
  test(`the answers ${outcomes[kind].join(", ")} are ${kind}`, () => {
    for (const status of outcomes[kind]) assert.equal(outcomeOfStatus(status), kind, String(status));
  });
}
