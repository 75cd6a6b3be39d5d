import assert from "node:assert/strict";
import { test } from "node:test";
import { healthAfter, isHearing, isLive, newHealth } from "./channel.ts";

const failingMs = 5 * 24 * 3_600_000;

test("a channel is live until the millisecond before its expiry", () => {
  assert.equal(isLive({ expiresAt: 1_000 }, 999), true);
});

test("a channel is not live at the instant of its expiry or after", () => {
  assert.equal(isLive({ expiresAt: 1_000 }, 1_000), false);
  assert.equal(isLive({ expiresAt: 1_000 }, 1_001), false);
});

test("a channel that is held hears nothing, though it is subscribed", () => {
  for (const state of ["paused", "disabled"] as const) {
    assert.equal(isHearing({ expiresAt: 1_000, state }, 999), false);
  }
  assert.equal(isHearing({ expiresAt: 1_000, state: "active" }, 999), true);
  assert.equal(isHearing({ expiresAt: 1_000, state: "active" }, 1_000), false);
});

test("a streak of failures begins with the first, and ends with a success", () => {
  const failing = healthAfter(newHealth(0), "failed", { now: 50, failingMs });
  assert.deepEqual(failing, { ...newHealth(0), failingSince: 50 });
  assert.ok(failing !== null);
  assert.equal(healthAfter(failing, "failed", { now: 60, failingMs }), null);
  assert.deepEqual(healthAfter(failing, "delivered", { now: 70, failingMs }), newHealth(0));
  assert.equal(healthAfter(newHealth(0), "delivered", { now: 80, failingMs }), null);
});

test("410 disables at once, failing disables when nothing was delivered for long enough, and not a millisecond before", () => {
  assert.deepEqual(healthAfter(newHealth(0), "gone", { now: 50, failingMs }), {
    state: "disabled",
    cause: "gone",
    stateSince: 50,
    failingSince: 50,
  });
  const failing = { ...newHealth(0), failingSince: 100 };
  assert.equal(healthAfter(failing, "failed", { now: 100 + failingMs - 1, failingMs }), null);
  const at = 100 + failingMs;
  assert.deepEqual(healthAfter(failing, "failed", { now: at, failingMs }), {
    state: "disabled",
    cause: "failing",
    stateSince: at,
    failingSince: 100,
  });
});

test("what an operator paused is not disabled over it", () => {
  const paused = { state: "paused", cause: null, stateSince: 5, failingSince: 100 } as const;
  assert.equal(healthAfter(paused, "gone", { now: 200, failingMs }), null);
});
