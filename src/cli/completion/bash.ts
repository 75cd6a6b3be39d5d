/** The script for bash. */
import type { CompletionNode } from "./nodes.ts";

export function bashScript(nodes: readonly CompletionNode[]): string {
  return `# Completion of watchpost for bash. Source it in ~/.bashrc.
_watchpost() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
${stepCases(nodes)}
    esac
  done
  COMPREPLY=()
  case "$at $prev" in
${valueCases(nodes)}
  esac
  case "$at" in
${wordCases(nodes)}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _watchpost watchpost
`;
}

/** From where we are over a word to where it leads. */
export function stepCases(nodes: readonly CompletionNode[]): string {
  const steps = nodes.flatMap(({ path, otherPaths }) =>
    path === "" ? [] : [path, ...otherPaths].map((each) => `      ${pattern(fromTo(each))} at="${each}" ;;`),
  );
  return steps.join("\n");
}

function fromTo(path: string): string {
  const words = path.split(" ");
  return `${words.slice(0, -1).join(" ")} ${words.at(-1) ?? ""}`;
}

function valueCases(nodes: readonly CompletionNode[]): string {
  const cases = nodes.flatMap((node) =>
    pathsOf(node).flatMap((path) =>
      node.flags.flatMap(({ word, value }) => {
        if (value === null) return [];
        const reply = value.isPath
          ? 'compgen -f -- "$cur"'
          : value.words.length === 0
            ? null
            : `compgen -W "${value.words.join(" ")}" -- "$cur"`;
        return [`    ${pattern(`${path} ${word}`)} ${reply === null ? "" : `mapfile -t COMPREPLY < <(${reply}); `}return ;;`];
      }),
    ),
  );
  return cases.join("\n");
}

function wordCases(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map((node) => {
    const words = [...node.commands.map(({ word }) => word), ...node.choices, ...node.flags.map(({ word }) => word)];
    return `    ${pathsOf(node)
      .map((path) => `"${path}"`)
      .join("|")}) words="${words.join(" ")}" ;;`;
  });
  return cases.join("\n");
}

export function pathsOf({ path, otherPaths }: CompletionNode): readonly string[] {
  return [path, ...otherPaths];
}

function pattern(text: string): string {
  return `"${text}")`;
}
