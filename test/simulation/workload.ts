/** What clients and operators do: at random, often alone, sometimes many things at once. */
import type { ChannelAct, CommandName, Input } from "../../src/app/commands.ts";
import type { Caller } from "../../src/core/principal.ts";
import type { SeedOrg } from "../../src/core/seed.ts";
import type { Random } from "../fuzz/random.ts";
import type { Model, ModelChannel, WatchItem } from "./model.ts";

export type Ask = <N extends CommandName>(name: N, input: Input<N>) => void;

const modules = ["Leads", "Contacts", "Accounts", "Deals"] as const;
type ModuleName = (typeof modules)[number];
const mandatory = { Leads: "Last_Name", Contacts: "Last_Name", Accounts: "Account_Name", Deals: "Deal_Name" } as const;
/** Fields of text that the conditions name. */
const fields = {
  Leads: ["Phone", "Company"],
  Contacts: ["Phone", "Fax"],
  Accounts: ["Phone", "Fax"],
  Deals: ["Next_Step", "Description"],
} as const;
const words = [null, "one", "two", "three"];
const channelsPerUser = 4;
const usersPerOrg = 2;

export function seedOrgs(count: number): readonly SeedOrg[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `$.orgs[${index}]`,
    name: `Org ${index}`,
    zgid: String(554_023_000 + index),
    timeZone: "UTC",
    currency: "USD",
    users: Array.from({ length: usersPerOrg }, (__, user) => ({
      email: `user${user}@org${index}.example`,
      firstName: null,
      lastName: `User ${user}`,
      password: null,
    })),
    clients: [],
    modules: [],
    records: [],
  }));
}

/** Two targets share a host. */
function notifyUrlOf(target: number): string {
  return `http://127.0.0.1:${9_000 + Math.floor(target / 2)}/${target}`;
}

export type WorkloadParts = {
  readonly random: Random;
  readonly model: Model;
  readonly orgs: number;
  readonly targets: number;
  readonly now: () => number;
};

export class Workload {
  readonly #parts: WorkloadParts;
  readonly #random: Random;
  #names = 0;

  constructor(parts: WorkloadParts) {
    this.#parts = parts;
    this.#random = parts.random;
  }

  /** Records and channels to begin with. */
  begin(ask: Ask): void {
    for (let times = 4 * this.#parts.orgs; times > 0; times -= 1) {
      this.#insert(ask, this.#caller(), 6);
      this.#watch(ask, this.#caller());
    }
  }

  /** One thing that somebody does. */
  act(ask: Ask): void {
    const random = this.#random;
    const caller = this.#caller();
    const chance = random.below(100);
    if (chance < 30) this.#update(ask, caller, 1 + (random.hasChance(0.2) ? random.below(20) : 0));
    else if (chance < 42) this.#insert(ask, caller, 1 + (random.hasChance(0.2) ? random.below(20) : 0));
    else if (chance < 47) this.#delete(ask, caller);
    else if (chance < 51) this.#users(ask, caller);
    else if (chance < 71) this.#watch(ask, caller);
    else if (chance < 75) this.#disable(ask, caller);
    else if (chance < 84) this.#steer(ask, caller.org);
    else if (chance < 87) ask("retention.purge", { historyMs: 1_800_000, deadMs: 1_800_000 });
    else if (chance < 91) for (let times = 40 + random.below(80); times > 0; times -= 1) this.#update(ask, caller, 1);
    else this.#sameRecord(ask, caller);
  }

  /** Lets go all that is held. */
  letGo(ask: Ask): void {
    for (const channel of this.#parts.model.channels.values()) {
      if (channel.state !== "active" && channel.key !== null) {
        ask("operate.steerChannel", { channelKey: channel.key, act: { kind: "resume" } });
      }
    }
  }

