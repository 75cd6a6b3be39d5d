/**
 * The commands as data. Reading the arguments, `--help`, the completion scripts and docs/cli.md are all made from these rows, so that
 * none of them can say what another does not.
 */
import type { Connection } from "../../config/connection-options.ts";
import type { Environment } from "../../config/read-options.ts";
import type { Clock } from "../../core/clock.ts";
import type { Screen } from "../print/screen.ts";
import type { Terminal } from "../terminal.ts";

export type ArgumentSpec = {
  readonly name: string;
  readonly help: string;
  /** It may be left out. */
  readonly isOptional?: boolean;
  readonly choices?: readonly string[];
};

export type OptionSpec = {
  readonly flag: `--${string}`;
  /** null: a switch. */
  readonly placeholder: string | null;
  readonly help: string;
  readonly isRepeated?: boolean;
  readonly choices?: readonly string[];
  /** Whether its value is the name of a file or a folder, for the completion. */
  readonly isPath?: boolean;
};

export type Example = {
  /** A line for a shell. */
  readonly line: string;
  /** What it is good for, as a sentence. */
  readonly says: string;
};

/** What every command tells of itself. */
export type CommandPage = {
  /** One sentence. */
  readonly summary: string;
  /** Paragraphs that follow it. */
  readonly details: readonly string[];
  readonly examples: readonly Example[];
};

export type CommandSpec = CommandPage & {
  readonly name: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** Whether it asks a server, and so takes `--url` and `--token`. */
  readonly connects: boolean;
  /** Gives the exit code; what ends it early is thrown as a `Complaint`. */
  readonly run: (call: Call) => Promise<number>;
};

/** Commands under one word, such as `channels`. */
export type GroupSpec = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly commands: readonly CommandSpec[];
};

/** One call of a command. */
export type Call = {
  /** By their order; one that was left out is not there. */
  readonly arguments: readonly string[];
  /** By flag: the values of one that takes a value, `["true"]` for a switch. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly connection: Connection;
  readonly isJson: boolean;
  readonly terminal: Terminal;
  readonly screen: Screen;
  readonly clock: Clock;
  readonly environment: Environment;
};
