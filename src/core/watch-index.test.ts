import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Operation, type Subscription, channelStates, isHearing, operations } from "./channel.ts";
import { type Condition, isMet } from "./condition.ts";
import type { Id } from "./ids.ts";
import { type DeliveryDraft, type Related, matchWrite } from "./match.ts";
import type { Change } from "./record.ts";
import { WatchIndex, type Watcher } from "./watch-index.ts";

const now = 1_000;
const fieldNames = ["Stage", "Amount", "Name", "Owner"];
const moduleNames = ["Deals", "Accounts"];

const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...fieldNames).map((apiName) => ({ kind: "field", field: { apiName, id: "1" } }) as const),
    fc.record({
      kind: fc.constant("group" as const),
      operator: fc.constantFrom("and" as const, "or" as const),
      members: fc.array(tie("condition"), { maxLength: 2 }),
    }),
  ),
}));

const anySubscription = fc.record({
  module: fc.constantFrom(...moduleNames),
  moduleId: fc.constant("1"),
  operations: fc.subarray([...operations]),
  condition: fc.option(anyCondition, { nil: null }),
});

const anyChannel = fc.record({
  key: fc.integer({ min: 1, max: 6 }),
  state: fc.constantFrom(...channelStates),
  expiresAt: fc.constantFrom(now, now + 1),
  returnsValues: fc.boolean(),
  notifiesRelated: fc.boolean(),
  subscriptions: fc.uniqueArray(anySubscription, { selector: ({ module }) => module, minLength: 1, maxLength: 2 }),
});

const anyChange: fc.Arbitrary<Change> = fc.record({
  recordId: fc.constantFrom("1", "2", "3"),
  operation: fc.constantFrom(...operations),
  changedFields: fc.subarray(fieldNames),
  before: fc.constant(null),
  after: fc.constant(null),
});

const anyWrite = fc.record({
  module: fc.constantFrom(...moduleNames),
  changes: fc.array(anyChange, { maxLength: 6 }),
  related: fc.array(fc.record({ module: fc.constantFrom(...moduleNames), recordId: fc.constantFrom("1", "2", "9") }), { maxLength: 3 }),
});

test("the index finds what a walk over all channels finds, in the same order, whatever came, was replaced and went", () => {
  const anyStep = fc.oneof(
    { weight: 4, arbitrary: anyChannel.map((channel) => ({ kind: "put", channel }) as const) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }).map((key) => ({ kind: "remove", key }) as const) },
  );
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 16 }), fc.array(anyWrite, { minLength: 1, maxLength: 4 }), (steps, writes) => {
      const watchers = new WatchIndex();
      const known = new Map<number, Watcher>();
      const listed: Listed[] = [];
      const remove = (key: number): void => {
        const watcher = known.get(key);
        if (watcher !== undefined) watchers.remove(watcher);
        known.delete(key);
        listed.splice(0, listed.length, ...listed.filter(({ channel }) => channel.key !== key));
      };
      for (const [place, step] of steps.entries()) {
        if (step.kind === "remove") remove(step.key);
        else {
          const { subscriptions, ...channel } = step.channel;
          remove(channel.key);
          known.set(
            channel.key,
            watchers.add(subscriptions, (groups) => ({ ...channel, place, groups })),
          );
          listed.push(...subscriptions.map((subscription) => ({ channel, subscription })));
        }
      }
      for (const module of moduleNames) {
        const watching = listed.filter(({ subscription }) => subscription.module === module).map(({ channel }) => channel.key);
        assert.deepEqual(watchers.watching(module), watching);
      }
      for (const write of writes) {
        const watchersOf = (module: string) => listed.filter(({ subscription }) => subscription.module === module);
        assert.deepEqual(matchWrite({ ...write, now, watchers }), naiveMatch({ ...write, now, watchersOf }));
      }
    }),
    { numRuns: 5_000 },
  );
});

test("a channel that was taken out leaves nothing behind", () => {
  const watchers = new WatchIndex();
  const condition: Condition = { kind: "field", field: { apiName: "Stage", id: "1" } };
  const subscriptions = [null, condition].map((asked, index) => ({ module: `M${String(index)}`, operations, condition: asked }));
  const channel = { key: 1, state: "active", expiresAt: 2_000, returnsValues: false, notifiesRelated: true } as const;
  watchers.remove(watchers.add(subscriptions, (groups) => ({ ...channel, place: 1, groups })));
  for (const { module } of subscriptions) {
    assert.deepEqual(watchers.watching(module), []);
    assert.equal(watchers.owed(module, [{ recordId: "1", operation: "delete", changedFields: [], before: null, after: null }]).size, 0);
  }
});

