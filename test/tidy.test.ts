/** The laws of the repository (CONTRIBUTING.md names them). Each runs over the real files, and once over a file that breaks it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { routes } from "../src/http/route-table.ts";
import { layerFaults } from "../tools/layers.ts";
import {
  globalFaults,
  hostFaults,
  lengthFaults,
  missingTests,
  nameFaults,
  parityFaults,
  placeFaults,
  reminderFaults,
  sizeKnowers,
  tableKeys,
  tableRows,
  titleFaults,
  versionFaults,
} from "../tools/laws.ts";
import { isTest, listFiles, readSource, readSources, sizeBytesOf, withoutComments } from "../tools/repository.ts";
import { renderCliPage } from "../tools/cli-page.ts";
import { renderWirePage } from "../tools/wire-tables.ts";

const paths = listFiles();
const code = readSources(".ts", ".tsx");
const shipped = code.filter((file) => file.path.startsWith("src/") && !isTest(file.path));
const pages = readSources(".md");
const texts = readSources(".ts", ".tsx", ".css", ".html", ".md", ".json", ".yml", ".sh", "/run", ".npmrc", "rc.json", "LICENSE");
const fileBytesMax = 256 * 1024;

function none(faults: readonly string[]): void {
  assert.deepEqual(faults, []);
}

/** A made-up file, to show that a law sees what breaks it. */
function made(path: string, text: string): { path: string; text: string } {
  return { path, text };
}

describe("files", () => {
  test("no file of code is longer than 400 lines, no test longer than 800", () => {
    none(code.flatMap(lengthFaults));
    assert.equal(lengthFaults(made("src/core/a.ts", "a\n".repeat(401))).length, 1);
    none(lengthFaults(made("src/core/a.test.ts", "a\n".repeat(800))));
  });

  test("files are named in kebab-case, for what they hold", () => {
    none(code.flatMap((file) => nameFaults(file.path)));
    assert.equal(nameFaults("src/core/stringUtil.ts").length, 1);
    assert.equal(nameFaults("src/core/helpers.ts").length, 1);
  });

  test("no file is larger than 256 KiB, the lockfile excepted", () => {
    none(paths.filter((path) => path !== "package-lock.json" && sizeBytesOf(path) > fileBytesMax));
  });

  test("every file of core and wire with code that runs has a test beside it", () => {
    none(missingTests(code));
    assert.deepEqual(missingTests([made("src/core/a.ts", "export function f() {}")]), ["src/core/a.test.ts is missing"]);
    none(missingTests([made("src/core/a.ts", "export type A = string;")]));
  });

  test("no page has two titles, or none", () => {
    none(pages.flatMap(titleFaults));
    assert.equal(titleFaults(made("a.md", "# One\n\n# Two\n")).length, 1);
    none(titleFaults(made("a.md", "# One\n\n```sh\n# a comment\n```\n")));
  });

  test("what is left for later names its issue", () => {
    none(texts.flatMap(reminderFaults));
    assert.equal(reminderFaults(made("a.ts", "// TO" + "DO soon")).length, 1);
    none(reminderFaults(made("a.ts", "// TO" + "DO(#12) soon")));
  });

  test("nothing names a package registry or a folder of one machine", () => {
    none(texts.filter((file) => !file.path.startsWith("tools/")).flatMap(placeFaults));
    assert.equal(placeFaults(made("a.md", "see /ro" + "ot/notes")).length, 1);
  });
});

describe("code", () => {
  test("every import follows the table of layers", () => {
    none(code.filter((file) => file.path.startsWith("src/")).flatMap(layerFaults));
  });

  test("the table of layers sees an import that goes upwards, a package and a module of the runtime", () => {
    const upwards = [
      made("src/core/a.ts", 'import type { Store } from "../store/store.ts";\n'),
      made("src/wire/a.ts", 'import { createHash } from "node:crypto";\n'),
      made("src/http/a.ts", 'import {\n  openEngine,\n} from "../app/engine.ts";\n'),
      made("src/http/a.ts", 'import { request } from "undici";\n'),
      made("src/app/a.ts", 'const sql = await import("node:sqlite");\n'),
      made("src/elsewhere/a.ts", ""),
    ];
    assert.deepEqual(
      upwards.map((file) => layerFaults(file).length),
      [1, 1, 1, 1, 1, 1],
    );
    none(layerFaults(made("src/http/a.ts", 'import type { Engine } from "../app/commands.ts";\n')));
    none(layerFaults(made("src/core/a.ts", '// import "node:fs";\nexport const text = "from here";\n')));
  });

  test("only versions.ts compares versions", () => {
    none(shipped.flatMap(versionFaults));
    assert.equal(versionFaults(made("src/wire/a.ts", 'if (version.name === "v8") return 207;')).length, 1);
    assert.equal(versionFaults(made("src/wire/a.ts", 'switch (name) { case "v2.1": }')).length, 1);
  });

  test("time, chance, environment and output are used only where the table of bans allows it", () => {
    none(shipped.flatMap(globalFaults));
    assert.equal(globalFaults(made("src/app/a.ts", "const at = Date.now(); console.log(new Date());")).length, 3);
    none(globalFaults(made("src/app/a.ts", "const day = new Date(now);")));
  });

  test("no URL in the code leads off this machine", () => {
    none(shipped.flatMap(hostFaults));
    assert.equal(hostFaults(made("src/app/a.ts", 'const url = "https://collector.acme.io/v1";')).length, 1);
    none(hostFaults(made("src/app/a.ts", 'const url = "http://127.0.0.1:8080/hook";')));
  });
});

