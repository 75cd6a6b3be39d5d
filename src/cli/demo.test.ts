import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";

const main = path.join(import.meta.dirname, "main.js");
const folder = await mkdtemp(path.join(tmpdir(), "watchpost-demo-test-"));
after(() => rm(folder, { recursive: true, force: true }));

const stepNames = [
  "start_server",
  "start_receiver",
  "get_token",
  "read_metadata",
  "pick_deal",
  "subscribe",
  "reveal_secret",
  "edit_and_notify",
  "edit_without_match",
  "retry",
  "disable",
  "stop_server",
];

function startDemo() {
  const env = { ...process.env, TMPDIR: folder, WATCHPOST_PORT: "1" };
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, "demo", "--json"], { env });
}

async function codeOf(demo: ChildProcess): Promise<number | null> {
  const [code] = (await once(demo, "exit")) as [number | null];
  return code;
}

test("the demo does every step, says so in a line each, and leaves nothing behind", async () => {
  const demo = startDemo();
  const [stdout, stderr, code] = await Promise.all([text(demo.stdout), text(demo.stderr), codeOf(demo)]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { step: string; ok: boolean });
  assert.deepEqual(
    lines.map(({ step, ok }) => [step, ok]),
    stepNames.map((name) => [name, true]),
  );
  assert.deepEqual(await readdir(folder), []);
});

test("a demo that is broken off stops what it started and ends as the signal says", async () => {
  const demo = startDemo();
  let baseUrl = "";
  for await (const line of createInterface({ input: demo.stdout })) {
    const { step, base_url: url } = JSON.parse(line) as { step: string; base_url?: string };
    baseUrl ||= url ?? "";
    if (step === "edit_without_match") break;
  }
  const ended = codeOf(demo);
  demo.kill("SIGINT");
  assert.equal(await ended, 130);
  await assert.rejects(fetch(`${baseUrl}/livez`));
  assert.deepEqual(await readdir(folder), []);
});
