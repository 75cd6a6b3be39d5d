/** The command line, made from the option table: what argv asks for, or the one line to say about it. */
import { Command, CommanderError, Option as CommanderOption } from "commander";
import { commandPurposes } from "../config/options-markdown.ts";
import { commandNames, optionRows } from "../config/options.ts";
import type { CommandName, Option } from "../config/options.ts";
import type { GivenFlags } from "../config/read-options.ts";

export type Request =
  | { readonly kind: "run"; readonly command: CommandName; readonly flags: GivenFlags }
  /** Help or version: print it on stdout and end well. */
  | { readonly kind: "print"; readonly text: string }
  /** One line for stderr. */
  | { readonly kind: "wrong"; readonly line: string };

/** Reads the arguments after the program's name. */
export function parseArguments(args: readonly string[], version: string): Request {
  const printed: string[] = [];
  const requests: Request[] = [];
  const program = createProgram({ version, print: (text) => printed.push(text), run: (request) => requests.push(request) });
  if (args.length === 0) return wrong(`expects a command: ${commandNames.join(", ")}`);
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    // Expected: the package throws what ends parsing early, help and version among it.
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "print", text: printed.join("") };
    return wrong(error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " "));
  }
  return requests[0] ?? wrong(`expects a command: ${commandNames.join(", ")}`);
}

function wrong(fault: string): Request {
  return { kind: "wrong", line: `${fault} (see --help)` };
}

type Outlets = { readonly version: string; readonly print: (text: string) => void; readonly run: (request: Request) => void };

function createProgram({ version, print, run }: Outlets): Command {
  const program = new Command("watchpost");
  program
    .description("A self-hosted CRM change-notification server that speaks the Zoho CRM wire protocol.")
    .version(version, "--version", "Print the version.")
    .helpOption("--help", "Print this help.")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => undefined });
  for (const name of commandNames) {
    const command = program.command(name).description(commandPurposes[name]).allowExcessArguments(false).exitOverride();
    for (const { option } of optionRows()) if (option.commands.includes(name)) command.addOption(flagOf(option, name));
    command.action(() => run({ kind: "run", command: name, flags: flagsGiven(command) }));
  }
  return program;
}

function flagOf(option: Option<unknown>, command: CommandName): CommanderOption {
  const usage = option.placeholder === null ? option.flag : `${option.flag} ${option.placeholder}`;
  const flag = new CommanderOption(usage, `${option.help} [${option.environment}; default: ${defaultOf(option, command)}]`);
  if (option.arity !== "repeated") return flag;
  return flag.argParser((text: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), text]);
}

function defaultOf(option: Option<unknown>, command: CommandName): string {
  return option.defaultText?.replaceAll("`", "") ?? String(option.defaultFor(command));
}

function flagsGiven(command: Command): GivenFlags {
  const values = command.opts<Record<string, unknown>>();
  return Object.fromEntries(
    optionRows().flatMap(({ name, option }) => {
      const value = values[name];
      if (value === undefined) return [];
      return [[option.flag, textsOf(value)]];
    }),
  );
}

/** A switch comes as true, a single value as a text, a repeated one as a list of them. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [String(value === true)];
}
