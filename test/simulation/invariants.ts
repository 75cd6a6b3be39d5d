/**
 * The promises of docs/delivery.md, each checked at the moment at which it could be broken.
 *
 *   I1   nothing that was answered is lost: each delivery that the model owes is there, stays there, and ends delivered, dead after its
 *        attempts, or cancelled because its channel or module was given up; and nothing else is there
 *   I2   a claim is settled with its own token or not at all, and the answer says which
 *   I3   what is committed at or after the channel's end, or while it is held, is not owed, and nothing is claimed while it is held
 *   I4   what a channel hears of a record is claimed and sent in the order of the commits
 *   I5   no more is in flight than the limits say, for one channel, one origin, one org and altogether
 *   I6   a channel with something due is served within a bounded number of turns, however much others have; and a claim that is not full
 *        leaves nothing out
 *   I7   a claim is one POST at most, begun while its lease outlasts it; a delivery that was answered well is sent again only when the
 *        answer was lost, under the same id
 *   I8   what was answered is what the store has, after every start
 *   I9   a delivery moves only along the table of states and events, ends as its POST ended, has every attempt in the log, and waits between
 *        attempts as long as the schedule or the receiver says
 *   I10  while the dispatcher sleeps nothing is due that may be sent, and what was attempted is settled; after a start nothing is claimed
 *   I11  a target that fails is left alone, tried by one POST at a time, and nothing waits for it longer than the circuit says
 */
import type { Claim } from "../../src/core/attempt.ts";
import type { Output } from "../../src/app/commands.ts";
import type { Job, Reply } from "../../src/app/executor.ts";
import type { Attempted } from "../../src/dispatch/attempt.ts";
import { checkCancelled, checkClaims, checkSettled } from "./dispatch-checks.ts";
import { InvariantBroken, check } from "./invariant-broken.ts";
import { type Delivery, Ledger, describe } from "./ledger.ts";
import { type Effects, Model, type ModelChannel, type Owed } from "./model.ts";
import { Load, type LoadBounds } from "./load.ts";
import type { Move } from "./simulated-store.ts";

/** What the invariants have to know of the world. */
export type Bounds = LoadBounds & {
  readonly attemptTimeoutMs: number;
};

/** One command as the batch ran it. */
export type Ran = { readonly job: Job; readonly reply: Reply; readonly moves: readonly Move[]; readonly now: number };

export class Auditor {
  readonly model = new Model();
  readonly ledger = new Ledger();
  readonly bounds: Bounds;
  readonly load: Load;
  /** Crashes, failed commits, stalls, clocks that were set: what may cost a settlement. */
  disturbances = 0;
  /** A hint was lost, a claim failed or the clock was set since the last good claim: the dispatcher cannot know what is due. */
  isUninformed = true;
  /** The latest that the clock has shown. */
  #latestMs = 0;
  /** Deliveries that this batch claimed as it made them: to the model they are made and then claimed, by the batch's claim. */
  readonly #born = new Map<number, Move>();
  /** For each channel with something due: the claims in a row that took nothing of it, and how many may. */
  passedOver: ReadonlyMap<ModelChannel, { readonly turns: number; readonly allowed: number }> = new Map();
  readonly counts = { commands: 0, posts: 0, passedOverMost: 0, sentAgain: 0, sentAfterCancel: 0, claimsRenewed: 0, staleSettlements: 0 };

  constructor(bounds: Bounds) {
    this.bounds = bounds;
    this.load = new Load(bounds);
  }

  disturb(): void {
    this.disturbances += 1;
    this.isUninformed = true;
  }

  /** The clock shows `now`. Nothing may slip by: a channel that was let go just before the clock was set back is looked at by that instant. */
  seeClock(now: number): void {
    this.#latestMs = Math.max(this.#latestMs, now);
  }

  /** Whether the clock shows less than it has shown before: what was due then is not due now. */
  isSetBack(now: number): boolean {
    this.seeClock(now);
    return now < this.#latestMs;
  }

