/**
 * `watchpost dev`: a server for one's own machine. Loopback targets are allowed, the sample org is there, and what a client needs is
 * printed, or with `--exec` handed to a command whose exit code becomes ours.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { samplePassword, sampleSeed, sampleWebClient } from "../config/sample-org.ts";
import type { SeedClient } from "../core/seed.ts";
import type { RunningServer } from "../server.ts";
import type { CommandRun } from "./command.ts";
import { exitCodes } from "./command.ts";
import { findCaller } from "./client-caller.ts";
import { findExampleDeal } from "./example-deal.ts";
import { execute } from "./execute.ts";
import { subscribeInbox } from "./inbox-channel.ts";
import { launchServer, readGivenFiles } from "./launch.ts";
import { readyLine } from "./ready-line.ts";
import type { Signals } from "./signals.ts";
import { catchSignals } from "./signals.ts";
import { welcomeLines } from "./welcome.ts";

const loopbackCidrs: readonly string[] = ["127.0.0.0/8", "::1/128"];
const defaultDataFolder = path.join(".watchpost", "dev");

/** Gives the exit code when the server has stopped. */
export async function runDev(run: CommandRun): Promise<number> {
  const { settings, secrets, terminal } = run;
  const files = await readGivenFiles(settings, sampleSeed);
  if (!files.ok) {
    terminal.complain(`watchpost: ${files.error}`);
    return exitCodes.wrongOptions;
  }
  const given = files.value;
  const signals = catchSignals();
  const client = given.seed?.orgs.flatMap((org) => org.clients)[0] ?? null;
  const isTemporary = settings.data === null && settings.exec !== null;
  const dataFolder = isTemporary ? await mkdtemp(path.join(tmpdir(), "watchpost-dev-")) : (settings.data ?? defaultDataFolder);
  try {
    if (settings.exec !== null) return await serveOneCommand(run, { command: settings.exec, start, client, signals });
    const server = await start();
    await introduce(server, { run, client });
    await server.stop(await signals.first);
    return exitCodes.good;
  } finally {
    if (isTemporary) await rm(dataFolder, { recursive: true, force: true });
  }

  async function start(): Promise<RunningServer> {
    return launchServer({
      prepared: run.prepared(),
      settings,
      secrets,
      ...given,
      dataFolder,
      ownCidrs: loopbackCidrs,
      isDev: true,
    });
  }
}

type OneCommand = {
  readonly command: string;
  readonly start: () => Promise<RunningServer>;
  readonly client: SeedClient | null;
  readonly signals: Signals;
};

/** Stdout belongs to the command, apart from the ready line that was asked for. */
async function serveOneCommand(
  { settings, environment, terminal }: CommandRun,
  { command, start, client, signals }: OneCommand,
): Promise<number> {
  const server = await start();
  const { baseUrl, adminToken } = server;
  if (settings.json) terminal.print(JSON.stringify(readyLine({ baseUrl, adminToken })));
  try {
    return await execute(command, { environment, connection: { baseUrl, adminToken, client }, signals });
  } finally {
    await server.stop("the command has ended");
  }
}

async function introduce(
  server: RunningServer,
  { run: { settings, terminal }, client }: { readonly run: CommandRun; readonly client: SeedClient | null },
): Promise<void> {
  const { baseUrl, localUrl, adminToken, engine, clockOffsetMs } = server;
  const caller = client === null ? null : await findCaller(engine, client);
  // The dispatcher would not trust a certificate that no authority has signed.
  const hasInbox = caller !== null && !settings.skipInboxChannel && settings.tls === null;
  const inboxUrl = hasInbox ? await subscribeInbox(engine, { caller, localUrl, now: server.now() }) : null;
  if (settings.json) return terminal.print(JSON.stringify(readyLine({ baseUrl, adminToken })));
  const dealId = caller === null ? null : await findExampleDeal(engine, caller);
  const signIn = settings.seed === null ? { client: sampleWebClient, email: sampleWebClient.userEmail, password: samplePassword } : null;
  const caFile = settings.tls === null ? null : path.resolve(settings.tls.certFile);
  for (const line of welcomeLines({ baseUrl, adminToken, client, dealId, caFile, signIn, inboxUrl }, terminal.style)) terminal.print(line);
  const ahead = `The clock is where it was left, ${aheadOf(clockOffsetMs)} ahead of real time.`;
  if (clockOffsetMs > 0) terminal.print(terminal.style("dim", ahead));
}

function aheadOf(offsetMs: number): string {
  const hours = offsetMs / 3_600_000;
  return hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`;
}
