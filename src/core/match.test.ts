import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Operation, Subscription } from "./channel.ts";
import { operations } from "./channel.ts";
import { matchWrite } from "./match.ts";
import type { Related, WriteToMatch } from "./match.ts";
import type { Change } from "./record.ts";
import { WatchIndex } from "./watch-index.ts";
import type { Watcher } from "./watch-index.ts";

const now = 1_000;
const stageChanges = { kind: "field", field: { apiName: "Stage", id: "1" } } as const;

function change(recordId: string, operation: Operation, ...changedFields: string[]): Change {
  return { recordId, operation, changedFields, before: operation === "insert" ? null : {}, after: operation === "delete" ? null : {} };
}

type Subscribed = { readonly channel: Omit<Watcher, "place" | "groups">; readonly subscription: Subscription };

function watcher(key: number, channel: Partial<Watcher> = {}, subscription: Partial<Subscription> = {}): Subscribed {
  return {
    channel: { key, state: "active", expiresAt: now + 1, returnsValues: false, notifiesRelated: true, ...channel },
    subscription: { module: "Deals", moduleId: "1", operations, condition: null, ...subscription },
  };
}

function match(write: Partial<Omit<WriteToMatch, "watchers">> & { watchers: Record<string, readonly Subscribed[]> }) {
  const watchers = new WatchIndex();
  const all = Object.entries(write.watchers).flatMap(([module, subscribed]) => subscribed.map((one) => ({ ...one, module })));
  for (const [place, { channel, subscription, module }] of all.entries()) {
    watchers.add([{ ...subscription, module }], (groups) => ({ ...channel, place, groups }));
  }
  return matchWrite({ module: "Deals", changes: [], related: [], now, ...write, watchers });
}

test("a change of a subscribed operation is owed, with its record and its fields", () => {
  const drafts = match({ changes: [change("7", "update", "Stage", "Amount")], watchers: { Deals: [watcher(1, { returnsValues: true })] } });
  assert.deepEqual(drafts, [
    {
      channelKey: 1,
      module: "Deals",
      operation: "update",
      returnsValues: true,
      recordIds: ["7"],
      affected: [{ recordId: "7", changedFields: ["Stage", "Amount"] }],
    },
  ]);
});

test("a change of an operation that was not subscribed is not owed", () => {
  const watchers = { Deals: [watcher(1, {}, { operations: ["insert"] })] };
  assert.deepEqual(match({ changes: [change("7", "update", "Stage"), change("8", "delete")], watchers }), []);
});

test("a channel that watches another module is owed nothing", () => {
  assert.deepEqual(match({ changes: [change("7", "insert")], watchers: { Leads: [watcher(1)] } }), []);
});

test("each channel gets a delivery of its own, in the order of the watchers", () => {
  const drafts = match({ changes: [change("7", "insert")], watchers: { Deals: [watcher(2), watcher(1)] } });
  assert.deepEqual(
    drafts.map((draft) => draft.channelKey),
    [2, 1],
  );
});

test("a bulk write is one delivery a channel and operation, with the ids in the order of the write", () => {
  const changes = [
    change("9", "update", "Stage"),
    change("7", "update", "Amount"),
    change("8", "insert", "Stage"),
    change("1", "update", "Stage"),
  ];
  const drafts = match({ changes, watchers: { Deals: [watcher(1)] } });
  assert.deepEqual(
    drafts.map(({ operation, recordIds }) => ({ operation, recordIds })),
    [
      { operation: "update", recordIds: ["9", "7", "1"] },
      { operation: "insert", recordIds: ["8"] },
    ],
  );
});

test("a record that one write changed twice stands once, with the fields of both changes", () => {
  const changes = [change("7", "update", "Stage", "Amount"), change("8", "update", "Stage"), change("7", "update", "Amount", "Owner")];
  const [draft, ...others] = match({ changes, watchers: { Deals: [watcher(1)] } });
  assert.deepEqual(draft?.recordIds, ["7", "8"]);
  assert.deepEqual(draft?.affected[0], { recordId: "7", changedFields: ["Stage", "Amount", "Owner"] });
  assert.deepEqual(others, []);
});

test("only the records of a bulk write that meet the condition are in the delivery", () => {
  const changes = [change("7", "update", "Amount"), change("8", "update", "Stage"), change("9", "update", "Owner")];
  const [draft] = match({ changes, watchers: { Deals: [watcher(1, {}, { condition: stageChanges })] } });
  assert.deepEqual(draft?.recordIds, ["8"]);
});

test("an insert meets a condition by the fields it sets", () => {
  const watchers = { Deals: [watcher(1, {}, { condition: stageChanges })] };
  assert.equal(match({ changes: [change("7", "insert", "Deal_Name", "Stage")], watchers }).length, 1);
  assert.equal(match({ changes: [change("7", "insert", "Deal_Name")], watchers }).length, 0);
});

