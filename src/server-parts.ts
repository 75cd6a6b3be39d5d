/**
 * The composition root but for the clock and the engine, which `server.ts` has begun to open: the only place that makes the parts and knows
 * them all.
 *
 * They start from the inside out (engine, seed, admin token, monitor, HTTP, queue, dispatcher) and stop from the outside in: what is done once for all
 * processes is left to another, HTTP takes no new requests while the dispatcher lets its attempts end, the queue gives back what nobody took, the node leaves the others, the engine
 * finishes what is queued and closes the store.
 */
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { patiently } from "./app/patience.ts";
import type { Engine } from "./app/commands.ts";
import type { CensusPlace } from "./app/commands/health.ts";
import { createTargetGuard } from "./app/target-guard.ts";
import { systemClock, systemRandom, systemStopwatch } from "./config/system.ts";
import type { VirtualClock } from "./config/virtual-clock.ts";
import type { Clock } from "./core/clock.ts";
import { limits } from "./core/limits.ts";
import type { Seed } from "./core/seed.ts";
import { type DispatchLimits, brokerLimits, sharedLimits } from "./dispatch/dispatch-limits.ts";
import { createDispatcher } from "./dispatch/dispatcher.ts";
import type { Dispatcher } from "./dispatch/dispatcher.ts";
import { createHerald } from "./dispatch/herald.ts";
import type { Herald } from "./dispatch/herald.ts";
import { createJanitor } from "./dispatch/janitor.ts";
import type { Janitor } from "./dispatch/janitor.ts";
import { type Membership, createMembership, soleMembership } from "./dispatch/membership.ts";
import { createReplayer } from "./dispatch/replayer.ts";
import type { Replayer } from "./dispatch/replayer.ts";
import { staticFilesOf } from "./http/static-files.ts";
import { createHttpServer } from "./http/server.ts";
import type { HttpServer } from "./http/server.ts";
import { createBatchNotes } from "./observe/batch-notes.ts";
import { createCensusTaker } from "./observe/census-taker.ts";
import type { Events } from "./observe/events.ts";
import { type Feed, createFeed, eventsInto } from "./observe/feed.ts";
import { type HealthMonitor, createHealthMonitor, restingPulse } from "./observe/health.ts";
import { type Metrics, createMetrics } from "./observe/metrics.ts";
import type { DeliveryQueue } from "./queue/delivery-queue.ts";
import { storeQueue } from "./queue/store-queue.ts";
import { type News, createNews, noNews } from "./observe/news.ts";
import type { Begun, RunningServer, ServerOptions } from "./server.ts";

const adminTokenBytes = 32;
/** Where the build puts the console. */
const consoleFolder = fileURLToPath(new URL("../dist/console", import.meta.url));

/** Starts what is left; rejects with an Error whose message one can read, and leaves nothing running then. */
export async function completeServer(options: ServerOptions, begun: Begun): Promise<RunningServer> {
  const { dataFolder, seed } = options;
  const adminToken = options.adminToken ?? randomBytes(adminTokenBytes).toString("base64url");
  const parts = await makeParts(options, begun);
  const { engine, http, clock, virtualClock, monitor, events, membership, news } = parts;
  let queue: DeliveryQueue | null = null;
  try {
    await begun.opened;
    if (seed !== null) await patiently(() => applySeed(engine, seed), systemClock);
    // The token of a node without the API, unless somebody gave it, is nobody's.
    const isTokenKept = options.roles.has("api") || options.adminToken !== null;
    if (isTokenKept) await patiently(() => engine.run("admin.addToken", { adminToken }), systemClock);
    monitor.start();
    const { baseUrl, localUrl } = await listen(http, options);
    await patiently(() => membership.join(), systemClock);
    news.start();
    const handing = await openQueue(options, parts);
    queue = handing.queue;
    const dispatchers = options.roles.has("dispatch") ? [openDispatcher(options, { ...parts, ...handing }, baseUrl)] : [];
    const upkeep = options.roles.has("janitor") ? openUpkeep(options, parts) : [];
    const loops = [...dispatchers, ...upkeep];
    virtualClock?.waitFor(...loops.map((loop) => loop.quiet));
    for (const loop of loops) loop.start();
    events.serverReady({ baseUrl, dataFolder, database: begun.shared?.place ?? null });
    return {
      baseUrl,
      localUrl,
      engine,
      now: () => clock.now(),
      adminToken,
      clockOffsetMs: virtualClock?.offsetMs ?? 0,
      stop: stopper({ ...parts, dispatchers, upkeep, queue }),
    };
  } catch (error) {
    // Whatever it is, the caller hears of it; what runs by now must not keep the process alive.
    await monitor.stop();
    await http.close();
    await queue?.stop();
    await news.stop();
    await membership.leave();
    await engine.close();
    throw error;
  }
}

