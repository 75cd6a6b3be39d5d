/**
 * What a transaction knows of the orgs that it writes in. The first write in an org locks its row of `org_states` until the commit, so the
 * writes of an org come one after another, whichever process makes them: their ids grow, and whoever holds the lock sees all that was
 * committed before. Whoever read the org's Home compares the epoch that stands in that row.
 */
import type { OrgKey } from "../../core/org.ts";
import type { Intent } from "../store.ts";
import type { IdSlots } from "./id-slots.ts";

/** Runs a statement on the transaction's connection. */
export type Query = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>;

type OrgState = {
  /** The largest id that was given in the org. */
  lastId: number;
  /** As it was when the transaction took the org. */
  readonly epoch: number;
  isRaised: boolean;
  /** As it was, and whether a token was ended or a user changed. */
  readonly accessEpoch: number;
  isAccessRaised: boolean;
  /** Whether it differs from what the table says. */
  isChanged: boolean;
};

/** What the table is to say of an org. */
export type UnwrittenState = { readonly org: OrgKey; readonly lastId: number; readonly epoch: number; readonly accessEpoch: number };

type Epochs = { readonly epoch: number; readonly access_epoch: number };
type Row = Epochs & { readonly last_id: number };

const lockAll = "select org, last_id, epoch, access_epoch from org_states where org = any ($1::bigint[]) order by org for update";

export class OrgStates {
  readonly #query: Query;
  readonly #ids: Pick<IdSlots, "next">;
  readonly #held = new Map<OrgKey, OrgState>();
  readonly #seen = new Map<OrgKey, Epochs>();
  /** Asked for, not answered. */
  readonly #asked = new Set<OrgKey>();
  #holding: Promise<void> = Promise.resolve();
  #isWriting = true;

  constructor(query: Query, ids: Pick<IdSlots, "next">) {
    this.#query = query;
    this.#ids = ids;
  }

  /** Begins a transaction: nothing is held. */
  clear(): void {
    this.#held.clear();
    this.#seen.clear();
    this.#asked.clear();
  }

  /** Whether the transaction means to write: then whoever asks for an epoch takes the org. */
  intend(intent: Intent): void {
    this.#isWriting = intent === "write";
  }

  get isWriting(): boolean {
    return this.#isWriting;
  }

  /** The org's epoch: what a Home that was read earlier is compared with. */
  async epoch(org: OrgKey): Promise<number> {
    return this.#isWriting ? (await this.hold(org)).epoch : (await this.#look(org)).epoch;
  }

  /** How often the org's tokens and users were changed so far, by this transaction too. */
  async accessEpoch(org: OrgKey): Promise<number> {
    const held = this.#held.get(org);
    return held === undefined ? (await this.#look(org)).access_epoch : held.accessEpoch + Number(held.isAccessRaised);
  }

  /** Takes the org until the transaction's end. */
  async hold(org: OrgKey): Promise<OrgState> {
    const held = this.#held.get(org);
    if (held !== undefined) return held;
    this.#asked.add(org);
    return this.#note(org, (await this.#lock(org)) ?? (await this.#begin(org)));
  }

  /** Takes several orgs in one order, so that two who want the same do not wait for each other. */
  holdAll(orgs: Iterable<OrgKey>): Promise<void> {
    const holding = this.#holdAll(orgs);
    // Whoever took them hears of it when it fails.
    this.#holding = holding.catch(() => undefined);
    return holding;
  }

  /** Resolves when the orgs that were asked for last are held, or cannot be. */
  get holding(): Promise<void> {
    return this.#holding;
  }

  async #holdAll(orgs: Iterable<OrgKey>): Promise<void> {
    const missing = [...new Set(orgs)].filter((org) => !this.#held.has(org)).toSorted((one, other) => one - other);
    for (const org of missing) this.#asked.add(org);
    // What is there is locked by one statement, in its order; an org that has no state yet gets it alone.
    const rows = missing.length < 2 ? [] : await this.#query<Row & { readonly org: number }>(lockAll, [missing]);
    for (const { org, ...row } of rows) this.#note(org, row);
    for (const org of missing) await this.hold(org);
  }

  /** Takes the orgs, where the transaction means to write; gives back whether that took any that it did not have. */
  async holdAllMeant(orgs: Iterable<OrgKey>): Promise<boolean> {
    const missing = this.#isWriting ? [...orgs].filter((org) => !this.#held.has(org)) : [];
    await this.holdAll(missing);
    return missing.length > 0;
  }

  /** The epochs, without taking the org. */
  async #look(org: OrgKey): Promise<Epochs> {
    const known = this.#seen.get(org);
    if (known !== undefined) return known;
    const [row] = await this.#query<Epochs>("select epoch, access_epoch from org_states where org = $1", [org]);
    const epochs = row ?? { epoch: 0, access_epoch: 0 };
    this.#seen.set(org, epochs);
    return epochs;
  }

