/** A JetStream queue on a clock that a test moves, over a broker and a store of the test's own. */
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import type { Claim, Settlement } from "../../src/core/attempt.ts";
import type { PassedOver } from "../../src/core/claim-room.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { shardOf, writeBatch } from "../../src/queue/batch.ts";
import type { Broker, BrokerListener, BrokerMessage, NewMessage } from "../../src/queue/broker.ts";
import type { DeliveryQueue } from "../../src/queue/delivery-queue.ts";
import { jetStreamQueue } from "../../src/queue/jetstream-queue.ts";
import { claimSecret } from "./claims.ts";
import { ManualClock } from "./clock.ts";

export class FakeBroker implements Broker {
  isUp = true;
  /** Whether it hears that messages are worked on. */
  isHearing = true;
  listener: BrokerListener | null = null;
  readonly published: NewMessage[] = [];
  /** What becomes of a message instead of being stored; null: it is stored. */
  refuse: (message: NewMessage) => Error | null = () => null;
  acked = 0;
  /** Messages that nobody was handed. */
  waiting = 0;

  open(listener: BrokerListener): void {
    this.listener = listener;
  }

  /** Hands a message with claims of one org to the queue. */
  deliver(claims: readonly Claim[], of: { readonly claimedAt: number; readonly isRedelivered?: boolean }): void {
    const shard = shardOf(claims[0]?.org ?? 0);
    const message: BrokerMessage = {
      shard,
      text: writeBatch(claims, of.claimedAt),
      isRedelivered: of.isRedelivered ?? false,
      ack: () => (this.acked += 1),
      working: () => Promise.resolve(this.isHearing),
    };
    this.listener?.onMessage(message);
  }

  publish(message: NewMessage): Promise<void> {
    const error = this.refuse(message);
    if (error !== null) return Promise.reject(error);
    this.published.push(message);
    return Promise.resolve();
  }

  startTaking(): void {}
  look(): void {}
  countWaiting(): Promise<number> {
    return Promise.resolve(this.waiting);
  }

  stopTaking(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A store whose claims hold, unless a test says otherwise. */
export class FakeStore implements Pick<Engine, "run" | "onHint" | "onGathering"> {
  readonly #clock: ManualClock;
  readonly renewals: Input<"dispatch.renew">[] = [];
  readonly settlements: Settlement[] = [];
  /** What the next claims give. */
  readonly owed: (readonly Claim[])[] = [];
  /** Claims that it was asked for. */
  readonly asks: Input<"dispatch.claim">[] = [];
  /** What has no room in any of them. */
  passedOver: readonly PassedOver[] = [];
  isHeld = true;
  isActive = true;
  /** Channels that are not, whatever the others are. */
  readonly paused = new Set<number>();
  /** What an answer to a renewal, and one to a settlement, waits for. */
  gate: Promise<void> = Promise.resolve();
  settleGate: Promise<void> = Promise.resolve();
  readonly #gathering = new Set<() => void>();
  readonly #hinted = new Set<() => void>();

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>>;
  async run(name: CommandName, input: unknown): Promise<unknown> {
    if (name === "dispatch.renew") return this.#renew(input as Input<"dispatch.renew">);
    if (name === "dispatch.claim") return this.#claim(input as Input<"dispatch.claim">);
    if (name !== "dispatch.settle") throw new Error(`no such command here: ${name}`);
    const { settlements } = input as Input<"dispatch.settle">;
    this.settlements.push(...settlements);
    await this.settleGate;
    return settlements.map(() => true);
  }

  onHint(listener: () => void): () => void {
    this.#hinted.add(listener);
    return () => this.#hinted.delete(listener);
  }

  /** As after a commit that left something due. */
  hint(): void {
    for (const listener of this.#hinted) listener();
  }

  onGathering(listener: () => void): () => void {
    this.#gathering.add(listener);
    return () => this.#gathering.delete(listener);
  }

  /** As a batch of commands would that makes what is owed next. */
  gather(): void {
    for (const listener of this.#gathering) listener();
  }

  #claim(input: Input<"dispatch.claim">): Output<"dispatch.claim"> {
    this.asks.push(input);
    return { claims: this.owed.shift() ?? [], passedOver: this.passedOver, nextDueAt: null };
  }

  async #renew(input: Input<"dispatch.renew">): Promise<Output<"dispatch.renew">> {
    this.renewals.push(input);
    await this.gate;
    const { claims, leaseMs, isAnew } = input;
    const { isHeld } = this;
    const target = { notifyUrl: "http://127.0.0.1:9/hook", token: null, secret: claimSecret, previousSecret: null };
    const targets = claims.map(({ org }) => {
      return { ...target, org, channelKey: org, orgEpoch: 7, isActive: this.isActive && !this.paused.has(org) };
    });
    const [prefix, suffix] = isAnew ? ["node.", `~${String(this.renewals.length)}`] : ["", ""];
    return { held: claims.map(() => isHeld), leaseUntil: this.#clock.now() + leaseMs, prefix, suffix, targets };
  }
}

export type QueueWorld = AsyncDisposable & {
  readonly clock: ManualClock;
  readonly broker: FakeBroker;
  readonly store: FakeStore;
  readonly queue: DeliveryQueue;
  /** Moves the clock by so many steps of a second, and lets all that is due run after each. */
  readonly pass: (seconds: number) => Promise<void>;
};

export function queueWorld(): QueueWorld {
  const clock = new ManualClock(1_000_000);
  const broker = new FakeBroker();
  const store = new FakeStore(clock);
  const queue = jetStreamQueue({ engine: store, broker, clock, events: silentEvents });
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1_000);
      await settled();
    }
  };
  return { clock, broker, store, queue, pass, [Symbol.asyncDispose]: () => queue.stop() };
}

/** Everything that waits for no clock has run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
