/** `watchpost completion SHELL`: the script by which a shell completes this program's commands, flags and words. */
import type { Command } from "commander";
import { exitCodes } from "../command.ts";
import { bashScript } from "../completion/bash.ts";
import { fishScript } from "../completion/fish.ts";
import { nodesOf } from "../completion/nodes.ts";
import type { CompletionNode } from "../completion/nodes.ts";
import { zshScript } from "../completion/zsh.ts";
import { answer } from "../print/output.ts";
import type { CommandSpec } from "../tree/command-spec.ts";
import { argumentAt } from "../tree/read-values.ts";

const scripts: Readonly<Record<string, (nodes: readonly CompletionNode[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `program` makes the tree that the script is to know. */
export function completionSpec(program: () => Command): CommandSpec {
  return {
    name: "completion",
    summary: "Print the script by which a shell completes commands, flags and their words.",
    details: [
      "bash: `. <(watchpost completion bash)` in ~/.bashrc. zsh: `. <(watchpost completion zsh)` in ~/.zshrc, below compinit. fish: `watchpost completion fish > ~/.config/fish/completions/watchpost.fish`.",
    ],
    arguments: [{ name: "shell", help: "`bash`, `zsh` or `fish`.", choices: Object.keys(scripts) }],
    options: [],
    connects: false,
    examples: [{ line: "watchpost completion bash > watchpost-completion.bash", says: "A script to be sourced." }],
    run(call) {
      const script = scripts[argumentAt(call, 0)]?.(nodesOf(program())) ?? "";
      answer(call, { script }, () => [script.trimEnd()]);
      return Promise.resolve(exitCodes.good);
    },
  };
}
