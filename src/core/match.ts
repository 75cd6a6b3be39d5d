/**
 * Matching decides which deliveries a write owes: one a channel, module and operation, with the ids of all the records
 * that one write changed there (DESIGN ruling 10).
 *
 * Two ways lead to a delivery. Directly: the record's own change, of a subscribed operation, meeting the condition (a delete
 * is not filtered). By relation (ruling 11): the changed record looks up record P, so P's watchers get an `update` of P without
 * affected fields, unless they set a condition or `notify_on_related_action: false`.
 *
 * `WatchIndex` finds who they are; what is told is the same for all channels of a group, and made once.
 */
import { isHearing } from "./channel.ts";
import type { Operation } from "./channel.ts";
import type { Id } from "./ids.ts";
import type { Change } from "./record.ts";
import type { WatchIndex, Watcher, WatcherGroup } from "./watch-index.ts";

/** A record that a changed record looks up. */
export type Related = { readonly module: string; readonly recordId: Id };

export type AffectedRecord = { readonly recordId: Id; readonly changedFields: readonly string[] };

/** What a channel is told. */
type Notice = {
  readonly module: string;
  readonly operation: Operation;
  /** In the order of the write, each once. */
  readonly recordIds: readonly Id[];
  /** The records changed themselves; those reached by relation are absent. */
  readonly affected: readonly AffectedRecord[];
};

export type DeliveryDraft = Notice & { readonly channelKey: number; readonly returnsValues: boolean };

export type WriteToMatch = {
  readonly module: string;
  readonly changes: readonly Change[];
  readonly related: readonly Related[];
  /** The instant of the commit, in ms. */
  readonly now: number;
  readonly watchers: Pick<WatchIndex, "owed" | "related">;
};

/**
 * The deliveries that the write owes, in the order in which the channels came, the write's own module first; a channel that expired at or
 * before `now`, or is held, is owed nothing.
 */
export function matchWrite({ module, changes, related, now, watchers }: WriteToMatch): readonly DeliveryDraft[] {
  const groups = [...watchers.owed(module, changes)].map(([group, owed]) => ({ group, notices: noticesOf(module, owed) }));
  const drafts: DeliveryDraft[] = [];
  inOrder(groups, (watcher, notices) => {
    if (isHearing(watcher, now)) for (const notice of notices) drafts.push(draftOf(watcher, notice));
  });
  for (const [relatedModule, recordIds] of byModule(related)) {
    const own = relatedModule === module ? updatesIn(module, drafts) : null;
    const notices = [{ module: relatedModule, operation: "update", recordIds: [...recordIds], affected: [] } as const];
    const hearing = watchers.related(relatedModule).map((group) => ({ group, notices }));
    inOrder(hearing, (watcher, [notice]) => {
      if (notice === undefined || !isHearing(watcher, now) || !watcher.notifiesRelated) return;
      const known = own?.get(watcher.key) ?? null;
      if (known === null) drafts.push(draftOf(watcher, notice));
      else drafts[known.index] = withRecords(known.draft, recordIds);
    });
  }
  return drafts;
}

type ToTell = { readonly group: WatcherGroup; readonly notices: readonly Notice[] };

/** Gives every watcher of the groups with what it is to be told, the earliest first. */
function inOrder(groups: readonly ToTell[], tell: (watcher: Watcher, notices: readonly Notice[]) => void): void {
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) {
    for (const watcher of only.group.watchers.values()) tell(watcher, only.notices);
    return;
  }
  const all = groups.flatMap(({ group, notices }) => Array.from(group.watchers.values(), (watcher) => ({ watcher, notices })));
  for (const { watcher, notices } of all.sort((one, other) => one.watcher.place - other.watcher.place)) tell(watcher, notices);
}

function draftOf({ key, returnsValues }: Watcher, { module, operation, recordIds, affected }: Notice): DeliveryDraft {
  return { channelKey: key, module, operation, returnsValues, recordIds, affected };
}

/** One an operation; a record that the write changed twice stands once, with the fields of both. */
function noticesOf(module: string, changes: readonly Change[]): readonly Notice[] {
  const [only] = changes;
  if (changes.length === 1 && only !== undefined) {
    const { operation, recordId, changedFields } = only;
    return [{ module, operation, recordIds: [recordId], affected: [{ recordId, changedFields }] }];
  }
  return [...Map.groupBy(changes, ({ operation }) => operation)].map(([operation, ofOne]) => {
    const records = Map.groupBy(ofOne, ({ recordId }) => recordId);
    const affected = [...records].map(([recordId, made]) => ({ recordId, changedFields: fieldsOf(made) }));
    return { module, operation, recordIds: [...records.keys()], affected };
  });
}

function fieldsOf(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.flatMap(({ changedFields }) => changedFields))];
}

/** The updates of the module among the drafts, by channel. */
function updatesIn(
  module: string,
  drafts: readonly DeliveryDraft[],
): Map<number, { readonly index: number; readonly draft: DeliveryDraft }> {
  const updates = [...drafts.entries()].filter(([, draft]) => draft.module === module && draft.operation === "update");
  return new Map(updates.map(([index, draft]) => [draft.channelKey, { index, draft }]));
}

function withRecords(draft: DeliveryDraft, recordIds: ReadonlySet<Id>): DeliveryDraft {
  return { ...draft, recordIds: [...new Set([...draft.recordIds, ...recordIds])] };
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
