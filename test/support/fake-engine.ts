/** An engine that knows dispatch alone: deliveries in memory, claimed by due time, settled by hand or by the standard schedule. */
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import type { Claim, Settlement } from "../../src/core/attempt.ts";
import { type PassedOver, RoomLeft } from "../../src/core/claim-room.ts";
import type { Clock } from "../../src/core/clock.ts";
import { endClaim } from "../../src/core/delivery.ts";
import { originOf } from "../../src/core/origin.ts";
import { standardSchedule } from "../../src/core/retry.ts";
import { claimOf } from "./claims.ts";

type Row = { readonly claim: Claim; status: string; attempts: number; dueAt: number | null; claimToken: string };

export class FakeEngine implements Engine {
  readonly #clock: Clock;
  readonly #rows: Row[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #gathering = new Set<() => void>();
  #answersHeld: Promise<void> | null = null;
  #settlementsHeld: Promise<void> | null = null;
  readonly #waiting: { readonly isMet: () => boolean; readonly meet: () => void }[] = [];
  #tokens = 0;
  /** What was asked of it, in order. */
  readonly claims: Input<"dispatch.claim">[] = [];
  readonly settlements: Settlement[] = [];
  readonly settleCalls: (readonly Settlement[])[] = [];
  /** The next calls of a command fail with these. */
  readonly faults: { readonly [N in "dispatch.claim" | "dispatch.settle"]: Error[] } = { "dispatch.claim": [], "dispatch.settle": [] };

  /** Whether something is due that another process has just now: claims give nothing, and say that it is due. */
  isDueElsewhere = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A delivery that is owed; without a hint until `hint` is called. */
  owe(over: Partial<Claim> = {}, dueAt: number = this.#clock.now()): void {
    const deliveryId = this.#rows.length + 1;
    this.#rows.push({ claim: claimOf({ deliveryId, ...over }), status: "pending", attempts: 0, dueAt, claimToken: "" });
  }

  hint(): void {
    for (const listener of this.#listeners) listener();
  }

  /** From now on the answers to claims wait until the function that is given back is called. */
  holdAnswers(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#answersHeld = promise;
    return () => {
      this.#answersHeld = null;
      resolve();
    };
  }

  /** From now on settlements wait until the function that is given back is called. */
  holdSettlements(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#settlementsHeld = promise;
    return () => {
      this.#settlementsHeld = null;
      resolve();
    };
  }

  get listeners(): number {
    return this.#listeners.size + this.#gathering.size;
  }

  status(deliveryId: number): string | undefined {
    return this.#rows.find((row) => row.claim.deliveryId === deliveryId)?.status;
  }

  /** Resolves when `isMet` holds; looked at after each call. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((meet) => this.#waiting.push({ isMet, meet }));
  }

  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>>;
  async run(name: CommandName, input: unknown): Promise<unknown> {
    await Promise.resolve();
    try {
      if (name === "dispatch.claim") {
        const claimed = this.#claim(input as Input<"dispatch.claim">);
        await this.#answersHeld;
        return claimed;
      }
      if (name === "dispatch.settle") await this.#settlementsHeld;
      if (name === "dispatch.settle") return this.#settle(input as Input<"dispatch.settle">);
    } finally {
      queueMicrotask(() => this.#look());
    }
    throw new Error(`no such command here: ${name}`);
  }

  onHint(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onGathering(listener: () => void): () => void {
    this.#gathering.add(listener);
    return () => this.#gathering.delete(listener);
  }

  /** As a batch of commands would, from which claims may take what it makes. */
  gather(): void {
    for (const listener of this.#gathering) listener();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #claim(input: Input<"dispatch.claim">): Output<"dispatch.claim"> {
    this.claims.push(input);
    const fault = this.faults["dispatch.claim"].shift();
    if (fault !== undefined) throw fault;
    const now = this.#clock.now();
    if (this.isDueElsewhere) return { claims: [], passedOver: [], nextDueAt: now };
    const skipped = new Set(input.room.skipped.flatMap(([, channelKeys]) => channelKeys));
    const open = this.#rows.filter((row) => row.dueAt !== null && !skipped.has(row.claim.channelKey));
    const due = open.filter((row) => row.dueAt !== null && row.dueAt <= now);
    const left = new RoomLeft(input.room);
    // Where nothing else is said it hands out a channel's whole backlog, so that claims wait in hand.
    const probing = new Map(input.room.channels);
    const ofChannel = new Map<number, number>();
    const passedOver = new Map<number, PassedOver>();
    const taken = due.filter(({ claim: { org, channelKey, notifyUrl } }) => {
      const origin = originOf(notifyUrl);
      const count = ofChannel.get(channelKey) ?? 0;
      if (left.ofOrigin(origin) <= 0) passedOver.set(channelKey, { org, channelKey, origin });
      if (left.ofOrg(org) <= 0 || left.ofOrigin(origin) <= 0 || count >= (probing.get(channelKey) ?? Infinity)) return false;
      left.take({ org, origin, channelKey, count: 1 });
      ofChannel.set(channelKey, count + 1);
      return true;
    });
    const claims = taken.slice(0, input.limit).map((row) => {
      row.status = "claimed";
      row.claimToken = `claim-${(this.#tokens += 1)}`;
      row.dueAt = now + input.leaseMs;
      return { ...row.claim, claimToken: row.claimToken, attemptsMade: row.attempts, leaseUntil: row.dueAt };
    });
    const dueAts = this.#rows.flatMap((row) => (row.dueAt === null || row.dueAt <= now ? [] : [row.dueAt]));
    return { claims, passedOver: [...passedOver.values()], nextDueAt: dueAts.length === 0 ? null : Math.min(...dueAts) };
  }

  #settle({ settlements }: Input<"dispatch.settle">): Output<"dispatch.settle"> {
    this.settleCalls.push(settlements);
    const fault = this.faults["dispatch.settle"].shift();
    if (fault !== undefined) throw fault;
    const at = { now: this.#clock.now(), schedule: standardSchedule, random: { next: () => 0.5 } };
    return settlements.map((settlement) => {
      const row = this.#rows.find((candidate) => candidate.claimToken === settlement.claimToken);
      if (row === undefined) return false;
      Object.assign(row, endClaim(row, settlement.end, { ...at, retryAfterMs: settlement.retryAfterMs }), { claimToken: "" });
      this.settlements.push(settlement);
      return true;
    });
  }

  #look(): void {
    for (const waiter of this.#waiting.splice(0)) {
      if (waiter.isMet()) waiter.meet();
      else this.#waiting.push(waiter);
    }
  }
}
