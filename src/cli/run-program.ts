/** The program: what its arguments and the environment ask for, done by one command. */
import { readConnection } from "../config/connection-options.ts";
import { readOptions } from "../config/read-options.ts";
import type { Environment } from "../config/read-options.ts";
import { systemClock } from "../config/system.ts";
import { version } from "../config/version.ts";
import type { CommandName } from "../config/options.ts";
import type { CommandRun } from "./command.ts";
import { exitCodes } from "./command.ts";
import { Complaint } from "./complaint.ts";
import { processScreen } from "./print/screen.ts";
import type { Request } from "./arguments.ts";
import { prepareServer } from "../server.ts";
import type { Terminal } from "./terminal.ts";
import { processTerminal } from "./terminal.ts";

/** Loaded when asked for: a demo needs no server in its own process, and `--help` needs nothing. */
const commands = {
  dev: async (run: CommandRun) => (await import("./dev.ts")).runDev(run),
  serve: async (run: CommandRun) => (await import("./serve.ts")).runServe(run),
  demo: async (run: CommandRun) => (await import("./demo.ts")).runDemo(run),
} as const satisfies Record<CommandName, (run: CommandRun) => Promise<number>>;

/** Gives the exit code; the process ends by itself when everything is released. `args`: what stands after the program's name. */
export async function runProgram(args: readonly string[], environment: Environment): Promise<number> {
  const begun = args[0] === "serve" || args[0] === "dev" ? prepareServer() : null;
  const terminal = processTerminal();
  const request = await requestOf(args);
  try {
    switch (request.kind) {
      case "print":
        terminal.print(request.text.trimEnd());
        return exitCodes.good;
      case "wrong":
        throw new Complaint(exitCodes.wrongOptions, request.line);
      case "run":
        return await runServerCommand(request, { environment, terminal, prepared: () => begun ?? prepareServer() });
      case "ask":
        return await runCommand(request, environment, terminal);
    }
  } catch (error) {
    // Expected: a complaint, or a server that cannot start. The message was written for a person.
    terminal.complain(`watchpost: ${oneLine(error)}`);
    return error instanceof Complaint ? error.exitCode : exitCodes.failed;
  }
}

/** The tree of all commands is loaded only for what starts no server. */
async function requestOf(args: readonly string[]): Promise<Request> {
  const { isForServer, parseServerArguments } = await import("./server-program.ts");
  return isForServer(args) ? parseServerArguments(args, version) : (await import("./program.ts")).parseArguments(args, version);
}

async function runServerCommand(
  { command, flags }: Extract<Request, { readonly kind: "run" }>,
  surroundings: Omit<CommandRun, "settings" | "secrets">,
): Promise<number> {
  const options = readOptions(command, { flags, environment: surroundings.environment });
  if (!options.ok) throw new Complaint(exitCodes.wrongOptions, `${options.error} (see --help)`);
  return commands[command]({ ...options.value, ...surroundings });
}

async function runCommand(
  { spec, args, flags }: Extract<Request, { readonly kind: "ask" }>,
  environment: Environment,
  terminal: Terminal,
): Promise<number> {
  const connection = readConnection({ flags, environment });
  if (!connection.ok) throw new Complaint(exitCodes.wrongOptions, `${connection.error} (see --help)`);
  const { isJson, ...place } = connection.value;
  const screen = processScreen();
  const quiet = isJson ? { ...screen, overwrite: null } : screen;
  return spec.run({ arguments: args, flags, connection: place, isJson, terminal, screen: quiet, clock: systemClock, environment });
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, " ");
}
