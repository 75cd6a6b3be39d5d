/**
 * What the watch calls mean, as simply as it can be said: channels by user and id, records by id, and what is owed. It knows nothing of
 * the program, neither its types nor its tables, so that a misreading of the rules shows as a difference.
 */

export type ModuleName = "Leads" | "Contacts" | "Accounts";
export type OperationName = "insert" | "update" | "delete";
export type ConditionTree = { readonly field: string } | { readonly all: boolean; readonly members: readonly ConditionTree[] };

/** An item of a watch request as the model needs it; undefined is "not said". */
export type WatchItem = {
  readonly channelId: string;
  /** `Leads.create` and the like; `X.all` for all three. */
  readonly events: readonly string[] | undefined;
  readonly notifyUrl: string | undefined;
  readonly token: string | null | undefined;
  /** How far ahead the channel is to end. */
  readonly expiryMs: number | undefined;
  readonly returnsValues: boolean | undefined;
  readonly notifiesRelated: boolean | undefined;
  readonly condition: { readonly module: ModuleName; readonly tree: ConditionTree } | null | undefined;
};

/** What a version lets a channel have. */
export type Powers = {
  readonly defaultMs: number;
  readonly longestMs: number;
  readonly returnsValues: boolean;
  readonly conditions: boolean;
};

export type RecordValues = Readonly<Record<string, string | null>>;
export type WriteItem = { readonly id: string; readonly values: RecordValues };

/** A POST that is owed, as a receiver sees it. */
export type Owed = {
  readonly channelId: string;
  readonly token: string | null;
  readonly notifyUrl: string;
  readonly module: string;
  readonly operation: OperationName;
  readonly ids: readonly string[];
  /** By record id, sorted; what an update changed, and the values if the channel wants them. Only for updates. */
  readonly affected: Readonly<Record<string, readonly string[]>>;
  readonly values: Readonly<Record<string, RecordValues>> | null;
};

export type Row = {
  readonly channelId: string;
  readonly module: string;
  readonly events: readonly string[];
  readonly token: string | null;
  readonly notifyUrl: string;
  readonly expiresAt: number;
  readonly returnsValues: boolean;
  readonly notifiesRelated: boolean;
  readonly hasCondition: boolean;
};

/** What one item came to: the modules it was about, by their ids' order, or its code. */
export type ItemResult = { readonly code: "SUCCESS"; readonly modules: readonly string[] } | { readonly code: string };

type Subscription = { readonly operations: ReadonlySet<OperationName>; readonly condition: ConditionTree | null };
type Channel = {
  readonly key: string;
  readonly channelId: string;
  readonly notifyUrl: string;
  readonly token: string | null;
  readonly expiresAt: number;
  readonly returnsValues: boolean;
  readonly notifiesRelated: boolean;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
};
type Debt = Omit<Owed, "channelId" | "token" | "notifyUrl"> & { readonly channel: string };

/** In the order of their ids, which answers keep. */
const modulesInOrder: readonly string[] = ["Leads", "Accounts", "Contacts"];
const notSubscribed: ItemResult = { code: "NOT_SUBSCRIBED" };

export class WatchModel {
  now: number;
  /** The account that contacts may look up. */
  readonly accountId: string;
  readonly records = new Map<string, { readonly module: ModuleName; readonly values: RecordValues; readonly hasAccount: boolean }>();
  /** Also those that have expired: they keep their place when they are enabled anew. */
  readonly #channels = new Map<string, Channel>();
  #debts: readonly Debt[] = [];

  constructor(now: number, accountId: string) {
    this.now = now;
    this.accountId = accountId;
  }

  enable(user: number, item: WatchItem, powers: Powers): ItemResult {
    return this.#replace(user, item, powers);
  }

  replace(user: number, item: WatchItem, powers: Powers): ItemResult {
    return this.#live(user, item.channelId) === undefined ? notSubscribed : this.#replace(user, item, powers);
  }

