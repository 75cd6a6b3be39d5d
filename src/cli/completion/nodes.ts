/** The tree of commands as the completion scripts need it: flat, each command with what may follow it. */
import type { Command, Option } from "commander";

export type CompletionWord = { readonly word: string; readonly says: string };
export type CompletionFlag = CompletionWord & {
  /** What its value may be; null: it takes none. Without words and no path, anything. */
  readonly value: { readonly words: readonly string[]; readonly isPath: boolean } | null;
};

export type CompletionNode = {
  /** The words that lead here, such as `channels list`; empty for the program itself. */
  readonly path: string;
  /** Other paths that lead here. */
  readonly otherPaths: readonly string[];
  readonly commands: readonly CompletionWord[];
  readonly flags: readonly CompletionFlag[];
  /** What its arguments may be, where that is a choice. */
  readonly choices: readonly string[];
};

/** The node of the program and of every command below it. */
export function nodesOf(program: Command): readonly CompletionNode[] {
  return walk(program, [""]);
}

function walk(command: Command, paths: readonly string[]): readonly CompletionNode[] {
  const [path = "", ...otherPaths] = paths;
  const node: CompletionNode = {
    path,
    otherPaths,
    commands: command.commands.flatMap((child) =>
      namesOf(child).map((word) => ({ word, says: shortly(child.summary() || child.description()) })),
    ),
    flags: [...command.options.map(flagOf), { word: "--help", says: "Print the help.", value: null }],
    choices: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
  const below = command.commands.flatMap((child) =>
    walk(
      child,
      paths.flatMap((before) => namesOf(child).map((name) => `${before} ${name}`.trim())),
    ),
  );
  return [node, ...below];
}

function namesOf(command: Command): readonly string[] {
  return [command.name(), ...command.aliases()];
}

const pathPlaceholder = /<(?:file|folder)>/;

function flagOf(option: Option): CompletionFlag {
  const takesValue = option.required || option.optional;
  const value = takesValue ? { words: option.argChoices ?? [], isPath: pathPlaceholder.test(option.flags) } : null;
  return { word: option.long ?? "", says: shortly(option.description), value };
}

/** The first sentence. */
function shortly(text: string): string {
  return (/^.*?[.;](?=\s|$)/s.exec(text)?.[0] ?? text).replace(/[.;]$/, "");
}
