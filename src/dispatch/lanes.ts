/**
 * The claims in hand, one lane a channel. How many attempts run at once is bounded altogether, for each org, for each origin and for each
 * channel, so that receivers that answer slowly hold the slots of their own bound and no more. The rest waits, lanes in turns.
 *
 *   add ──► waiting ──► running ──► gone
 *                take        leave
 *
 * Under each bound some claims may wait for each that may run, so that there is something to run while the next claim is on its way: as
 * many as a slot sends in `handMs`, as the attempts under the bound took so far, from `claimsPerSlotMin` to `claimsPerSlotMax`. What has used
 * up three quarters of that is full, and left out until it has less: so claims stay batches.
 */
import { type Claim, textLengthOf } from "../core/attempt.ts";
import { assert } from "../core/assert.ts";
import type { ClaimRoom } from "../core/claim-room.ts";
import type { OrgKey } from "../core/org.ts";

export type LaneLimits = {
  readonly deliveriesInFlightMax: number;
  readonly deliveriesInFlightPerOrgMax: number;
  readonly deliveriesInFlightPerOriginMax: number;
  readonly deliveriesInFlightPerChannelMax: number;
  readonly claimsPerSlotMin: number;
  readonly claimsPerSlotMax: number;
  readonly handMs: number;
  readonly handTextMax: number;
  readonly attemptTimeoutMs: number;
};

export type InHand = { readonly claim: Claim; readonly origin: string };

/**
 * `inHand` counts those that run too. `attemptMs`: how long attempts take, the last ones counting most, before any has ended as long as all do;
 * null: none has at all.
 */
type Tally = { inHand: number; running: number; attemptMs: number | null };
type Lane = Tally & { readonly org: OrgKey; readonly waiting: InHand[] };

const fullShare = 0.75;
/** What the last attempt counts of how long they take. */
const lastShare = 0.1;
/** What is late is taken out by the second, so that it is not looked for at every step. */
const lateBunchMs = 1_000;

export class Lanes {
  readonly #limits: LaneLimits;
  readonly #all: Tally = { inHand: 0, running: 0, attemptMs: null };
  /** The texts of what is in hand. */
  #text = 0;
  readonly #orgs = new Map<OrgKey, Tally>();
  readonly #origins = new Map<string, Tally>();
  readonly #lanes = new Map<number, Lane>();
  /** The channels with claims that wait; the next in turn first. */
  readonly #turns = new Set<number>();
  /** No claim that waits has a lease that ends before. */
  #leaseUntilMin = Infinity;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  /** How much may be claimed; 0 while all is full. */
  get room(): number {
    return this.#text < this.#limits.handTextMax ? this.#roomOf(this.#all, this.#limits.deliveriesInFlightMax) : 0;
  }

