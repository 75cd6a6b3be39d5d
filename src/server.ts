/**
 * How a server starts. The store's thread takes as long to load its code and to open the store as the rest of the program takes to load, so
 * it begins first, and the other parts (`server-parts.ts`) are imported and made meanwhile.
 */
import {
  type EngineOptions,
  type StartedEngine,
  type StoreEngine,
  type StoreThread,
  leaveThread,
  startEngine,
  startThread,
} from "./app/engine.ts";
import type { Engine } from "./app/commands.ts";
import type { BatchReport } from "./app/executor.ts";
import type { Wire } from "./app/open-postgres-engine.ts";
import { openVirtualClock } from "./config/clock-offset.ts";
import type { MetricsAccess } from "./config/options.ts";
import { systemClock, systemRandom, systemStopwatch } from "./config/system.ts";
import type { TlsFiles } from "./config/tls-files.ts";
import type { VirtualClock } from "./config/virtual-clock.ts";
import type { Clock } from "./core/clock.ts";
import { databasePlace } from "./core/database-url.ts";
import type { Roles } from "./core/role.ts";
import type { Seed } from "./core/seed.ts";
import type { QuotaLimits } from "./http/quota.ts";
import type { Spans } from "./http/stats.ts";
import type { Events } from "./observe/events.ts";
import type { NatsAccess } from "./queue/nats-access.ts";

/** What a server needs whatever its options, on its way. */
export type PreparedServer = StoreThread;

/** To be called as soon as it is known that there will be a server. Where none comes of it, it holds nothing and keeps nothing alive. */
export function prepareServer(): PreparedServer {
  return startThread();
}

export type ServerOptions = {
  readonly prepared: PreparedServer;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** null: in memory, gone when the server stops. */
  readonly dataFolder: string | null;
  /** A PostgreSQL database in place of a folder; null: none. */
  readonly databaseUrl: string | null;
  /** NATS JetStream to hand deliveries out with; null: the store does by itself. */
  readonly nats: NatsAccess | null;
  /** What the process does of all that a server does. */
  readonly roles: Roles;
  /** null: none. */
  readonly seed: Seed | null;
  /** The origin clients see; null: the address listened on. */
  readonly publicUrl: string | null;
  /** Networks a notify_url may point to although they are not public, as CIDR. */
  readonly allowedCidrs: readonly string[];
  /** null: a new one is made. */
  readonly adminToken: string | null;
  /** May still be under way. */
  readonly events: Promise<Events>;
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
  /** How long history and dead deliveries are kept, and how long a target may fail before its channel is disabled, in ms. */
  readonly spans: Spans;
  readonly metricsAccess: MetricsAccess;
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

/** What is under way before the other parts are there. */
export type Begun = {
  readonly clock: Clock;
  readonly virtualClock: VirtualClock | null;
  /** Takes commands from the first; they run when the store is open. */
  readonly engine: StoreEngine;
  /** Rejects when the store cannot be opened. */
  readonly opened: Promise<void>;
  /** The store's place, for people, and the wire to the other processes on it; null: it is a folder's or in memory, and no other can be on it. */
  readonly shared: { readonly place: string; readonly wire: Wire } | null;
  /** Names who hears of each batch. */
  readonly onBatches: (listener: (report: BatchReport) => void) => void;
};

/** Starts a server; rejects with an Error whose message one can read, and leaves nothing running then. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { dataFolder, allowedCidrs, spans } = options;
  const virtualClock = options.isClockVirtual ? await openVirtualClock(systemClock, dataFolder) : null;
  const clock = virtualClock ?? systemClock;
  let hear: (report: BatchReport) => void = () => undefined;
  const onBatch = (report: BatchReport): void => hear(report);
  const onBatches: Begun["onBatches"] = (listener) => {
    hear = listener;
  };
  const begun = await beginEngine(options, { clock, targetPolicy: { allowedCidrs }, failingMs: spans.failingMs, onBatch });
  const { completeServer } = await import("./server-parts.ts");
  return completeServer(options, { clock, virtualClock, onBatches, ...begun });
}

/** The one place that knows which database it is. */
async function beginEngine(
  { prepared, dataFolder, databaseUrl }: ServerOptions,
  own: Omit<EngineOptions, "dataFolder">,
): Promise<StartedEngine & Pick<Begun, "shared">> {
  if (databaseUrl === null) return { ...startEngine(prepared, { ...own, dataFolder }), shared: null };
  leaveThread(prepared);
  const { openSharedEngine } = await import("./app/open-postgres-engine.ts");
  const { engine, wire } = await openSharedEngine(databaseUrl, {
    ...own,
    realClock: systemClock,
    random: systemRandom,
    stopwatch: systemStopwatch,
  });
  return { engine, opened: Promise.resolve(), shared: { place: databasePlace(databaseUrl), wire } };
}
