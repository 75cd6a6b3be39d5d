/**
 * The oracle: what the program's answers bind it to, kept in memory and computed slowly, from the documents and not from the code. It
 * hears of each command that was answered well, in the order of the commits, and says what is owed, cancelled or held from then on.
 */
import type { Input, Output } from "../../src/app/commands.ts";
import type { Operation } from "../../src/core/channel.ts";
import type { ClaimEnd } from "../../src/core/delivery.ts";
import { InvariantBroken } from "./invariant-broken.ts";

export type RecordValues = Readonly<Record<string, unknown>>;

/** One of these fields has to change, or (`all`) each of them. */
type Condition = { readonly fields: readonly string[]; readonly all: boolean };
type Watch = { readonly operations: ReadonlySet<Operation>; readonly condition: Condition | null };

/** A channel from its first subscription until it is given up; the same id subscribed afterwards is another one. */
export type ModelChannel = {
  readonly org: number;
  readonly userId: string;
  readonly channelId: string;
  state: "active" | "paused" | "disabled";
  failingSince: number | null;
  expiresAt: number;
  notifiesRelated: boolean;
  /** Scheme, host and port of its target, and of those that it had before. */
  readonly origins: Set<string>;
  watches: Map<string, Watch>;
  /** The store's own number of it; null until a delivery has told it. */
  key: number | null;
};

export type Owed = {
  readonly channel: ModelChannel;
  readonly module: string;
  readonly operation: Operation;
  readonly recordIds: Set<string>;
};
type Cancelled = { readonly channel: ModelChannel; readonly module: string };
export type Effects = { readonly owed: readonly Owed[]; readonly cancelled: readonly Cancelled[] };

type Change = { readonly id: string; readonly operation: Operation; readonly fields: ReadonlySet<string>; readonly accountId: unknown };

const nothing: Effects = { owed: [], cancelled: [] };
/** How long every attempt to a channel has to fail until it is given up: five days. */
const failingMs = 5 * 24 * 3_600_000;
const operationsNamed: Readonly<Record<string, readonly Operation[]>> = {
  create: ["insert"],
  edit: ["update"],
  delete: ["delete"],
  all: ["insert", "update", "delete"],
};

export class Model {
  /** By org, module and id; users too. */
  readonly records = new Map<string, RecordValues>();
  /** By org and channel id, which no two users of the simulation share. */
  readonly channels = new Map<string, ModelChannel>();
  /** Disabled channels that a client has subscribed again. */
  broughtBack = 0;

