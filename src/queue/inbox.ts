/**
 * The batches that this process holds: those that came from the broker, with what of each was not given to dispatch yet, what was and is not
 * settled, and how long their claims hold.
 *
 *   add ──► unread ──(the claims hold, the targets are known)──► ready ──► given ──► ended ──(the last of its batch)──► acknowledged
 *
 * An attempt begins while the lease has some time left, which is renewed while it runs, and no later than the broker surely leaves the message to
 * this process: so one that was stopped for a while begins nothing that is another's by then. What it had not begun it gives back to the store
 * under its token, which nobody has who took it over.
 */
import type { Claim, ClaimKey, ClaimTarget } from "../core/attempt.ts";
import type { PassedOver } from "../core/claim-room.ts";
import type { Clock } from "../core/clock.ts";
import { RoomLeft } from "../core/claim-room.ts";
import { limits } from "../core/limits.ts";
import { originOf } from "../core/origin.ts";
import type { BatchedDelivery, DeliveryBatch } from "./batch.ts";
import type { BrokerMessage } from "./broker.ts";
import type { ClaimAsk } from "./delivery-queue.ts";
import type { KnownTargets } from "./known-targets.ts";

export class HeldBatch {
  readonly message: BrokerMessage;
  readonly receivedAt: number;
  claimToken: string;
  leaseUntil: number;
  /** When the broker was told last that it is worked on, and when last of what it has confirmed. */
  toldAt: number;
  workedAt: number;
  /** Whether its claims have stood in the store under a token of this process's own, or were given: then they keep it. */
  isOwn = false;
  /** Until when what is known of its claims and their channels is taken for true. */
  goodUntil: number;
  /** Whether the store was asked here, so that the epochs of the message matter no more. */
  isRead = false;
  /** Whether there was no room for any of it at the last look. */
  isBlocked = false;
  /** Whether the store is being asked for it: its token may be another by then. */
  isAsked = false;
  /** Whether its message is nobody's business here any more. */
  isGivenUp = false;
  /** Not given yet. */
  waiting: BatchedDelivery[];
  /** Not ended, given or not. */
  readonly open = new Map<string, ClaimKey>();
  /** On their way back to the store under the token that they had then, whatever token the others get meanwhile. */
  readonly returning = new Map<string, ClaimKey>();

  constructor(message: BrokerMessage, batch: DeliveryBatch, now: number) {
    this.message = message;
    this.receivedAt = now;
    this.toldAt = now;
    this.workedAt = now;
    // One that claims to come from later than now says nothing of its age.
    this.goodUntil = message.isRedelivered || batch.claimedAt > now + limits.freshBatchMs ? 0 : batch.claimedAt + limits.freshBatchMs;
    this.claimToken = batch.claimToken;
    this.leaseUntil = batch.leaseUntil;
    this.waiting = [...batch.deliveries];
    for (const delivery of batch.deliveries) this.#keep(delivery);
  }

  get shard(): number {
    return this.message.shard;
  }

  /** Whether the broker has surely left the message to this process so far. */
  isOurs(now: number): boolean {
    return !this.isGivenUp && now < this.#oursUntil;
  }

  /** Until when an attempt may run that begins in time. */
  get holdsUntil(): number {
    return Math.min(this.leaseUntil - limits.beginLeaseLeftMs, this.#oursUntil) + limits.attemptTimeoutMs;
  }

  get #oursUntil(): number {
    return this.workedAt + limits.ackWaitMs - limits.queueLookMs;
  }

  /** Whether an attempt of it may still run, and needs another lease for that. */
  isEnding(now: number): boolean {
    const isAnyRunning = this.open.size > 0 && now < this.#oursUntil + limits.attemptTimeoutMs;
    return isAnyRunning && this.leaseUntil - now < limits.heldLeaseLeftMs;
  }

  /** Whether nothing of it waits, and no attempt of it may run any more: whoever was given the rest has let it go. */
  isOver(now: number): boolean {
    return this.waiting.length === 0 && !this.isAsked && this.holdsUntil <= now;
  }

  /** Tells the broker that it is worked on. A confirmation that comes late says nothing: another may have the message since. */
  async work(clock: Pick<Clock, "now">): Promise<void> {
    const toldAt = clock.now();
    this.toldAt = toldAt;
    if ((await this.message.working()) && this.isOurs(clock.now())) this.workedAt = toldAt;
  }

  /** Whether its message may be in other hands too, or was: then its claims are taken over, under another token. */
  isDoubtful(now: number): boolean {
    return !this.isOwn && this.goodUntil <= now;
  }

  /** The store has looked at its claims: those that hold have this prefix, suffix and lease now. */
  renewed({ prefix, suffix, leaseUntil, goodUntil, held }: Said): void {
    this.isRead = true;
    this.goodUntil = goodUntil;
    this.leaseUntil = leaseUntil;
    if (suffix !== "") this.isOwn = true;
    this.claimToken = prefix + this.claimToken + suffix;
    this.waiting = this.waiting.filter((delivery) => held.has(placeOf(delivery)));
    const kept = [...this.open.values()].filter((claim) => held.has(placeOf(claim)));
    this.open.clear();
    for (const claim of kept) this.#keep(claim);
  }

