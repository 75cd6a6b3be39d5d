/** The whole command line, made from the tables of commands and options. */
import { Argument, type Command, Option as CommanderOption } from "commander";
import { connectionOptions, jsonOption } from "../config/connection-options.ts";
import type { ConnectionOption } from "../config/connection-options.ts";
import { type Outlets, type Request, flagsGiven, gather, readArguments, usageOf } from "./arguments.ts";
import { completionSpec } from "./areas/completion.ts";
import { addServer, emptyProgram } from "./server-program.ts";
import type { CommandSpec, GroupSpec, OptionSpec } from "./tree/command-spec.ts";
import { chapters } from "./tree/commands.ts";
import { closingText, descriptionText, exitCodesText } from "./tree/help-text.ts";

/** What this program's page and its completion are made of. */
export const programChapters = chapters(completionSpec(() => createProgram(nowhere)));

/** Reads the arguments after the program's name. */
export function parseArguments(args: readonly string[], version: string): Request {
  return readArguments(args, { version, createProgram });
}

const nowhere: Outlets = { version: "", print: () => undefined, run: () => undefined };

function createProgram(outlets: Outlets): Command {
  const program = emptyProgram(outlets);
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

function commandFlag(option: OptionSpec): CommanderOption {
  const flag = new CommanderOption(usageOf(option), option.help);
  if (option.choices !== undefined) return flag.choices([...option.choices]);
  return option.isRepeated === true ? flag.argParser(gather) : flag;
}

function connectionFlag(option: ConnectionOption<unknown>): CommanderOption {
  return new CommanderOption(usageOf(option), `${option.help} [${option.environment}; default: ${option.defaultText}]`);
}