  recordIds(org: number, module: string): readonly string[] {
    const prefix = `${org} ${module} `;
    return [...this.records.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  channelsOf(org: number): readonly ModelChannel[] {
    return [...this.channels.values()].filter((channel) => channel.org === org);
  }

  writeRecords(input: Input<"records.write">, output: Output<"records.write">, now: number): Effects {
    if (!output.ok) throw new InvariantBroken("I8", `a write to ${input.module} was refused: ${JSON.stringify(output.error)}`);
    const changes = input.items.flatMap((item, index) => {
      const result = output.value.results[index];
      const change = this.#writeRecord(input, item, result?.ok === true ? result.value.id : null);
      return change === null ? [] : [change];
    });
    return { owed: this.#owed(input.caller.org, input.module, { changes, now }), cancelled: [] };
  }

  writeUsers(input: Input<"users.write">, output: Output<"users.write">, now: number): Effects {
    if (!output.ok) throw new InvariantBroken("I8", `a write of users was refused: ${JSON.stringify(output.error)}`);
    const [item] = input.items;
    const [result] = output.value;
    const change = this.#writeRecord({ ...input, module: "users" }, item, result?.ok === true ? result.value.id : null);
    return { owed: this.#owed(input.caller.org, "users", { changes: change === null ? [] : [change], now }), cancelled: [] };
  }

  writeChannels(input: Input<"watch.write">, output: Output<"watch.write">, now: number): Effects {
    const cancelled: Cancelled[] = [];
    for (const [index, given] of input.items.entries()) {
      const result = output[index];
      const item = given as WatchItem;
      const key = `${input.caller.org} ${item.channel_id}`;
      const stored = this.channels.get(key);
      const isLive = stored !== undefined && now < stored.expiresAt;
      const isPossible = isLive || input.mode === "enable";
      if (result?.ok !== true) {
        if (isPossible && item._delete_events !== true) {
          throw new InvariantBroken("I8", `channel ${key} was refused: ${JSON.stringify(result)}`);
        }
        continue;
      }
      if (!isPossible) throw new InvariantBroken("I8", `channel ${key} was changed, and there is none`);
      const channel = stored ?? newChannel(input.caller, item.channel_id);
      const before = [...channel.watches.keys()];
      const wasDisabled = channel.state === "disabled";
      if (item._delete_events === true) removeEvents(channel, item.events ?? []);
      else subscribe(channel, item, { mode: input.mode, isNew: stored === undefined });
      channel.expiresAt = result.value.expiresAt;
      if (wasDisabled && channel.state === "active") this.broughtBack += 1;
      this.channels.set(key, channel);
      cancelled.push(...before.filter((module) => !channel.watches.has(module)).map((module) => ({ channel, module })));
      if (channel.watches.size === 0) this.channels.delete(key);
    }
    return { owed: [], cancelled };
  }

  disableChannels(input: Input<"watch.disable">, output: Output<"watch.disable">, now: number): Effects {
    const cancelled = input.channelIds.flatMap((channelId, index) => {
      const key = `${input.caller.org} ${channelId}`;
      const channel = this.channels.get(key);
      const isLive = channel !== undefined && now < channel.expiresAt;
      if ((output[index]?.ok === true) !== isLive) throw new InvariantBroken("I8", `channel ${key}: ${JSON.stringify(output[index])}`);
      if (!isLive) return [];
      this.channels.delete(key);
      return [...channel.watches.keys()].map((module) => ({ channel, module }));
    });
    return { owed: [], cancelled };
  }

  /** `channel`: the one whose key the order names; null when there is none any more. */
  steer(input: Input<"operate.steerChannel">, output: Output<"operate.steerChannel">, channel: ModelChannel | null): Effects {
    if (!output.ok) return nothing;
    if (channel === null) throw new InvariantBroken("I8", `channel ${input.channelKey} was steered, and there is none`);
    const { act } = input;
    if (act.kind === "renew") channel.expiresAt = act.until;
    if (act.kind === "pause" || act.kind === "resume") {
      const isLetGo = act.kind === "resume" && channel.state !== "active";
      if (act.kind === "pause" || isLetGo) channel.failingSince = null;
      channel.state = act.kind === "pause" ? "paused" : "active";
    }
    return nothing;
  }

  /** An attempt for the channel was settled. */
  noteEnd(channel: ModelChannel, end: ClaimEnd, now: number): void {
    if (end === "released") return;
    if (end === "delivered") {
      channel.failingSince = null;
      return;
    }
    channel.failingSince ??= now;
    if (channel.state === "active" && (end === "gone" || now - channel.failingSince >= failingMs)) channel.state = "disabled";
  }

  /** Forgets the channels that ended before `before` and have nothing open, as the purge does. */
  purge(before: number, hasOpen: (channel: ModelChannel) => boolean): void {
    for (const [key, channel] of this.channels) {
      if (channel.expiresAt < before && !hasOpen(channel)) this.channels.delete(key);
    }
  }

  /** What one item did; null: nothing. `id`: the id in the answer, null when it was refused. */
  #writeRecord(write: { caller: { org: number }; module: string; operation: Operation }, item: unknown, id: string | null): Change | null {
    const { operation, module } = write;
    const given = (typeof item === "string" ? { id: item } : item) as Record<string, unknown>;
    const key = `${write.caller.org} ${module} ${id ?? String(given["id"])}`;
    const before = this.records.get(key);
    const values = valuesOf(given);
    const isPossible = (operation === "insert" || before !== undefined) && this.#isThere(write.caller.org, accountOf(module, values));
    if ((id !== null) !== isPossible) {
      throw new InvariantBroken("I8", `${operation} of ${key} was ${id === null ? "refused" : "done"}: ${JSON.stringify(item)}`);
    }
    if (id === null) return null;
    if (operation === "delete") {
      this.records.delete(key);
      return { id, operation, fields: new Set(), accountId: accountOf(module, before) };
    }
    const after = Object.fromEntries(Object.entries({ ...before, ...values }).filter(([, value]) => value !== null));
    const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after)].filter((name) => before?.[name] !== after[name]));
    this.records.set(key, after);
    return operation === "update" && fields.size === 0 ? null : { id, operation, fields, accountId: accountOf(module, after) };
  }