test("a delete is not filtered by a condition", () => {
  const [draft] = match({ changes: [change("7", "delete")], watchers: { Deals: [watcher(1, {}, { condition: stageChanges })] } });
  assert.equal(draft?.operation, "delete");
  assert.deepEqual(draft?.affected, [{ recordId: "7", changedFields: [] }]);
});

test("a channel that expires at the instant of the commit is owed nothing, directly or by relation", () => {
  const watchers = { Deals: [watcher(1, { expiresAt: now })], Accounts: [watcher(1, { expiresAt: now }, { module: "Accounts" })] };
  const related = [{ module: "Accounts", recordId: "3" }];
  assert.deepEqual(match({ changes: [change("7", "insert")], related, watchers }), []);
});

test("a write to a record that looks up another is an update of that one, without affected fields", () => {
  const drafts = match({
    changes: [change("7", "insert", "Account_Name")],
    related: [{ module: "Accounts", recordId: "3" }],
    watchers: { Accounts: [watcher(1, {}, { module: "Accounts" })] },
  });
  assert.deepEqual(drafts, [
    { channelKey: 1, module: "Accounts", operation: "update", returnsValues: false, recordIds: ["3"], affected: [] },
  ]);
});

test("a relation is not told to a channel that turned it off, that set a condition, or that watches no updates", () => {
  const related = [{ module: "Accounts", recordId: "3" }];
  const silent = [
    watcher(1, { notifiesRelated: false }),
    watcher(2, {}, { condition: stageChanges }),
    watcher(3, {}, { operations: ["insert", "delete"] }),
  ];
  assert.deepEqual(match({ changes: [change("7", "insert")], related, watchers: { Accounts: silent } }), []);
});

test("a record that several changed records look up stands once", () => {
  const related: Related[] = ["3", "4", "3"].map((recordId) => ({ module: "Accounts", recordId }));
  const [draft] = match({ related, watchers: { Accounts: [watcher(1)] } });
  assert.deepEqual(draft?.recordIds, ["3", "4"]);
});

test("a record that was changed itself keeps its fields when it is looked up too", () => {
  const drafts = match({
    changes: [change("7", "update", "Stage")],
    related: [
      { module: "Deals", recordId: "7" },
      { module: "Deals", recordId: "8" },
    ],
    watchers: { Deals: [watcher(1)] },
  });
  assert.equal(drafts.length, 1);
  assert.deepEqual(drafts[0]?.recordIds, ["7", "8"]);
  assert.deepEqual(drafts[0]?.affected, [{ recordId: "7", changedFields: ["Stage"] }]);
});

test("a record looked up is owed beside one of another module that was looked up before it", () => {
  const related = [
    { module: "Accounts", recordId: "3" },
    { module: "Deals", recordId: "8" },
  ];
  const drafts = match({ related, watchers: { Deals: [watcher(1)], Accounts: [watcher(1)] } });
  assert.deepEqual(
    drafts.map(({ module, recordIds }) => ({ module, recordIds })),
    [
      { module: "Accounts", recordIds: ["3"] },
      { module: "Deals", recordIds: ["8"] },
    ],
  );
});

test("a change is owed exactly to the subscriptions that name its operation", () => {
  for (const operation of operations) {
    for (const subscribed of operations) {
      const watchers = { Deals: [watcher(1, {}, { operations: [subscribed] })] };
      assert.equal(match({ changes: [change("7", operation)], watchers }).length, operation === subscribed ? 1 : 0);
    }
  }
});

test("whatever the write, each channel, module and operation has one delivery and each record stands in it once", () => {
  const changes = fc.array(
    fc.record({
      recordId: fc.constantFrom("1", "2", "3"),
      operation: fc.constantFrom(...operations),
      field: fc.constantFrom("Stage", "Amount"),
    }),
  );
  const relateds = fc.array(fc.record({ module: fc.constantFrom("Deals", "Accounts"), recordId: fc.constantFrom("1", "2") }));
  fc.assert(
    fc.property(changes, relateds, (made, related) => {
      const watchers = { Deals: [watcher(1), watcher(2, {}, { condition: stageChanges })], Accounts: [watcher(1), watcher(3)] };
      const drafts = match({ changes: made.map((one) => change(one.recordId, one.operation, one.field)), related, watchers });
      const keys = drafts.map((draft) => `${draft.channelKey} ${draft.module} ${draft.operation}`);
      assert.equal(new Set(keys).size, keys.length);
      for (const { recordIds, affected } of drafts) {
        assert.ok(recordIds.length > 0);
        assert.equal(new Set(recordIds).size, recordIds.length);
        assert.ok(affected.every(({ recordId }) => recordIds.includes(recordId)));
      }
    }),
  );
});
