/** A dispatcher over an engine that notes what it is asked, a receiver, and a clock of the test's own. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import type { CircuitView } from "../../src/dispatch/circuits.ts";
import type { DispatchLimits } from "../../src/dispatch/dispatch-limits.ts";
import { type Dispatcher, createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { type DeliveryAttempted, type Events, silentEvents } from "../../src/observe/events.ts";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { ManualClock } from "./clock.ts";
import { FakeEngine } from "./fake-engine.ts";
import { Receiver } from "./receiver.ts";

type Fault = { readonly stage: "claim" | "settle"; readonly error: unknown };

export type DispatchWorld = AsyncDisposable & {
  readonly clock: ManualClock;
  readonly engine: FakeEngine;
  readonly receiver: Receiver;
  readonly dispatcher: Dispatcher;
  readonly attempted: readonly DeliveryAttempted[];
  /** The tokens of the claims that were let go of. */
  readonly letGo: readonly string[];
  readonly faults: readonly Fault[];
  /** The circuits that opened and closed. */
  readonly turned: readonly string[];
};

export async function openDispatch(limits: Partial<DispatchLimits> = {}): Promise<DispatchWorld> {
  const clock = new ManualClock(1_000_000);
  const engine = new FakeEngine(clock);
  const receiver = await Receiver.start();
  const attempted: DeliveryAttempted[] = [];
  const letGo: string[] = [];
  const faults: Fault[] = [];
  const turned: string[] = [];
  const noteTurned = ({ kind, key, state }: CircuitView): void => void turned.push(`${kind} ${key} ${state}`);
  const events: Events = {
    ...silentEvents,
    deliveryAttempted: (event) => void attempted.push(event),
    dispatchFaulted: (event) => void faults.push(event),
    circuitOpened: noteTurned,
    circuitClosed: noteTurned,
  };
  const guard = createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] });
  const random = { next: () => 0.5 };
  const dispatcher = createDispatcher({
    queue: { ...storeQueue(engine), letGo: (claims) => letGo.push(...claims.map(({ claimToken }) => claimToken)) },
    clock,
    random,
    events,
    guard,
    baseUrl: "http://crm.example",
    version: "1.2.3",
    limits,
  });
  return {
    clock,
    engine,
    receiver,
    dispatcher,
    attempted,
    letGo,
    faults,
    turned,
    [Symbol.asyncDispose]: async () => {
      const stopped = dispatcher.stop();
      await receiver.down();
      await stopped;
      assert.equal(engine.listeners, 0, "the dispatcher listens for hints after it stopped");
    },
  };
}

/** Starts it with two deliveries; the answer to the first that is POSTed, and to all after it, waits until what is given back is called. */
export async function beginOneOfTwo({ engine, receiver, dispatcher }: DispatchWorld): Promise<() => void> {
  const release = receiver.hold();
  engine.owe({ notifyUrl: receiver.url() });
  engine.owe({ notifyUrl: receiver.url() });
  dispatcher.start();
  await receiver.next();
  return release;
}

/** Lets whatever can go on without the network or the clock do so. */
export async function goOn(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}
