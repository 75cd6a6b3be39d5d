import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { ManualClock } from "../../test/support/clock.ts";
import type { CommandName, HintTopic, Input, Output } from "../app/commands.ts";
import type { LifecycleEventView } from "../core/lifecycle.ts";
import { limits } from "../core/limits.ts";
import type { ChannelLifecycle } from "../observe/events.ts";
import { createHerald } from "./herald.ts";

type Step = Output<"lifecycle.notice">;
const nothing: Step = { events: [], lastId: 0, nextNoticeAt: null, isMore: false };

const expired: LifecycleEventView = {
  id: 7,
  org: 1,
  zgid: "554023000",
  channelKey: 3,
  channelId: "77",
  event: "channel.expired",
  before: null,
  cause: null,
  expiresAt: 50,
  at: 50,
  deliveryId: null,
};

/** An engine that answers each step as it is told, then with `nothing`; `asked` resolves after so many steps. */
class Noticing {
  readonly inputs: Input<"lifecycle.notice">[] = [];
  readonly listeners = new Set<() => void>();
  readonly #steps: readonly (Step | Error)[];
  readonly #waiting = new Map<number, () => void>();

  constructor(steps: readonly (Step | Error)[]) {
    this.#steps = steps;
  }

  asked(count: number): Promise<void> {
    return new Promise((resolve) => (this.inputs.length >= count ? resolve() : this.#waiting.set(count, resolve)));
  }

  run<N extends CommandName>(_name: N, input: Input<N>): Promise<Output<N>> {
    const step = this.#steps[this.inputs.length] ?? nothing;
    this.inputs.push(input as Input<"lifecycle.notice">);
    this.#waiting.get(this.inputs.length)?.();
    return step instanceof Error ? Promise.reject(step) : Promise.resolve(step as Output<N>);
  }

  onHint(listener: () => void, topic?: HintTopic): () => void {
    assert.equal(topic, "notice");
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

function heraldOver(steps: readonly (Step | Error)[]) {
  const clock = new ManualClock(0);
  const engine = new Noticing(steps);
  const told: ChannelLifecycle[] = [];
  const faults: unknown[] = [];
  const events = {
    channelLifecycle: (event: ChannelLifecycle) => told.push(event),
    lifecycleFaulted: (event: unknown) => faults.push(event),
  };
  const counted: string[] = [];
  const metrics = { lifecycleNoted: (event: string) => void counted.push(event) };
  return { clock, engine, told, faults, counted, herald: createHerald({ engine, clock, events, metrics }) };
}

test("the herald sleeps until the next notice falls due, and asks for what it has not told yet", async () => {
  const { clock, engine, told, counted, herald } = heraldOver([
    { ...nothing, lastId: 4, nextNoticeAt: 50 },
    { events: [expired], lastId: 7, nextNoticeAt: 90, isMore: false },
    { ...nothing, lastId: 7, nextNoticeAt: null },
  ]);
  herald.start();
  await herald.quiet.idle();
  clock.set(49);
  await setImmediate();
  assert.equal(engine.inputs.length, 1);
  clock.set(50);
  await engine.asked(2);
  await herald.quiet.idle();
  assert.deepEqual(told, [
    { org: 1, channelKey: 3, channelId: "77", kind: "channel.expired", before: null, cause: null, expiresAt: "1970-01-01T00:00:00.050Z" },
  ]);
  assert.deepEqual(counted, ["channel.expired"]);
  clock.set(90);
  await engine.asked(3);
  assert.deepEqual(engine.inputs, [
    { afterId: null, leader: null },
    { afterId: 4, leader: null },
    { afterId: 7, leader: null },
  ]);
  await herald.stop();
});

test("a hint ends the sleep early, until the herald is stopped", async () => {
  const { engine, herald } = heraldOver([]);
  herald.start();
  await herald.quiet.idle();
  for (const listener of engine.listeners) listener();
  await engine.asked(2);
  await herald.stop();
  assert.equal(engine.listeners.size, 0);
  await herald.stop();
});

test("the herald goes on without a sleep while there is more, or while a notice fell due during the step", async () => {
  const { engine, herald } = heraldOver([
    { ...nothing, isMore: true },
    { ...nothing, nextNoticeAt: 0 },
  ]);
  herald.start();
  await engine.asked(3);
  await herald.quiet.idle();
  assert.equal(engine.inputs.length, 3);
  await herald.stop();
});

test("of a streak of faults the first is told, and the next try comes after a pause that no hint cuts short", async () => {
  const { clock, engine, faults, herald } = heraldOver([new Error("disk full"), new Error("disk full"), nothing, new Error("disk full")]);
  herald.start();
  await engine.asked(1);
  await herald.quiet.idle();
  for (const listener of engine.listeners) listener();
  await setImmediate();
  assert.equal(engine.inputs.length, 1);
  clock.advance(limits.dispatchBackoffMs);
  await engine.asked(2);
  await herald.quiet.idle();
  assert.equal(faults.length, 1);
  clock.advance(limits.dispatchBackoffMs);
  // The hint that came during the pause is not forgotten: it begins the fourth step, whose fault is a new streak.
  await engine.asked(4);
  await herald.quiet.idle();
  assert.equal(faults.length, 2);
  await herald.stop();
});

test("the herald is idle before it starts and between two steps, and can be stopped before it starts", async () => {
  const { engine, herald } = heraldOver([nothing]);
  assert.equal(herald.quiet.isIdle, true);
  herald.start();
  herald.start();
  assert.equal(herald.quiet.isIdle, false);
  await herald.quiet.idle();
  assert.equal(engine.inputs.length, 1);
  await herald.stop();
  const other = heraldOver([]);
  await other.herald.stop();
  other.herald.start();
  assert.equal(other.engine.inputs.length, 0);
});