  /** Gives it back: it is asked for no more, and its lease is not renewed. */
  return(delivery: BatchedDelivery): void {
    const place = placeOf(delivery);
    const key = this.open.get(place);
    this.open.delete(place);
    if (key !== undefined) this.returning.set(place, key);
  }

  #keep({ org, deliveryId }: Pick<ClaimKey, "org" | "deliveryId">): void {
    this.open.set(placeOf({ org, deliveryId }), { org, deliveryId, claimToken: this.claimToken });
  }
}

/** What the store said of claims, and until when that is taken for true. */
export type Said = {
  readonly prefix: string;
  readonly suffix: string;
  readonly leaseUntil: number;
  readonly goodUntil: number;
  readonly held: ReadonlySet<string>;
};

/** A delivery that has no room here, or whose channel is not sent to, with the token of its claim. */
export type Returned = { readonly claimToken: string; readonly delivery: BatchedDelivery; readonly isHeld: boolean };

export type TakenClaims = {
  readonly claims: readonly Claim[];
  readonly returned: readonly Returned[];
  readonly passedOver: readonly PassedOver[];
};

/** One look through the batches. */
type Taking = {
  readonly ask: ClaimAsk;
  readonly now: number;
  readonly room: RoomLeft;
  readonly skipped: ReadonlySet<number>;
  readonly claims: Claim[];
  readonly returned: Returned[];
  readonly passedOver: Map<number, PassedOver>;
};

export class Inbox {
  readonly #targets: KnownTargets;
  /** By shard, those with deliveries that wait. */
  readonly #waiting: HeldBatch[][] = Array.from({ length: limits.queueShards }, () => []);
  readonly #all = new Set<HeldBatch>();
  /** By token and delivery, the batch of each that is open. */
  readonly #open = new Map<string, HeldBatch>();
  #nextShard = 0;

  constructor(targets: KnownTargets) {
    this.#targets = targets;
  }

  get batches(): readonly HeldBatch[] {
    return [...this.#all];
  }

  get isAnyWaiting(): boolean {
    return this.#waiting.some((batches) => batches.length > 0);
  }

  /** How many more batches of a shard are wanted. */
  wantedIn(shard: number): number {
    const waiting = this.#waiting[shard] ?? [];
    const ready = waiting.filter(({ isBlocked }) => !isBlocked).length;
    return Math.min(limits.batchesPerShardMax - ready, limits.blockedBatchesPerShardMax - waiting.length);
  }

  add(batch: HeldBatch): void {
    this.#all.add(batch);
    this.#waiting[batch.shard]?.push(batch);
    this.#index(batch);
  }

  /** Those of which the store must say whether their claims hold, or where they go. */
  unread(now: number): readonly HeldBatch[] {
    return this.#waiting.flat().filter((batch) => !this.#isReady(batch, now));
  }

  /** Notes what the store said of batches, in which every open claim was asked for. */
  renew(batches: readonly HeldBatch[], said: Said): void {
    for (const batch of batches) {
      for (const key of batch.open.values()) this.#open.delete(keyOf(key));
      batch.renewed(said);
      this.#index(batch);
      this.#finishIfOver(batch);
    }
  }

  /** Ends a claim; the message of a batch that has no other is acknowledged. */
  end(claim: ClaimKey): void {
    const batch = this.#open.get(keyOf(claim));
    if (batch === undefined) return;
    this.#open.delete(keyOf(claim));
    for (const claims of [batch.open, batch.returning]) claims.delete(placeOf(claim));
    this.#finishIfOver(batch);
  }

  /** Forgets a batch whose claims hold no more. */
  drop(batch: HeldBatch): void {
    for (const claims of [batch.open, batch.returning]) {
      for (const key of claims.values()) this.#open.delete(keyOf(key));
      claims.clear();
    }
    this.#finishIfOver(batch);
  }

  /** What was not given of batches that the broker may have handed to another; it is left to that one, and to the store. */
  takeLost(now: number): readonly Returned[] {
    const lost = this.#waiting.flat().filter((batch) => !batch.isAsked && !batch.isOurs(now));
    for (const batch of lost) batch.isGivenUp = true;
    return lost.flatMap((batch) => this.#takeWaiting(batch));
  }

  /** What was not given. */
  takeAll(): readonly Returned[] {
    return this.#waiting.flat().flatMap((batch) => this.#takeWaiting(batch));
  }

  #takeWaiting(batch: HeldBatch): readonly Returned[] {
    this.#leave(batch);
    return batch.waiting.splice(0).map((delivery) => returned(batch, delivery, true));
  }

  /** What has room, shards in turns and of each a batch. What has none is returned after it has waited a while. */
  take(ask: ClaimAsk, now: number): TakenClaims {
    const skipped = new Set(ask.room.skipped.flatMap(([, channelKeys]) => channelKeys));
    const taking: Taking = { ask, now, room: new RoomLeft(ask.room), skipped, claims: [], returned: [], passedOver: new Map() };
    const first = this.#nextShard;
    for (let turn = 0, isMore = true; isMore && taking.claims.length < ask.limit; turn += 1) {
      isMore = false;
      for (let step = 0; step < limits.queueShards && taking.claims.length < ask.limit; step += 1) {
        const shard = (first + step) % limits.queueShards;
        const batch = this.#waiting[shard]?.[turn];
        if (batch === undefined) continue;
        isMore = true;
        this.#nextShard = (shard + 1) % limits.queueShards;
        if (this.#isReady(batch, now)) this.#takeFrom(batch, taking);
      }
    }
    for (const batches of this.#waiting) batches.splice(0, batches.length, ...batches.filter(({ waiting }) => waiting.length > 0));
    return { claims: taking.claims, returned: taking.returned, passedOver: [...taking.passedOver.values()] };
  }

  #takeFrom(batch: HeldBatch, taking: Taking): void {
    const left: BatchedDelivery[] = [];
    const isPatient = taking.now - batch.receivedAt < limits.roomWaitMs;
    const takenBefore = taking.claims.length;
    for (const delivery of batch.waiting) {
      const target = this.#targetOf(batch, delivery);
      if (target?.isActive !== true) taking.returned.push(returned(batch, delivery, true));
      else if (taking.claims.length >= taking.ask.limit) left.push(delivery);
      else if (hasRoom(delivery, target, taking)) taking.claims.push(claimOf({ batch, delivery, target }, taking.now));
      else if (isPatient) left.push(delivery);
      else taking.returned.push(returned(batch, delivery, false));
    }
    batch.waiting = left;
    batch.isBlocked = taking.claims.length === takenBefore && taking.claims.length < taking.ask.limit;
    // Where some of it is given, its claims keep their token from now on.
    if (taking.claims.length > takenBefore) batch.isOwn = true;
  }

  #isReady(batch: HeldBatch, now: number): boolean {
    if (batch.goodUntil <= now) return false;
    return batch.isRead || batch.waiting.every((delivery) => this.#targetOf(batch, delivery) !== null);
  }

  /** null: it has to be read. Of what was read with the batch the epoch does not matter. */
  #targetOf(batch: HeldBatch, { channelKey, orgEpoch }: BatchedDelivery): ClaimTarget | null {
    return this.#targets.get(channelKey, batch.isRead ? 1 : orgEpoch);
  }

  #index(batch: HeldBatch): void {
    for (const key of batch.open.values()) this.#open.set(keyOf(key), batch);
  }

