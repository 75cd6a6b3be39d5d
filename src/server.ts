/**
 * The composition root: the only place that makes the parts and knows them all.
 *
 * They start from the inside out (engine, seed, admin token, HTTP, dispatcher) and stop from the outside in: HTTP takes no new
 * requests, the dispatcher lets its attempts end, the engine finishes what is queued and closes the store.
 */
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Engine } from "./app/commands.ts";
import { openEngine } from "./app/engine.ts";
import { createTargetGuard } from "./app/target-guard.ts";
import { openVirtualClock } from "./config/clock-offset.ts";
import { systemClock, systemRandom } from "./config/system.ts";
import type { TlsFiles } from "./config/tls-files.ts";
import type { VirtualClock } from "./config/virtual-clock.ts";
import { limits } from "./core/limits.ts";
import type { Seed } from "./core/seed.ts";
import { createDispatcher } from "./dispatch/dispatcher.ts";
import type { Dispatcher } from "./dispatch/dispatcher.ts";
import { createJanitor } from "./dispatch/janitor.ts";
import type { Janitor } from "./dispatch/janitor.ts";
import { readStaticFiles } from "./http/static-files.ts";
import type { QuotaLimits } from "./http/quota.ts";
import { createHttpServer } from "./http/server.ts";
import type { HttpServer } from "./http/server.ts";
import type { Events } from "./observe/events.ts";
import { createFeed, eventsInto } from "./observe/feed.ts";

export type ServerOptions = {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** null: in memory, gone when the server stops. */
  readonly dataFolder: string | null;
  /** null: none. */
  readonly seed: Seed | null;
  /** The origin clients see; null: the address listened on. */
  readonly publicUrl: string | null;
  /** Networks a notify_url may point to although they are not public, as CIDR. */
  readonly allowedCidrs: readonly string[];
  /** null: a new one is made. */
  readonly adminToken: string | null;
  readonly events: Events;
  readonly version: string;
  /** Whether the clock can be moved, over the admin API; otherwise it keeps real time. */
  readonly isClockVirtual: boolean;
  /** Whether it is the server of `dev`, with an inbox. */
  readonly isDev: boolean;
  /** null: plain http. */
  readonly tls: TlsFiles | null;
  readonly quotaLimits: QuotaLimits;
  /** Whether a client gets only so many tokens and codes within a while. */
  readonly throttlesTokens: boolean;
};

export type RunningServer = {
  /** The origin clients see. */
  readonly baseUrl: string;
  /** Where it listens, whatever the public URL. */
  readonly localUrl: string;
  readonly engine: Engine;
  /** The instant of the server's clock. */
  readonly now: () => number;
  /** The one given, or the one made. */
  readonly adminToken: string;
  /** How far ahead of real time the clock was at the start. */
  readonly clockOffsetMs: number;
  /** Drains and stops. Twice is fine: the second waits for the first. */
  stop(reason: string): Promise<void>;
};

const adminTokenBytes = 32;
/** Where the build puts the console. */
const consoleFolder = fileURLToPath(new URL("../dist/console", import.meta.url));

/** Starts a server; rejects with an Error whose message one can read, and leaves nothing running then. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { publicUrl, version, dataFolder, tls, quotaLimits, throttlesTokens, isDev } = options;
  const targetPolicy = { allowedCidrs: options.allowedCidrs };
  const adminToken = options.adminToken ?? randomBytes(adminTokenBytes).toString("base64url");
  const virtualClock = options.isClockVirtual ? await openVirtualClock(systemClock, dataFolder) : null;
  const clock = virtualClock ?? systemClock;
  const feed = createFeed(clock);
  const events = eventsInto(feed, options.events);
  const consoleFiles = await readStaticFiles(consoleFolder);
  const engine = await openEngine({ dataFolder, clock, targetPolicy });
  const operator = { feed, consoleFiles, isDev, realClock: systemClock };
  const origin = { publicUrl, version, tls, quotaLimits, throttlesTokens };
  const http = createHttpServer({ engine, clock, virtualClock, events, ...origin, ...operator });
  try {
    if (options.seed !== null) await applySeed(engine, options.seed);
    await engine.run("admin.addToken", { adminToken });
    const { baseUrl, localUrl } = await listen(http, options);
    const guard = createTargetGuard(targetPolicy);
    const dispatcher = createDispatcher({ engine, clock, random: systemRandom, events, guard, baseUrl, version });
    const { historyMs, deadMs } = limits;
    const janitor = createJanitor({ engine, clock, events, historyMs, deadMs });
    virtualClock?.waitFor(dispatcher.quiet, janitor.quiet);
    dispatcher.start();
    janitor.start();
    events.serverReady({ baseUrl, dataFolder });
    return {
      baseUrl,
      localUrl,
      engine,
      now: () => clock.now(),
      adminToken,
      clockOffsetMs: virtualClock?.offsetMs ?? 0,
      stop: stopper({ virtualClock, http, dispatcher, janitor, engine, events }),
    };
  } catch (error) {
    // Whatever it is, the caller hears of it; what runs by now must not keep the process alive.
    await http.close();
    await engine.close();
    throw error;
  }
}

/** A seed that contradicts what the store has, or itself, is no start; the store is as it was. */
async function applySeed(engine: Engine, seed: Seed): Promise<void> {
  const applied = await engine.run("seed.apply", { seed });
  if (!applied.ok) throw new Error(`the seed cannot be applied: ${applied.error}`);
}

type Parts = {
  readonly virtualClock: VirtualClock | null;
  readonly http: HttpServer;
  readonly dispatcher: Dispatcher;
  readonly janitor: Janitor;
  readonly engine: Engine;
  readonly events: Events;
};

function stopper(parts: Parts): (reason: string) => Promise<void> {
  let stopping: Promise<void> | null = null;

  async function stopInOrder(reason: string): Promise<void> {
    const startedAt = systemClock.now();
    parts.events.serverStopping({ reason });
    parts.virtualClock?.stop();
    await parts.http.close();
    await Promise.all([parts.dispatcher.stop(), parts.janitor.stop()]);
    await parts.engine.close();
    parts.events.serverStopped({ tookMs: systemClock.now() - startedAt });
  }

  return async (reason) => {
    stopping ??= stopInOrder(reason);
    await stopping;
  };
}

async function listen(http: HttpServer, { host, port }: ServerOptions): Promise<{ readonly baseUrl: string; readonly localUrl: string }> {
  try {
    return await http.listen({ host, port });
  } catch (error) {
    // Expected: the port is taken, the address is not ours, the port needs a privilege. The code says which.
    throw new Error(`cannot listen on ${host} port ${String(port)}: ${reasonOf(error)}`, { cause: error });
  }
}

const listenFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use",
  EADDRNOTAVAIL: "this machine does not have the address",
  EACCES: "not permitted",
  ENOTFOUND: "the host name is unknown",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return listenFaults[code] ?? (error instanceof Error ? error.message : "unknown");
}
