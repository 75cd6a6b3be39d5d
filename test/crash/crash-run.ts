/**
 * Kills the real server with SIGKILL, round after round on one data folder, under load and at points that hurt; then lets it come to rest and
 * compares what it answered with what it did. Several folders, one after another, keep that comparison short.
 *
 * A duplicate is a POST of a notification whose last POST was not answered with a failure. It is allowed once for each notification that was in
 * flight at the last kill: its POST had reached the receiver, and the delivery log, as the kill left it on the disk, had it not settled.
 */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Random } from "../fuzz/random.ts";
import { Client, accessTokenOf, send } from "../support/client.ts";
import { listAt } from "../support/json.ts";
import { WatchpostProcess, readReadyLine, startProcess } from "../support/process.ts";
import type { ReadyLine } from "../support/process.ts";
import { credentialsOf, orgFile } from "../support/seeds.ts";
import { AnsweredLedger } from "../load/answered-ledger.ts";
import { type ChannelOrder, steadyWatches, subscribe, tendChannel } from "../load/channel-orders.ts";
import { LoadReceiver } from "../load/load-receiver.ts";
import { type Asker, type LoadParts, Unanswered, Writer } from "../load/load-writer.ts";
import { compareNotices, orderFaults } from "../load/promises.ts";
import { InQuestion } from "./in-question.ts";
import { StoreCopy } from "./store-copy.ts";

/**
 * Where the kill falls: right after an answer; as a POST arrives; right after one was answered, while it is settled; at any instant under load;
 * soon after the start, while what the kill before left is sent again; before the server is ready. Every start follows a kill, so the last
 * two are kills in quick succession.
 */
export const killPoints = ["answer", "arrival", "settle", "load", "ready", "start"] as const;
export type KillPoint = (typeof killPoints)[number];

export type CrashOptions = {
  readonly rounds: number;
  readonly seed: number;
  /** Holds the data folders. */
  readonly folder: string;
  readonly onProgress: (report: CrashReport) => void;
};

export type CrashReport = {
  readonly seed: number;
  readonly rounds: number;
  readonly kills: Readonly<Record<KillPoint, number>>;
  /** Writes and orders that were answered 2xx, and the changes of records among them. */
  readonly answered: number;
  readonly changes: number;
  readonly notifications: number;
  readonly lost: number;
  readonly duplicates: {
    readonly total: number;
    readonly mostPerKill: number;
    readonly inFlightThen: number;
    readonly mostInFlight: number;
  };
  /** From the start of a process after a kill until it is ready. */
  readonly recoveryMs: { readonly p50: number; readonly max: number };
  readonly seconds: number;
  /** What broke; empty: nothing. */
  readonly breaches: readonly string[];
};

const orgs = ["acme", "bolt", "cedar"] as const;
const writersPerOrg = 3;
const roundsPerFolder = 50;
/** A point that does not come, for nothing is on its way, is replaced by the clock. */
const watchdogMs = 4_000;
const drainLimitMs = 120_000;
const breachesShownMax = 10;

export async function crashRounds(options: CrashOptions): Promise<CrashReport> {
  await using receiver = await LoadReceiver.start();
  return await new CrashRun(options, receiver).run();
}

class CrashRun {
  readonly #options: CrashOptions;
  readonly #receiver: LoadReceiver;
  readonly #random: Random;
  readonly #startedAt = performance.now();
  readonly #recoveries: number[] = [];
  readonly #kills: Record<KillPoint, number> = { answer: 0, arrival: 0, settle: 0, load: 0, ready: 0, start: 0 };
  readonly #breaches: string[] = [];
  #counts = { rounds: 0, answered: 0, changes: 0, notifications: 0, lost: 0 };
  #duplicates = { total: 0, mostPerKill: 0, inFlightThen: 0, mostInFlight: 0 };
  #inFlightAtKill = 0;
  readonly #inQuestion: InQuestion;
  #value = 0;
  #ledger = new AnsweredLedger();
  #writers: (readonly Writer[])[] = [];
  #tokens: readonly string[] = [];
  #data = "";

  constructor(options: CrashOptions, receiver: LoadReceiver) {
    this.#options = options;
    this.#receiver = receiver;
    this.#random = new Random(options.seed);
    this.#inQuestion = new InQuestion(receiver);
  }

