/** What every command gets, and the exit codes that all of them give. */
import type { Environment, Secrets, Settings } from "../config/read-options.ts";
import type { PreparedServer } from "../server.ts";
import type { Terminal } from "./terminal.ts";

export type CommandRun = {
  /** Gives what was begun for a server before the arguments were read, or begins it. */
  readonly prepared: () => PreparedServer;
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** The environment of the process, for the children that a command starts. */
  readonly environment: Environment;
  readonly terminal: Terminal;
};

export const exitCodes = {
  good: 0,
  failed: 1,
  wrongOptions: 2,
  unreachable: 3,
  refused: 4,
  notFound: 5,
  conflict: 6,
  serverFault: 7,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each code tells, for the help and the documentation. A command that a signal broke off gives 128 and the signal's number. */
export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.good, "It was done, or found nothing to complain of."],
  [exitCodes.failed, "The command ran and found what it is to report as failure, or a server could not start."],
  [exitCodes.wrongOptions, "It was called wrongly, or the server refused a value: nothing was done."],
  [exitCodes.unreachable, "The server could not be reached."],
  [exitCodes.refused, "The server refused: a wrong token, or something that this server does not do."],
  [exitCodes.notFound, "There is no such delivery, channel, record, file or whatever was named."],
  [exitCodes.conflict, "Not in this state: settled already, shown already, in use, or not empty."],
  [exitCodes.serverFault, "The server failed, or its answer could not be understood."],
];
