import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { commandNames, optionRows } from "../config/options.ts";
import { parseArguments, programChapters } from "./program.ts";

function lineFor(...args: readonly string[]): string {
  const request = parseArguments(args, "1.2.3");
  assert.equal(request.kind, "wrong");
  return request.kind === "wrong" ? request.line : "";
}

test("a command comes with the flags that were given, as texts", () => {
  const args = [
    "serve",
    "--port",
    "0",
    "--json",
    "--allow-target",
    "10.0.0.0/8",
    "--allow-target=::1",
    "--public-url",
    "https://crm.example.com",
  ];
  assert.deepEqual(parseArguments(args, "1.2.3"), {
    kind: "run",
    command: "serve",
    flags: {
      "--port": ["0"],
      "--json": ["true"],
      "--allow-target": ["10.0.0.0/8", "::1"],
      "--public-url": ["https://crm.example.com"],
    },
  });
});

test("a command of the table comes with its arguments and flags, under its group's other name too", () => {
  const request = parseArguments(["trigger", "edit", "Deals", "7", "--set", "A=1", "--set", "B=a=b", "--json"], "1.2.3");
  assert.ok(request.kind === "ask");
  assert.equal(request.spec.name, "edit");
  assert.deepEqual(request.args, ["Deals", "7"]);
  assert.deepEqual(request.flags, { "--set": ["A=1", "B=a=b"], "--json": ["true"] });
});

const specs = programChapters.flatMap(({ entries }) =>
  entries.flatMap((entry) => {
    if (entry.kind === "server") return [];
    return entry.kind === "single"
      ? [{ words: [entry.command.name], spec: entry.command }]
      : entry.group.commands.map((spec) => ({ words: [entry.group.name, spec.name], spec }));
  }),
);

test("every command takes --json, has examples in its help, and says its exit codes", () => {
  assert.ok(specs.length > 30);
  for (const { words, spec } of specs) {
    const page = parseArguments([...words, "--help"], "1.2.3");
    assert.ok(page.kind === "print", words.join(" "));
    const parts = ["--json", "Examples:", "Exit codes:", ...spec.options.map(({ flag }) => flag)];
    for (const part of parts) assert.ok(page.text.includes(part), `${words.join(" ")} ${part}`);
    assert.ok(spec.examples.length > 0 && spec.examples.every(({ line }) => line.startsWith("watchpost ")), words.join(" "));
    assert.equal(page.text.includes("--token"), spec.connects, words.join(" "));
  }
});

test("flags that were not given do not appear", () => {
  assert.deepEqual(parseArguments(["dev"], "1.2.3"), { kind: "run", command: "dev", flags: {} });
});

test("the version is printed", () => {
  assert.deepEqual(parseArguments(["--version"], "1.2.3"), { kind: "print", text: "1.2.3\n" });
});

test("the help names every command, and a command's help every option of it with its variable", () => {
  const help = parseArguments(["--help"], "1.2.3");
  assert.ok(help.kind === "print");
  for (const command of commandNames) assert.match(help.text, new RegExp(`^ +${command}\\b`, "m"));
  for (const command of commandNames) {
    const page = parseArguments([command, "--help"], "1.2.3");
    assert.ok(page.kind === "print");
    for (const { option } of optionRows()) {
      assert.equal(page.text.includes(option.environment), option.commands.includes(command), `${command} ${option.flag}`);
    }
  }
});

describe("what is wrong is one line", () => {
  const rows: readonly (readonly [title: string, args: readonly string[], line: RegExp])[] = [
    ["no command", [], /^expects a command: init, dev, serve, demo, .*completion \(see --help\)$/],
    ["an unknown command", ["server"], /^unknown command 'server'.* \(see --help\)$/],
    ["an unknown flag", ["dev", "--prot", "1"], /^unknown option '--prot'.*--port.* \(see --help\)$/],
    ["a flag without its value", ["dev", "--port"], /^option '--port <number>' argument missing \(see --help\)$/],
    ["a flag of another command", ["serve", "--exec", "true"], /^unknown option '--exec'/],
    ["an argument too many", ["dev", "more"], /^too many arguments/],
    ["a group without a command", ["channels"], /^channels expects a command: list, show, .* \(see --help\)$/],
    ["a group under its other name without a command", ["trigger"], /^records expects a command: create, edit, /],
    ["an unknown command of a group", ["channels", "lst"], /^unknown command 'lst' \(Did you mean list\?\)/],
    ["a missing argument", ["channels", "show"], /^missing required argument 'key'/],
    [
      "a word that is no choice",
      ["channels", "list", "--state", "gone"],
      /^option '--state <state>' argument 'gone' is invalid\. Allowed choices are active, /,
    ],
    ["a choice of an argument that is none", ["channels", "order", "1", "any"], /argument value 'any' is invalid/],
    ["an unknown flag in front", ["--verbose"], /^unknown option '--verbose'/],
  ];
  for (const [title, args, line] of rows) {
    test(title, () => {
      assert.match(lineFor(...args), line);
      assert.ok(!lineFor(...args).includes("\n"));
    });
  }
});