type InnerParts = {
  readonly clock: Clock;
  readonly virtualClock: VirtualClock | null;
  readonly metrics: Metrics;
  /** Those of the log, with each attempt told to the feed besides. */
  readonly events: Events;
  readonly engine: Engine;
  readonly monitor: HealthMonitor;
  readonly replayer: Replayer;
  readonly membership: Membership;
  readonly news: News;
  /** What dispatch keeps to among the processes on the store. */
  readonly limits: Partial<DispatchLimits>;
  readonly http: HttpServer;
  /** What the monitor watches, from the instant at which it is there. */
  readonly watched: { dispatcher: Dispatcher | null };
};

/** Everything that is there before the address is known. */
async function makeParts(options: ServerOptions, begun: Begun): Promise<InnerParts> {
  const { clock, virtualClock, engine, onBatches } = begun;
  const metrics = createMetrics({ version: options.version, ofProcess: true });
  const log = await options.events;
  const { feed, membership, news, tellReplay, limits: ownLimits } = companyOf(options, begun, log);
  const events = eventsInto(feed, log);
  const noteBatch = createBatchNotes({ metrics, events });
  onBatches((report) => {
    noteBatch(report);
    monitor.noteBatch();
  });
  const consoleFiles = staticFilesOf(consoleFolder);
  const watched: InnerParts["watched"] = { dispatcher: null };
  const monitor = createHealthMonitor({
    realClock: systemClock,
    clock,
    events,
    beat: async (skipped) => {
      const { dueAt } = await engine.run("health.beat", { skipped });
      // What is due is the business of those who send it.
      return { dueAt: options.roles.has("dispatch") ? dueAt : null };
    },
    stage: () => engine.stage,
    pulse: () => watched.dispatcher?.pulse ?? restingPulse,
    attemptTimeoutMs: limits.attemptTimeoutMs,
  });
  const census = createCensusTaker({
    count: (after: CensusPlace | null) => engine.run("health.count", { after }),
    clock,
    realClock: systemClock,
  });
  metrics.attach({
    census,
    nodes: () => membership.nodes,
    isLeading: () => membership.lead.holds(),
    health: () => monitor.report(),
    queued: () => engine.queued,
    inFlight: () => watched.dispatcher?.pulse.running ?? 0,
  });
  const replayer = createReplayer({ engine, clock, events, lead: membership.lead });
  engine.onHint(() => replayer.wake(), "replay");
  const onReplay = (): void => {
    replayer.wake();
    tellReplay();
  };
  const watching = { health: monitor, census, metrics, events, feed };
  const isProbesOnly = !options.roles.has("api");
  const own = { engine, clock, realClock: systemClock, virtualClock, consoleFiles, onReplay, isProbesOnly };
  const http = createHttpServer({ ...options, ...watching, ...own });
  return { clock, virtualClock, metrics, events, engine, monitor, replayer, membership, news, limits: ownLimits, http, watched };
}

type Company = Pick<InnerParts, "membership" | "news" | "limits"> & { readonly feed: Feed; readonly tellReplay: () => void };