  /** The room under each bound that something is in hand of. */
  rooms(): Omit<ClaimRoom, "skipped"> {
    const { deliveriesInFlightPerOrgMax: orgMax, deliveriesInFlightPerOriginMax: originMax, claimsPerSlotMin } = this.#limits;
    const channelMax = this.#limits.deliveriesInFlightPerChannelMax;
    // Where the hand is as deep whatever attempts take, a channel may be given as much again while it is not full.
    const isEven = claimsPerSlotMin === this.#limits.claimsPerSlotMax;
    const perSlot = this.#perSlot(this.#all);
    return {
      perOrg: orgMax * perSlot,
      perOrigin: originMax * perSlot,
      perChannel: channelMax * perSlot,
      channels: isEven ? [] : [...this.#lanes].map(([channelKey, lane]) => [channelKey, this.#roomOf(lane, channelMax)]),
      orgs: [...this.#orgs].map(([org, tally]) => [org, this.#roomOf(tally, orgMax)]),
      origins: [...this.#origins].map(([origin, tally]) => [origin, this.#roomOf(tally, originMax)]),
    };
  }

  /** The channels that have as much in hand as they may run; a claim takes as much again. */
  fullChannels(): readonly { readonly org: OrgKey; readonly channelKey: number }[] {
    const full = [];
    for (const [channelKey, lane] of this.#lanes) if (this.#isLaneFull(lane)) full.push({ org: lane.org, channelKey });
    return full;
  }

  hasChannel(channelKey: number): boolean {
    return this.#lanes.has(channelKey);
  }

  hasOrigin(origin: string): boolean {
    return this.#origins.has(origin);
  }

  add(inHand: InHand): void {
    const { claim, origin } = inHand;
    const lane = this.#lanes.get(claim.channelKey) ?? { org: claim.org, ...this.#emptyTally(), waiting: [] };
    const org = this.#orgs.get(claim.org) ?? this.#emptyTally();
    const host = this.#origins.get(origin) ?? this.#emptyTally();
    this.#lanes.set(claim.channelKey, lane);
    this.#orgs.set(claim.org, org);
    this.#origins.set(origin, host);
    for (const tally of [this.#all, org, host, lane]) tally.inHand += 1;
    this.#text += textLengthOf(claim);
    lane.waiting.push(inHand);
    this.#leaseUntilMin = Math.min(this.#turns.size === 0 ? Infinity : this.#leaseUntilMin, claim.leaseUntil);
    this.#turns.add(claim.channelKey);
  }

  /** The next claim that may run, from now on running; null when there is none. */
  take(): InHand | null {
    if (this.#all.running >= this.#limits.deliveriesInFlightMax) return null;
    for (const channelKey of this.#turns) {
      const lane = this.#lanes.get(channelKey);
      const next = lane?.waiting[0];
      assert(lane !== undefined && next !== undefined, "a lane in turn has a claim that waits");
      const { org, origin } = this.#talliesOf(next);
      if (!this.#mayRun({ lane, org, origin })) continue;
      lane.waiting.shift();
      this.#turns.delete(channelKey);
      if (lane.waiting.length > 0) this.#turns.add(channelKey);
      for (const tally of [this.#all, org, origin, lane]) tally.running += 1;
      return next;
    }
    return null;
  }

  /** How many run of its channel and of its origin, itself among them. */
  runningWith(inHand: InHand): { readonly ofChannel: number; readonly ofOrigin: number } {
    return { ofChannel: this.#lanes.get(inHand.claim.channelKey)?.running ?? 0, ofOrigin: this.#origins.get(inHand.origin)?.running ?? 0 };
  }

  /** Ends the run of a claim that was taken, after so long; null: nothing was attempted. Gives back whether something may be claimed now that might not before. */
  leave(inHand: InHand, attemptMs: number | null = null): boolean {
    return this.#remove(inHand, { running: 1, attemptMs });
  }

  /** When to look for claims that have waited too long; null: none waits. */
  get lateAt(): number | null {
    return this.#turns.size === 0 ? null : this.#leaseUntilMin - this.#limits.attemptTimeoutMs;
  }

  /** Takes out what has waited so long that its lease outlasts an attempt no more, or will not in a second. */
  takeLate(now: number): readonly InHand[] {
    if (this.lateAt === null || this.lateAt > now) return [];
    const late = this.takeWaiting({ leaseUntil: now + this.#limits.attemptTimeoutMs + lateBunchMs });
    this.#leaseUntilMin = Infinity;
    for (const channelKey of this.#turns) {
      for (const { claim } of this.#lanes.get(channelKey)?.waiting ?? []) {
        this.#leaseUntilMin = Math.min(this.#leaseUntilMin, claim.leaseUntil);
      }
    }
    return late;
  }

  /** Takes out what waits, of one channel or origin, or under leases that end by an instant, or (neither) all. */
  takeWaiting(of: Waiting = {}): readonly InHand[] {
    const taken: InHand[] = [];
    for (const channelKey of this.#turns) {
      if (of.channelKey !== undefined && of.channelKey !== channelKey) continue;
      const waiting = this.#lanes.get(channelKey)?.waiting ?? [];
      const out = waiting.filter((inHand) => isOf(inHand, of));
      const left = waiting.filter((inHand) => !isOf(inHand, of));
      waiting.splice(0, waiting.length, ...left);
      if (left.length === 0) this.#turns.delete(channelKey);
      for (const inHand of out) this.#remove(inHand, { running: 0, attemptMs: null });
      taken.push(...out);
    }
    return taken;
  }

  #remove(inHand: InHand, { running, attemptMs }: { readonly running: 0 | 1; readonly attemptMs: number | null }): boolean {
    const { channelKey } = inHand.claim;
    const lane = this.#lanes.get(channelKey);
    assert(lane !== undefined && lane.running >= running, "only a running claim leaves its lane");
    const { org, origin } = this.#talliesOf(inHand);
    const before = this.#isFull({ lane, org, origin });
    for (const tally of [this.#all, org, origin, lane]) {
      tally.inHand -= 1;
      tally.running -= running;
      if (attemptMs !== null) tally.attemptMs = smoothed(tally.attemptMs, attemptMs);
    }
    this.#text -= textLengthOf(inHand.claim);
    const after = this.#isFull({ lane, org, origin });
    if (lane.inHand === 0) this.#lanes.delete(channelKey);
    if (org.inHand === 0) this.#orgs.delete(inHand.claim.org);
    if (origin.inHand === 0) this.#origins.delete(inHand.origin);
    return isAnyFreed(before, after);
  }

  #emptyTally(): Tally {
    return { inHand: 0, running: 0, attemptMs: this.#all.attemptMs };
  }

  #talliesOf({ claim, origin }: InHand): { readonly org: Tally; readonly origin: Tally } {
    const org = this.#orgs.get(claim.org);
    const host = this.#origins.get(origin);
    assert(org !== undefined && host !== undefined, "what is in hand is counted");
    return { org, origin: host };
  }

  #mayRun({ lane, org, origin }: Tallies): boolean {
    const { deliveriesInFlightPerOrgMax, deliveriesInFlightPerOriginMax, deliveriesInFlightPerChannelMax } = this.#limits;
    const isFree = lane.running < deliveriesInFlightPerChannelMax && origin.running < deliveriesInFlightPerOriginMax;
    return isFree && org.running < deliveriesInFlightPerOrgMax;
  }

  /** Whether each bound is full. */
  #isFull({ lane, org, origin }: Tallies): readonly boolean[] {
    const { deliveriesInFlightPerOrgMax, deliveriesInFlightPerOriginMax } = this.#limits;
    return [
      this.#isLaneFull(lane),
      this.room === 0,
      this.#roomOf(org, deliveriesInFlightPerOrgMax) === 0,
      this.#roomOf(origin, deliveriesInFlightPerOriginMax) === 0,
    ];
  }

  #isLaneFull(lane: Tally): boolean {
    return this.#roomOf(lane, this.#limits.deliveriesInFlightPerChannelMax) === 0;
  }

  #perSlot({ attemptMs }: Tally): number {
    const { claimsPerSlotMin, claimsPerSlotMax, handMs } = this.#limits;
    return attemptMs === null ? claimsPerSlotMin : Math.min(claimsPerSlotMax, Math.max(claimsPerSlotMin, Math.floor(handMs / attemptMs)));
  }

  #roomOf(tally: Tally, runningMax: number): number {
    const { inHand } = tally;
    const inHandMax = runningMax * this.#perSlot(tally);
    return inHand >= fullShare * inHandMax ? 0 : inHandMax - inHand;
  }
}

/** By what is full: the lane, all, its org, its origin. A lane of which another bound is full has no room, whatever it has itself; under the others there may be more lanes. */
function isAnyFreed(before: readonly boolean[], [isLaneFull = false, ...others]: readonly boolean[]): boolean {
  const [wasLaneFull = false, ...wereOthers] = before;
  const isOtherFreed = wereOthers.some((wasFull, index) => wasFull && others[index] === false);
  return isOtherFreed || (wasLaneFull && !isLaneFull && !others.includes(true));
}

function smoothed(before: number | null, last: number): number {
  return before === null ? last : before + lastShare * (last - before);
}

type Tallies = { readonly lane: Tally; readonly org: Tally; readonly origin: Tally };

type Waiting = { readonly channelKey?: number; readonly origin?: string; readonly leaseUntil?: number };

function isOf({ claim, origin }: InHand, of: Waiting): boolean {
  return (of.origin === undefined || origin === of.origin) && (of.leaseUntil === undefined || claim.leaseUntil <= of.leaseUntil);
}