  merge(user: number, item: WatchItem, powers: Powers): ItemResult {
    const base = this.#live(user, item.channelId);
    if (base === undefined) return notSubscribed;
    const asked = item.events === undefined ? operationsOf(base) : operationsNamed(item.events);
    const condition = powers.conditions ? item.condition : undefined;
    const subscriptions = new Map(
      [...asked].map(([module, operations]) => {
        const kept = base.subscriptions.get(module)?.condition ?? null;
        const given = condition?.module === module ? condition.tree : null;
        return [module, { operations, condition: condition === undefined ? kept : given }] as const;
      }),
    );
    return this.#put({
      ...base,
      notifyUrl: item.notifyUrl ?? base.notifyUrl,
      token: item.token === undefined ? base.token : item.token,
      expiresAt: item.expiryMs === undefined ? base.expiresAt : this.#endOf(item.expiryMs, powers),
      returnsValues: powers.returnsValues ? (item.returnsValues ?? base.returnsValues) : base.returnsValues,
      notifiesRelated: item.notifiesRelated ?? base.notifiesRelated,
      subscriptions,
    });
  }

  deleteEvents(user: number, channelId: string, events: readonly string[]): ItemResult {
    const base = this.#live(user, channelId);
    if (base === undefined) return notSubscribed;
    const named = operationsNamed(events);
    const left = new Map<string, Subscription>();
    const touched: string[] = [];
    for (const [module, subscription] of base.subscriptions) {
      const stays = new Set([...subscription.operations].filter((one) => !(named.get(module)?.has(one) ?? false)));
      if (stays.size < subscription.operations.size) touched.push(module);
      if (stays.size > 0) left.set(module, { ...subscription, operations: stays });
    }
    if (touched.length === 0) return notSubscribed;
    if (left.size === 0) this.#end(base);
    else this.#put({ ...base, subscriptions: left });
    return { code: "SUCCESS", modules: inOrder(touched) };
  }

  disable(user: number, channelId: string): ItemResult {
    const base = this.#live(user, channelId);
    if (base === undefined) return notSubscribed;
    this.#end(base);
    return { code: "SUCCESS", modules: inOrder([...base.subscriptions.keys()]) };
  }

  rows(user: number, only: { readonly channelId: string | null; readonly module: string | null }): readonly Row[] {
    return [...this.#channels.values()]
      .filter((channel) => channel.key.startsWith(`${user} `) && channel.expiresAt > this.now)
      .filter((channel) => only.channelId === null || only.channelId === channel.channelId)
      .flatMap((channel) => inOrder([...channel.subscriptions.keys()]).map((module) => rowOf(channel, module)))
      .filter((row) => only.module === null || only.module === row.module);
  }

  insert(module: ModuleName, items: readonly WriteItem[], withAccount: boolean): void {
    const hasAccount = withAccount && module === "Contacts";
    for (const { id, values } of items) this.records.set(id, { module, values, hasAccount });
    const changes = items.map(({ id, values }) => ({ id, fields: namesOf(values), isListed: false }));
    this.#owe(module, "insert", changes);
    if (hasAccount) this.#oweAccount();
  }

  /** A record may stand in it twice: both changes count. */
  update(module: ModuleName, items: readonly WriteItem[]): void {
    const changes: Change[] = [];
    let reachesAccount = false;
    for (const { id, values } of items) {
      const record = this.records.get(id);
      if (record === undefined) continue;
      const fields = Object.keys(values).filter((name) => (values[name] ?? null) !== (record.values[name] ?? null));
      if (fields.length === 0) continue;
      this.records.set(id, { ...record, values: { ...record.values, ...values } });
      changes.push({ id, fields, isListed: true });
      reachesAccount ||= record.hasAccount;
    }
    this.#owe(module, "update", changes);
    if (reachesAccount) this.#oweAccount();
  }

  remove(module: ModuleName, ids: readonly string[]): void {
    const reachesAccount = ids.some((id) => this.records.get(id)?.hasAccount ?? false);
    this.#owe(
      module,
      "delete",
      ids.map((id) => ({ id, fields: null, isListed: false })),
    );
    for (const id of ids) this.records.delete(id);
    if (reachesAccount) this.#oweAccount();
  }

  idsOf(module: ModuleName): readonly string[] {
    return [...this.records].filter(([, record]) => record.module === module).map(([id]) => id);
  }

  /** What is owed, under the channels' present tokens and URLs; from now on it counts as delivered. */
  takeOwed(): readonly Owed[] {
    const owed = this.#debts.map(({ channel, ...debt }) => {
      const { channelId, token, notifyUrl } = this.#channels.get(channel) ?? fail("a channel that is gone owes nothing");
      return { channelId, token, notifyUrl, ...debt };
    });
    this.#debts = [];
    return owed;
  }

  #replace(user: number, item: WatchItem, powers: Powers): ItemResult {
    const condition = powers.conditions ? (item.condition ?? null) : null;
    return this.#put({
      key: `${user} ${item.channelId}`,
      channelId: item.channelId,
      notifyUrl: item.notifyUrl ?? fail("a channel has a URL"),
      token: item.token ?? null,
      expiresAt: this.#endOf(item.expiryMs, powers),
      returnsValues: powers.returnsValues && (item.returnsValues ?? false),
      notifiesRelated: item.notifiesRelated ?? true,
      subscriptions: new Map(
        [...operationsNamed(item.events ?? [])].map(([module, operations]) => [
          module,
          { operations, condition: condition?.module === module ? condition.tree : null },
        ]),
      ),
    });
  }

  #endOf(expiryMs: number | undefined, { defaultMs, longestMs }: Powers): number {
    return this.now + (expiryMs !== undefined && expiryMs > 0 && expiryMs <= longestMs ? expiryMs : defaultMs);
  }

  #live(user: number, channelId: string): Channel | undefined {
    const channel = this.#channels.get(`${user} ${channelId}`);
    return channel !== undefined && channel.expiresAt > this.now ? channel : undefined;
  }

  /** What is owed for modules that the channel no longer watches is not owed any more. */
  #put(channel: Channel): ItemResult {
    this.#channels.set(channel.key, channel);
    this.#debts = this.#debts.filter((debt) => debt.channel !== channel.key || channel.subscriptions.has(debt.module));
    return { code: "SUCCESS", modules: inOrder([...channel.subscriptions.keys()]) };
  }

  #end(channel: Channel): void {
    this.#channels.delete(channel.key);
    this.#debts = this.#debts.filter((debt) => debt.channel !== channel.key);
  }

  #owe(module: ModuleName, operation: OperationName, changes: readonly Change[]): void {
    for (const channel of this.#channels.values()) {
      const subscription = channel.subscriptions.get(module);
      if (channel.expiresAt <= this.now || subscription === undefined || !subscription.operations.has(operation)) continue;
      const met = changes.filter(({ fields }) => fields === null || isMet(subscription.condition, fields));
      if (met.length > 0) this.#debts = [...this.#debts, this.#debt(channel, { module, operation, met })];
    }
  }

  #debt(channel: Channel, write: { module: string; operation: OperationName; met: readonly Change[] }): Debt {
    const affected: Record<string, string[]> = {};
    const values: Record<string, RecordValues> = {};
    for (const { id, fields, isListed } of write.met) {
      if (!isListed) continue;
      const names = [...new Set([...(affected[id] ?? []), ...(fields ?? [])])].toSorted();
      affected[id] = names;
      values[id] = Object.fromEntries(names.map((name) => [name, this.records.get(id)?.values[name] ?? null]));
    }
    return {
      channel: channel.key,
      module: write.module,
      operation: write.operation,
      ids: [...new Set(write.met.map(({ id }) => id))],
      affected,
      values: channel.returnsValues && write.operation === "update" ? values : null,
    };
  }

  /** A contact that looks up the account was written: the account's watchers hear of an update in which no field changed. */
  #oweAccount(): void {
    for (const channel of this.#channels.values()) {
      const subscription = channel.subscriptions.get("Accounts");
      if (channel.expiresAt <= this.now || subscription === undefined || !subscription.operations.has("update")) continue;
      if (subscription.condition !== null || !channel.notifiesRelated) continue;
      const debt = { module: "Accounts", operation: "update", ids: [this.accountId], affected: {} } as const;
      this.#debts = [...this.#debts, { ...debt, channel: channel.key, values: channel.returnsValues ? {} : null }];
    }
  }
}

