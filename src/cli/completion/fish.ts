/** The script for fish. */
import { pathsOf } from "./bash.ts";
import type { CompletionFlag, CompletionNode } from "./nodes.ts";

export function fishScript(nodes: readonly CompletionNode[]): string {
  return `# Completion of watchpost for fish: ~/.config/fish/completions/watchpost.fish
function __watchpost_at
    set -l at ""
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
${stepCases(nodes)}
        end
    end
    contains -- "$at" $argv
end
complete -c watchpost -f
${nodes.flatMap(linesOf).join("\n")}
`;
}

function stepCases(nodes: readonly CompletionNode[]): string {
  const paths = nodes.flatMap(pathsOf).filter((path) => path !== "");
  return paths
    .map((path) => `            case '${` ${path}`.replace(/^ (.*) (\S+)$/, "$1 $2")}'\n                set at '${path}'`)
    .join("\n");
}

function linesOf(node: CompletionNode): readonly string[] {
  const at = `-n "__watchpost_at ${pathsOf(node)
    .map((path) => `'${path}'`)
    .join(" ")}"`;
  return [
    ...node.commands.map(({ word, says }) => `complete -c watchpost ${at} -a ${word} -d ${quoted(says)}`),
    ...node.choices.map((word) => `complete -c watchpost ${at} -a ${word}`),
    ...node.flags.map((flag) => `complete -c watchpost ${at} ${flagText(flag)}`),
  ];
}

function flagText({ word, says, value }: CompletionFlag): string {
  const long = `-l ${word.replace(/^--/, "")} -d ${quoted(says)}`;
  if (value === null) return long;
  if (value.isPath) return `${long} -r -F`;
  return value.words.length === 0 ? `${long} -x` : `${long} -x -a ${quoted(value.words.join(" "))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
