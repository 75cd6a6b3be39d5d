/** Runs the command of `dev --exec` in the shell, with the connection in its environment. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Environment } from "../config/read-options.ts";
import type { SeedClient } from "../core/seed.ts";
import { childEnvironment } from "./child-environment.ts";
import type { Signals } from "./signals.ts";
import { exitCodeOf } from "./signals.ts";

export type Connection = {
  readonly baseUrl: string;
  readonly adminToken: string;
  /** null: the seed has none. */
  readonly client: SeedClient | null;
};

export type Execution = { readonly environment: Environment; readonly connection: Connection; readonly signals: Signals };

/**
 * Gives the command's exit code, or 128 and the signal's number when a signal ended it. Signals that reach us are passed on, and the
 * command is waited for; when one has come already, nothing is started.
 */
export async function execute(command: string, { environment, connection, signals }: Execution): Promise<number> {
  const received = signals.received();
  if (received !== null) return exitCodeOf(received);
  // Away from a terminal the command gets a process group of its own, so that a signal reaches what its shell started too. On a
  // terminal it stays in ours, where the keyboard belongs to it as well and Ctrl-C reaches it without us.
  const hasOwnGroup = process.stdin.isTTY !== true;
  const child = spawn(command, {
    shell: true,
    stdio: "inherit",
    detached: hasOwnGroup,
    env: commandEnvironment(environment, connection),
  });
  signals.forward((signal) => {
    if (hasOwnGroup) signalGroup(child, signal);
    else if (signal !== "SIGINT") child.kill(signal);
  });
  return endOf(child);
}

/** The command may start another server: what is set here is the connection alone, none of our own options. */
export function commandEnvironment(environment: Environment, { baseUrl, adminToken, client }: Connection): Record<string, string> {
  const ofClient = client === null ? {} : { WATCHPOST_CLIENT_ID: client.clientId, WATCHPOST_CLIENT_SECRET: client.clientSecret };
  const refreshToken = client?.refreshToken ?? null;
  return {
    ...childEnvironment(environment),
    WATCHPOST_BASE_URL: baseUrl,
    // The commands of this program look for it there.
    WATCHPOST_URL: baseUrl,
    WATCHPOST_ACCOUNTS_URL: baseUrl,
    WATCHPOST_ADMIN_TOKEN: adminToken,
    ...ofClient,
    ...(refreshToken === null ? {} : { WATCHPOST_REFRESH_TOKEN: refreshToken }),
  };
}

async function endOf(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", (cause) => reject(new Error(`the command of --exec cannot be started: ${cause.message}`, { cause })));
  child.once("exit", (code, signal) => resolve(signal === null ? (code ?? 1) : exitCodeOf(signal)));
  return promise;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Expected: ESRCH, the group has ended by itself.
  }
}