describe("documents", () => {
  test("docs/configuration.md is the page that the table of options makes", async () => {
    const { renderConfigurationPage } = await import("../src/config/options-markdown.ts");
    assert.equal(readSource("docs/configuration.md").text, renderConfigurationPage());
  });

  test("docs/cli.md is the page that the tables of commands make", async () => {
    assert.equal(readSource("docs/cli.md").text, await renderCliPage(), "npm run docs writes it anew");
  });

  test("every refusal code is in docs/wire.md, and no other", () => {
    const codes = unionMembers(readSource("src/core/refusal.ts").text, "RefusalCode");
    assert.ok(codes.length > 0);
    none(
      parityFaults(
        { name: "src/core/refusal.ts", entries: codes },
        { name: "docs/wire.md", entries: tableKeys(readSource("docs/wire.md"), "Refusals") },
      ),
    );
  });

  test("docs/wire.md has the tables of versions and refusals that the program's tables make", async () => {
    assert.equal(readSource("docs/wire.md").text, await renderWirePage(), "npm run docs writes it anew");
  });

  test("every route is in docs/wire.md or docs/operations.md, and no other", () => {
    const answered = routes.flatMap(({ path, methods }) => Object.keys(methods).map((method) => `${method} ${path}`));
    const operations = readSource("docs/operations.md");
    none(
      parityFaults(
        {
          name: "src/http/route-table.ts",
          entries: answered.map((route) => route.replace("/crm/:version", "").replaceAll(/:(\w+)/g, "{$1}")),
        },
        {
          name: "the documents",
          entries: [
            ...tableKeys(readSource("docs/wire.md"), "Methods"),
            ...tableKeys(readSource("docs/wire.md"), "Left out on purpose"),
            ...tableKeys(operations, "Probes"),
            ...tableKeys(operations, "Admin API"),
            ...tableKeys(operations, "Console"),
          ],
        },
      ),
    );
  });

  test("every event of the log is in docs/operations.md, and no other", () => {
    const body = /export type Events = \{([\s\S]*?)\n\};/.exec(readSource("src/observe/events.ts").text)?.[1] ?? "";
    const events = [...body.matchAll(/^ {2}(?:readonly )?(\w+)\s*[(:]/gm)].map((match) => match[1] ?? "");
    assert.ok(events.length > 0);
    none(
      parityFaults(
        { name: "src/observe/events.ts", entries: events },
        { name: "docs/operations.md", entries: tableKeys(readSource("docs/operations.md"), "Events in the log") },
      ),
    );
  });

  test("every folder of src is in ARCHITECTURE.md, and no other", () => {
    const folders = new Set(paths.filter((path) => /^src\/[^/]+\//.test(path)).map((path) => path.split("/").slice(0, 2).join("/")));
    const named = new Set([...readSource("ARCHITECTURE.md").text.matchAll(/`(src\/\w+)\/`/g)].map((match) => match[1] ?? ""));
    none(parityFaults({ name: "the tree", entries: [...folders] }, { name: "ARCHITECTURE.md", entries: [...named] }));
  });

  test("every file that knows in which size it runs is in ARCHITECTURE.md with its reason, and no other", () => {
    const named = tableRows(readSource("ARCHITECTURE.md"), "Who knows the size").flatMap(([files = ""]) => files.split(", "));
    none(parityFaults({ name: "the code", entries: sizeKnowers(code) }, { name: "ARCHITECTURE.md", entries: named }));
    const asking = [
      'import { open } from "../store/sqlite/open.ts";',
      "if (databaseUrl === null) return;",
      'roles.has("api")',
      "if (nats !== null)",
    ];
    assert.equal(sizeKnowers(asking.map((line) => made("src/http/a.ts", line))).length, asking.length);
    assert.deepEqual(sizeKnowers([made("src/http/a.ts", "// PostgreSQL"), made("src/store/sqlite/a.ts", asking[0] ?? "")]), []);
  });

  test("every dependency has its reason in docs/adr/README.md, and no other", () => {
    const manifest: unknown = JSON.parse(readSource("package.json").text);
    none(
      parityFaults(
        { name: "package.json", entries: [...keysOf(manifest, "dependencies"), ...keysOf(manifest, "devDependencies")] },
        { name: "docs/adr/README.md", entries: tableKeys(readSource("docs/adr/README.md"), "Dependencies") },
      ),
    );
  });

  test("the comparison of two lists sees what is missing on either side", () => {
    assert.equal(parityFaults({ name: "a", entries: ["x", "y"] }, { name: "b", entries: ["y", "z"] }).length, 2);
    assert.deepEqual(tableKeys(made("a.md", "# T\n\n## Keys\n\n| `x` | 1 |\n| `y` | 2 |\n\n## Others\n\n| `z` | 3 |\n"), "Keys"), [
      "x",
      "y",
    ]);
  });
});

/** The literals of `export type Name = | "a" | "b";`. */
function unionMembers(text: string, name: string): readonly string[] {
  const body = new RegExp(`export type ${name} =([\\s\\S]*?);`).exec(withoutComments(text))?.[1] ?? "";
  return [...body.matchAll(/^\s*\| "([^"]+)"/gm)].map((match) => match[1] ?? "");
}

function keysOf(manifest: unknown, section: string): readonly string[] {
  assert.ok(typeof manifest === "object" && manifest !== null);
  const entries: unknown = Object.entries(manifest).find(([key]) => key === section)?.[1];
  return typeof entries === "object" && entries !== null ? Object.keys(entries) : [];
}
