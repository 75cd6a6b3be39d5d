import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { commandNames, optionRows } from "../config/options.ts";
import { parseArguments } from "./program.ts";

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
    ["no command", [], /^expects a command: dev, serve, demo \(see --help\)$/],
    ["an unknown command", ["server"], /^unknown command 'server'.* \(see --help\)$/],
    ["an unknown flag", ["dev", "--prot", "1"], /^unknown option '--prot'.*--port.* \(see --help\)$/],
    ["a flag without its value", ["dev", "--port"], /^option '--port <number>' argument missing \(see --help\)$/],
    ["a flag of another command", ["serve", "--exec", "true"], /^unknown option '--exec'/],
    ["an argument too many", ["dev", "more"], /^too many arguments/],
    ["an unknown flag in front", ["--verbose"], /^unknown option '--verbose'/],
  ];
  for (const [title, args, line] of rows) {
    test(title, () => {
      assert.match(lineFor(...args), line);
      assert.ok(!lineFor(...args).includes("\n"));
    });
  }
});
