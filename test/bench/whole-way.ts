/** The whole way: the program as people run it, with an org, channels and records made over its API, and the load generator before it. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { signIn } from "../support/client.ts";
import { TemporaryFolder, type WatchpostProcess, startProcess } from "../support/process.ts";
import { acme, credentialsOf } from "../support/seeds.ts";
import { type FanOut, insertItems, watchItems } from "./org.ts";
import { Part } from "./part.ts";
import type { Edits, LoadActs } from "./parts/load.ts";
import type { Session } from "./session.ts";

export class WholeWay implements AsyncDisposable {
  readonly load: Part<LoadActs>;
  readonly #session: Session;
  readonly #stack: AsyncDisposableStack;
  readonly #baseUrl: string;
  readonly #adminToken: string;
  readonly #accessToken: string;
  /** The server's process. */
  readonly pid: number;
  readonly #recordIds = new Map<string, readonly string[]>();

  private constructor(session: Session, parts: { stack: AsyncDisposableStack; load: Part<LoadActs> } & Server) {
    this.load = parts.load;
    this.#session = session;
    this.#stack = parts.stack;
    this.#baseUrl = parts.baseUrl;
    this.#adminToken = parts.adminToken;
    this.#accessToken = parts.accessToken;
    this.pid = parts.process.pid;
  }

  /** Starts all of it on a new store, or on that of the environment, with channels and records for each fan-out. */
  static async open(session: Session, fanOuts: readonly FanOut[], environment: Environment = {}): Promise<WholeWay> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TemporaryFolder());
    const load = stack.use(new Part<LoadActs>("./parts/load.ts"));
    const server = await startServer(folder, environment);
    stack.use(server.process);
    const client = await signIn(server.baseUrl, credentialsOf(acme.org.name));
    const whole = new WholeWay(session, { stack: stack.move(), load, ...server, accessToken: client.accessToken });
    for (const fanOut of fanOuts) {
      const ids: string[] = [];
      for (const data of insertItems(fanOut.module, session.scale.records)) {
        ids.push(...idsOf((await client.request("POST", `/${fanOut.module}`, { data })).body));
      }
      whole.#recordIds.set(fanOut.module, ids);
      for (const watch of watchItems({ ...fanOut, notifyUrl: `${session.receiverUrl}/` })) {
        const { status, text } = await client.request("POST", "/actions/watch", { watch });
        assert.equal(status, 201, text);
      }
    }
    return whole;
  }

  edits(fanOut: FanOut, recordsPerWrite: number): Edits {
    const recordIds = this.#recordIds.get(fanOut.module) ?? [];
    return { baseUrl: this.#baseUrl, accessToken: this.#accessToken, module: fanOut.module, recordIds, recordsPerWrite };
  }

  /** Edits for so long, then waits until all is settled. */
  async run(run: {
    readonly fanOut: FanOut;
    readonly recordsPerWrite: number;
    readonly forMs: number;
  }): Promise<{ writes: number; tookMs: number }> {
    const before = await this.counts();
    const startedMs = performance.now();
    const writes = await this.load.ask("closed", { edits: this.edits(run.fanOut, run.recordsPerWrite), forMs: run.forMs });
    await this.settle(before, writes * run.fanOut.channels);
    return { writes, tookMs: performance.now() - startedMs };
  }

  /** What the receiver has got, and what the store has settled. */
  async counts(): Promise<Counts> {
    return { received: await this.#session.received(), settled: await this.#settled() };
  }

  /** Resolves when so many deliveries more than `before` have arrived and are settled. */
  async settle(before: Counts, owed: number): Promise<void> {
    while ((await this.#session.received()) < before.received + owed) await sleep(1);
    while ((await this.#settled()) < before.settled + owed) await sleep(1);
    const after = await this.counts();
    this.#session.noteDeliveries({ owed, received: after.received - before.received, settled: after.settled - before.settled });
  }

  /** Asks the store itself whether anything is open or was given up; it looks through all deliveries, so no measured time has it in. */
  async checkSettled(): Promise<void> {
    for (const status of ["waiting", "pending", "claimed", "dead"]) {
      const { deliveries } = (await (await this.#ask(`/api/v1/deliveries?status=${status}&limit=1`)).json()) as { deliveries: unknown };
      assert.deepEqual(deliveries, [], `deliveries are ${status}`);
    }
  }

  /** What `/metrics` says of one sample, named with its labels; 0 where it says nothing. */
  async metric(sample: string): Promise<number> {
    const metrics = await (await this.#ask("/metrics")).text();
    const line = metrics.split("\n").find((text) => text.startsWith(`${sample} `));
    return Number(line?.slice(sample.length + 1) ?? 0);
  }

  /** Deliveries that the store has committed as delivered. */
  #settled(): Promise<number> {
    return this.metric('watchpost_deliveries_settled_total{state="delivered"}');
  }

  async #ask(path: string): Promise<Response> {
    const response = await fetch(`${this.#baseUrl}${path}`, { headers: { Authorization: `Bearer ${this.#adminToken}` } });
    assert.equal(response.status, 200, path);
    return response;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

type Counts = { readonly received: number; readonly settled: number };

type Environment = Readonly<Record<string, string>>;

type Server = { readonly process: WatchpostProcess; readonly baseUrl: string; readonly adminToken: string; readonly accessToken: string };

/** `watchpost serve` over a store in this folder, or the one that the environment names, which may send to this machine. */
export async function startServer(
  folder: TemporaryFolder,
  environment: Environment = {},
): Promise<{ readonly process: WatchpostProcess; readonly baseUrl: string; readonly adminToken: string }> {
  const seed = folder.file("seed.json", { orgs: [acme] });
  const data = "WATCHPOST_DATABASE_URL" in environment ? [] : ["--data", `${folder.path}/store`];
  const words = ["serve", ...data, "--seed", seed, "--allow-target", "127.0.0.0/8", "--log-level", "error"];
  const { server, ready } = await startProcess(words, { environment });
  return { process: server, baseUrl: ready.baseUrl, adminToken: ready.adminToken };
}

function idsOf(answer: unknown): readonly string[] {
  const { data } = answer as { data: readonly { readonly details: { readonly id: string } }[] };
  return data.map(({ details }) => details.id);
}
