/**
 * How much one receiver or one org takes from the others: the real engine on a file, the real dispatcher under its own limits, and receivers in
 * another process. Waits are from a delivery's commit to its arrival.
 */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../src/app/commands.ts";
import { openEngine } from "../../src/app/engine.ts";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import { systemClock, systemRandom } from "../../src/config/system.ts";
import { type Dispatcher, createDispatcher } from "../../src/dispatch/dispatcher.ts";
import type { CircuitView } from "../../src/dispatch/circuits.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { TemporaryFolder } from "../support/process.ts";
import { acme, orgFile, seedOf } from "../support/seeds.ts";
import type { Arrival, FromReceiver } from "./isolation-receiver.ts";
import { quantile } from "./statistics.ts";

const orgFiles = [acme, orgFile("other", "554024000")];
const targetPolicy = { allowedCidrs: ["127.0.0.0/8"] };

/** Receivers, as they are told of their arrivals. */
class Receivers implements Disposable {
  readonly arrivals: Arrival[] = [];
  readonly #child: ChildProcess;
  #ports: readonly number[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (message: FromReceiver) => {
      if ("ports" in message) this.#ports = message.ports;
      else for (const arrival of message.arrivals) this.arrivals.push(arrival);
    });
  }

  static async start(count: number, firstHangs: boolean): Promise<Receivers> {
    const receivers = new Receivers(fork(new URL("./isolation-receiver.ts", import.meta.url), [String(count), firstHangs ? "hangs" : ""]));
    await once(receivers.#child, "message");
    return receivers;
  }

  url(host: number, path: string): string {
    return `http://127.0.0.1:${this.#ports[host]}/${path}`;
  }

  /** The waits of what arrived at paths that begin so, in ms, ascending. */
  waits(path: string): readonly number[] {
    const wanted = this.arrivals.filter((arrival) => arrival.path.startsWith(`/${path}`));
    return wanted.map(({ webhookId, atMs }) => Math.max(0, atMs - committedAtOf(webhookId))).sort((one, other) => one - other);
  }

  /** Resolves when so many have arrived at paths that begin so. */
  async until(path: string, count: number): Promise<void> {
    for (let found = 0; found < count;) {
      await once(this.#child, "message");
      found = this.waits(path).length;
    }
  }

  [Symbol.dispose](): void {
    this.#child.disconnect();
  }
}

/** A delivery's id begins with the millisecond of its commit, in microseconds. */
function committedAtOf(webhookId: string): number {
  return Math.floor(Number(webhookId.slice("msg_".length)) / 1_000);
}

/** Two orgs and what they do. */
class Orgs implements AsyncDisposable {
  readonly engine: Engine;
  readonly #callers: readonly { org: number; userId: string }[];
  readonly #dispatcher: Dispatcher;

  private constructor(engine: Engine, callers: readonly { org: number; userId: string }[]) {
    this.engine = engine;
    this.#callers = callers;
    const guard = createTargetGuard(targetPolicy);
    const parts = { queue: storeQueue(engine), clock: systemClock, random: systemRandom, events: silentEvents, guard };
    this.#dispatcher = createDispatcher({ ...parts, baseUrl: "http://crm.example", version: "0", limits: { drainMs: 1 } });
  }

  static async open(dataFolder: string): Promise<Orgs> {
    const engine = await openEngine({ dataFolder, clock: systemClock, targetPolicy });
    const applied = await engine.run("seed.apply", { seed: seedOf(...orgFiles) });
    assert.ok(applied.ok);
    const callers = orgFiles.map((file, index) => ({ org: index + 1, userId: `${file.org.zgid}050000001` }));
    return new Orgs(engine, callers);
  }

  startDispatch(): void {
    this.#dispatcher.start();
  }

  circuits(): readonly CircuitView[] {
    return this.#dispatcher.circuits();
  }

  async subscribe(org: number, channel: { readonly id: number; readonly module: string; readonly url: string }): Promise<void> {
    const item = { channel_id: String(channel.id), events: [`${channel.module}.create`], notify_url: channel.url };
    const [done] = await this.engine.run("watch.write", { caller: this.#caller(org), version: "v6", mode: "enable", items: [item] });
    assert.ok(done?.ok === true, JSON.stringify(done));
  }

  /** Inserts one record, which is one delivery for each channel of its module. */
  async insert(org: number, module: "Leads" | "Contacts"): Promise<void> {
    const items = [{ Last_Name: "Somebody" }];
    const done = await this.engine.run("records.write", { caller: this.#caller(org), module, operation: "insert", items, idInPath: null });
    assert.ok(done.ok && done.value.results[0]?.ok === true, JSON.stringify(done));
  }

  /** So many at a time, that many in all. */
  async insertMany(org: number, module: "Leads" | "Contacts", count: number): Promise<void> {
    const atOnce = 100;
    for (let left = count; left > 0; left -= atOnce) {
      await Promise.all(Array.from({ length: Math.min(atOnce, left) }, () => this.insert(org, module)));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispatcher.stop();
    await this.engine.close();
  }

  #caller(org: number): { org: number; userId: string } {
    return this.#callers[org] ?? assert.fail(`there is no org ${org}`);
  }
}

export type HangingRun = {
  readonly endpoints: number;
  readonly isOneHanging: boolean;
  /** Pending deliveries of the one that hangs, at the start. */
  readonly backlog: number;
  readonly writes: number;
  readonly pauseMs: number;
};

export type Waits = { readonly arrived: number; readonly p50Ms: number; readonly p95Ms: number; readonly maxMs: number };

/**
 * One org, `endpoints` hosts with a channel each that hear every write, and (unless it is the run without) one of them hangs and has a
 * backlog. Gives the waits of the others.
 */
export async function runHanging(run: HangingRun): Promise<Waits & { readonly hangingCircuits: number }> {
  using folder = new TemporaryFolder();
  using receivers = await Receivers.start(run.endpoints, run.isOneHanging);
  await using orgs = await Orgs.open(folder.path);
  if (run.isOneHanging) {
    await orgs.subscribe(0, { id: 1, module: "Leads", url: receivers.url(0, "hanging") });
    await orgs.insertMany(0, "Leads", run.backlog);
  }
  for (let host = 1; host < run.endpoints; host += 1) {
    await orgs.subscribe(0, { id: host + 1, module: "Leads", url: receivers.url(host, "well") });
  }
  const arrived = receivers.until("well", run.writes * (run.endpoints - 1));
  orgs.startDispatch();
  for (let write = 0; write < run.writes; write += 1) {
    await Promise.all([orgs.insert(0, "Leads"), sleep(run.pauseMs)]);
  }
  await arrived;
  const hangingCircuits = orgs.circuits().filter(({ state }) => state !== "closed").length;
  return { ...waitsOf(receivers.waits("well")), hangingCircuits };
}

export type BacklogRun = { readonly channels: number; readonly writes: number; readonly events: number; readonly pauseMs: number };

/**
 * One org has `channels` times `writes` deliveries pending, all for one host; another has single events for a channel on that very host,
 * one after another, while the backlog goes out. Gives the waits of the single events, and how much of the backlog had gone by then.
 */
export async function runBacklog(run: BacklogRun): Promise<Waits & { readonly backlog: number; readonly backlogGone: number }> {
  using folder = new TemporaryFolder();
  using receivers = await Receivers.start(1, false);
  await using orgs = await Orgs.open(folder.path);
  for (let id = 1; id <= run.channels; id += 1) await orgs.subscribe(0, { id, module: "Leads", url: receivers.url(0, "many") });
  await orgs.subscribe(1, { id: 1, module: "Leads", url: receivers.url(0, "single") });
  await orgs.insertMany(0, "Leads", run.writes);
  const arrived = receivers.until("single", run.events);
  orgs.startDispatch();
  for (let event = 0; event < run.events; event += 1) {
    await sleep(run.pauseMs);
    await orgs.insert(1, "Leads");
  }
  await arrived;
  const backlogGone = receivers.waits("many").length;
  return { ...waitsOf(receivers.waits("single")), backlog: run.channels * run.writes, backlogGone };
}

function waitsOf(waits: readonly number[]): Waits {
  return { arrived: waits.length, p50Ms: quantile(waits, 0.5), p95Ms: quantile(waits, 0.95), maxMs: quantile(waits, 1) };
}
