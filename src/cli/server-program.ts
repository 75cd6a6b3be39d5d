/**
 * The part of the command line that starts servers. It stands alone, because it is all that a start reads: the other commands, their help and
 * what they print are four times as much to load.
 */
import { Command, Option as CommanderOption } from "commander";
import { commandNames, optionRows } from "../config/options.ts";
import type { CommandName, Option } from "../config/options.ts";
import { type Outlets, type Request, flagsGiven, gather, readArguments, usageOf } from "./arguments.ts";
import { closingText, descriptionText, exitCodesText } from "./tree/help-text.ts";
import { serverPages } from "./tree/server-pages.ts";

/** Whether the arguments are for a command that this part knows. */
export function isForServer([name]: readonly string[]): boolean {
  return commandNames.some((known) => known === name);
}

/** Reads arguments that are for a server. */
export function parseServerArguments(args: readonly string[], version: string): Request {
  return readArguments(args, { version, createProgram });
}

function createProgram(outlets: Outlets): Command {
  const program = emptyProgram(outlets);
  for (const name of commandNames) addServer(program, name, outlets);
  return program;
}

/** The program without its commands. */
export function emptyProgram({ version, print }: Outlets): Command {
  const program = new Command("watchpost");
  program
    .description("A self-hosted CRM change-notification server that speaks the Zoho CRM wire protocol.")
    .version(version, "--version", "Print the version.")
    .helpOption("--help", "Print this help.")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => undefined })
    .addHelpText("after", `\nEach command has a --help of its own, with examples.\n\n${exitCodesText()}`);
  return program;
}

export function addServer(program: Command, name: CommandName, { run }: Outlets): Command {
  const page = serverPages[name];
  const command = program.command(name).summary(page.summary).description(descriptionText(page)).exitOverride();
  for (const { option } of optionRows()) if (option.commands.includes(name)) command.addOption(serverFlag(option, name));
  return command
    .addHelpText("after", closingText(page.examples))
    .action(() => run({ kind: "run", command: name, flags: flagsGiven(command) }));
}

function serverFlag(option: Option<unknown>, command: CommandName): CommanderOption {
  const flag = new CommanderOption(usageOf(option), `${option.help} [${option.environment}; default: ${defaultOf(option, command)}]`);
  return option.arity === "repeated" ? flag.argParser(gather) : flag;
}

function defaultOf(option: Option<unknown>, command: CommandName): string {
  return option.defaultText?.replaceAll("`", "") ?? String(option.defaultFor(command));
}
