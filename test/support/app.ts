/** The real server in this process: engine, HTTP and dispatcher on a free port of 127.0.0.1, under a clock that a test moves. */
import assert from "node:assert/strict";
import { openTestEngine } from "./test-store.ts";
import type { CensusPlace } from "../../src/app/commands/health.ts";
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import { VirtualClock } from "../../src/config/virtual-clock.ts";
import { limits } from "../../src/core/limits.ts";
import type { Seed } from "../../src/core/seed.ts";
import { createReplayer } from "../../src/dispatch/replayer.ts";
import { type Dispatcher, createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { createHerald } from "../../src/dispatch/herald.ts";
import { createHttpServer } from "../../src/http/server.ts";
import type { StaticFiles } from "../../src/http/static-files.ts";
import { createBatchNotes } from "../../src/observe/batch-notes.ts";
import { createCensusTaker } from "../../src/observe/census-taker.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { createFeed, eventsInto } from "../../src/observe/feed.ts";
import { createHealthMonitor, restingPulse } from "../../src/observe/health.ts";
import { createMetrics } from "../../src/observe/metrics.ts";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { send, signIn } from "./client.ts";
import type { Answer, Client } from "./client.ts";
import { ManualClock } from "./clock.ts";
import { listAt } from "./json.ts";
import { acme, credentialsOf, seedOf } from "./seeds.ts";

export type AppOptions = {
  readonly seed?: Seed;
  /** Where the clock stands at first, in ms. */
  readonly nowMs?: number;
  /** null, the default, keeps everything in memory. */
  readonly dataFolder?: string | null;
  readonly publicUrl?: string;
  readonly allowedCidrs?: readonly string[];
  readonly throttlesTokens?: boolean;
  readonly metricsAccess?: "open" | "admin";
  /** How long a target may fail before its channel is disabled. */
  readonly failingMs?: number;
  /** The console as it was built; none unless given. */
  readonly consoleFiles?: StaticFiles;
  /** Whether it is the server of `dev`; it is unless said. */
  readonly isDev?: boolean;
};

export const defaultNowMs = Date.UTC(2026, 0, 15, 9, 30, 0);
export const adminToken = "admin-token-of-the-tests";

export class App {
  /** Where it listens, whatever its public URL. */
  readonly baseUrl: string;
  readonly engine: Engine;
  /** Stands still until a test moves it. */
  readonly clock: ManualClock;
  /** Real time, by which nothing is stuck while it stands still. */
  readonly realClock: ManualClock;
  /** The clock of all parts: `clock`, and what the admin API moved it ahead. */
  readonly virtualClock: VirtualClock;
  readonly #settlements: Settlements;
  readonly #stop: () => Promise<void>;

  constructor(parts: {
    baseUrl: string;
    engine: Engine;
    clock: ManualClock;
    realClock: ManualClock;
    virtualClock: VirtualClock;
    settlements: Settlements;
    stop: () => Promise<void>;
  }) {
    this.baseUrl = parts.baseUrl;
    this.engine = parts.engine;
    this.clock = parts.clock;
    this.realClock = parts.realClock;
    this.virtualClock = parts.virtualClock;
    this.#settlements = parts.settlements;
    this.#stop = parts.stop;
  }

  /** A client of the org with this name. */
  client(name = "acme"): Promise<Client> {
    return signIn(this.baseUrl, credentialsOf(name));
  }

  /** A request to the admin API, with its token; `path` is behind `/api/v1`. */
  admin(method: string, path: string, body?: unknown): Promise<Answer> {
    return send(this.baseUrl, { method, path: `/api/v1${path}`, headers: { Authorization: `Bearer ${adminToken}` }, body });
  }

  /** The delivery log, the newest first, narrowed by a query such as `?status=pending`. */
  async deliveries(query = ""): Promise<readonly unknown[]> {
    const answer = await this.admin("GET", `/deliveries${query}`);
    assert.equal(answer.status, 200, answer.text);
    return listAt(answer.body, "deliveries");
  }

  /** The value of a metric, by its name with its labels as they are printed. */
  async metric(series: string): Promise<number> {
    // So that the store is counted anew.
    this.realClock.advance(limits.censusKeptMs);
    const { text } = await send(this.baseUrl, { method: "GET", path: "/metrics" });
    const line = text.split("\n").find((each) => each.startsWith(`${series} `));
    assert.ok(line !== undefined, `${series} is not there:\n${text}`);
    return Number(line.slice(series.length + 1));
  }

  /** Resolves once `count` attempts have been settled since the start. */
  untilSettled(count: number): Promise<void> {
    return this.#settlements.until(count);
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stop();
  }
}

export async function startApp(options: AppOptions = {}): Promise<App> {
  const manual = new ManualClock(options.nowMs ?? defaultNowMs);
  const clock = new VirtualClock({ base: manual, offsetMs: 0, keepOffset: () => Promise.resolve() });
  const targetPolicy = { allowedCidrs: options.allowedCidrs ?? ["127.0.0.0/8"] };
  const settlements = new Settlements();
  const metrics = createMetrics({ version: "0.0.0-test", ofProcess: false });
  const noteBatch = createBatchNotes({ metrics, events: silentEvents });
  const { dataFolder = null, failingMs = limits.failingMs } = options;
  const thread = await openTestEngine({ dataFolder, clock, targetPolicy, failingMs, onBatch: noteBatch });
  const engine = settlements.observe(thread);
  // Real time stands still: nothing is ever stuck, and nothing beats by itself.
  const realClock = new ManualClock(0);
  const watched: { dispatcher: Dispatcher | null } = { dispatcher: null };
  const monitor = createHealthMonitor({
    realClock,
    clock,
    events: silentEvents,
    beat: (skipped) => engine.run("health.beat", { skipped }),
    stage: () => thread.stage,
    pulse: () => watched.dispatcher?.pulse ?? restingPulse,
    attemptTimeoutMs: limits.attemptTimeoutMs,
  });
  const census = createCensusTaker({ count: (after: CensusPlace | null) => engine.run("health.count", { after }), clock, realClock });
  metrics.attach({
    census,
    health: () => monitor.report(),
    queued: () => thread.queued,
    inFlight: () => watched.dispatcher?.pulse.running ?? 0,
  });
  const applied = await engine.run("seed.apply", { seed: options.seed ?? seedOf(acme) });
  assert.ok(applied.ok, applied.ok ? "" : applied.error);
  await engine.run("admin.addToken", { adminToken });
  const version = "0.0.0-test";
  const feed = createFeed(clock);
  const replayer = createReplayer({ engine, clock, events: silentEvents });
  const http = createHttpServer({
    engine,
    clock,
    virtualClock: clock,
    events: silentEvents,
    health: monitor,
    census,
    metrics,
    metricsAccess: options.metricsAccess ?? "open",
    publicUrl: options.publicUrl ?? null,
    version,
    throttlesTokens: options.throttlesTokens ?? false,
    feed,
    realClock: manual,
    consoleFiles: () => Promise.resolve(options.consoleFiles ?? null),
    isDev: options.isDev ?? true,
    onReplay: () => replayer.wake(),
  });
  const { baseUrl, localUrl } = await http.listen({ host: "127.0.0.1", port: 0 });
  const dispatcher = createDispatcher({
    queue: storeQueue(engine),
    clock,
    random: { next: () => 0.5 },
    events: eventsInto(feed, silentEvents),
    metrics,
    guard: createTargetGuard(targetPolicy),
    baseUrl,
    version,
  });
  watched.dispatcher = dispatcher;
  const herald = createHerald({ engine, clock, events: silentEvents, metrics });
  const loops = [dispatcher, replayer, herald];
  clock.waitFor(...loops.map((loop) => loop.quiet));
  for (const loop of loops) loop.start();
  monitor.start();
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      await http.close();
      await monitor.stop();
      await Promise.all(loops.map((loop) => loop.stop()));
      await engine.close();
    })());
  return new App({ baseUrl: localUrl, engine, clock: manual, realClock, virtualClock: clock, settlements, stop });
}

/** Counts what the dispatcher settles, so that a test can wait for it instead of asking again and again. */
class Settlements {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  observe(engine: Engine): Engine {
    const run = async <N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>> => {
      const output = await engine.run(name, input);
      if (Array.isArray(output) && name === "dispatch.settle") {
        this.#count += output.filter((hasHeld) => hasHeld === true).length;
        for (const look of this.#waiting) look();
      }
      return output;
    };
    return {
      run,
      onHint: (listener, topic) => engine.onHint(listener, topic),
      onGathering: (listener) => engine.onGathering(listener),
      close: () => engine.close(),
    };
  }

  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#count < count) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