test("a condition is asked once for all channels that have it", () => {
  const watchers = new WatchIndex();
  let asked = 0;
  const field = {
    get apiName() {
      asked += 1;
      return "Stage";
    },
    id: "1",
  };
  const subscription = { module: "Deals", operations, condition: { kind: "field", field } as const };
  for (let key = 1; key <= 100; key += 1) {
    const channel = { key, place: key, state: "active", expiresAt: 2_000, returnsValues: false, notifiesRelated: true } as const;
    watchers.add([subscription], (groups) => ({ ...channel, groups }));
  }
  asked = 0;
  const change: Change = { recordId: "1", operation: "update", changedFields: ["Stage"], before: {}, after: {} };
  assert.equal(matchWrite({ module: "Deals", changes: [change], related: [], now, watchers }).length, 100);
  assert.equal(asked, 1);
});

/** The oracle: the rules read off one by one, by a walk over every channel. */
type Listed = { readonly channel: Omit<Watcher, "place" | "groups">; readonly subscription: Subscription };

type NaiveWrite = {
  readonly module: string;
  readonly changes: readonly Change[];
  readonly related: readonly Related[];
  readonly now: number;
  readonly watchersOf: (module: string) => readonly Listed[];
};

/** The deliveries that the write owes; a channel that expired at or before `now`, or is held, is owed nothing. */
function naiveMatch(write: NaiveWrite): readonly DeliveryDraft[] {
  const drafts = new DraftSet();
  for (const { channel, subscription } of write.watchersOf(write.module)) {
    if (!isHearing(channel, write.now)) continue;
    for (const change of write.changes) {
      if (isOwed(change, subscription)) drafts.addDirect(channel, write.module, change);
    }
  }
  for (const [module, recordIds] of byModule(write.related)) {
    for (const { channel, subscription } of write.watchersOf(module)) {
      if (!isHearing(channel, write.now) || !channel.notifiesRelated) continue;
      if (subscription.condition !== null || !subscription.operations.includes("update")) continue;
      for (const recordId of recordIds) drafts.addRelated(channel, module, recordId);
    }
  }
  return drafts.list();
}

/** Whether the change itself is one that the subscription asked for. */
function isOwed(change: Change, subscription: Subscription): boolean {
  if (!subscription.operations.includes(change.operation)) return false;
  if (subscription.condition === null || change.operation === "delete") return true;
  return isMet(subscription.condition, new Set(change.changedFields));
}

function byModule(related: readonly Related[]): Map<string, Set<Id>> {
  const modules = new Map<string, Set<Id>>();
  for (const { module, recordId } of related) {
    const ids = modules.get(module);
    if (ids === undefined) modules.set(module, new Set([recordId]));
    else ids.add(recordId);
  }
  return modules;
}

/** Gathers what one write owes; a record that the write changed twice stands once, with the fields of both. */
class DraftSet {
  readonly #drafts = new Map<string, { draft: Omit<DeliveryDraft, "recordIds" | "affected">; records: Map<Id, Set<string> | null> }>();

  addDirect(channel: Listed["channel"], module: string, change: Change): void {
    const records = this.#records(channel, module, change.operation);
    const fields = records.get(change.recordId) ?? new Set<string>();
    for (const field of change.changedFields) fields.add(field);
    records.set(change.recordId, fields);
  }

  addRelated(channel: Listed["channel"], module: string, recordId: Id): void {
    const records = this.#records(channel, module, "update");
    if (!records.has(recordId)) records.set(recordId, null);
  }

  list(): DeliveryDraft[] {
    return [...this.#drafts.values()].map(({ draft, records }) => ({
      ...draft,
      recordIds: [...records.keys()],
      affected: [...records].flatMap(([recordId, fields]) => (fields === null ? [] : [{ recordId, changedFields: [...fields] }])),
    }));
  }

  #records(channel: Listed["channel"], module: string, operation: Operation): Map<Id, Set<string> | null> {
    const key = `${channel.key} ${operation} ${module}`;
    let entry = this.#drafts.get(key);
    if (entry === undefined) {
      entry = { draft: { channelKey: channel.key, module, operation, returnsValues: channel.returnsValues }, records: new Map() };
      this.#drafts.set(key, entry);
    }
    return entry.records;
  }
}
