/** What ends a command before its end: one line for a person, and the exit code that says what kind of trouble it is. */
import type { ExitCode } from "./command.ts";
import { exitCodes } from "./command.ts";

export class Complaint extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, line: string, options: ErrorOptions = {}) {
    super(line, options);
    this.exitCode = exitCode;
  }
}

/** The command was called wrongly. */
export function usageFault(line: string): Complaint {
  return new Complaint(exitCodes.wrongOptions, `${line} (see --help)`);
}
