/** The program: what argv and the environment ask for, done by one command. The only file that touches either. */
import { readOptions } from "../config/read-options.ts";
import { version } from "../config/version.ts";
import type { CommandName } from "../config/options.ts";
import type { CommandRun } from "./command.ts";
import { exitCodes } from "./command.ts";
import { parseArguments } from "./program.ts";
import { processTerminal } from "./terminal.ts";

/** Loaded when asked for: a demo needs no server in its own process, and `--help` needs nothing. */
const commands = {
  dev: async (run: CommandRun) => (await import("./dev.ts")).runDev(run),
  serve: async (run: CommandRun) => (await import("./serve.ts")).runServe(run),
  demo: async (run: CommandRun) => (await import("./demo.ts")).runDemo(run),
} as const satisfies Record<CommandName, (run: CommandRun) => Promise<number>>;

/** Gives the exit code; the process ends by itself when everything is released. */
async function main(): Promise<number> {
  const terminal = processTerminal();
  const request = parseArguments(process.argv.slice(2), version);
  if (request.kind === "print") {
    terminal.print(request.text.trimEnd());
    return exitCodes.good;
  }
  if (request.kind === "wrong") {
    terminal.complain(`watchpost: ${request.line}`);
    return exitCodes.wrongOptions;
  }
  // oxlint-disable-next-line node/no-process-env -- the one place that reads the environment
  const environment = process.env;
  const options = readOptions(request.command, { flags: request.flags, environment });
  if (!options.ok) {
    terminal.complain(`watchpost: ${options.error} (see --help)`);
    return exitCodes.wrongOptions;
  }
  try {
    return await commands[request.command]({ ...options.value, environment, terminal });
  } catch (error) {
    // Expected: a server that cannot start. The message was written for a person.
    terminal.complain(`watchpost: ${oneLine(error)}`);
    return exitCodes.failed;
  }
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, " ");
}

process.exitCode = await main();
