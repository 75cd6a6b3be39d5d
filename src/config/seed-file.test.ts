import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { parseSeedText, readSeedFile } from "./seed-file.ts";

const folder = await mkdtemp(path.join(tmpdir(), "watchpost-seed-"));
after(() => rm(folder, { recursive: true }));

const document = { org: { name: "Acme", zgid: "554023000" } };

async function fileWith(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

test("a seed is read from its file", async () => {
  const seed = await readSeedFile(await fileWith("good.json", JSON.stringify(document)));
  assert.ok(seed.ok);
  assert.equal(seed.value.orgs[0]?.name, "Acme");
});

test("a byte order mark in front is passed over", () => {
  assert.ok(parseSeedText(`\uFEFF${JSON.stringify(document)}`).ok);
});

test("a file that is not there is named with the reason", async () => {
  const file = path.join(folder, "absent.json");
  assert.deepEqual(await readSeedFile(file), { ok: false, error: `the seed file ${file} cannot be read (ENOENT)` });
});

test("a folder is no seed file", async () => {
  assert.equal((await readSeedFile(folder)).ok, false);
});

test("what is wrong in a file is told with the file and the path", async () => {
  const file = await fileWith("wrong.json", JSON.stringify({ ...document, user: [] }));
  const seed = await readSeedFile(file);
  assert.ok(!seed.ok);
  assert.ok(seed.error.startsWith(`the seed file ${file} is wrong: $.user: unknown key`));
});

test("text that is no JSON is told with line and column, and never with a piece of it", () => {
  assert.deepEqual(parseSeedText('{"a": "hush",\n "b" 2}'), { ok: false, error: "$: not valid JSON (line 2 column 6)" });
  assert.deepEqual(parseSeedText('{"a":'), { ok: false, error: "$: not valid JSON (it ends too early)" });
  assert.deepEqual(parseSeedText('{"a": hush}'), { ok: false, error: "$: not valid JSON" });
});

test("a whole number beyond what a number holds keeps its digits", () => {
  const seed = parseSeedText(
    '{"org":{"name":"Acme","zgid":"1"},"records":{"Deals":[{"Amount":12.5,"Account_Name":{"id":9007199254740993}}]}}',
  );
  assert.ok(seed.ok);
  assert.deepEqual(seed.value.orgs[0]?.records[0]?.items[0], { Amount: 12.5, Account_Name: { id: "9007199254740993" } });
});
