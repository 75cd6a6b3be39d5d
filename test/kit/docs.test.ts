/** Every snippet of TypeScript in the pages of the kit is checked against the kit and the real frameworks. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { symlinkSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { readSource, repositoryRoot } from "../../tools/repository.ts";
import { TemporaryFolder } from "../support/process.ts";

const pages = ["README.md", "docs/receiver.md", "docs/client.md"];

/** What the snippets take from the program around them. */
const around = `
declare function handle(place: string, operation: string, ids: readonly string[]): Promise<void>;
declare function report(text: string, error?: unknown): void;
declare function catchUp(from: Date, until: Date): Promise<void>;
declare const client: import("watchpost/client").WatchClient;
declare const db: { channel(id: string): Promise<{ secret: string; token: string } | undefined> };
declare const redis: {
  set(key: string, value: string, options: { NX?: true; PX: number }): Promise<"OK" | null>;
  get(key: string): Promise<string | null>;
  del(key: string): Promise<number>;
};
`;

function snippetsOf(page: string): readonly string[] {
  const blocks = readSource(page).text.matchAll(/^```ts\n([\s\S]*?)^```$/gm);
  return [...blocks].map((block) => block[1] ?? "").filter((text) => text.includes('"watchpost/'));
}

/** What the compiler says about each snippet as a module of its own; empty when all are right. */
async function faultsOf(snippets: readonly string[]): Promise<string> {
  using folder = new TemporaryFolder();
  symlinkSync(path.join(repositoryRoot, "node_modules"), path.join(folder.path, "node_modules"));
  folder.file("around.d.ts", around);
  for (const [index, snippet] of snippets.entries()) folder.file(`snippet-${index}.ts`, `${snippet}\nexport {};\n`);
  const kit = path.join(repositoryRoot, "src/client");
  folder.file("package.json", { type: "module" });
  folder.file("tsconfig.json", {
    extends: path.join(repositoryRoot, "tsconfig.json"),
    compilerOptions: {
      noUnusedLocals: false,
      types: ["node"],
      typeRoots: [path.join(repositoryRoot, "node_modules/@types")],
      paths: { "watchpost/receiver": [`${kit}/receiver/index.ts`], "watchpost/client": [`${kit}/api/index.ts`] },
    },
    include: ["*.ts"],
  });
  const tsc = path.join(repositoryRoot, "node_modules/.bin/tsc");
  const ran = await promisify(execFile)(tsc, ["-p", folder.path]).catch((error: { stdout: string }) => error);
  return ran.stdout;
}

test("every snippet compiles", async () => {
  const snippets = pages.flatMap(snippetsOf);
  assert.ok(snippets.length >= 12, String(snippets.length));
  assert.equal(await faultsOf(snippets), "");
});

test("a snippet that is wrong is seen", async () => {
  assert.match(await faultsOf(['import { createReceiver } from "watchpost/receiver";\ncreateReceiver({ sekret: "x" });']), /snippet-0\.ts/);
});
