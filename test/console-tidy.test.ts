/** The laws of the console (tools/console-laws.ts). Each runs over the real files, and once over a file that breaks it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { consoleFolders, consoleGlobalFaults, consoleLayerFaults } from "../tools/console-laws.ts";
import { hostFaults } from "../tools/laws.ts";
import { isTest, listFiles, readSource, readSources, sizeBytesOf } from "../tools/repository.ts";

const files = readSources(".ts", ".tsx").filter((file) => file.path.startsWith("console/"));
const shipped = files.filter((file) => file.path.startsWith("console/src/") && !isTest(file.path));

function faultsOf(law: typeof consoleLayerFaults, path: string, text: string): number {
  return law({ path, text }).length;
}

test("every import of the console follows its table, and none reaches into the server", () => {
  assert.ok(shipped.length > 0);
  assert.deepEqual(files.flatMap(consoleLayerFaults), []);
});

test("the table sees an import that goes upwards, out of the console, from page to page, and of a package", () => {
  for (const [path, text] of [
    ["console/src/api/a.ts", 'import { keys } from "../data/keys.ts";\n'],
    ["console/src/api/a.ts", 'import { limits } from "../../../src/core/limits.ts";\n'],
    ["console/dev/a.ts", 'import { limits } from "../../src/core/limits.ts";\n'],
    ["console/src/pages/home/a.tsx", 'import { Expiry } from "../channels/expiry.tsx";\n'],
    ["console/src/format/a.ts", 'import { useState } from "react";\n'],
    ["console/src/elsewhere/a.ts", ""],
  ] as const) {
    assert.equal(faultsOf(consoleLayerFaults, path, text), 1, text);
  }
  assert.equal(faultsOf(consoleLayerFaults, "console/src/pages/home/a.tsx", 'import { Link } from "../../routing/link.tsx";\n'), 0);
});

test("clock, timers, network, storage and markup from text are used nowhere but where the table allows it", () => {
  assert.deepEqual(shipped.flatMap(consoleGlobalFaults), []);
  for (const text of [
    "Date.now()",
    "setTimeout(f, 1)",
    "fetch(url)",
    "localStorage.x",
    "<p dangerouslySetInnerHTML={x} />",
    "element.innerHTML = x",
  ]) {
    assert.equal(faultsOf(consoleGlobalFaults, "console/src/parts/a.tsx", text), 1, text);
  }
});

test("no URL of the console leads off this machine", () => {
  assert.deepEqual(shipped.flatMap(hostFaults), []);
});

test("every folder of the console is in ARCHITECTURE.md", () => {
  const page = readSource("ARCHITECTURE.md").text;
  const folders = Object.keys(consoleFolders).filter((folder) => !folder.includes("."));
  assert.deepEqual(
    folders.filter((folder) => !page.includes(`\`${folder}\``)),
    [],
  );
});

test("the console's pictures in the documents are small", () => {
  assert.deepEqual(
    listFiles().filter((path) => path.startsWith("docs/images/") && sizeBytesOf(path) > 100 * 1024),
    [],
  );
});