  async nextId(org: OrgKey, nowMs: number): Promise<number> {
    const state = await this.hold(org);
    state.lastId = await this.#ids.next(state.lastId, nowMs);
    state.isChanged = true;
    return state.lastId;
  }

  /** Says that the transaction changes what Homes are read from. */
  async raise(org: OrgKey): Promise<void> {
    const state = await this.hold(org);
    state.isRaised = true;
    state.isChanged = true;
  }

  /** Says that the transaction ends a token of the org, or changes a user. */
  async raiseAccess(org: OrgKey): Promise<void> {
    const state = await this.hold(org);
    state.isAccessRaised = true;
    state.isChanged = true;
  }

  /** The epochs that the orgs whose Homes were changed have after the commit. */
  get raised(): ReadonlyMap<OrgKey, number> {
    const raised = [...this.#held].filter(([, state]) => state.isRaised);
    return new Map(raised.map(([org, state]) => [org, state.epoch + 1]));
  }

  /** The epoch under which what is read of the org now may be kept in memory; null: it is not held, or this transaction changes it. */
  epochToKeep(org: OrgKey): number | null {
    const state = this.#held.get(org);
    return state === undefined || state.isRaised ? null : state.epoch;
  }

  /** The epoch that an org which the transaction holds has after the commit, unless something is changed later in it. */
  epochAfter(org: OrgKey): number {
    const state = this.#held.get(org);
    return state === undefined ? 0 : state.epoch + Number(state.isRaised);
  }

  isHeld(org: OrgKey): boolean {
    return this.#held.has(org);
  }

  /** Whether what is asked now finds the org held, unless it has no state yet. */
  isAboutToBeHeld(org: OrgKey): boolean {
    return this.#held.has(org) || this.#asked.has(org);
  }

  /** The orgs held so far; what a savepoint undoes gives up those that were taken in it. */
  get held(): ReadonlySet<OrgKey> {
    return new Set(this.#held.keys());
  }

  keepOnly(orgs: ReadonlySet<OrgKey>): void {
    for (const org of this.#held.keys()) if (!orgs.has(org)) this.#held.delete(org);
    this.#asked.clear();
  }

  /** What the transaction came to so far and has not been given yet. */
  takeUnwritten(): readonly UnwrittenState[] {
    const changed = [...this.#held].filter(([, state]) => state.isChanged);
    return changed.map(([org, state]) => {
      state.isChanged = false;
      return {
        org,
        lastId: state.lastId,
        epoch: state.epoch + Number(state.isRaised),
        accessEpoch: state.accessEpoch + Number(state.isAccessRaised),
      };
    });
  }

  #note(org: OrgKey, row: Row): OrgState {
    const flags = { isRaised: false, isAccessRaised: false, isChanged: false };
    const state = { lastId: row.last_id, epoch: row.epoch, accessEpoch: row.access_epoch, ...flags };
    this.#held.set(org, state);
    return state;
  }

  async #lock(org: OrgKey): Promise<Row | undefined> {
    const [row] = await this.#query<Row>("select last_id, epoch, access_epoch from org_states where org = $1 for update", [org]);
    return row;
  }

  /** The org's first write ever; another process may be making it too. */
  async #begin(org: OrgKey): Promise<Row> {
    await this.#query("insert into org_states (org, last_id, epoch) values ($1, 0, 0) on conflict do nothing", [org]);
    const row = await this.#lock(org);
    if (row === undefined) throw new Error(`invariant broken: org ${org} has no state`);
    return row;
  }
}
