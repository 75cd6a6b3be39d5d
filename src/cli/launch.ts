/** What `dev` and `serve` share: the seed they were given, and the server started with their settings. */
import path from "node:path";
import type { Secrets, Settings } from "../config/read-options.ts";
import { type NatsFiles, readNatsFiles } from "../config/nats-files.ts";
import { readSeedFile } from "../config/seed-file.ts";
import type { TlsFiles } from "../config/tls-files.ts";
import { readTlsFiles } from "../config/tls-files.ts";
import { version } from "../config/version.ts";
import type { Result } from "../core/result.ts";
import { ok } from "../core/result.ts";
import type { Seed } from "../core/seed.ts";
import type { LogLevel } from "../config/options.ts";
import type { Events } from "../observe/events.ts";
import { startServer } from "../server.ts";
import type { PreparedServer, RunningServer } from "../server.ts";

export type Launch = {
  readonly prepared: PreparedServer;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly seed: Seed | null;
  readonly tls: TlsFiles | null;
  readonly natsFiles: NatsFiles;
  /** null: the store is the database of the secrets. */
  readonly dataFolder: string | null;
  /** Networks a notify_url may point to, besides those of the settings. */
  readonly ownCidrs: readonly string[];
  /** Whether it is for development: the admin API can move the clock, and there is an inbox. */
  readonly isDev: boolean;
};

/** What the files of the settings hold. */
export type GivenFiles = { readonly seed: Seed | null; readonly tls: TlsFiles | null; readonly natsFiles: NatsFiles };

/** The seed of `--seed`, or `otherwise`, and the files of TLS and of NATS; the error is one line that names the file. */
export async function readGivenFiles({ seed: path, tls, nats }: Settings, otherwise: Seed | null): Promise<Result<GivenFiles, string>> {
  const seed = path === null ? ok(otherwise) : await readSeedFile(path);
  if (!seed.ok) return seed;
  const tlsFiles = tls === null ? ok(null) : await readTlsFiles(tls.certFile, tls.keyFile);
  if (!tlsFiles.ok) return tlsFiles;
  const natsFiles = await readNatsFiles(nats);
  return natsFiles.ok ? ok({ seed: seed.value, tls: tlsFiles.value, natsFiles: natsFiles.value }) : natsFiles;
}

/** Rejects with an Error whose message says in one line why the server cannot start. */
export async function launchServer({
  prepared,
  settings,
  secrets,
  seed,
  tls,
  natsFiles,
  dataFolder,
  ownCidrs,
  isDev,
}: Launch): Promise<RunningServer> {
  return startServer({
    prepared,
    host: settings.host,
    port: settings.port,
    dataFolder: dataFolder === null ? null : path.resolve(dataFolder),
    databaseUrl: secrets.databaseUrl,
    nats: secrets.natsUrl === null ? null : { url: secrets.natsUrl, replicas: settings.nats.replicas, ...natsFiles },
    roles: settings.role,
    seed,
    publicUrl: settings.publicUrl,
    allowedCidrs: [...ownCidrs, ...settings.allowTarget],
    adminToken: secrets.adminToken,
    events: openEvents(settings.logLevel),
    version,
    isClockVirtual: isDev,
    isDev,
    tls,
    quotaLimits: { creditsPerDay: settings.apiCredits, concurrent: settings.apiConcurrency },
    throttlesTokens: settings.throttleTokens,
    spans: { historyMs: settings.keepHistory, deadMs: settings.keepDead, failingMs: settings.disableAfter },
    metricsAccess: settings.metricsAccess,
  });
}

/** Loads the log beside the store's thread, not before it. */
async function openEvents(level: LogLevel): Promise<Events> {
  const [{ createEvents }, { createLogger }] = await Promise.all([import("../observe/events.ts"), import("../observe/log.ts")]);
  return createEvents(createLogger(level));
}
