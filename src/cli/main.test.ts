/** The program as a process of its own, as its users meet it. */
import assert from "node:assert/strict";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { sampleClient } from "../config/sample-org.ts";
import { readyLine } from "./ready-line.ts";

const main = path.join(import.meta.dirname, "main.js");
const folder = await mkdtemp(path.join(tmpdir(), "watchpost-cli-"));
after(() => rm(folder, { recursive: true, force: true }));

const environment = { PATH: process.env["PATH"], HOME: folder };
let folders = 0;

/** `args` with a free port and a data folder of its own. */
function start(args: readonly string[], more: Readonly<Record<string, string>> = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], {
    env: { ...environment, ...more },
    cwd: folder,
  });
}

function startServer(command: "dev" | "serve", args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) {
  folders += 1;
  return start([command, "--json", "--port", "0", "--data", path.join(folder, `data-${String(folders)}`), ...args], more);
}

async function run(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const child = start(args, more);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), codeOf(child)]);
  return { code, stdout, stderr };
}

async function codeOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

/** The ready line, and what comes after it until the end. */
async function ready(child: ChildProcessWithoutNullStreams) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  assert.equal(first.done, false, "no ready line");
  const line = JSON.parse(String(first.value)) as ReturnType<typeof readyLine>;
  return { line, next: async () => (await lines.next()).done === true };
}

async function codeAfter(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): Promise<number | null> {
  const ended = codeOf(child);
  child.kill(signal);
  return ended;
}

async function getChannels(baseUrl: string, adminToken: string): Promise<number> {
  const response = await fetch(`${baseUrl}/api/v1/channels`, { headers: { Authorization: `Bearer ${adminToken}` } });
  await response.text();
  return response.status;
}

test("with --json a server prints one line when it is ready and nothing after it, and SIGTERM ends it with 0", async () => {
  const child = startServer("dev");
  const { line, next } = await ready(child);
  assert.deepEqual(line, readyLine({ baseUrl: line.base_url, adminToken: line.admin_token }));
  assert.match(line.base_url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(await getChannels(line.base_url, line.admin_token ?? ""), 200);
  const isOver = next();
  assert.equal(await codeAfter(child, "SIGTERM"), 0);
  assert.equal(await isOver, true);
});

test("SIGINT ends a server with 0 too", async () => {
  const child = startServer("serve");
  await ready(child);
  assert.equal(await codeAfter(child, "SIGINT"), 0);
});

test("a server starts where compiled code cannot be kept", async () => {
  const child = startServer("serve", [], { NODE_DISABLE_COMPILE_CACHE: "1" });
  const { line } = await ready(child);
  assert.equal(await getChannels(line.base_url, line.admin_token ?? ""), 200);
  assert.equal(await codeAfter(child, "SIGTERM"), 0);
});

test("serve does not print an admin token that it was given, and takes it", async () => {
  const adminToken = "a-token-of-some-length";
  const child = startServer("serve", [], { WATCHPOST_ADMIN_TOKEN: adminToken });
  const stderr = text(child.stderr);
  const { line } = await ready(child);
  assert.equal(line.admin_token, null);
  assert.equal(await getChannels(line.base_url, adminToken), 200);
  assert.equal(await codeAfter(child, "SIGTERM"), 0);
  assert.ok(!(await stderr).includes(adminToken));
});

test("a second signal ends the process at once, whatever it waits for", async () => {
  const child = startServer("dev", ["--log-level", "info"]);
  const { line } = await ready(child);
  const { port } = new URL(line.base_url);
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => undefined);
  socket.write("POST /oauth/v2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\ngrant_type=");
  const stopping = sawLine(child, "server.stopping");
  child.kill("SIGTERM");
  await stopping;
  assert.equal(await codeAfter(child, "SIGTERM"), 143);
  socket.destroy();
});

async function sawLine(child: ChildProcessWithoutNullStreams, part: string): Promise<void> {
  for await (const line of createInterface({ input: child.stderr })) if (line.includes(part)) return;
}

test("a reader of stdout that goes away does not end the server", async () => {
  const child = startServer("dev", ["--log-level", "info"]);
  child.stdout.destroy();
  await sawLine(child, "server.ready");
  assert.equal(await codeAfter(child, "SIGTERM"), 0);
});

test("dev tells a newcomer the credentials and a record to edit", async () => {
  const child = start(["dev", "--port", "0"]);
  let told = "";
  for await (const line of createInterface({ input: child.stdout })) {
    told += `${line}\n`;
    if (line.includes("Ctrl-C")) break;
  }
  assert.equal(await codeAfter(child, "SIGTERM"), 0);
  for (const fact of [sampleClient.clientId, sampleClient.clientSecret, sampleClient.refreshToken]) assert.ok(told.includes(String(fact)));
  assert.match(told, /\/crm\/v6\/Deals\/554023000\d{9} /);
  assert.match(told, /^ {2}console +http:\S+\/console\/$/m);
  assert.match(told, /^ {2}inbox +http:\S+\/inbox\/first$/m);
  assert.ok(!told.includes("\u001B["), "no colour where no person looks");
  assert.ok(existsSync(path.join(folder, ".watchpost", "dev")));
});

test("dev --exec runs the command with the connection, exits with its code, and leaves no folder behind", async () => {
  const temporary = path.join(folder, "tmp");
  const command = 'mkdir -p "$TMPDIR"; test -n "$WATCHPOST_REFRESH_TOKEN$WATCHPOST_ADMIN_TOKEN" && echo "$WATCHPOST_BASE_URL"; exit 7';
  await mkdir(temporary);
  const { code, stdout } = await run(["dev", "--port", "0", "--exec", command], { TMPDIR: temporary });
  assert.equal(code, 7);
  assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\n$/);
  assert.deepEqual(await readdir(temporary), []);
});