  #finishIfOver(batch: HeldBatch): void {
    if (batch.open.size > 0 || batch.returning.size > 0 || !this.#all.delete(batch)) return;
    this.#leave(batch);
    if (!batch.isGivenUp) batch.message.ack();
  }

  /** Nothing of it waits any more. */
  #leave(batch: HeldBatch): void {
    const waiting = this.#waiting[batch.shard];
    const place = waiting?.indexOf(batch) ?? -1;
    if (place >= 0) waiting?.splice(place, 1);
  }
}

function returned(batch: HeldBatch, delivery: BatchedDelivery, isHeld: boolean): Returned {
  const { claimToken } = batch;
  batch.return(delivery);
  return { claimToken, delivery, isHeld };
}

/** Takes the room that there is for it. */
function hasRoom({ org, channelKey }: BatchedDelivery, { notifyUrl }: ClaimTarget, { room, skipped, passedOver }: Taking): boolean {
  const origin = originOf(notifyUrl);
  if (skipped.has(channelKey) || room.ofOrg(org) <= 0 || room.ofChannel(channelKey) <= 0) return false;
  if (room.ofOrigin(origin) <= 0) {
    passedOver.set(channelKey, { org, channelKey, origin });
    return false;
  }
  room.take({ org, origin, channelKey, count: 1 });
  return true;
}

type Aimed = { readonly batch: HeldBatch; readonly delivery: BatchedDelivery; readonly target: ClaimTarget };

function claimOf({ batch, delivery, target }: Aimed, now: number): Claim {
  const { notifyUrl, token, secret, previousSecret: previous } = target;
  const previousSecret = previous !== null && previous.until > now ? previous.secret : null;
  const { claimToken } = batch;
  const place = placeOf(delivery);
  return {
    ...delivery,
    claimToken,
    notifyUrl,
    token,
    secret,
    previousSecret,
    // What the store has said to be another's meanwhile, or nobody's, is not begun.
    get leaseUntil() {
      return batch.open.has(place) ? batch.holdsUntil : 0;
    },
  };
}

/** What names a delivery. */
export function placeOf({ org, deliveryId }: Pick<ClaimKey, "org" | "deliveryId">): string {
  return `${String(org)}/${String(deliveryId)}`;
}

function keyOf(claim: ClaimKey): string {
  return `${claim.claimToken}/${placeOf(claim)}`;
}
