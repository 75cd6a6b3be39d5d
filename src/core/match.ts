/**
 * Matching decides which deliveries a write owes: one a channel, module and operation, with the ids of all the records
 * that one write changed there (DESIGN ruling 10).
 *
 * Two ways lead to a delivery. Directly: the record's own change, of a subscribed operation, meeting the condition (a delete
 * is not filtered). By relation (ruling 11): the changed record looks up record P, so P's watchers get an `update` of P without
 * affected fields, unless they set a condition or `notify_on_related_action: false`.
 */
import { isHearing } from "./channel.ts";
import type { Channel, Operation, Subscription } from "./channel.ts";
import { isMet } from "./condition.ts";
import type { Id } from "./ids.ts";
import type { Change } from "./record.ts";

/** A channel's subscription to one module, as the index hands it out. */
export type Watcher = {
  readonly channel: Pick<Channel, "key" | "state" | "expiresAt" | "returnsValues" | "notifiesRelated">;
  readonly subscription: Subscription;
};

/** A record that a changed record looks up. */
export type Related = { readonly module: string; readonly recordId: Id };

export type AffectedRecord = { readonly recordId: Id; readonly changedFields: readonly string[] };

export type DeliveryDraft = {
  readonly channelKey: number;
  readonly module: string;
  readonly operation: Operation;
  readonly returnsValues: boolean;
  /** In the order of the write, each once. */
  readonly recordIds: readonly Id[];
  /** The records changed themselves; those reached by relation are absent. */
  readonly affected: readonly AffectedRecord[];
};

export type WriteToMatch = {
  readonly module: string;
  readonly changes: readonly Change[];
  readonly related: readonly Related[];
  /** The instant of the commit, in ms. */
  readonly now: number;
  /** The watchers of a module, in a fixed order. */
  readonly watchersOf: (module: string) => readonly Watcher[];
};

/** The deliveries that the write owes; a channel that expired at or before `now`, or is held, is owed nothing. */
export function matchWrite(write: WriteToMatch): readonly DeliveryDraft[] {
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
export function isOwed(change: Change, subscription: Subscription): boolean {
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

  addDirect(channel: Watcher["channel"], module: string, change: Change): void {
    const records = this.#records(channel, module, change.operation);
    const fields = records.get(change.recordId) ?? new Set<string>();
    for (const field of change.changedFields) fields.add(field);
    records.set(change.recordId, fields);
  }

  addRelated(channel: Watcher["channel"], module: string, recordId: Id): void {
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

  #records(channel: Watcher["channel"], module: string, operation: Operation): Map<Id, Set<string> | null> {
    const key = `${channel.key} ${operation} ${module}`;
    let entry = this.#drafts.get(key);
    if (entry === undefined) {
      entry = { draft: { channelKey: channel.key, module, operation, returnsValues: channel.returnsValues }, records: new Map() };
      this.#drafts.set(key, entry);
    }
    return entry.records;
  }
}
