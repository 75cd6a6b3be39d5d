/** The command line on a terminal: `script` of Debian's bsdutils, which is essential there, makes one. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { test } from "node:test";
import { sampleClient } from "../../src/config/sample-org.ts";
import { repositoryRoot } from "../../tools/repository.ts";
import { AdminGateway } from "../support/admin-gateway.ts";
import { cannedAdmin, channelRow, replayRow } from "../support/canned-admin.ts";
import { send, signIn } from "../support/client.ts";
import { at } from "../support/json.ts";
import { TemporaryFolder, startProcess } from "../support/process.ts";

const ctrlC = "\u0003";

type Shown = { readonly code: number | null; readonly screen: string };

/** Runs `watchpost args` on a terminal of so many columns; `type` says what to type once it has shown something. */
async function onTerminal(
  args: string,
  {
    environment,
    columns = 100,
    type = () => null,
  }: { environment: Readonly<Record<string, string>>; columns?: number; type?: (screen: string) => string | null },
): Promise<Shown> {
  const command = `stty cols ${String(columns)} rows 40 && exec ${path.join(repositoryRoot, "bin/watchpost")} ${args}`;
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env["PATH"], TERM: "xterm", ...environment },
  });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    const typed = type(screen);
    if (typed !== null) child.stdin.write(typed);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, screen };
}

/** Once, when `part` has been shown. */
function typeWhen(part: string, typed: string): (screen: string) => string | null {
  let isDone = false;
  return (screen) => {
    if (isDone || !screen.includes(part)) return null;
    isDone = true;
    return typed;
  };
}

test(
  "a terminal gets colours and lines that fit it, without colours where NO_COLOR is set, and an id is whole in both",
  { timeout: 60_000 },
  async () => {
    await using gateway = await AdminGateway.start({
      upstream: null,
      canned: { "GET /api/v1/channels": () => ({ status: 200, body: { channels: [channelRow], next_cursor: null } }) },
    });
    const environment = { WATCHPOST_URL: gateway.url, WATCHPOST_ADMIN_TOKEN: "an-admin-token-for-tests" };
    const coloured = await onTerminal("channels list", { environment, columns: 90 });
    assert.equal(coloured.code, 0, coloured.screen);
    assert.ok(coloured.screen.includes("\u001B[32mactive"), JSON.stringify(coloured.screen));
    const plain = await onTerminal("channels list", { environment: { ...environment, NO_COLOR: "1" }, columns: 90 });
    assert.ok(!plain.screen.includes("\u001B["), JSON.stringify(plain.screen));
    const lines = plain.screen.split("\r\n");
    assert.ok(
      lines.every((line) => line.length <= 90),
      plain.screen,
    );
    assert.match(plain.screen, /1000000068001 .*http:\/\/127\..*…/);
  },
);

test("long work shows a bar on a terminal and takes it away at its end", { timeout: 60_000 }, async () => {
  let looks = 0;
  await using gateway = await AdminGateway.start({
    upstream: null,
    canned: {
      ...cannedAdmin,
      "GET /api/v1/replays/{id}": () => ({ status: 200, body: { replay: { ...replayRow, state: (looks += 1) > 1 ? "done" : "running" } } }),
    },
  });
  const environment = { WATCHPOST_URL: gateway.url, WATCHPOST_ADMIN_TOKEN: "an-admin-token-for-tests" };
  const { code, screen } = await onTerminal("replays create --status dead --wait", { environment });
  assert.equal(code, 0, screen);
  assert.match(screen, /replay 7 {2}\[#+ +\] {2}25 % {2}250 of 1,000/);
  assert.ok(screen.lastIndexOf("\u001B[2K") > screen.indexOf("25 %"));
});

test("Ctrl-C while waiting leaves the replay running, says how to stop it, and gives 130", { timeout: 60_000 }, async () => {
  await using gateway = await AdminGateway.start({
    upstream: null,
    canned: { ...cannedAdmin, "GET /api/v1/replays/{id}": () => ({ status: 200, body: { replay: replayRow } }) },
  });
  const environment = { WATCHPOST_URL: gateway.url, WATCHPOST_ADMIN_TOKEN: "an-admin-token-for-tests" };
  const { code, screen } = await onTerminal("replays create --wait", { environment, type: typeWhen("25 %", ctrlC) });
  assert.equal(code, 130, screen);
  assert.match(screen, /watchpost replays cancel 7/);
  assert.ok(!gateway.asked.some(({ path: asked }) => asked.endsWith("/cancel")));
});

test("listen on a real server prints a notification with its answer, and Ctrl-C takes its channel away", { timeout: 90_000 }, async () => {
  using folder = new TemporaryFolder();
  const { server, ready } = await startProcess(["dev", "--data", folder.path, "--skip-inbox-channel"]);
  await using _ = server;
  const { clientId, clientSecret, refreshToken } = sampleClient;
  const client = await signIn(ready.baseUrl, { clientId, clientSecret, refreshToken: refreshToken ?? "" });
  const admin = async () =>
    send(ready.baseUrl, { method: "GET", path: "/api/v1/channels", headers: { Authorization: `Bearer ${ready.adminToken}` } });
  let channelsMeanwhile: unknown = null;
  let hasWritten = false;
  const stop = typeWhen("<--", ctrlC);
  const { code, screen } = await onTerminal("listen --events Deals.edit", {
    environment: { WATCHPOST_URL: ready.baseUrl, WATCHPOST_ADMIN_TOKEN: ready.adminToken, NO_COLOR: "1" },
    type: (shown) => {
      if (!hasWritten && shown.includes("Ctrl-C")) {
        hasWritten = true;
        void admin().then(async ({ body }) => {
          channelsMeanwhile = at(body, "channels");
          await client.update("Deals", "554023000100000005", { Stage: "Needs Analysis" });
        });
      }
      return stop(shown);
    },
  });
  assert.equal(code, 0, screen);
  assert.match(screen, /--> Deals\.edit {2}554023000100000005 {2}Stage=Needs Analysis {2}\[msg_\d+\]\r\n/);
  assert.match(screen, /<-- \[200\] POST this receiver/);
  assert.doesNotMatch(screen, /signature|token wrong/);
  assert.ok(Array.isArray(channelsMeanwhile) && channelsMeanwhile.length === 1);
  assert.deepEqual(at((await admin()).body, "channels"), []);
});
