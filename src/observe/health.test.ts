import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../core/limits.ts";
import type { Overview } from "../core/overview.ts";
import { healthOf } from "./health.ts";

const now = Date.parse("2026-01-01T12:00:00Z");
const idle: Overview = {
  orgs: 1,
  backlog: { waiting: 0, pending: 0, claimed: 0, dead: 0 },
  oldestPendingAt: null,
  channels: { active: 2, paused: 1, disabled: 0 },
  failing: 0,
  expiring: [],
};

function sentence(over: Partial<Overview>, deliveredInLastHour = 0): string {
  return healthOf({ now, overview: { ...idle, ...over }, deliveredInLastHour }).sentence;
}

test("a server with nothing to do is well, and a busy one says how much it did", () => {
  assert.equal(sentence({}), "All is well: nothing was delivered in the last hour, nothing waits.");
  assert.equal(sentence({}, 1_203), "All is well: 1,203 delivered in the last hour, nothing waits.");
  const backlog = { ...idle.backlog, pending: 2, claimed: 1 };
  assert.equal(sentence({ backlog, oldestPendingAt: now - 1_000 }, 9), "All is well: 9 delivered in the last hour, 3 are on their way.");
  assert.equal(healthOf({ now, overview: idle, deliveredInLastHour: 0 }).status, "ok");
});

test("what somebody should look at is told, the channels first, and makes it degraded", () => {
  const overview = { ...idle, failing: 3, oldestPendingAt: now - 12 * 60_000 };
  assert.deepEqual(healthOf({ now, overview, deliveredInLastHour: 5 }), {
    status: "degraded",
    sentence: "3 channels fail; the oldest delivery has waited 12 minutes.",
    causes: ["3 channels fail", "the oldest delivery has waited 12 minutes"],
  });
  const channels = { ...idle.channels, disabled: 1 };
  assert.equal(sentence({ failing: 1, channels }), "1 channel fails; 1 channel is disabled.");
});

test("dead deliveries are told and are no trouble of now", () => {
  const overview = { ...idle, backlog: { ...idle.backlog, dead: 1_000 } };
  const health = healthOf({ now, overview, deliveredInLastHour: 7 });
  assert.equal(health.sentence, "All is well: 7 delivered in the last hour, nothing waits; 1,000 dead deliveries are kept.");
  assert.equal(health.status, "ok");
});

test("a wait is told in the largest unit of which there are two", () => {
  const waited = (ms: number) => sentence({ oldestPendingAt: now - ms });
  assert.match(waited(59_999), /^All is well/);
  assert.equal(waited(60_000), "The oldest delivery has waited 1 minute.");
  assert.equal(waited(119 * 60_000), "The oldest delivery has waited 119 minutes.");
  assert.equal(waited(47 * 3_600_000), "The oldest delivery has waited 47 hours.");
  assert.equal(waited(73 * 3_600_000), "The oldest delivery has waited 3 days.");
});

test("a count that stopped at its bound says so", () => {
  const backlog = { ...idle.backlog, dead: limits.overviewCountMax };
  assert.match(sentence({ backlog }), /; 50,000 or more dead deliveries are kept\.$/);
});

test("a store that does not answer is down", () => {
  assert.equal(healthOf({ now, overview: null, deliveredInLastHour: 5 }).status, "down");
});
