/**
 * A process among those that share a store. It shows every two seconds that it lives, and looks at the others: one whose count has not grown in
 * several looks is dead, and is removed, with which its claims are due at once and its lead is anybody's.
 *
 *   joined ──(beat)──► holds ──(none for a while: stopped, or the store is away)──► holds no more ──(beat)──► holds
 *      ▲                                                                                  │
 *      └───────────────────────── the others have removed it: a new id ◄──────────────────┘
 *
 * Each counts by its own clock what it sees of the others, so no two clocks are compared. A process counts its own tenure from before the beat was
 * asked for, and for less time than any other waits: so whoever was stopped and goes on knows that it must not begin what it had in hand.
 */
import type { Engine } from "../app/commands.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { NodeView } from "../core/node.ts";
import { type Roles, writeRoles } from "../core/role.ts";
import type { Events } from "../observe/events.ts";
import { type Lead, type Tenure, endlessLead, endlessTenure } from "./tenure.ts";

export type MembershipOptions = {
  readonly engine: Pick<Engine, "run">;
  readonly realClock: Clock;
  /** Counts milliseconds from anywhere, whatever is done to the clock. */
  readonly stopwatch: () => number;
  readonly events: Pick<Events, "nodeJoined" | "nodeLost" | "nodeRemoved" | "nodeFaulted" | "leadGained" | "leadLost">;
  readonly roles: Roles;
};

export type Membership = {
  readonly tenure: Tenure;
  readonly lead: Lead;
  /** The nodes that were there at the last look, this one among them. */
  readonly nodes: number;
  /** Joins, and from then on shows that it lives. Rejects when the store cannot be used. */
  join(): Promise<void>;
  /** Leads no more, and will not again; somebody else may at once. */
  resign(): Promise<void>;
  /** Leaves: what it still holds is due at once. Twice is fine. */
  leave(): Promise<void>;
};

/** Of the one process that has the store: there is nobody to show it to. */
export const soleMembership: Membership = {
  tenure: endlessTenure,
  lead: endlessLead,
  nodes: 1,
  join: () => Promise.resolve(),
  resign: () => Promise.resolve(),
  leave: () => Promise.resolve(),
};

export function createMembership(options: MembershipOptions): Membership {
  return new BeatingMembership(options);
}

type Instant = { readonly atMs: number; readonly watchMs: number };

class BeatingMembership implements Membership {
  readonly #options: MembershipOptions;
  readonly #leaving = new AbortController();
  readonly #onRenewed = new Set<(isNew: boolean) => void>();
  readonly #onGained = new Set<() => void>();
  /** Of each other node the count that was seen last, and in how many looks it has not grown. */
  readonly #seen = new Map<string, { readonly beats: number; readonly silentLooks: number }>();
  readonly #removals = new Map<string, Promise<void>>();
  #id = "";
  #confirmed: Instant | null = null;
  #wasHeld = false;
  #isLeader = false;
  #isCandidate: boolean;
  #isFaulting = false;
  #nodes = 1;
  #work: Promise<void> | null = null;

