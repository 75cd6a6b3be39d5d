import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ChannelStanding, type Subscription, channelStates, operations } from "./channel.ts";
import type { Condition } from "./condition.ts";
import { explainDirect, explainRelated } from "./explain.ts";
import { matchWrite } from "./match.ts";
import { WatchIndex } from "./watch-index.ts";

const condition: Condition = {
  kind: "group",
  operator: "and",
  members: [
    { kind: "field", field: { apiName: "Stage", id: "1" } },
    { kind: "field", field: { apiName: "Amount", id: "2" } },
  ],
};
const subscription: Subscription = { module: "Deals", moduleId: "9", operations: ["update", "delete"], condition };
const channel = { state: "active", expiresAt: 1_000, notifiesRelated: true } as const;
const edit = (...changedFields: string[]) => ({ change: { operation: "update", changedFields } as const, at: 500 });

test("a change is matched, and the condition says by what", () => {
  const { reason, condition: judged } = explainDirect(channel, subscription, edit("Stage", "Amount"));
  assert.equal(reason, "matched");
  assert.equal(judged?.isMet, true);
});

test("the leaf that was not met is told from the one that was", () => {
  const { reason, condition: judged } = explainDirect(channel, subscription, edit("Stage"));
  assert.equal(reason, "condition_not_met");
  assert.ok(judged?.kind === "group");
  assert.deepEqual(
    judged.members.map((member) => member.isMet),
    [true, false],
  );
});

test("what stands in the way first is the reason: the end, the hold, the operation, the condition", () => {
  const insert = { change: { operation: "insert", changedFields: [] } as const, at: 500 };
  assert.equal(explainDirect({ state: "disabled", expiresAt: 500 }, subscription, insert).reason, "expired");
  assert.equal(explainDirect({ state: "disabled", expiresAt: 501 }, subscription, insert).reason, "disabled");
  assert.equal(explainDirect({ state: "paused", expiresAt: 501 }, subscription, insert).reason, "paused");
  assert.equal(explainDirect(channel, subscription, insert).reason, "operation_not_subscribed");
});

test("a delete is not filtered, so its condition is not asked", () => {
  const verdict = explainDirect(channel, subscription, { change: { operation: "delete", changedFields: [] }, at: 500 });
  assert.deepEqual(verdict, { reason: "matched", condition: null });
});

test("what reached the module by a lookup needs the wish for it, no condition, and edits", () => {
  const plain = { ...subscription, condition: null };
  assert.equal(explainRelated(channel, plain, 500).reason, "matched");
  assert.equal(explainRelated({ ...channel, notifiesRelated: false }, plain, 500).reason, "related_not_wanted");
  assert.equal(explainRelated(channel, subscription, 500).reason, "related_needs_no_condition");
  assert.equal(explainRelated(channel, { ...plain, operations: ["insert"] }, 500).reason, "operation_not_subscribed");
  assert.equal(explainRelated({ ...channel, state: "paused" }, plain, 500).reason, "paused");
});

test("an explanation says matched exactly when matching owes a delivery", () => {
  const anyChannel = fc.record({
    state: fc.constantFrom(...channelStates),
    expiresAt: fc.constantFrom(400, 500, 501),
    notifiesRelated: fc.boolean(),
  });
  const anySubscription = fc.record({
    operations: fc.subarray([...operations]),
    condition: fc.constantFrom(null, condition, { ...condition, operator: "or" as const }),
  });
  const anyChange = fc.record({ operation: fc.constantFrom(...operations), changedFields: fc.subarray(["Stage", "Amount", "Name"]) });
  fc.assert(
    fc.property(anyChannel, anySubscription, anyChange, (standing, asked, change) => {
      const subscribed = { ...subscription, ...asked };
      const watchers = new WatchIndex();
      watchers.add([subscribed], (groups) => ({ key: 1, place: 1, groups, returnsValues: false, ...standing }));
      const owes = (module: string) =>
        matchWrite({
          module,
          changes: [{ recordId: "1", before: null, after: null, ...change }],
          related: module === "Deals" ? [] : [{ module: "Deals", recordId: "2" }],
          now: 500,
          watchers,
        }).length > 0;
      const heard: Pick<ChannelStanding, "state" | "expiresAt" | "notifiesRelated"> = standing;
      assert.equal(explainDirect(heard, subscribed, { change, at: 500 }).reason === "matched", owes("Deals"));
      assert.equal(explainRelated(heard, subscribed, 500).reason === "matched", owes("Notes"));
    }),
  );
});
