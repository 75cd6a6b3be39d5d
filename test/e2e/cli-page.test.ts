/** Every command of docs/cli.md, run as it stands there, one after the other, against a real server. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { sampleClient } from "../../src/config/sample-org.ts";
import { repositoryRoot } from "../../tools/repository.ts";
import { send, signIn } from "../support/client.ts";
import { TemporaryFolder, startProcess } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";

const page = readFileSync(path.join(repositoryRoot, "docs/cli.md"), "utf8");
const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .flatMap((block) => (block[1] ?? "").split("\n"))
  .filter((line) => line !== "" && !line.startsWith("#"));

/** They need a database, which not every machine has; run by test/e2e/migrate-store.pg.test.ts and test/e2e/doctor.pg.test.ts. */
const elsewhere = /^watchpost (?:migrate-store |doctor .*--database-url)/;

/** They go on until a signal, which comes once they have said that they are ready. */
const lasting = /^watchpost (?:dev$|serve |listen(?! .*--timeout)|deliveries tail)/;
const isReady = /is ready|Ctrl-C|Looking every second|^\{/m;

type Ended = { readonly code: number | null; readonly output: string };

async function runLine(line: string, options: { readonly cwd: string; readonly env: Record<string, string> }): Promise<Ended> {
  const isLasting = lasting.test(line);
  const child = spawn("bash", ["-c", isLasting ? `exec ${line}` : line], { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let isAsked = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (!isLasting || isAsked || !isReady.test(output)) return;
      isAsked = true;
      child.kill("SIGINT");
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

test("every command of docs/cli.md does what the page says", { timeout: 400_000 }, async () => {
  assert.ok(commands.length >= 45, String(commands.length));
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  const data = path.join(folder.path, ".watchpost/data");
  const { server, ready } = await startProcess(["dev", "--data", data]);
  await using _ = server;
  const { clientId, clientSecret, refreshToken } = sampleClient;

  // What the page takes for granted: a channel with the key 1 and a delivery to it.
  const client = await signIn(ready.baseUrl, { clientId, clientSecret, refreshToken: refreshToken ?? "" });
  await client.subscribe({ channel_id: "1000000068001", events: ["Deals.all"], notify_url: receiver.url() });
  await client.update("Deals", "554023000100000005", { Stage: "Needs Analysis" });
  await receiver.next();
  const order = { what: "deliveries", rate_per_second: 1 };
  const headers = { Authorization: `Bearer ${ready.adminToken}` };
  assert.equal((await send(ready.baseUrl, { method: "POST", path: "/api/v1/replays", headers, body: order })).status, 201);

  const bin = path.join(repositoryRoot, "bin");
  const env = {
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    HOME: folder.path,
    WATCHPOST_URL: ready.baseUrl,
    WATCHPOST_ADMIN_TOKEN: ready.adminToken,
    WATCHPOST_PORT: "0",
  };
  const failed: string[] = [];
  for (const line of commands.filter((command) => !elsewhere.test(command))) {
    // A second server has a folder of its own.
    const isServer = /^watchpost (?:dev|serve)/.test(line);
    const asRun = isServer ? line.replace("--data .watchpost/data", "--data served") : line;
    const { code, output } = await runLine(asRun, { cwd: folder.path, env });
    if (code !== 0) failed.push(`${line}\n${output}\n${String(code)}`);
    assert.doesNotMatch(output, /\n {4}at /, line);
  }
  assert.deepEqual(failed, []);
});
