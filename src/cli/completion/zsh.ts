/** The script for zsh, sourced or found in `fpath`. */
import { pathsOf, stepCases } from "./bash.ts";
import type { CompletionNode, CompletionWord } from "./nodes.ts";

export function zshScript(nodes: readonly CompletionNode[]): string {
  return `#compdef watchpost
# Completion of watchpost for zsh. Source it in ~/.zshrc below compinit, or put it into fpath as _watchpost.
_watchpost() {
  local at="" word
  local -a items
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
${stepCases(nodes)}
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${valueCases(nodes)}
  esac
  case "$at" in
${itemCases(nodes)}
  esac
  _describe -o watchpost items
}
if [[ "\${funcstack[1]}" == "_watchpost" ]]; then _watchpost "$@"; else compdef _watchpost watchpost; fi
`;
}

function valueCases(nodes: readonly CompletionNode[]): string {
  const cases = nodes.flatMap((node) =>
    pathsOf(node).flatMap((path) =>
      node.flags.flatMap(({ word, value }) => {
        if (value === null) return [];
        const reply = value.isPath ? "_files; " : value.words.length === 0 ? "" : `compadd -- ${value.words.join(" ")}; `;
        return [`    "${path} ${word}") ${reply}return ;;`];
      }),
    ),
  );
  return cases.join("\n");
}

function itemCases(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map((node) => {
    const items: readonly CompletionWord[] = [...node.commands, ...node.choices.map((word) => ({ word, says: word })), ...node.flags];
    const listed = items.map(({ word, says }) => quoted(`${word.replaceAll(":", "\\:")}:${says}`)).join(" ");
    return `    ${pathsOf(node)
      .map((path) => `"${path}"`)
      .join("|")}) items=(${listed}) ;;`;
  });
  return cases.join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