  #caller(): Caller {
    const org = 1 + this.#random.below(this.#parts.orgs);
    return { org, userId: `${554_022_999 + org}${50_000_001 + this.#random.below(usersPerOrg)}`.replace(/^(\d{9})(\d{8})$/, "$10$2") };
  }

  #values(module: ModuleName): Record<string, unknown> {
    const random = this.#random;
    const values: Record<string, unknown> = {};
    for (const field of random.some(fields[module], 0.6)) values[field] = random.pick(words) ?? null;
    return values;
  }

  #account(org: number): { Account_Name?: { id: string } } {
    const id = this.#random.hasChance(0.5) ? this.#recordId(org, "Accounts") : undefined;
    return id === undefined ? {} : { Account_Name: { id } };
  }

  #recordId(org: number, module: string): string | undefined {
    const ids = this.#parts.model.recordIds(org, module);
    // The same few records over and over, so that lines form.
    return this.#random.hasChance(0.5) ? ids[this.#random.below(Math.min(4, ids.length))] : this.#random.pick(ids);
  }

  #insert(ask: Ask, caller: Caller, count: number): void {
    const module = this.#random.pick(modules);
    const items = Array.from({ length: count }, () => ({
      [mandatory[module]]: `Name ${++this.#names}`,
      ...this.#values(module),
      ...(module === "Deals" || module === "Contacts" ? this.#account(caller.org) : {}),
      ...(module === "Deals" ? { Stage: "Qualification" } : {}),
    }));
    ask("records.write", { caller, module, operation: "insert", items, idInPath: null });
  }

  #update(ask: Ask, caller: Caller, count: number): void {
    const module = this.#random.pick(modules);
    const items = Array.from({ length: count }, () => this.#changed(caller, module)).filter((item) => item !== null);
    if (items.length > 0) ask("records.write", { caller, module, operation: "update", items, idInPath: null });
  }

  #changed(caller: Caller, module: ModuleName): Record<string, unknown> | null {
    const id = this.#recordId(caller.org, module);
    if (id === undefined) return null;
    return { id, ...this.#values(module), ...(module === "Deals" ? this.#account(caller.org) : {}) };
  }

  /** A few edits of one record in a row: each delivery waits for the one before. */
  #sameRecord(ask: Ask, caller: Caller): void {
    const module = this.#random.pick(modules);
    const id = this.#recordId(caller.org, module);
    if (id === undefined) return;
    for (let times = 2 + this.#random.below(4); times > 0; times -= 1) {
      ask("records.write", { caller, module, operation: "update", items: [{ id, ...this.#values(module) }], idInPath: null });
    }
  }

  #delete(ask: Ask, caller: Caller): void {
    const module = this.#random.pick(modules);
    const id = this.#recordId(caller.org, module);
    if (id !== undefined) ask("records.write", { caller, module, operation: "delete", items: [id], idInPath: null });
  }

  #users(ask: Ask, caller: Caller): void {
    const id = this.#random.pick(this.#parts.model.recordIds(caller.org, "users"));
    const number = ++this.#names;
    const kind = this.#random.below(3);
    if (kind === 0 || id === undefined) {
      const item = { email: `guest${number}@org.example`, last_name: `Guest ${number}` };
      ask("users.write", { caller, operation: "insert", items: [item], idInPath: null });
    } else if (kind === 1) {
      const item = { id, first_name: this.#random.pick(["Ada", "Bo"]) };
      ask("users.write", { caller, operation: "update", items: [item], idInPath: null });
    } else ask("users.write", { caller, operation: "delete", items: [id], idInPath: null });
  }

  #watch(ask: Ask, caller: Caller): void {
    const random = this.#random;
    const number = random.below(channelsPerUser);
    const channelId = `${caller.org}${caller.userId.slice(-1)}${number}`;
    const isKnown = this.#parts.model.channels.has(`${caller.org} ${channelId}`);
    const mode = !isKnown || random.hasChance(0.3) ? "enable" : random.pick(["replace", "merge", "merge"] as const);
    const item = mode === "merge" ? this.#mergeItem(channelId) : this.#wholeItem(channelId);
    ask("watch.write", { caller, version: "v6", mode, items: [item] });
  }

  #wholeItem(channelId: string): WatchItem {
    const random = this.#random;
    const events = this.#events();
    return {
      channel_id: channelId,
      events,
      notify_url: notifyUrlOf(random.below(this.#parts.targets)),
      channel_expiry: this.#expiry(),
      notify_on_related_action: random.hasChance(0.7),
      ...(random.hasChance(0.3) ? this.#condition(events) : {}),
    };
  }

  #mergeItem(channelId: string): WatchItem {
    const random = this.#random;
    if (random.hasChance(0.25)) return { channel_id: channelId, events: this.#events(), _delete_events: true };
    const events = random.hasChance(0.5) ? this.#events() : undefined;
    return {
      channel_id: channelId,
      ...(events === undefined ? {} : { events }),
      ...(random.hasChance(0.7) ? { channel_expiry: this.#expiry() } : {}),
      ...(random.hasChance(0.3) ? { notify_on_related_action: random.hasChance(0.5) } : {}),
      ...(events !== undefined && random.hasChance(0.3) ? this.#condition(events) : {}),
    };
  }

  #events(): readonly string[] {
    const random = this.#random;
    const named = random
      .some([...modules, "users"], 0.4)
      .map((module) => `${module}.${random.pick(["create", "edit", "delete", "all", "all"])}`);
    return named.length > 0 ? named : ["Leads.all"];
  }

  #condition(events: readonly string[]): Pick<WatchItem, "notification_condition"> {
    const random = this.#random;
    const module = modules.find((name) => events.some((event) => event.startsWith(`${name}.`)));
    if (module === undefined) return {};
    const group = fields[module].map((name) => ({ field: { api_name: name } }));
    const selection = random.hasChance(0.4)
      ? { field: { api_name: fields[module][0] } }
      : { group_operator: random.pick(["and", "or"] as const), group };
    return { notification_condition: [{ type: "field_selection", module: { api_name: module }, field_selection: selection }] };
  }

  /** From a minute to two hours ahead; some end before they are even stored. */
  #expiry(): string {
    const ahead = this.#random.hasChance(0.3) ? this.#random.below(180) : 600 + this.#random.below(7_200);
    return new Date(Math.floor(this.#parts.now() / 1_000) * 1_000 + ahead * 1_000).toISOString().replace(".000Z", "+00:00");
  }

  #channel(org: number): ModelChannel | undefined {
    return this.#random.pick(this.#parts.model.channelsOf(org));
  }

  #disable(ask: Ask, caller: Caller): void {
    const channel = this.#channel(caller.org);
    if (channel === undefined) return;
    ask("watch.disable", { caller: { ...caller, userId: channel.userId }, channelIds: [channel.channelId] });
  }

  #steer(ask: Ask, org: number): void {
    const channel = this.#channel(org);
    if (channel === undefined || channel.key === null) return;
    const until = this.#parts.now() + 60_000 * (1 + this.#random.below(120));
    const acts: readonly ChannelAct[] = [
      { kind: "pause" },
      { kind: "resume" },
      { kind: "resume" },
      { kind: "renew", until },
      { kind: "rotate", overlapMs: 3_600_000 },
    ];
    const act = channel.state === "active" ? this.#random.pick(acts) : acts[1];
    if (act !== undefined) ask("operate.steerChannel", { channelKey: channel.key, act });
  }
}
