/** What `dev` and `serve` share: the seed they were given, and the server started with their settings. */
import path from "node:path";
import type { Secrets, Settings } from "../config/read-options.ts";
import { readSeedFile } from "../config/seed-file.ts";
import { version } from "../config/version.ts";
import type { Result } from "../core/result.ts";
import { ok } from "../core/result.ts";
import type { Seed } from "../core/seed.ts";
import { createEvents } from "../observe/events.ts";
import { createLogger } from "../observe/log.ts";
import { startServer } from "../server.ts";
import type { RunningServer } from "../server.ts";

export type Launch = {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly seed: Seed | null;
  readonly dataFolder: string;
  /** Networks a notify_url may point to, besides those of the settings. */
  readonly ownCidrs: readonly string[];
};

/** The seed of `--seed`, or `otherwise`. */
export async function chooseSeed(settings: Settings, otherwise: Seed | null): Promise<Result<Seed | null, string>> {
  return settings.seed === null ? ok(otherwise) : readSeedFile(settings.seed);
}

/** Rejects with an Error whose message says in one line why the server cannot start. */
export async function launchServer({ settings, secrets, seed, dataFolder, ownCidrs }: Launch): Promise<RunningServer> {
  return startServer({
    host: settings.host,
    port: settings.port,
    dataFolder: path.resolve(dataFolder),
    seed,
    publicUrl: settings.publicUrl,
    allowedCidrs: [...ownCidrs, ...settings.allowTarget],
    adminToken: secrets.adminToken,
    events: createEvents(createLogger(settings.logLevel)),
    version,
  });
}
