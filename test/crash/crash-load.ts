/**
 * Mixed load until the server is gone: several writers an org, each with records of its own, so that the order of what happens to a record is
 * known, and one client an org that subscribes, renews, merges and disables a channel of its own.
 */
import assert from "node:assert/strict";
import type { Random } from "../fuzz/random.ts";
import type { Answer, Client } from "../support/client.ts";
import { at, listAt, textAt } from "../support/json.ts";
import type { AnsweredLedger, Change, Operation, Watch } from "./answered-ledger.ts";

const modules = ["Leads", "Leads", "Leads", "Contacts"] as const;
const recordsPerRequestMax = 100;
const recordsKeptMax = 400;
const hourMs = 3_600_000;

/** A record that is about to be made. */
type Draft = { readonly change: Change; readonly email: string; readonly row: Readonly<Record<string, string>> };
type OwnRecord = { readonly id: string; readonly module: string; readonly email: string };

export type LoadParts = {
  readonly ledger: AnsweredLedger;
  readonly random: Random;
  /** Gives a greater number each time. */
  readonly nextValue: () => number;
  readonly onAnswered: () => void;
  readonly round: number;
  readonly client: Client;
};

/** Ends the load: the connection ended with the server, as it should. */
class ServerGone extends Error {
  override readonly name = "ServerGone";
}

async function asked(request: Promise<Answer>, statuses: readonly number[]): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await request;
  } catch (cause) {
    throw new ServerGone("the connection ended", { cause });
  }
  assert.ok(statuses.includes(answer.status), `expected ${statuses.join(" or ")}, got ${answer.status}: ${answer.text}`);
  return answer;
}

/** Goes on until the server is gone. */
async function untilGone(step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await step();
    } catch (error) {
      // Expected: the connection ends with the server. Anything else is a finding.
      if (error instanceof ServerGone) return;
      throw error;
    }
  }
}

/** Keeps its records from one life of the server to the next. */
export class Writer {
  readonly #org: number;
  readonly #records: OwnRecord[] = [];

  constructor(org: number) {
    this.#org = org;
  }

  write(parts: LoadParts): Promise<void> {
    return untilGone(() => this.#step(parts));
  }

  #step(parts: LoadParts): Promise<void> {
    const { random } = parts;
    const chance = random.below(100);
    const inserted = random.hasChance(0.1) ? 2 + random.below(30) : 1 + random.below(3);
    if (chance < 22 || this.#records.length < 5) return this.#insert(parts, inserted);
    if (chance < 72) return this.#update(parts, 1);
    if (chance < 80) return this.#update(parts, 2 + random.below(recordsPerRequestMax - 1));
    if (chance < 92) return this.#upsert(parts);
    return this.#delete(parts);
  }

  async #insert(parts: LoadParts, count: number): Promise<void> {
    const module = parts.random.pick(modules);
    const drafts = Array.from({ length: count }, () => this.#draft(parts));
    await this.#send(parts, [], async () => {
      const answer = await asked(parts.client.request("POST", `/${module}`, { data: drafts.map(({ row }) => row) }), [201]);
      return listAt(answer.body, "data").map((item, index) => this.#made(item, module, drafts[index]));
    });
  }

  async #update(parts: LoadParts, count: number): Promise<void> {
    const first = parts.random.pick(this.#records);
    if (first === undefined) return;
    const chosen = [first, ...this.#records.filter((record) => record.module === first.module && record !== first)].slice(0, count);
    const changes = chosen.map(({ id, module }) => this.#change(parts, { module, recordId: id, operation: "update" }));
    const data = changes.map((change) => ({ id: change.recordId, ...valuesOf(change) }));
    await this.#send(parts, changes, async () => {
      const answer = await asked(parts.client.request("PUT", `/${first.module}`, { data }), [200]);
      for (const item of listAt(answer.body, "data")) assert.equal(textAt(item, "code"), "SUCCESS", answer.text);
      return changes;
    });
  }

