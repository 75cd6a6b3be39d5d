/** The command line, made from the tables of commands and options: what argv asks for, or the one line to say about it. */
import { Argument, Command, CommanderError, Option as CommanderOption } from "commander";
import { connectionOptions, jsonOption } from "../config/connection-options.ts";
import type { ConnectionOption } from "../config/connection-options.ts";
import { optionRows } from "../config/options.ts";
import type { CommandName, Option } from "../config/options.ts";
import type { GivenFlags } from "../config/read-options.ts";
import { completionSpec } from "./areas/completion.ts";
import type { CommandSpec, GroupSpec, OptionSpec } from "./tree/command-spec.ts";
import { chapters } from "./tree/commands.ts";
import { closingText, descriptionText, exitCodesText } from "./tree/help-text.ts";
import { serverPages } from "./tree/server-pages.ts";

export type Request =
  | { readonly kind: "run"; readonly command: CommandName; readonly flags: GivenFlags }
  /** A command of the table of commands. */
  | { readonly kind: "ask"; readonly spec: CommandSpec; readonly args: readonly string[]; readonly flags: GivenFlags }
  /** Help or version: print it on stdout and end well. */
  | { readonly kind: "print"; readonly text: string }
  /** One line for stderr. */
  | { readonly kind: "wrong"; readonly line: string };

/** What this program's page and its completion are made of. */
export const programChapters = chapters(completionSpec(() => createProgram(nowhere)));

/** Reads the arguments after the program's name. */
export function parseArguments(args: readonly string[], version: string): Request {
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

type Outlets = { readonly version: string; readonly print: (text: string) => void; readonly run: (request: Request) => void };

const nowhere: Outlets = { version: "", print: () => undefined, run: () => undefined };

function createProgram(outlets: Outlets): Command {
  const program = new Command("watchpost");
  program
    .description("A self-hosted CRM change-notification server that speaks the Zoho CRM wire protocol.")
    .version(outlets.version, "--version", "Print the version.")
    .helpOption("--help", "Print this help.")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: outlets.print, writeErr: () => undefined })
    .addHelpText("after", `\nEach command has a --help of its own, with examples.\n\n${exitCodesText()}`);
  for (const { title, entries } of programChapters) {
    for (const entry of entries) {
      const command =
        entry.kind === "server"
          ? addServer(program, entry.name, outlets)
          : entry.kind === "single"
            ? addCommand(program, entry.command, outlets)
            : addGroup(program, entry.group, outlets);
      command.helpGroup(`${title}:`);
    }
  }
  return program;
}

function addServer(program: Command, name: CommandName, { run }: Outlets): Command {
  const page = serverPages[name];
  const command = program.command(name).summary(page.summary).description(descriptionText(page)).exitOverride();
  for (const { option } of optionRows()) if (option.commands.includes(name)) command.addOption(serverFlag(option, name));
  return command
    .addHelpText("after", closingText(page.examples))
    .action(() => run({ kind: "run", command: name, flags: flagsGiven(command) }));
}

function addGroup(program: Command, { name, aliases, summary, commands }: GroupSpec, outlets: Outlets): Command {
  const group = program.command(name).aliases(aliases).description(summary).exitOverride().helpCommand(false);
  for (const spec of commands) addCommand(group, spec, outlets);
  return group.addHelpText("after", `\nEach has a --help of its own, with examples.\n\n${exitCodesText()}`);
}

function addCommand(parent: Command, spec: CommandSpec, { run }: Outlets): Command {
  const command = parent.command(spec.name).summary(spec.summary).description(descriptionText(spec)).exitOverride();
  for (const { name, help, isOptional, choices } of spec.arguments) {
    const argument = new Argument(isOptional === true ? `[${name}]` : `<${name}>`, help);
    command.addArgument(choices === undefined ? argument : argument.choices([...choices]));
  }
  for (const option of spec.options) command.addOption(commandFlag(option));
  const connection = spec.connects ? [connectionOptions.url, connectionOptions.token, jsonOption] : [jsonOption];
  for (const option of connection) command.addOption(connectionFlag(option));
  return command
    .addHelpText("after", closingText(spec.examples))
    .action(() => run({ kind: "ask", spec, args: command.args, flags: flagsGiven(command) }));
}

function serverFlag(option: Option<unknown>, command: CommandName): CommanderOption {
  const flag = new CommanderOption(usageOf(option), `${option.help} [${option.environment}; default: ${defaultOf(option, command)}]`);
  return option.arity === "repeated" ? flag.argParser(gather) : flag;
}

function commandFlag(option: OptionSpec): CommanderOption {
  const flag = new CommanderOption(usageOf(option), option.help);
  if (option.choices !== undefined) return flag.choices([...option.choices]);
  return option.isRepeated === true ? flag.argParser(gather) : flag;
}

function connectionFlag(option: ConnectionOption<unknown>): CommanderOption {
  return new CommanderOption(usageOf(option), `${option.help} [${option.environment}; default: ${option.defaultText}]`);
}

function usageOf({ flag, placeholder }: { readonly flag: string; readonly placeholder: string | null }): string {
  return placeholder === null ? flag : `${flag} ${placeholder}`;
}

function gather(text: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), text];
}

function defaultOf(option: Option<unknown>, command: CommandName): string {
  return option.defaultText?.replaceAll("`", "") ?? String(option.defaultFor(command));
}

function flagsGiven(command: Command): GivenFlags {
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
