import assert from "node:assert/strict";
import { test } from "node:test";
import { addCensus, countChannels, emptyCensus, liveChannels, oldestOwedAt } from "./census.ts";

test("the parts of a census add up, and the oldest of all is the oldest", () => {
  const one = {
    ...emptyCensus,
    backlog: { waiting: 1, pending: 2, claimed: 3, dead: 4 },
    oldestAt: { waiting: null, pending: 70, dead: 5 },
  };
  const other = {
    ...emptyCensus,
    backlog: { waiting: 10, pending: 20, claimed: 30, dead: 40 },
    oldestAt: { waiting: null, pending: 60, dead: 8 },
  };
  const sum = addCensus(one, other);
  assert.deepEqual(sum.backlog, { waiting: 11, pending: 22, claimed: 33, dead: 44 });
  assert.deepEqual(sum.oldestAt, { waiting: null, pending: 60, dead: 5 });
  assert.deepEqual(addCensus(one, emptyCensus).oldestAt, one.oldestAt);
});

test("channels are counted by state and by how soon they expire", () => {
  const { channels } = countChannels([
    { state: "active", span: 0, count: 3 },
    { state: "active", span: 5, count: 2 },
    { state: "disabled", span: 1, count: 1 },
  ]);
  assert.deepEqual(channels.active, { expired: 3, "5m": 0, "1h": 0, "24h": 0, "7d": 0, more: 2 });
  assert.deepEqual(channels.disabled, { expired: 0, "5m": 1, "1h": 0, "24h": 0, "7d": 0, more: 0 });
  const twice = addCensus(countChannels([{ state: "paused", span: 4, count: 1 }]), countChannels([{ state: "paused", span: 4, count: 6 }]));
  assert.equal(twice.channels.paused["7d"], 7);
});

test("channels that have expired are not live, and what is dead is not owed", () => {
  const census = countChannels([
    { state: "active", span: 0, count: 3 },
    { state: "active", span: 1, count: 1 },
    { state: "active", span: 5, count: 2 },
    { state: "paused", span: 2, count: 4 },
  ]);
  assert.deepEqual(liveChannels(census), { active: 3, paused: 4, disabled: 0 });
  assert.equal(oldestOwedAt({ ...census, oldestAt: { waiting: 60, pending: 70, dead: 5 } }), 60);
  assert.equal(oldestOwedAt({ ...census, oldestAt: { waiting: null, pending: 70, dead: 5 } }), 70);
  assert.equal(oldestOwedAt({ ...census, oldestAt: { waiting: null, pending: null, dead: 5 } }), null);
});
