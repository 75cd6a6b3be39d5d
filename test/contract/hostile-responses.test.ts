/** The dispatcher against receivers that mean harm: each slot is freed in time, little is read, and memory stays flat. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Socket } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import { systemClock } from "../../src/config/system.ts";
import type { Claim, Settlement } from "../../src/core/attempt.ts";
import { limits as standard } from "../../src/core/limits.ts";
import type { DispatchLimits } from "../../src/dispatch/dispatch-limits.ts";
import { createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { claimOf } from "../support/claims.ts";
import { hostileAnswers } from "../support/hostile-answers.ts";

const atOnce = 500;
const attemptTimeoutMs = 1_500;
/** How much later than its time an attempt may end on a busy machine; a watchdog. */
const slackMs = 1_500;
const flatWithinBytes = 50 * 1024 * 1024;

const limits: Partial<DispatchLimits> = {
  attemptTimeoutMs,
  connectTimeoutMs: 500,
  deliveriesInFlightMax: atOnce,
  deliveriesInFlightPerChannelMax: atOnce,
  connectionsPerOriginMax: atOnce,
  claimBatchMax: atOnce,
  originsMax: 8,
};

type Receiver = { readonly process: ChildProcess; readonly port: number; readonly tlsPorts: Readonly<Record<string, number>> };

let receiver: Receiver;
before(async () => {
  const child = fork(fileURLToPath(new URL("../support/hostile-receiver.ts", import.meta.url)), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const [ports] = (await once(child, "message")) as [Omit<Receiver, "process">];
  receiver = { process: child, ...ports };
});
after(async () => {
  const ended = once(receiver.process, "exit");
  receiver.process.disconnect();
  await ended;
});

function urlOf(name: string): string {
  const tlsPort = receiver.tlsPorts[name];
  return tlsPort === undefined ? `http://127.0.0.1:${receiver.port}/${encodeURIComponent(name)}` : `https://127.0.0.1:${tlsPort}/`;
}

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

  close(): Promise<void> {
    return Promise.resolve();
  }

  #claim({ limit, leaseMs }: Input<"dispatch.claim">): Output<"dispatch.claim"> {
    const leaseUntil = systemClock.now() + leaseMs;
    const claims = this.#waiting.slice(0, limit).map((claim) => ({ ...claim, leaseUntil }));
    this.#waiting = this.#waiting.slice(limit);
    return { claims, nextDueAt: null };
  }
}

/** Delivers to `urls`, all at once; gives back what came of each, in their order. */
async function deliver(urls: readonly string[]): Promise<readonly Settlement[]> {
  const engine = new OnceEngine(urls);
  const guard = createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] });
  const parts = { engine, clock: systemClock, random: { next: () => 0.5 }, events: silentEvents, guard };
  await using dispatcher = createDispatcher({ ...parts, baseUrl: "http://crm.example", version: "1.2.3", limits });
  dispatcher.start();
  await engine.allSettled.promise;
  return urls.map((_url, index) => engine.settled.get(index) ?? assert.fail(`delivery ${index} was not settled`));
}

/** The connections that undici makes while `work` runs. */
async function connectionsOf(work: () => Promise<unknown>): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  const listener = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
  subscribe("undici:client:connected", listener);
  try {
    await work();
  } finally {
    unsubscribe("undici:client:connected", listener);
  }
  return sockets;
}

test("whatever a receiver does, the attempt ends in time with the status that came, or says why none did", async () => {
  const names = Object.keys(hostileAnswers);
  const settlements = await deliver(names.map(urlOf));
  for (const [index, name] of names.entries()) {
    const { status, error, isSlow } = hostileAnswers[name] ?? assert.fail(name);
    const attempt = settlements[index]?.attempt;
    assert.deepEqual([attempt?.httpStatus, attempt?.error], [status, error], name);
    assert.equal(attempt?.outcome, status === null ? "unreachable" : "delivered", name);
    const durationMs = attempt?.durationMs ?? Number.NaN;
    assert.ok(durationMs <= attemptTimeoutMs + slackMs, `${name}: ${durationMs} ms`);
    if (isSlow !== true) assert.ok(durationMs < attemptTimeoutMs, `${name} held its slot for ${durationMs} ms`);
    assert.ok((attempt?.responseBody ?? "").length <= standard.responseBytesKeptMax, name);
  }
});

test("of no answer more is taken from the network than the limit and what one read brings", async () => {
  const names = Object.entries(hostileAnswers).filter(([, answer]) => answer.isSlow !== true);
  const sockets = await connectionsOf(() => deliver(names.map(([name]) => urlOf(name))));
  assert.ok(sockets.length >= names.filter(([, answer]) => answer.isTls !== true).length);
  const oneReadBytes = 64 * 1024;
  for (const { bytesRead } of sockets) assert.ok(bytesRead <= standard.responseBytesReadMax + oneReadBytes, `${bytesRead} bytes`);
});

test("memory stays flat while five hundred receivers do their worst at once", async (context) => {
  receiver.process.send({ hold: atOnce });
  const good = Array.from({ length: atOnce }, () => urlOf("good"));
  for (let round = 0; round < 3; round += 1) {
    const settled = await deliver(good);
    assert.ok(settled.every(({ end }) => end === "delivered"));
  }
  const beforeBytes = process.memoryUsage.rss();
  let peakBytes = 0;
  const sampling = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 10);
  const names = Object.keys(hostileAnswers);
  for (let round = 0; round < 3; round += 1) {
    const mixed = Array.from({ length: atOnce }, (_each, index) => urlOf(names[index % names.length] ?? ""));
    assert.equal((await deliver(mixed)).length, atOnce);
  }
  clearInterval(sampling);
  const grownMiB = (peakBytes - beforeBytes) / 1024 ** 2;
  context.diagnostic(`${atOnce} at once: ${(beforeBytes / 1024 ** 2).toFixed(0)} MiB before, at most ${grownMiB.toFixed(1)} MiB more`);
  assert.ok(peakBytes - beforeBytes <= flatWithinBytes, `${grownMiB.toFixed(1)} MiB more`);
});
