import assert from "node:assert/strict";
import { test } from "node:test";
import { type Census, countChannels, emptyCensus } from "../core/census.ts";
import { limits } from "../core/limits.ts";
import { type Health, type HealthFacts, healthOf } from "./health-sentence.ts";

const now = Date.parse("2026-01-01T12:00:00Z");
const idle: HealthFacts = { stuck: [], overview: { failing: 0, expiring: [] }, taken: takenOf({}), deliveredInLastHour: 0 };

function takenOf(over: Partial<Census>) {
  return { census: { ...emptyCensus, ...over }, takenAt: now };
}

function backlogOf(over: Partial<Census["backlog"]>): Pick<Census, "backlog"> {
  return { backlog: { ...emptyCensus.backlog, ...over } };
}

function health(over: Partial<HealthFacts>): Health {
  return healthOf({ ...idle, ...over });
}

function sentence(over: Partial<Census>, deliveredInLastHour = 0): string {
  return health({ taken: takenOf(over), deliveredInLastHour }).sentence;
}

function failing(count: number): HealthFacts["overview"] {
  return { failing: count, expiring: [] };
}

test("a server with nothing to do is well, and a busy one says how much it did", () => {
  assert.equal(sentence({}), "All is well: nothing was delivered in the last hour, nothing waits.");
  assert.equal(sentence({}, 1_203), "All is well: 1,203 delivered in the last hour, nothing waits.");
  const oldestAt = { ...emptyCensus.oldestAt, pending: now - 1_000 };
  const busy = { ...backlogOf({ waiting: 1, pending: 1, claimed: 1 }), oldestAt };
  assert.equal(sentence(busy, 9), "All is well: 9 delivered in the last hour, 3 are on their way.");
  assert.equal(health({}).status, "ok");
});

test("what was not counted yet is not told of", () => {
  assert.deepEqual(health({ taken: null, deliveredInLastHour: 2 }), {
    status: "ok",
    sentence: "All is well: 2 delivered in the last hour.",
    causes: [],
  });
});

test("what somebody should look at is told, the channels first, and makes it degraded", () => {
  const taken = takenOf({ oldestAt: { ...emptyCensus.oldestAt, waiting: now - 12 * 60_000, pending: now } });
  assert.deepEqual(health({ overview: failing(3), taken, deliveredInLastHour: 5 }), {
    status: "degraded",
    sentence: "3 channels fail; the oldest delivery has waited 12 minutes.",
    causes: ["3 channels fail", "the oldest delivery has waited 12 minutes"],
  });
  const { channels } = countChannels([
    { state: "disabled", span: 0, count: 7 },
    { state: "disabled", span: 5, count: 1 },
  ]);
  const disabled = health({ overview: failing(1), taken: takenOf({ channels }) });
  assert.equal(disabled.sentence, "1 channel fails; 1 channel is disabled.", "expired ones trouble nobody");
});

test("dead deliveries are told and are no trouble of now", () => {
  const withDead = health({ taken: takenOf(backlogOf({ dead: 1_000 })), deliveredInLastHour: 7 });
  assert.equal(withDead.sentence, "All is well: 7 delivered in the last hour, nothing waits; 1,000 dead deliveries are kept.");
  assert.equal(withDead.status, "ok");
});

test("a wait is told in the largest unit of which there are two, as it was when it was counted", () => {
  const waited = (ms: number) => sentence({ oldestAt: { ...emptyCensus.oldestAt, pending: now - ms } });
  assert.match(waited(59_999), /^All is well/);
  assert.equal(waited(60_000), "The oldest delivery has waited 1 minute.");
  assert.equal(waited(119 * 60_000), "The oldest delivery has waited 119 minutes.");
  assert.equal(waited(47 * 3_600_000), "The oldest delivery has waited 47 hours.");
  assert.equal(waited(73 * 3_600_000), "The oldest delivery has waited 3 days.");
});

test("a count that stopped at its bound says so", () => {
  assert.equal(health({ overview: failing(limits.failingCountedMax) }).sentence, "50,000 or more channels fail.");
});

test("a part that is stuck is down, whatever else there is", () => {
  const stuck = [{ detail: "Nothing can be written: the disk is full." }, { detail: "Attempts run and none of them ends." }];
  assert.deepEqual(health({ stuck, overview: failing(3) }), {
    status: "down",
    sentence: "Nothing can be written: the disk is full. Attempts run and none of them ends.",
    causes: ["nothing can be written: the disk is full", "attempts run and none of them ends"],
  });
});

test("a store that does not answer is down", () => {
  assert.equal(health({ overview: null }).status, "down");
});