/** `fields` null: a delete, which no condition filters. */
type Change = { readonly id: string; readonly fields: readonly string[] | null; readonly isListed: boolean };

function isMet(tree: ConditionTree | null, fields: readonly string[]): boolean {
  if (tree === null) return true;
  if ("field" in tree) return fields.includes(tree.field);
  return tree.all ? tree.members.every((one) => isMet(one, fields)) : tree.members.some((one) => isMet(one, fields));
}

function operationsNamed(events: readonly string[]): Map<string, Set<OperationName>> {
  const byModule = new Map<string, Set<OperationName>>();
  for (const event of events) {
    const [module = "", name = ""] = event.split(".");
    const operations = byModule.get(module) ?? new Set();
    for (const operation of meanings[name] ?? []) operations.add(operation);
    byModule.set(module, operations);
  }
  return byModule;
}

const meanings: Readonly<Record<string, readonly OperationName[]>> = {
  create: ["insert"],
  edit: ["update"],
  delete: ["delete"],
  all: ["insert", "update", "delete"],
};

function operationsOf(channel: Channel): Map<string, ReadonlySet<OperationName>> {
  return new Map([...channel.subscriptions].map(([module, { operations }]) => [module, operations]));
}

function rowOf(channel: Channel, module: string): Row {
  const { operations, condition } = channel.subscriptions.get(module) ?? fail("a row is of a subscription");
  const events = (["update", "insert", "delete"] as const).filter((one) => operations.has(one));
  const names = { insert: "create", update: "edit", delete: "delete" } as const;
  return {
    channelId: channel.channelId,
    module,
    events: events.map((one) => `${module}.${names[one]}`),
    token: channel.token,
    notifyUrl: channel.notifyUrl,
    expiresAt: channel.expiresAt,
    returnsValues: channel.returnsValues,
    notifiesRelated: channel.notifiesRelated,
    hasCondition: condition !== null,
  };
}

function inOrder(modules: readonly string[]): readonly string[] {
  return modules.toSorted((a, b) => modulesInOrder.indexOf(a) - modulesInOrder.indexOf(b));
}

function namesOf(values: RecordValues): readonly string[] {
  return Object.keys(values).filter((name) => values[name] !== null);
}

function fail(message: string): never {
  throw new Error(message);
}