  async run(): Promise<CrashReport> {
    const { rounds, onProgress } = this.#options;
    while (this.#counts.rounds < rounds && this.#breaches.length === 0) {
      await this.#openFolder();
      const until = Math.min(this.#counts.rounds + roundsPerFolder, rounds);
      while (this.#counts.rounds < until && this.#breaches.length === 0) await this.#round();
      if (this.#breaches.length === 0) await this.#compare();
      if (this.#breaches.length === 0) rmSync(this.#data, { recursive: true, force: true });
      onProgress(this.#report());
    }
    return this.#report();
  }

  /** A fresh folder with orgs, users and the channels that stand still. */
  async #openFolder(): Promise<void> {
    this.#data = join(this.#options.folder, `data-${this.#counts.rounds}`);
    mkdirSync(this.#data, { recursive: true });
    this.#ledger = new AnsweredLedger();
    this.#writers = orgs.map((_, org) => Array.from({ length: writersPerOrg }, () => new Writer(org)));
    this.#receiver.forget();
    this.#inQuestion.forget();
    const { server, ready } = await startProcess(this.#args, this.#spawning);
    await using _ = server;
    this.#tokens = await Promise.all(orgs.map((name) => accessTokenOf(ready.baseUrl, credentialsOf(name))));
    for (const [org] of orgs.entries()) {
      const asker = this.#asker(ready, org);
      for (const [index, [target, watch]] of Object.entries(steadyWatches()).entries()) {
        const channelId = `${org + 1}0${index + 1}`;
        this.#ledger.addChannel(channelId, org);
        await subscribe({ channelId, notifyUrl: this.#receiver.url(`/${target}`) }, { ledger: this.#ledger, asker }, watch);
      }
      this.#ledger.addChannel(this.#moving(org).channelId, org);
    }
    await server.kill("SIGTERM");
  }

  async #round(): Promise<void> {
    const point = this.#random.pick(killPoints);
    this.#counts.rounds += 1;
    this.#kills[point] += 1;
    const startedAt = performance.now();
    const server = new WatchpostProcess([...this.#args, "--port", "0", "--json"], this.#spawning);
    try {
      if (point === "start") {
        await Promise.race([wait(this.#soon()), server.firstLine()]);
      } else {
        const ready = readReadyLine(await server.firstLine());
        this.#recoveries.push(performance.now() - startedAt);
        await this.#load(server, ready, point);
      }
    } catch (error) {
      this.#breach(error instanceof Error ? error.message : String(error));
    }
    const { signal, stderr } = await server.kill();
    if (signal !== "SIGKILL") this.#breach(`the server ended by itself: ${stderr.slice(-1_000)}`);
    await this.#lookAtTheDead();
    for (const fault of this.#receiver.faults.splice(0)) this.#breach(fault);
    if (this.#breaches.length > 0) this.#breach(`in round ${this.#counts.rounds}, killed at ${point}`);
  }

  /** Somewhere in the second half of a start, which is where the store is opened. */
  #soon(): number {
    const usual = this.#recoveries.at(-1) ?? 600;
    return usual * (0.4 + 0.6 * this.#random.next());
  }

  /** Runs the load until the kill has ended it. */
  async #load(server: WatchpostProcess, ready: ReadyLine, point: KillPoint): Promise<void> {
    const agent = new http.Agent({ keepAlive: true });
    const kill = (): void => server.signal("SIGKILL");
    const timers = new AbortController();
    const killIn = (ms: number): void => void wait(ms, null, { signal: timers.signal }).then(kill, () => undefined);
    let left = 1 + this.#random.below(point === "answer" ? 120 : 200);
    const count = (): boolean => (left -= 1) === 0;
    killIn(watchdogMs);
    if (point === "load") killIn(this.#random.below(500));
    if (point === "ready") killIn(this.#random.below(40));
    this.#receiver.onArrival = () => void (point === "arrival" && count() && kill());
    const settleMs = this.#random.below(4);
    this.#receiver.onAnswered = () => void (point === "settle" && count() && (settleMs === 0 ? setImmediate(kill) : killIn(settleMs)));
    const onAnswered = (): void => {
      this.#counts.answered += 1;
      if (point === "answer" && count()) kill();
    };
    const loads = orgs.flatMap((_, org) => {
      const parts: LoadParts = {
        ledger: this.#ledger,
        random: this.#random,
        nextValue: () => (this.#value += 1),
        onAnswered,
        round: this.#counts.rounds,
        asker: this.#asker(ready, org, agent),
      };
      const writers = (this.#writers[org] ?? []).map((writer) => untilGone(() => writer.step(parts)));
      return [...writers, untilGone(() => tendChannel(this.#moving(org), parts))];
    });
    try {
      await Promise.all(loads);
    } finally {
      timers.abort();
      agent.destroy();
    }
  }

  /** What the kill left on the disk: sound, and with what had been sent and was not settled. */
  async #lookAtTheDead(): Promise<void> {
    await this.#receiver.partFromSender();
    this.#receiver.onArrival = () => undefined;
    this.#receiver.onAnswered = () => undefined;
    this.#noteDuplicates();
    using copy = new StoreCopy(this.#data);
    for (const fault of copy.faults()) this.#breach(fault);
    this.#inFlightAtKill = this.#inQuestion.noteKill(copy.unsettled());
    this.#duplicates.mostInFlight = Math.max(this.#duplicates.mostInFlight, this.#inFlightAtKill);
  }

  /** Counts what came twice since the last kill; the receiver has found fault with each that was not in flight then. */
  #noteDuplicates(): void {
    const count = this.#inQuestion.repeatsSinceKill;
    this.#duplicates.total += count;
    if (count > this.#duplicates.mostPerKill) {
      this.#duplicates.mostPerKill = count;
      this.#duplicates.inFlightThen = this.#inFlightAtKill;
    }
    if (count > this.#inFlightAtKill) this.#breach(`${count} duplicates after a kill with ${this.#inFlightAtKill} in flight`);
  }

  /** Lets the server come to rest, and compares. */
  async #compare(): Promise<void> {
    const { server, ready } = await startProcess(this.#args, this.#spawning);
    await using _ = server;
    try {
      await untilNothingIsOwed(ready);
    } catch (error) {
      this.#breach(error instanceof Error ? error.message : String(error));
    }
    const ended = await server.kill("SIGTERM");
    if (ended.code !== 0) this.#breach(`the server ended with ${String(ended.code)}: ${ended.stderr.slice(-1_000)}`);
    await this.#receiver.partFromSender();
    this.#noteDuplicates();
    this.#inQuestion.noteKill(new Set());
    for (const fault of this.#receiver.faults.splice(0)) this.#breach(fault);
    this.#counts.changes += this.#ledger.changes;
    this.#counts.notifications += this.#receiver.notifications.size;
    const { lost, faults } = compareNotices(this.#receiver, this.#ledger);
    this.#counts.lost += lost;
    const isCertain = (channelId: string, key: string): boolean => !channelId.endsWith("9") || this.#ledger.owed.has(key);
    const disorder = orderFaults(this.#receiver, ({ channelId, notice }) => isCertain(channelId, notice.key));
    for (const fault of [...faults, ...disorder]) this.#breach(fault);
    using copy = new StoreCopy(this.#data);
    const stored = [...this.#ledger.recordFaults(copy.records()), ...this.#ledger.channelFaults(copy.channels())];
    for (const fault of [...copy.faults(), ...stored]) this.#breach(fault);
    if (copy.unsettled().size > 0) this.#breach(`${copy.unsettled().size} deliveries are still owed`);
  }

  #breach(what: string): void {
    if (this.#breaches.length < breachesShownMax) this.#breaches.push(what);
  }

  /** The channel whose client does not leave it alone. */
  #moving(org: number): ChannelOrder {
    return { channelId: `${org + 1}09`, notifyUrl: this.#receiver.url("/good") };
  }

  #asker({ baseUrl }: ReadyLine, org: number, agent?: http.Agent): Asker {
    const client = new Client({ baseUrl, accessToken: this.#tokens[org] ?? "", ...(agent === undefined ? {} : { agent }) });
    return {
      request: (method, path, body) =>
        client.request(method, path, body).catch((cause: unknown) => {
          throw new Unanswered("the connection ended", { cause });
        }),
    };
  }

  get #args(): readonly string[] {
    const seed = join(this.#options.folder, "seed.json");
    writeFileSync(seed, JSON.stringify({ orgs: orgs.map((name, index) => orgFile(name, String(554_023_000 + index))) }));
    return ["serve", "--data", this.#data, "--seed", seed, "--allow-target", "127.0.0.0/8", "--log-level", "error"];
  }

  /** The start is the longest part of a round; what Node has compiled once is kept. */
  get #spawning(): { readonly environment: Readonly<Record<string, string>> } {
    return { environment: { NODE_COMPILE_CACHE: join(this.#options.folder, "compiled") } };
  }

  #report(): CrashReport {
    const sorted = this.#recoveries.toSorted((a, b) => a - b);
    const recoveryMs = { p50: Math.round(sorted[sorted.length >> 1] ?? 0), max: Math.round(sorted.at(-1) ?? 0) };
    const seconds = Math.round((performance.now() - this.#startedAt) / 1_000);
    const { seed } = this.#options;
    return { seed, ...this.#counts, kills: this.#kills, duplicates: this.#duplicates, recoveryMs, seconds, breaches: this.#breaches };
  }
}

/** Goes on until the connection ends with the server, as it should. */
async function untilGone(step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await step();
    } catch (error) {
      // Expected once. Anything else is a finding.
      if (error instanceof Unanswered) return;
      throw error;
    }
  }
}

/** A delivery that goes from one state to the next while they are counted may be missed, so nothing counts only when seen twice. */
async function untilNothingIsOwed(ready: ReadyLine): Promise<void> {
  const limitAt = performance.now() + drainLimitMs;
  for (let quietLooks = 0; quietLooks < 2; quietLooks = (await countOwed(ready)) === 0 ? quietLooks + 1 : 0) {
    assert.ok(performance.now() < limitAt, `after ${drainLimitMs / 1_000} s something is still owed`);
    await wait(50);
  }
}

async function countOwed({ baseUrl, adminToken }: ReadyLine): Promise<number> {
  const headers = { Authorization: `Bearer ${adminToken}` };
  let count = 0;
  for (const status of ["waiting", "pending", "claimed"]) {
    const answer = await send(baseUrl, { method: "GET", path: `/api/v1/deliveries?status=${status}&limit=1`, headers });
    count += listAt(answer.body, "deliveries").length;
  }
  return count;
}