  /** A command of a batch has been committed, or (without moves) refused. */
  hear(ran: Ran): void {
    this.counts.commands += 1;
    const { job, reply, moves } = ran;
    if (!reply.ok) {
      check(moves.length === 0, "I8", `${job.name} failed and left its mark`);
      return;
    }
    const made = moves.filter((move) => move.old_status === null);
    const moved = this.#afterBirth(
      job,
      moves.filter((move) => move.old_status !== null),
    );
    if (made.length > 0) check(isWrite(job.name), "I9", `${job.name} made a delivery`);
    this.#dispatch({ ...ran, moves: moved });
    const { broughtBack } = this.model;
    const effects = this.#effects(ran);
    // What was pending of a channel that its client brings back goes out with the next hint, for that command gives none.
    if (this.model.broughtBack > broughtBack) this.isUninformed = true;
    this.#compareOwed(effects.owed, made);
    if (job.name.startsWith("watch.")) checkCancelled(this, { cancelled: effects.cancelled, moves: moved });
  }

  /** All commands of a batch were heard. What it claimed for a claim that failed waits until its lease ends. */
  endBatch(): void {
    for (const move of this.#born.values()) this.ledger.follow(this.deliveryOf(move), move);
    this.#born.clear();
  }

  /** The moves as they would be if nothing were claimed before the batch's claim. */
  #afterBirth(job: Job, moves: readonly Move[]): readonly Move[] {
    const others = moves.flatMap((move) => {
      const born = this.#born.get(move.id);
      if (born === undefined) return [move];
      this.#born.delete(move.id);
      // The claim itself gives back what was made for a channel that is held since.
      return move.status === "pending"
        ? []
        : [{ ...move, old_status: born.old_status, old_token: born.old_token, old_due_at: born.old_due_at }];
    });
    if (job.name !== "dispatch.claim") return others;
    const claimed = [...this.#born.values(), ...others];
    this.#born.clear();
    return claimed;
  }

  /** The store was taken over; `moves` is what that did. */
  hearStart(moves: readonly Move[]): void {
    for (const move of moves) {
      const delivery = this.deliveryOf(move);
      check(
        move.old_status === "claimed" && move.status === "pending",
        "I9",
        `at the start ${describe(delivery)} became ${String(move.status)}`,
      );
      this.ledger.follow(delivery, move);
    }
    this.load.clear();
    this.isUninformed = true;
  }

  beginPost(claim: Claim, now: number): void {
    const delivery = this.ledger.deliveries.get(claim.deliveryId);
    if (delivery === undefined) throw new InvariantBroken("I1", `delivery ${claim.deliveryId} was sent and is not owed`);
    this.counts.posts += 1;
    const isSame =
      claim.recordIds === JSON.stringify(delivery.recordIds) && claim.module === delivery.module && claim.operation === delivery.operation;
    check(isSame, "I7", `${describe(delivery)} was sent with the content of another`);
    check(claim.leaseUntil - now > this.bounds.attemptTimeoutMs, "I7", `${describe(delivery)} was sent under a lease that ends too soon`);
    if (delivery.token === claim.claimToken) {
      delivery.postsOfClaim += 1;
      check(delivery.postsOfClaim === 1, "I7", `${describe(delivery)} was sent twice under one claim`);
      const before = this.ledger.predecessor(delivery);
      check(before === null, "I4", `${describe(delivery)} was sent before ${before === null ? "" : describe(before)}`);
      if (delivery.isAnswered) this.counts.sentAgain += 1;
    } else if (delivery.status === "cancelled") this.counts.sentAfterCancel += 1;
    this.load.begin(claim, now);
  }

  /** The sender has its answer, or knows that none comes. */
  endPost(claim: Claim, attempted: Attempted, now: number): void {
    this.load.end(claim, attempted, now);
    const delivery = this.ledger.deliveries.get(claim.deliveryId);
    if (delivery?.token === claim.claimToken) {
      delivery.postEndedAt = now;
      delivery.postEnd = attempted.entry.outcome;
    }
    if (delivery !== undefined && attempted.entry.outcome === "delivered") delivery.isAnswered = true;
  }

  get isNothingInFlight(): boolean {
    return this.load.inFlight === 0;
  }

  /** The dispatcher is still, and the engine has nothing to do. */
  checkAsleep(now: number): void {
    if (this.isUninformed || this.isSetBack(now)) return;
    for (const delivery of this.ledger.open()) {
      const { channel } = delivery;
      const isDue = delivery.dueAt !== null && delivery.dueAt < now && channel.state === "active";
      const isUnsettled = delivery.status === "claimed" && delivery.postEndedAt !== null && (delivery.dueAt ?? 0) > now;
      check(!isUnsettled, "I10", `${describe(delivery)} was attempted, and the dispatcher sleeps without having settled it`);
      if (!isDue || this.load.isLeftAlone(channel.key, channel.origins, now)) continue;
      check(false, "I10", `${describe(delivery)} is due since ${now - (delivery.dueAt ?? 0)} ms, and the dispatcher sleeps`);
    }
  }

  /** A claim of the process before is given up at the start; one whose lease is over is due anyway. */
  checkNothingClaimed(now: number): void {
    for (const delivery of this.ledger.open()) {
      const isHeld = delivery.status === "claimed" && (delivery.dueAt ?? 0) > now;
      check(!isHeld, "I10", `${describe(delivery)} is claimed after a start`);
    }
  }

  checkAllEnded(): void {
    const open = this.ledger.open();
    check(open.length === 0, "I1", `${open.length} deliveries never ended, ${open[0] === undefined ? "" : describe(open[0])} first`);
  }

  channelByKey(key: number): ModelChannel | null {
    return [...this.model.channels.values()].find((channel) => channel.key === key) ?? null;
  }

  deliveryOf(move: Move): Delivery {
    const delivery = this.ledger.deliveries.get(move.id);
    if (delivery === undefined) throw new InvariantBroken("I1", `delivery ${move.id} moved and is not owed`);
    const isAsKnown = delivery.status === move.old_status && delivery.token === move.old_token && delivery.dueAt === move.old_due_at;
    check(isAsKnown, "I9", `${describe(delivery)} had become ${String(move.old_status)} by nobody's hand`);
    return delivery;
  }

  #dispatch(ran: Ran): void {
    const { job, reply, moves, now } = ran;
    if (!reply.ok) return;
    // The table of commands ties the name to the output.
    if (job.name === "dispatch.claim") {
      checkClaims(this, { input: job.input, output: reply.output as Output<"dispatch.claim">, moves, now });
    } else if (job.name === "dispatch.settle") {
      checkSettled(this, { settlements: job.input.settlements, held: reply.output as Output<"dispatch.settle">, moves, now });
    } else if (job.name === "retention.purge") this.#checkPurge(moves, now - job.input.historyMs);
    else if (!job.name.startsWith("watch.")) check(moves.length === 0, "I9", `${job.name} moved a delivery`);
  }

  /** What the command means to the model; the table of commands ties the name to the output. */
  #effects({ job, reply, now }: Ran): Effects {
    const output = reply.ok ? reply.output : null;
    const { model } = this;
    if (job.name === "records.write") return model.writeRecords(job.input, output as Output<"records.write">, now);
    if (job.name === "users.write") return model.writeUsers(job.input, output as Output<"users.write">, now);
    if (job.name === "watch.write") return model.writeChannels(job.input, output as Output<"watch.write">, now);
    if (job.name === "watch.disable") return model.disableChannels(job.input, output as Output<"watch.disable">, now);
    if (job.name === "operate.steerChannel") {
      return model.steer(job.input, output as Output<"operate.steerChannel">, this.channelByKey(job.input.channelKey));
    }
    if (job.name === "retention.purge") model.purge(now - job.input.historyMs, (channel) => this.ledger.hasOpen(channel));
    return { owed: [], cancelled: [] };
  }

  #compareOwed(owed: readonly Owed[], made: readonly Move[]): void {
    const wanted = new Map(owed.map((one) => [keyOf(one.channel, one.module, one.operation), one]));
    for (const move of made) {
      const key = `${move.org} ${move.channel_id} ${move.module} ${move.operation}`;
      const one = wanted.get(key);
      if (one === undefined) throw new InvariantBroken("I3", `channel ${key} is owed a delivery that it should not be`);
      wanted.delete(key);
      const ids = JSON.parse(move.record_ids) as string[];
      check(
        ids.length === one.recordIds.size && ids.every((id) => one.recordIds.has(id)),
        "I1",
        `channel ${key} is owed other records: ${ids.join()}`,
      );
      one.channel.key ??= move.channel_key;
      check(one.channel.key === move.channel_key, "I8", `channel ${key} has become another one`);
      const isBorn = move.status === "claimed";
      const asMade: Move = isBorn ? { ...move, status: "pending", token: null, due_at: move.committed_at } : move;
      if (isBorn) this.#born.set(move.id, { ...move, old_status: "pending", old_token: null, old_due_at: move.committed_at });
      const delivery = this.ledger.add(asMade, one.channel);
      const isFirst = this.ledger.predecessor(delivery) === null;
      check(asMade.status === (isFirst ? "pending" : "waiting"), "I4", `${describe(delivery)} is made ${String(move.status)}`);
    }
    for (const key of wanted.keys()) throw new InvariantBroken("I1", `channel ${key} is owed a delivery that is not there`);
  }

  #checkPurge(moves: readonly Move[], before: number): void {
    for (const move of moves) {
      const delivery = this.deliveryOf(move);
      const isOld = move.status === null && delivery.committedAt < before && move.old_due_at === null && move.old_status !== "waiting";
      check(isOld, "I1", `${describe(delivery)} was removed before its time`);
      delivery.isPurged = true;
    }
  }
}

function keyOf(channel: ModelChannel, module: string, operation: string): string {
  return `${channel.org} ${channel.channelId} ${module} ${operation}`;
}

function isWrite(name: Job["name"]): boolean {
  return name === "records.write" || name === "users.write";
}
