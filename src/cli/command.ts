/** What every command gets, and the exit codes that all of them give. */
import type { Environment, Secrets, Settings } from "../config/read-options.ts";
import type { Terminal } from "./terminal.ts";

export type CommandRun = {
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** The environment of the process, for the children that a command starts. */
  readonly environment: Environment;
  readonly terminal: Terminal;
};

export const exitCodes = { good: 0, failed: 1, wrongOptions: 2 } as const;