  readonly tenure: Tenure;
  readonly lead: Lead;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#isCandidate = options.roles.has("janitor");
    const idNow = (): string => this.#id;
    const holds = (): boolean => this.#holds();
    this.tenure = {
      get holder() {
        return idNow();
      },
      holds,
      onRenewed: (listener) => void this.#onRenewed.add(listener),
    };
    this.lead = {
      get leader() {
        return idNow();
      },
      holds: () => this.#isLeader && this.#isCandidate && holds(),
      onGained: (listener) => void this.#onGained.add(listener),
    };
  }

  get nodes(): number {
    return this.#nodes;
  }

  async join(): Promise<void> {
    await this.#join();
    await this.#turn();
    this.#work ??= this.#beatUntilLeft();
  }

  async resign(): Promise<void> {
    this.#isCandidate = false;
    if (!this.#isLeader) return;
    this.#endLead();
    await this.#try(() => this.#options.engine.run("nodes.giveUpLead", { id: this.#id }));
  }

  async leave(): Promise<void> {
    if (this.#leaving.signal.aborted) return;
    this.#leaving.abort();
    await this.#work;
    await Promise.all(this.#removals.values());
    this.#confirmed = null;
    await this.#try(() => this.#options.engine.run("nodes.remove", { id: this.#id, beats: null }));
  }

  #holds(): boolean {
    if (this.#confirmed === null) return false;
    const { atMs, watchMs } = this.#confirmed;
    const elapsedMs = Math.max(this.#options.realClock.now() - atMs, this.#options.stopwatch() - watchMs);
    return elapsedMs < limits.nodeTenureMs;
  }

  #now(): Instant {
    return { atMs: this.#options.realClock.now(), watchMs: this.#options.stopwatch() };
  }

  async #join(): Promise<void> {
    const { engine, events, roles } = this.#options;
    const { id } = await engine.run("nodes.join", { roles: writeRoles(roles) });
    this.#id = id;
    events.nodeJoined({ node: id, roles: writeRoles(roles) });
  }

  async #beatUntilLeft(): Promise<void> {
    const { realClock } = this.#options;
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      // Expected: the sleep is cut short when the node leaves.
      await realClock.sleepUntil(realClock.now() + limits.nodeBeatMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.#try(() => this.#turn());
    }
  }

  /** A fault is logged once a streak. */
  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.#isFaulting = false;
    } catch (error) {
      // Expected: the store is busy or gone. While it is, the tenure runs out.
      if (!this.#isFaulting) this.#options.events.nodeFaulted({ node: this.#id, error });
      this.#isFaulting = true;
    }
  }

  async #turn(): Promise<void> {
    const asked = this.#now();
    const answer = await this.#options.engine.run("nodes.beat", { id: this.#id, isCandidate: this.#isCandidate });
    if (answer === null) {
      await this.#joinAnew();
      return;
    }
    // Between the last turn and this one it may have been stopped; whoever slept over that is woken.
    const wasHeld = this.#wasHeld && this.#holds();
    this.#confirmed = asked;
    this.#wasHeld = true;
    if (!wasHeld) for (const listener of this.#onRenewed) listener(false);
    if (answer.isLeader && !this.#isLeader && this.#isCandidate) this.#beginLead();
    else if (!answer.isLeader && this.#isLeader) this.#endLead();
    this.#look(answer.nodes);
  }

  /** What it had claimed is due by now, or claimed by others. */
  async #joinAnew(): Promise<void> {
    this.#confirmed = null;
    this.#options.events.nodeLost({ node: this.#id });
    if (this.#isLeader) this.#endLead();
    await this.#join();
    this.#confirmed = this.#now();
    for (const listener of this.#onRenewed) listener(true);
  }

  #beginLead(): void {
    this.#isLeader = true;
    this.#options.events.leadGained({ node: this.#id });
    for (const listener of this.#onGained) listener();
  }

  #endLead(): void {
    this.#isLeader = false;
    this.#options.events.leadLost({ node: this.#id });
  }

  #look(nodes: readonly NodeView[]): void {
    this.#nodes = nodes.length;
    const there = new Set(nodes.map(({ id }) => id));
    for (const id of this.#seen.keys()) if (!there.has(id)) this.#seen.delete(id);
    for (const { id, beats } of nodes) {
      if (id === this.#id) continue;
      const before = this.#seen.get(id);
      const silentLooks = before?.beats === beats ? before.silentLooks + 1 : 0;
      this.#seen.set(id, { beats, silentLooks });
      if (silentLooks >= limits.nodeSilentLooksMax && !this.#removals.has(id)) this.#remove(id, beats);
    }
  }

  /** Beside the turns, for it may take long, and the others must hear that this node lives. */
  #remove(id: string, beats: number): void {
    const { engine, events } = this.#options;
    const removal = this.#try(async () => {
      const { released } = await engine.run("nodes.remove", { id, beats });
      if (released !== null) events.nodeRemoved({ node: id, released });
    }).finally(() => this.#removals.delete(id));
    this.#removals.set(id, removal);
  }
}
