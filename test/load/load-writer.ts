/**
 * Who writes: several writers an org, each with records of its own, so that the order of what happens to a record is known. Single and bulk
 * inserts, updates, upserts and deletes, and now and then a look at what was written.
 */
import assert from "node:assert/strict";
import type { Random } from "../fuzz/random.ts";
import type { Answer } from "../support/client.ts";
import { listAt, textAt } from "../support/json.ts";
import type { AnsweredLedger, Change, Operation } from "./answered-ledger.ts";

const modules = ["Leads", "Leads", "Leads", "Contacts"] as const;
const recordsPerRequestMax = 100;
const recordsKeptMax = 400;

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
  readonly asker: Asker;
};

/** Whoever takes requests of one user. */
export type Asker = {
  /** Rejects with `Unanswered` when no answer came, or one that says that the request may be made again. */
  request(method: string, path: string, body?: unknown): Promise<Answer>;
};

/** Nobody knows whether what was asked for happened. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/** The answer, if it has one of the statuses; any other is a finding. */
export async function asked(request: Promise<Answer>, statuses: readonly number[]): Promise<Answer> {
  const answer = await request;
  assert.ok(statuses.includes(answer.status), `expected ${statuses.join(" or ")}, got ${answer.status}: ${answer.text}`);
  return answer;
}

/** Keeps its records from one life of a server to the next. */
export class Writer {
  readonly #org: number;
  readonly #records: OwnRecord[] = [];

  constructor(org: number) {
    this.#org = org;
  }

  /** One request. Rejects with `Unanswered` when it got no answer; it goes on regardless. */
  step(parts: LoadParts): Promise<void> {
    const { random } = parts;
    const chance = random.below(100);
    const inserted = random.hasChance(0.1) ? 2 + random.below(30) : 1 + random.below(3);
    if (chance < 22 || this.#records.length < 5) return this.#insert(parts, inserted);
    if (chance < 72) return this.#update(parts, 1);
    if (chance < 80) return this.#update(parts, 2 + random.below(recordsPerRequestMax - 1));
    if (chance < 88) return this.#upsert(parts);
    if (chance < 92) return this.#look(parts);
    return this.#delete(parts);
  }

  async #insert(parts: LoadParts, count: number): Promise<void> {
    const module = parts.random.pick(modules);
    const drafts = Array.from({ length: count }, () => this.#draft(parts));
    await this.#send(parts, [], async () => {
      const answer = await asked(parts.asker.request("POST", `/${module}`, { data: drafts.map(({ row }) => row) }), [201]);
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
      const answer = await asked(parts.asker.request("PUT", `/${first.module}`, { data }), [200]);
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
      const answer = await asked(parts.asker.request("POST", "/Leads/upsert", { data, duplicate_check_fields: ["Email"] }), [200]);
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
        parts.asker.request("DELETE", `/${first.module}?ids=${changes.map(({ recordId }) => recordId).join()}`),
        [200],
      );
      for (const item of listAt(answer.body, "data")) assert.equal(textAt(item, "code"), "SUCCESS", answer.text);
      this.#drop(changes);
      return changes;
    });
  }

  /** A record is as it was last answered to be, whoever is asked. */
  async #look({ random, ledger, asker }: LoadParts): Promise<void> {
    const record = random.pick(this.#records);
    const value = record === undefined ? undefined : ledger.valueOf(record.module, record.id);
    if (record === undefined || value === undefined) return;
    const answer = await asked(asker.request("GET", `/${record.module}/${record.id}?fields=Description`), [200]);
    assert.equal(textAt(listAt(answer.body, "data")[0], "Description"), String(value), `record ${record.id} is read as it was before`);
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