  /** One that is there by its address, and sometimes one that is not. */
  async #upsert(parts: LoadParts): Promise<void> {
    const known = parts.random.pick(this.#records.filter(({ module }) => module === "Leads"));
    if (known === undefined) return;
    const change = this.#change(parts, { module: "Leads", recordId: known.id, operation: "update" });
    const draft = parts.random.hasChance(0.5) ? this.#draft(parts) : undefined;
    const data = [{ Email: known.email, ...valuesOf(change) }, ...(draft === undefined ? [] : [draft.row])];
    await this.#send(parts, [change], async () => {
      const answer = await asked(parts.client.request("POST", "/Leads/upsert", { data, duplicate_check_fields: ["Email"] }), [200]);
      const [first, second] = listAt(answer.body, "data");
      assert.equal(textAt(first, "details", "id"), known.id, answer.text);
      return [change, ...(second === undefined ? [] : [this.#made(second, "Leads", draft)])];
    });
  }

  async #delete(parts: LoadParts): Promise<void> {
    const first = parts.random.pick(this.#records);
    if (first === undefined) return;
    const chosen = this.#records.filter((record) => record.module === first.module && (record === first || parts.random.hasChance(0.02)));
    const changes = chosen.map(({ id, module }) => this.#change(parts, { module, recordId: id, operation: "delete" }));
    await this.#send(parts, changes, async () => {
      const answer = await asked(
        parts.client.request("DELETE", `/${first.module}?ids=${changes.map(({ recordId }) => recordId).join()}`),
        [200],
      );
      for (const item of listAt(answer.body, "data")) assert.equal(textAt(item, "code"), "SUCCESS", answer.text);
      this.#drop(changes);
      return changes;
    });
  }

  /** Sends a write and tells the ledger of its answer, or of its end without one; `known`: the changes of records that have an id. */
  async #send({ ledger, round, onAnswered }: LoadParts, known: readonly Change[], write: () => Promise<readonly Change[]>): Promise<void> {
    const epochs = ledger.epochsOf(this.#org);
    try {
      ledger.answer(epochs, await write(), round);
    } catch (error) {
      ledger.doubt(known);
      // Nobody knows what became of them, so nobody writes to them again.
      this.#drop(known);
      throw error;
    }
    if (this.#records.length > recordsKeptMax) this.#records.splice(0, this.#records.length - recordsKeptMax);
    onAnswered();
  }

  #drop(changes: readonly Change[]): void {
    const ids = new Set(changes.map(({ recordId }) => recordId));
    for (let index = this.#records.length - 1; index >= 0; index -= 1) {
      if (ids.has(this.#records[index]?.id ?? "")) this.#records.splice(index, 1);
    }
  }

  #change({ random, nextValue }: LoadParts, what: { module: string; recordId: string; operation: Operation }): Change {
    return { ...what, value: nextValue(), changesPhone: random.hasChance(0.5) };
  }

  #draft(parts: LoadParts): Draft {
    const change = this.#change(parts, { module: "", recordId: "", operation: "insert" });
    const email = `lead${change.value}@crash.example`;
    return { change, email, row: { Last_Name: `Name ${change.value}`, Email: email, ...valuesOf(change) } };
  }

  #made(item: unknown, module: string, draft: Draft | undefined): Change {
    assert.ok(draft !== undefined && textAt(item, "code") === "SUCCESS", JSON.stringify(item));
    const recordId = textAt(item, "details", "id");
    this.#records.push({ id: recordId, module, email: draft.email });
    return { ...draft.change, module, recordId };
  }
}

function valuesOf({ value, changesPhone }: Change): Readonly<Record<string, string>> {
  return { Description: String(value), ...(changesPhone ? { Phone: String(value) } : {}) };
}

export type ChannelOrder = { readonly channelId: string; readonly notifyUrl: string };

