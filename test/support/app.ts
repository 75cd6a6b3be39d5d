/** The real server in this process: engine, HTTP and dispatcher on a free port of 127.0.0.1, under a clock that a test moves. */
import assert from "node:assert/strict";
import { openEngine } from "../../src/app/engine.ts";
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import { VirtualClock } from "../../src/config/virtual-clock.ts";
import type { Seed } from "../../src/core/seed.ts";
import { createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { createHttpServer } from "../../src/http/server.ts";
import type { StaticFiles } from "../../src/http/static-files.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { createFeed, eventsInto } from "../../src/observe/feed.ts";
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
  /** The clock of all parts: `clock`, and what the admin API moved it ahead. */
  readonly virtualClock: VirtualClock;
  readonly #settlements: Settlements;
  readonly #stop: () => Promise<void>;

  constructor(parts: {
    baseUrl: string;
    engine: Engine;
    clock: ManualClock;
    virtualClock: VirtualClock;
    settlements: Settlements;
    stop: () => Promise<void>;
  }) {
    this.baseUrl = parts.baseUrl;
    this.engine = parts.engine;
    this.clock = parts.clock;
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
  const engine = settlements.observe(await openEngine({ dataFolder: options.dataFolder ?? null, clock, targetPolicy }));
  const applied = await engine.run("seed.apply", { seed: options.seed ?? seedOf(acme) });
  assert.ok(applied.ok, applied.ok ? "" : applied.error);
  await engine.run("admin.addToken", { adminToken });
  const version = "0.0.0-test";
  const feed = createFeed(clock);
  const http = createHttpServer({
    engine,
    clock,
    virtualClock: clock,
    events: silentEvents,
    publicUrl: options.publicUrl ?? null,
    version,
    throttlesTokens: options.throttlesTokens ?? false,
    feed,
    realClock: manual,
    consoleFiles: options.consoleFiles ?? null,
    isDev: options.isDev ?? true,
  });
  const { baseUrl, localUrl } = await http.listen({ host: "127.0.0.1", port: 0 });
  const dispatcher = createDispatcher({
    engine,
    clock,
    random: { next: () => 0.5 },
    events: eventsInto(feed, silentEvents),
    guard: createTargetGuard(targetPolicy),
    baseUrl,
    version,
  });
  clock.waitFor(dispatcher.quiet);
  dispatcher.start();
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      await http.close();
      await dispatcher.stop();
      await engine.close();
    })());
  return new App({ baseUrl: localUrl, engine, clock: manual, virtualClock: clock, settlements, stop });
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
    return { run, onHint: (listener) => engine.onHint(listener), close: () => engine.close() };
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