test("a signal reaches the command of --exec, and its end decides the exit code", async () => {
  const child = start(["dev", "--port", "0", "--exec", "trap 'exit 9' TERM; echo started; for i in $(seq 200); do sleep 0.05; done"]);
  await once(child.stdout, "data");
  assert.equal(await codeAfter(child, "SIGTERM"), 9);
});

test("wrong options end with 2 and one line on stderr", async () => {
  const rows = [["dev", "--port", "x"], ["dev", "--nonsense"], ["dev", "--port"], ["nonsense"], []];
  for (const { code, stdout, stderr } of await Promise.all(rows.map((args) => run(args)))) {
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^watchpost: [^\n]+\n$/);
  }
});

test("help and version are printed on stdout and end with 0", async () => {
  const [help, versionPrinted] = await Promise.all([run(["--help"]), run(["--version"])]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: watchpost/);
  assert.equal(versionPrinted.code, 0);
  assert.match(versionPrinted.stdout, /^\d+\.\d+\.\d+\n$/);
});

test("a wrong seed ends with 2, one line that names the JSON path, and no store", async () => {
  const seed = path.join(folder, "wrong.json");
  const data = path.join(folder, "never");
  await writeFile(seed, JSON.stringify({ org: { name: "Acme", zgid: "0" } }));
  const { code, stderr } = await run(["serve", "--port", "0", "--data", data, "--seed", seed]);
  assert.equal(code, 2);
  assert.match(stderr, /^watchpost: the seed file [^\n]+ is wrong: \$\.org\.zgid: [^\n]+\n$/);
  assert.ok(!existsSync(data));
});

test("TLS files that are missing, wrong or alone end with 2 and one line, and no store", async () => {
  const data = path.join(folder, "never-encrypted");
  const nothing = path.join(folder, "nothing.pem");
  await writeFile(nothing, "nothing");
  const rows: readonly (readonly [args: readonly string[], line: RegExp])[] = [
    [["--tls-cert", nothing], /^watchpost: --tls-cert needs --tls-key too \(see --help\)\n$/],
    [["--tls-key", nothing], /^watchpost: --tls-key needs --tls-cert too \(see --help\)\n$/],
    [["--tls-cert", `${nothing}.not`, "--tls-key", nothing], /^watchpost: the TLS certificate file [^\n]+ cannot be read \(ENOENT\)\n$/],
    [["--tls-cert", nothing, "--tls-key", nothing], /^watchpost: the TLS certificate file [^\n]+ is no certificate in PEM\n$/],
    [["--api-credits", "many"], /^watchpost: --api-credits expects a number [^\n]+\n$/],
  ];
  const runs = rows.flatMap(([args]) => ["dev", "serve"].map((command) => run([command, "--port", "0", "--data", data, ...args])));
  for (const [at, { code, stdout, stderr }] of (await Promise.all(runs)).entries()) {
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, rows[Math.floor(at / 2)]?.[1] ?? /never/);
  }
  assert.ok(!existsSync(data));
});

test("a seed whose records cannot be made ends with 1 and one line that names the JSON path", async () => {
  const seed = path.join(folder, "contradicting.json");
  await writeFile(seed, JSON.stringify({ org: { name: "Acme", zgid: "1" }, records: { Nonsense: [{}] } }));
  const { code, stderr } = await run(["serve", "--port", "0", "--data", path.join(folder, "contradicted"), "--seed", seed]);
  assert.equal(code, 1);
  assert.match(stderr, /^watchpost: the seed cannot be applied: \$\.records\.Nonsense[^\n]+\n$/);
});

test("a port that is in use ends with 1 and one line", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  const { code, stderr } = await run(["dev", "--port", String(port), "--data", path.join(folder, "held")]);
  holder.close();
  assert.equal(code, 1);
  assert.equal(stderr, `watchpost: cannot listen on 127.0.0.1 port ${String(port)}: the port is in use\n`);
});

test("a data folder that another server uses ends with 1 and one line", async () => {
  const data = path.join(folder, "shared");
  const first = start(["dev", "--json", "--port", "0", "--data", data]);
  await ready(first);
  const { code, stdout, stderr } = await run(["dev", "--json", "--port", "0", "--data", data]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^watchpost: [^\n]+\n$/);
  assert.equal(await codeAfter(first, "SIGTERM"), 0);
});

test("a data folder that cannot be made ends with 1 and one line", async () => {
  const file = path.join(folder, "a-file");
  await writeFile(file, "");
  const { code, stderr } = await run(["dev", "--port", "0", "--data", path.join(file, "data")]);
  assert.equal(code, 1);
  assert.match(stderr, /^watchpost: [^\n]+\n$/);
});

test("what a server was given stays when it starts again on the same folder", async () => {
  const data = path.join(folder, "kept");
  const token = async (): Promise<string> => {
    const child = start(["dev", "--json", "--port", "0", "--data", data]);
    const { line } = await ready(child);
    const body = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: sampleClient.clientId,
      client_secret: sampleClient.clientSecret,
      refresh_token: sampleClient.refreshToken ?? "",
    });
    const issued = (await (await fetch(`${line.accounts_url}/oauth/v2/token`, { method: "POST", body })).json()) as {
      access_token: string;
    };
    const headers = { Authorization: `Zoho-oauthtoken ${issued.access_token}` };
    const deals = await (await fetch(`${line.base_url}/crm/v6/Deals?fields=Deal_Name`, { headers })).text();
    assert.equal(await codeAfter(child, "SIGTERM"), 0);
    return deals;
  };
  assert.equal(await token(), await token());
});
