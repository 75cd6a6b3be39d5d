/** What argv asks for, by whichever tree of commands reads it, or the one line to say about it. */
import { type Command, CommanderError } from "commander";
import type { CommandName } from "../config/options.ts";
import type { GivenFlags } from "../config/read-options.ts";
import type { CommandSpec } from "./tree/command-spec.ts";

export type Request =
  | { readonly kind: "run"; readonly command: CommandName; readonly flags: GivenFlags }
  /** A command of the table of commands. */
  | { readonly kind: "ask"; readonly spec: CommandSpec; readonly args: readonly string[]; readonly flags: GivenFlags }
  /** Help or version: print it on stdout and end well. */
  | { readonly kind: "print"; readonly text: string }
  /** One line for stderr. */
  | { readonly kind: "wrong"; readonly line: string };

export type Outlets = { readonly version: string; readonly print: (text: string) => void; readonly run: (request: Request) => void };

/** Reads the arguments after the program's name. */
export function readArguments(
  args: readonly string[],
  { version, createProgram }: { readonly version: string; readonly createProgram: (outlets: Outlets) => Command },
): Request {
  const printed: string[] = [];
  const requests: Request[] = [];
  const program = createProgram({ version, print: (text) => printed.push(text), run: (request) => requests.push(request) });
  if (args.length === 0) return wrong(`expects a command: ${namesIn(program)}`);
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    // Expected: the package throws what ends parsing early, help and version among it.
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "print", text: printed.join("") };
    if (error.code === "commander.help") return wrong(incomplete(program, args));
    return wrong(error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " "));
  }
  return requests[0] ?? wrong(`expects a command: ${namesIn(program)}`);
}

function wrong(fault: string): Request {
  return { kind: "wrong", line: `${fault} (see --help)` };
}

/** A group without one of its commands. */
function incomplete(program: Command, args: readonly string[]): string {
  const found = program.commands.find((command) => args.some((arg) => arg === command.name() || command.aliases().includes(arg)));
  return found === undefined ? `expects a command: ${namesIn(program)}` : `${found.name()} expects a command: ${namesIn(found)}`;
}

function namesIn(command: Command): string {
  return command.commands.map((child) => child.name()).join(", ");
}

/** As the help writes it. */
export function usageOf({ flag, placeholder }: { readonly flag: string; readonly placeholder: string | null }): string {
  return placeholder === null ? flag : `${flag} ${placeholder}`;
}

/** Of an option that may come several times: all that came. */
export function gather(text: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), text];
}

export function flagsGiven(command: Command): GivenFlags {
  const values = command.opts<Record<string, unknown>>();
  return Object.fromEntries(
    command.options.flatMap((option) => {
      const value = values[option.attributeName()];
      return value === undefined || option.long === undefined ? [] : [[option.long, textsOf(value)]];
    }),
  );
}

/** A switch comes as true, a single value as a text, a repeated one as a list of them. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [String(value === true)];
}