/** One thing that the client of a channel asks for, until the server is gone. */
export function tendChannel(order: ChannelOrder, parts: LoadParts): Promise<void> {
  return untilGone(async () => {
    const { ledger, random, client } = parts;
    const { channelId } = order;
    const watch = ledger.watchOf(channelId);
    const chance = random.below(10);
    if (watch === null || watch === undefined || chance < 2) await subscribe(order, parts, watchOf(random));
    else if (chance < 5) await merge(order, parts, { ...watch, expiresAt: expiry(random) });
    else if (chance < 9) await merge(order, parts, watchOf(random));
    else {
      ledger.beginOrder(channelId, true);
      await asked(client.request("DELETE", `/actions/watch?channel_ids=${channelId}`), [200]);
      ledger.endOrder(channelId, null);
    }
    parts.onAnswered();
    // Leaves some room between two orders, for what falls between them is certain.
    for (let reads = random.below(4); reads > 0; reads -= 1) await asked(client.request("GET", "/Leads/actions/count"), [200]);
  });
}

/** Makes the channel as `watch` says, or replaces it. */
export async function subscribe(
  { channelId, notifyUrl }: ChannelOrder,
  { ledger, client }: Pick<LoadParts, "ledger" | "client">,
  watch: Watch,
): Promise<void> {
  ledger.beginOrder(channelId, false);
  const item = { ...itemOf(channelId, watch), notify_url: notifyUrl, return_affected_field_values: true };
  await asked(client.request("POST", "/actions/watch", { watch: [item] }), [201]);
  ledger.endOrder(channelId, watch);
}

async function merge({ channelId }: ChannelOrder, { ledger, client }: LoadParts, watch: Watch): Promise<void> {
  ledger.beginOrder(channelId, false);
  const answer = await asked(client.request("PATCH", "/actions/watch", { watch: [itemOf(channelId, watch)] }), [200]);
  assert.ok(at(answer.body, "watch", 0, "status") === "success", answer.text);
  ledger.endOrder(channelId, watch);
}

function watchOf(random: Random): Watch {
  const all: readonly Operation[] = ["insert", "update", "delete"];
  const operations = new Set<Operation>(random.hasChance(0.5) ? all : ["update"]);
  return { modules: new Set(["Leads"]), operations, asksForPhone: random.hasChance(0.4), expiresAt: expiry(random) };
}

function expiry(random: Random): number {
  return Math.floor(Date.now() / 1_000) * 1_000 + 24 * hourMs + random.below(3_600) * 1_000;
}

const eventNames = { insert: "create", update: "edit", delete: "delete" } as const;

function itemOf(channelId: string, watch: Watch): Readonly<Record<string, unknown>> {
  const condition = (module: string) => ({
    type: "field_selection",
    module: { api_name: module },
    field_selection: { field: { api_name: "Phone" } },
  });
  return {
    channel_id: channelId,
    events: [...watch.modules].flatMap((module) => [...watch.operations].map((operation) => `${module}.${eventNames[operation]}`)),
    channel_expiry: new Date(watch.expiresAt).toISOString().replace(".000Z", "+00:00"),
    notification_condition: watch.asksForPhone ? [...watch.modules].map(condition) : [],
  };
}

/** The channels that stand still: what they have to hear of is certain for every write. */
export function steadyWatches(): Readonly<Record<"good" | "flaky" | "slow", Watch>> {
  const expiresAt = Math.floor(Date.now() / 1_000) * 1_000 + 48 * hourMs;
  return {
    good: { modules: new Set(["Leads", "Contacts"]), operations: new Set(["insert", "update", "delete"]), asksForPhone: false, expiresAt },
    flaky: { modules: new Set(["Leads"]), operations: new Set(["update", "delete"]), asksForPhone: true, expiresAt },
    slow: { modules: new Set(["Leads"]), operations: new Set(["insert", "update"]), asksForPhone: false, expiresAt },
  };
}
