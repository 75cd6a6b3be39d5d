/** The real dispatcher over an engine that hands out claims once. */
import assert from "node:assert/strict";
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import { systemClock } from "../../src/config/system.ts";
import type { Claim, Settlement } from "../../src/core/attempt.ts";
import type { DispatchLimits } from "../../src/dispatch/dispatch-limits.ts";
import { createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { claimOf } from "./claims.ts";

/** So many receivers are POSTed to at once. */
export const atOnce = 500;
export const attemptTimeoutMs = 2_000;

const limits: Partial<DispatchLimits> = {
  attemptTimeoutMs,
  connectTimeoutMs: 500,
  deliveriesInFlightMax: atOnce,
  deliveriesInFlightPerOrgMax: atOnce,
  deliveriesInFlightPerOriginMax: atOnce,
  deliveriesInFlightPerChannelMax: atOnce,
  // Every one is tried, whatever came of the others.
  failuresPerOriginMax: Number.MAX_SAFE_INTEGER,
  failuresPerChannelMax: Number.MAX_SAFE_INTEGER,
  connectionsPerOriginMax: atOnce,
  claimBatchMax: atOnce,
  originsMax: 8,
};

/** Hands out claims once and keeps what came of them, by delivery. */
class OnceEngine implements Engine {
  readonly settled = new Map<number, Settlement>();
  readonly allSettled = Promise.withResolvers<void>();
  #waiting: readonly Claim[];
  readonly #count: number;

  constructor(urls: readonly string[]) {
    this.#waiting = urls.map((notifyUrl, index) => claimOf({ deliveryId: index, notifyUrl, channelKey: index }));
    this.#count = urls.length;
  }

  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>>;
  run(name: CommandName, input: unknown): Promise<unknown> {
    if (name === "dispatch.claim") return Promise.resolve(this.#claim(input as Input<"dispatch.claim">));
    assert.equal(name, "dispatch.settle");
    const { settlements } = input as Input<"dispatch.settle">;
    for (const settlement of settlements) this.settled.set(settlement.deliveryId, settlement);
    if (this.settled.size === this.#count) this.allSettled.resolve();
    return Promise.resolve(settlements.map(() => true));
  }

  onHint(): () => void {
    return () => undefined;
  }

  onGathering(): () => void {
    return () => undefined;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #claim({ limit, leaseMs }: Input<"dispatch.claim">): Output<"dispatch.claim"> {
    const leaseUntil = systemClock.now() + leaseMs;
    const claims = this.#waiting.slice(0, limit).map((claim) => ({ ...claim, leaseUntil }));
    this.#waiting = this.#waiting.slice(limit);
    return { claims, passedOver: [], nextDueAt: null };
  }
}

/** Delivers to `urls`, all at once; gives back what came of each, in their order. */
export async function deliver(urls: readonly string[]): Promise<readonly Settlement[]> {
  const engine = new OnceEngine(urls);
  const guard = createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] });
  const parts = { queue: storeQueue(engine), clock: systemClock, random: { next: () => 0.5 }, events: silentEvents, guard };
  await using dispatcher = createDispatcher({ ...parts, baseUrl: "http://crm.example", version: "1.2.3", limits });
  dispatcher.start();
  await engine.allSettled.promise;
  return urls.map((_url, index) => engine.settled.get(index) ?? assert.fail(`delivery ${index} was not settled`));
}
