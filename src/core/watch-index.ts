/**
 * Who watches what, in a form in which a change finds those that it is owed to without a look at the others.
 *
 *   module ──► plain groups: no condition, one for each set of operations
 *         └──► conditional groups: one for each set of operations and condition, found by the fields without which it cannot hold
 *
 * A group holds all channels whose subscription says the same, so a condition is asked once for all of them, and what a channel costs is an
 * entry in one group a module. Invariants: a channel stands in at most one group of a module; a group without channels is dropped; the
 * channels of a group are in the order in which they came.
 */
import type { Channel, Operation, Subscription } from "./channel.ts";
import { type Condition, isMet, necessaryFields } from "./condition.ts";
import type { Change } from "./record.ts";

/** What matching needs of a channel. */
export type Watcher = Pick<Channel, "key" | "state" | "expiresAt" | "returnsValues" | "notifiesRelated"> & {
  /** Where it stands among all that came: a later one has a higher number. */
  readonly place: number;
  /** Those in which it stands, for the index to take it out again. */
  readonly groups: readonly WatcherGroup[];
};

export type WatcherGroup = {
  readonly module: string;
  /** Tells it from the others of its module. */
  readonly name: string;
  readonly operations: readonly Operation[];
  /** null: every change of these operations. */
  readonly condition: Condition | null;
  readonly watchers: ReadonlyMap<number, Watcher>;
};

type Group = WatcherGroup & {
  readonly watchers: Map<number, Watcher>;
  /** The fields by which it is found. */
  readonly leads: readonly string[];
};

type ModuleGroups = {
  readonly plain: Map<string, Group>;
  readonly conditional: Map<string, Group>;
  /** The conditional ones by field; each of those that its condition needs one of. */
  readonly byField: Map<string, Set<Group>>;
};

type Subscriptions = readonly Pick<Subscription, "module" | "operations" | "condition">[];

export class WatchIndex {
  readonly #modules = new Map<string, ModuleGroups>();
  /** Where those stand that came with the very same subscriptions; forgotten when a group is dropped. */
  #groupsOf = new WeakMap<Subscriptions, readonly Group[]>();

  /** Adds a channel that is not in the index: what `make` makes of its groups. */
  add<W extends Watcher>(subscriptions: Subscriptions, make: (groups: readonly WatcherGroup[]) => W): W {
    const groups =
      this.#groupsOf.get(subscriptions) ??
      subscriptions.map(({ module, operations, condition }) => this.#group(module, operations, condition));
    this.#groupsOf.set(subscriptions, groups);
    const watcher = make(groups);
    for (const group of groups) group.watchers.set(watcher.key, watcher);
    return watcher;
  }

  /** Takes a channel out that is in the index. */
  remove({ key, groups }: Watcher): void {
    for (const { module, name } of groups) {
      const group = this.#groupNamed(module, name);
      group?.watchers.delete(key);
      if (group?.watchers.size === 0) this.#drop(group);
    }
  }

  /** The groups to which one of the changes of a module at least is owed, each with those that are, in the order of the changes. */
  owed(module: string, changes: readonly Change[]): ReadonlyMap<WatcherGroup, readonly Change[]> {
    const owed = new Map<WatcherGroup, Change[]>();
    const groups = this.#modules.get(module);
    if (groups === undefined) return owed;
    for (const change of changes) {
      for (const group of found(groups, change)) {
        const known = owed.get(group);
        if (known === undefined) owed.set(group, [change]);
        // Two fields of one change may lead to the same group.
        else if (known.at(-1) !== change) known.push(change);
      }
    }
    return owed;
  }

  /** The groups that hear of a change to a record that looks up one of this module. */
  related(module: string): readonly WatcherGroup[] {
    const plain = this.#modules.get(module)?.plain.values() ?? [];
    return [...plain].filter(({ operations }) => operations.includes("update"));
  }

  /** The keys of all channels that watch the module, in the order in which they came. */
  watching(module: string): readonly number[] {
    const groups = this.#modules.get(module);
    if (groups === undefined) return [];
    const watchers = [...groups.plain.values(), ...groups.conditional.values()].flatMap((group) => [...group.watchers.values()]);
    return watchers.toSorted((one, other) => one.place - other.place).map(({ key }) => key);
  }

  #groupNamed(module: string, name: string): Group | undefined {
    const groups = this.#modules.get(module);
    return groups?.plain.get(name) ?? groups?.conditional.get(name);
  }

  #group(module: string, operations: readonly Operation[], condition: Condition | null): Group {
    let groups = this.#modules.get(module);
    if (groups === undefined) {
      groups = { plain: new Map(), conditional: new Map(), byField: new Map() };
      this.#modules.set(module, groups);
    }
    const name = nameOf(operations, condition);
    const kin = condition === null ? groups.plain : groups.conditional;
    const known = kin.get(name);
    if (known !== undefined) return known;
    const group: Group = { module, name, operations, condition, watchers: new Map(), leads: leadsOf(groups.byField, condition) };
    kin.set(name, group);
    for (const field of group.leads) {
      const led = groups.byField.get(field);
      if (led === undefined) groups.byField.set(field, new Set([group]));
      else led.add(group);
    }
    return group;
  }

  #drop(group: Group): void {
    this.#groupsOf = new WeakMap();
    const groups = this.#modules.get(group.module);
    if (groups === undefined) return;
    (group.condition === null ? groups.plain : groups.conditional).delete(group.name);
    for (const field of group.leads) {
      const led = groups.byField.get(field);
      led?.delete(group);
      if (led?.size === 0) groups.byField.delete(field);
    }
    if (groups.plain.size === 0 && groups.conditional.size === 0) this.#modules.delete(group.module);
  }
}

/** The groups to which the change is owed; a group may come twice. A delete is not filtered by a condition. */
function* found(groups: ModuleGroups, { operation, changedFields }: Change): Generator<Group> {
  for (const group of groups.plain.values()) if (group.operations.includes(operation)) yield group;
  if (operation === "delete") {
    for (const group of groups.conditional.values()) if (group.operations.includes(operation)) yield group;
    return;
  }
  if (groups.conditional.size === 0) return;
  const changed = new Set(changedFields);
  for (const field of [always, ...changedFields]) {
    for (const group of groups.byField.get(field) ?? []) {
      if (group.operations.includes(operation) && group.condition !== null && isMet(group.condition, changed)) yield group;
    }
  }
}

/** In the place of a field, for a condition that needs none: an empty `and`. No field has this name. */
const always = "";

/** Where one of several would do, the field that leads to the fewest groups so far. */
function leadsOf(byField: ModuleGroups["byField"], condition: Condition | null): readonly string[] {
  if (condition === null) return [];
  return necessaryFields(condition, (field) => 1 + (byField.get(field)?.size ?? 0)) ?? [always];
}

/** The same for subscriptions that say the same, in whatever order they name the operations. */
function nameOf(operations: readonly Operation[], condition: Condition | null): string {
  const names = operations.toSorted().join(" ");
  return condition === null ? names : `${names} ${JSON.stringify(condition)}`;
}
