/** `watchpost serve`: the production server. It makes nothing up and runs until it is told to stop. */
import path from "node:path";
import { version } from "../config/version.ts";
import type { CommandRun } from "./command.ts";
import { exitCodes } from "./command.ts";
import { launchServer, readGivenFiles } from "./launch.ts";
import { writeRoles } from "../core/role.ts";
import type { RunningServer } from "../server.ts";
import { consoleUrl, probesReadyLine, readyLine } from "./ready-line.ts";
import { catchSignals } from "./signals.ts";

const defaultDataFolder = path.join(".watchpost", "data");

/** Gives the exit code when the server has stopped. */
export async function runServe({ prepared, settings, secrets, terminal }: CommandRun): Promise<number> {
  const files = await readGivenFiles(settings, null);
  if (!files.ok) {
    terminal.complain(`watchpost: ${files.error}`);
    return exitCodes.wrongOptions;
  }
  const signals = catchSignals();
  const dataFolder = secrets.databaseUrl === null ? (settings.data ?? defaultDataFolder) : null;
  const server = await launchServer({ prepared: prepared(), settings, secrets, ...files.value, dataFolder, ownCidrs: [], isDev: false });
  tellReady({ settings, secrets, terminal }, server);
  await server.stop(await signals.first);
  return exitCodes.good;
}

function tellReady({ settings, secrets, terminal }: Pick<CommandRun, "settings" | "secrets" | "terminal">, server: RunningServer): void {
  const { baseUrl, localUrl } = server;
  if (!settings.role.has("api")) {
    const line = `watchpost ${version} is ready as ${writeRoles(settings.role)}; its probes are on ${localUrl}`;
    terminal.print(settings.json ? JSON.stringify(probesReadyLine(localUrl)) : line);
    return;
  }
  // The one who gave the token has it; what keeps our output should not.
  const adminToken = secrets.adminToken === null ? server.adminToken : null;
  if (settings.json) {
    terminal.print(JSON.stringify(readyLine({ baseUrl, adminToken })));
    return;
  }
  terminal.print(`watchpost ${version} is ready on ${baseUrl}`);
  terminal.print(`console: ${consoleUrl(baseUrl)}`);
  if (adminToken !== null) terminal.print(`admin token: ${adminToken}`);
}