/** The one place that knows whether other processes are on the store. */
function companyOf({ roles }: ServerOptions, { engine, clock, shared }: Begun, events: Events): Company {
  if (shared === null) {
    return { feed: createFeed(clock), membership: soleMembership, news: noNews, limits: {}, tellReplay: () => undefined };
  }
  const { wire } = shared;
  const feed = createFeed(clock, { isTold: true });
  return {
    feed,
    membership: createMembership({ engine, realClock: systemClock, stopwatch: systemStopwatch, events, roles }),
    news: createNews({ feed, realClock: systemClock, wire }),
    limits: sharedLimits,
    tellReplay: () => wire.send("replay"),
  };
}

type Handing = { readonly queue: DeliveryQueue; readonly limits: Partial<DispatchLimits> };

/** The one place that knows who hands out. Every process has a queue, so that what it writes is published; one with no dispatcher takes nothing. */
async function openQueue({ nats }: ServerOptions, { engine, clock, events, metrics, limits: ownLimits }: InnerParts): Promise<Handing> {
  if (nats === null) return { queue: storeQueue(engine, systemClock), limits: ownLimits };
  const streamName = `watchpost-${await patiently(() => engine.run("dispatch.queueName", {}), systemClock)}`;
  const [{ natsBroker }, { jetStreamQueue }] = await Promise.all([import("./queue/nats-broker.ts"), import("./queue/jetstream-queue.ts")]);
  const broker = natsBroker({ access: nats, streamName, clock, events, metrics });
  return { queue: jetStreamQueue({ engine, broker, clock, events, metrics }), limits: brokerLimits };
}

function openDispatcher(options: ServerOptions, parts: InnerParts & Handing, baseUrl: string): Dispatcher {
  const { queue, clock, metrics, events, membership, limits: ownLimits, watched } = parts;
  const { version, allowedCidrs } = options;
  const guard = createTargetGuard({ allowedCidrs });
  const own = { tenure: membership.tenure, limits: ownLimits };
  const dispatcher = createDispatcher({ queue, clock, random: systemRandom, events, metrics, guard, baseUrl, version, ...own });
  watched.dispatcher = dispatcher;
  return dispatcher;
}

type UpkeepLoop = Janitor | Replayer | Herald;

/** What one process does for all. */
function openUpkeep({ spans }: ServerOptions, { engine, clock, events, metrics, membership, replayer }: InnerParts): readonly UpkeepLoop[] {
  const { lead } = membership;
  const janitor = createJanitor({ engine, clock, events, metrics, lead, historyMs: spans.historyMs, deadMs: spans.deadMs });
  const herald = createHerald({ engine, clock, events, metrics, lead });
  return [janitor, replayer, herald];
}

/** A seed that contradicts what the store has, or itself, is no start; the store is as it was. */
async function applySeed(engine: Engine, seed: Seed): Promise<void> {
  const applied = await engine.run("seed.apply", { seed });
  if (!applied.ok) throw new Error(`the seed cannot be applied: ${applied.error}`);
}

type Parts = {
  readonly virtualClock: VirtualClock | null;
  readonly http: HttpServer;
  readonly monitor: HealthMonitor;
  readonly dispatchers: readonly Dispatcher[];
  readonly upkeep: readonly UpkeepLoop[];
  readonly queue: DeliveryQueue;
  readonly membership: Membership;
  readonly news: News;
  readonly engine: Engine;
  readonly events: Events;
};

function stopper(parts: Parts): (reason: string) => Promise<void> {
  let stopping: Promise<void> | null = null;

  async function stopInOrder(reason: string): Promise<void> {
    const startedAt = systemClock.now();
    parts.events.serverStopping({ reason });
    parts.virtualClock?.stop();
    const resigned = Promise.all(parts.upkeep.map((loop) => loop.stop())).then(() => parts.membership.resign());
    // A request or an attempt may take long to end, and what waits in hand is not to wait for it.
    await Promise.all([resigned, parts.http.close(), parts.queue.drain(), ...parts.dispatchers.map((dispatcher) => dispatcher.stop())]);
    await parts.monitor.stop();
    await parts.queue.stop();
    await parts.news.stop();
    await parts.membership.leave();
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