  #isThere(org: number, accountId: unknown): boolean {
    return typeof accountId !== "string" || this.records.has(`${org} Accounts ${accountId}`);
  }

  #owed(org: number, module: string, write: { readonly changes: readonly Change[]; readonly now: number }): readonly Owed[] {
    const owed = new Map<string, Owed>();
    const owe = (channel: ModelChannel, what: { module: string; operation: Operation; id: string }): void => {
      const key = `${channel.channelId} ${what.module} ${what.operation}`;
      const one = owed.get(key) ?? { channel, module: what.module, operation: what.operation, recordIds: new Set<string>() };
      one.recordIds.add(what.id);
      owed.set(key, one);
    };
    for (const channel of this.channelsOf(org)) {
      if (channel.state !== "active" || write.now >= channel.expiresAt) continue;
      const watch = channel.watches.get(module);
      const accounts = channel.watches.get("Accounts");
      const hearsOfAccounts = accounts?.operations.has("update") === true && accounts.condition === null && channel.notifiesRelated;
      for (const { id, operation, fields, accountId } of write.changes) {
        const isAsked = watch?.operations.has(operation) === true;
        if (isAsked && (operation === "delete" || isMet(watch.condition, fields))) owe(channel, { module, operation, id });
        if (hearsOfAccounts && typeof accountId === "string") owe(channel, { module: "Accounts", operation: "update", id: accountId });
      }
    }
    return [...owed.values()];
  }
}

/** An item of `watch` as the workload sends it. */
export type WatchItem = {
  readonly channel_id: string;
  readonly events?: readonly string[];
  readonly notify_url?: string;
  readonly channel_expiry?: string;
  readonly notify_on_related_action?: boolean;
  readonly notification_condition?: readonly {
    readonly type: "field_selection";
    readonly module: { readonly api_name: string };
    readonly field_selection: FieldSelection;
  }[];
  readonly _delete_events?: boolean;
};

type Field = { readonly field: { readonly api_name: string } };
type FieldSelection = Field | { readonly group_operator: "and" | "or"; readonly group: readonly Field[] };

function newChannel(caller: { org: number; userId: string }, channelId: string): ModelChannel {
  const fresh = { state: "active", failingSince: null, expiresAt: 0, notifiesRelated: true, key: null } as const;
  return { ...fresh, org: caller.org, userId: caller.userId, channelId, origins: new Set(), watches: new Map() };
}

function subscribe(channel: ModelChannel, item: WatchItem, as: { mode: string; isNew: boolean }): void {
  const isMerge = as.mode === "merge";
  const before = channel.watches;
  const operations = item.events === undefined ? null : operationsOf(item.events);
  const modules = operations === null ? [...before.keys()] : [...operations.keys()];
  channel.watches = new Map(
    modules.map((module) => {
      const isKept = isMerge && item.notification_condition === undefined;
      const condition = isKept ? (before.get(module)?.condition ?? null) : conditionOf(item, module);
      return [module, { operations: operations?.get(module) ?? before.get(module)?.operations ?? new Set(), condition }];
    }),
  );
  if (item.notify_url !== undefined) channel.origins.add(new URL(item.notify_url).origin);
  channel.notifiesRelated = item.notify_on_related_action ?? (isMerge ? channel.notifiesRelated : true);
  if (as.isNew || (!isMerge && channel.state === "disabled")) {
    channel.state = "active";
    channel.failingSince = null;
  }
}

function removeEvents(channel: ModelChannel, events: readonly string[]): void {
  for (const [module, removed] of operationsOf(events)) {
    const watch = channel.watches.get(module);
    if (watch === undefined) continue;
    const left = new Set([...watch.operations].filter((operation) => !removed.has(operation)));
    if (left.size === 0) channel.watches.delete(module);
    else channel.watches.set(module, { ...watch, operations: left });
  }
}

function operationsOf(events: readonly string[]): Map<string, Set<Operation>> {
  const modules = new Map<string, Set<Operation>>();
  for (const event of events) {
    const [module = "", name = ""] = event.split(".");
    const known = modules.get(module) ?? new Set();
    for (const operation of operationsNamed[name] ?? []) known.add(operation);
    modules.set(module, known);
  }
  return modules;
}

function conditionOf(item: WatchItem, module: string): Condition | null {
  const given = item.notification_condition?.find((one) => one.module.api_name === module)?.field_selection;
  if (given === undefined) return null;
  if ("field" in given) return { fields: [given.field.api_name], all: true };
  return { fields: given.group.map((one) => one.field.api_name), all: given.group_operator === "and" };
}

function isMet(condition: Condition | null, fields: ReadonlySet<string>): boolean {
  if (condition === null) return true;
  return condition.all ? condition.fields.every((field) => fields.has(field)) : condition.fields.some((field) => fields.has(field));
}

/** The account that a record looks up; an account itself has its own name there. */
function accountOf(module: string, values: RecordValues | undefined): unknown {
  return module === "Accounts" ? undefined : values?.["Account_Name"];
}

/** The fields that an item names, with a lookup as the id that it names. */
function valuesOf(item: Readonly<Record<string, unknown>>): RecordValues {
  const entries = Object.entries(item).filter(([name]) => name !== "id");
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "object" && value !== null && "id" in value ? value.id : value]),
  );
}
