/** The scripts as shells see them; bash, which every Debian has, runs its own. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { Command } from "commander";
import { completionSpec } from "../areas/completion.ts";
import { programChapters } from "../program.ts";
import type { Call } from "../tree/command-spec.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { nodesOf } from "./nodes.ts";
import { zshScript } from "./zsh.ts";

const printed: string[] = [];

/** The script that the program itself prints. */
async function scriptFor(shell: string): Promise<string> {
  const entry = programChapters
    .flatMap(({ entries }) => entries)
    .find((each) => each.kind === "single" && each.command.name === "completion");
  assert.ok(entry?.kind === "single");
  printed.length = 0;
  const terminal = { print: (line: string) => printed.push(line), complain: () => undefined, style: (_: string, text: string) => text };
  const call = { arguments: [shell], flags: {}, isJson: false, terminal, screen: { columns: null, overwrite: null } };
  assert.equal(await entry.command.run(call as unknown as Call), 0);
  return printed.join("\n");
}

/** What bash offers when the last of `words` is being typed. */
function offered(script: string, ...words: readonly string[]): readonly string[] {
  const typed = words.map((word) => `'${word}'`).join(" ");
  const ask = `${script}\nCOMP_WORDS=(${typed}); COMP_CWORD=${String(words.length - 1)}; _watchpost; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", ask], { encoding: "utf8" });
  assert.equal(stderr, "");
  return stdout.split("\n").filter((line) => line !== "");
}

describe("bash", async () => {
  const script = await scriptFor("bash");
  const rows: readonly (readonly [words: readonly string[], offers: readonly string[]])[] = [
    [["watchpost", "de"], ["dev", "demo", "deliveries"].toSorted()],
    [
      ["watchpost", "channels", "re"],
      ["renew", "resume"],
    ],
    [["watchpost", "trigger", "ed"], ["edit"]],
    [
      ["watchpost", "channels", "list", "--state", ""],
      ["active", "disabled", "paused"],
    ],
    [["watchpost", "channels", "list", "--state", "paused", "--ki"], ["--kind"]],
    [["watchpost", "channels", "list", "--url", ""], []],
    [
      ["watchpost", "completion", ""],
      ["--help", "--json", "bash", "fish", "zsh"],
    ],
    [["watchpost", "channels", "order", "1", "rec"], ["record"]],
  ];
  for (const [words, offers] of rows) {
    test(`${words.join(" ")}| is completed`, () => assert.deepEqual(offered(script, ...words).toSorted(), offers.toSorted()));
  }

  test("a flag that names a file is completed with files", () => {
    assert.ok(offered(script, "watchpost", "backup", "--data", "/et").includes("/etc"));
  });
});

test("the scripts for zsh and fish know every command and every flag of the program", async () => {
  const names = programChapters.flatMap(({ entries }) =>
    entries.flatMap((entry) =>
      entry.kind === "group"
        ? entry.group.commands.flatMap(({ name, options }) => [name, ...options.map(({ flag }) => flag.slice(2))])
        : [],
    ),
  );
  const [zsh, fish] = [await scriptFor("zsh"), await scriptFor("fish")];
  for (const name of names) assert.ok(zsh.includes(name) && fish.includes(name), name);
  assert.match(zsh, /^#compdef watchpost\n/);
});

test("quotes and colons in a description do not break a script", () => {
  const program = new Command("watchpost");
  program.command("it").description("It's a test: with 'quotes'");
  const nodes = nodesOf(program);
  for (const script of [bashScript(nodes), zshScript(nodes)]) {
    assert.equal(spawnSync("bash", ["-n", "-c", script], { encoding: "utf8" }).stderr.includes("unexpected EOF"), false);
  }
  assert.match(fishScript(nodes), /-a it -d 'It\\'s a test: with \\'quotes\\''/);
  assert.equal(completionSpec(() => program).name, "completion");
});
