/** The program as people start it: ready line, wrong options, signals, `--exec`, seeds, the demo. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { send, signIn } from "../support/client.ts";
import { at } from "../support/json.ts";
import { TemporaryFolder, WatchpostProcess, readReadyLine, runWatchpost, startProcess } from "../support/process.ts";
import type { Finished } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";
import { acme, credentialsOf } from "../support/seeds.ts";

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

function assertWrongOptions({ code, stdout, stderr }: Finished, expected: RegExp): void {
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  assert.equal(lines(stderr).length, 1, stderr);
  assert.match(stderr, expected);
}

for (const command of ["dev", "serve"]) {
  test(`${command} --json prints exactly one line when it is ready, and SIGTERM ends it with code 0`, async () => {
    using folder = new TemporaryFolder();
    const { server, ready } = await startProcess([command, "--data", folder.path]);
    await using _ = server;
    assert.match(ready.baseUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(ready.accountsUrl, ready.baseUrl);
    assert.equal((await send(ready.baseUrl, { method: "GET", path: "/livez" })).status, 200);
    const headers = { Authorization: `Bearer ${ready.adminToken}` };
    assert.equal((await send(ready.baseUrl, { method: "GET", path: "/api/v1/deliveries", headers })).status, 200);
    const { code, stdout } = await server.kill("SIGTERM");
    assert.equal(code, 0);
    assert.equal(lines(stdout).length, 1);
  });
}

test("a second signal ends the server at once", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  const release = receiver.hold();
  const seed = folder.file("seed.json", acme);
  const { server, ready } = await startProcess(["serve", "--data", `${folder.path}/data`, "--seed", seed, "--allow-target", "127.0.0.0/8"]);
  await using _ = server;
  const client = await signIn(ready.baseUrl, credentialsOf("acme"));
  await client.subscribe({ channel_id: "1", events: ["Leads.create"], notify_url: receiver.url() });
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await receiver.next();
  server.signal("SIGTERM");
  // The attempt in flight holds the first signal's drain; the second does not wait for it.
  await refusesConnections(ready.baseUrl);
  server.signal("SIGTERM");
  const { code } = await server.finished;
  assert.equal(code, 143);
  release();
});

test("a delivery in flight is finished before the server ends", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  const release = receiver.hold();
  const seed = folder.file("seed.json", acme);
  const args = ["serve", "--data", `${folder.path}/data`, "--seed", seed, "--allow-target", "127.0.0.0/8"];
  const { server, ready } = await startProcess(args);
  await using _ = server;
  const client = await signIn(ready.baseUrl, credentialsOf("acme"));
  await client.subscribe({ channel_id: "1", events: ["Leads.create"], notify_url: receiver.url() });
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await receiver.next();
  server.signal("SIGTERM");
  await refusesConnections(ready.baseUrl);
  release();
  assert.equal((await server.finished).code, 0);
  const again = await startProcess(args);
  await using __ = again.server;
  const headers = { Authorization: `Bearer ${again.ready.adminToken}` };
  const log = await send(again.ready.baseUrl, { method: "GET", path: "/api/v1/deliveries", headers });
  assert.equal(at(log.body, "deliveries", 0, "status"), "delivered");
});

/** Resolves when the server takes no connections any more. */
async function refusesConnections(baseUrl: string): Promise<void> {
  for (;;) {
    const isOpen = await send(baseUrl, { method: "GET", path: "/livez" }).then(
      () => true,
      () => false,
    );
    if (!isOpen) return;
  }
}

const wrongOptions: readonly { readonly title: string; readonly args: readonly string[]; readonly says: RegExp }[] = [
  { title: "no command", args: [], says: /dev, serve, demo/ },
  { title: "an unknown command", args: ["fly"], says: /fly/ },
  { title: "an unknown option", args: ["serve", "--warp", "9"], says: /--warp/ },
  { title: "a port that is no number", args: ["serve", "--port", "eighty"], says: /--port.*eighty/ },
  { title: "a port that is too large", args: ["serve", "--port", "65536"], says: /--port/ },
  { title: "a network that is none", args: ["serve", "--allow-target", "10.0.0.0/33"], says: /--allow-target/ },
  { title: "a public URL with a path", args: ["dev", "--public-url", "https://crm.example/base"], says: /--public-url/ },
  { title: "an option without its value", args: ["serve", "--data"], says: /--data/ },
  { title: "a seed file that is not there", args: ["serve", "--port", "0", "--seed", "/nowhere/seed.json"], says: /\/nowhere\/seed\.json/ },
  { title: "--exec for serve", args: ["serve", "--exec", "true"], says: /--exec/ },
];
for (const { title, args, says } of wrongOptions) {
  test(`${title} is one clear line and exit code 2`, async () => {
    assertWrongOptions(await runWatchpost(args), says);
  });
}

test("a wrong environment variable is one clear line and exit code 2, and does not show a secret", async () => {
  assertWrongOptions(await runWatchpost(["serve"], { environment: { WATCHPOST_PORT: "eighty" } }), /WATCHPOST_PORT/);
  const short = await runWatchpost(["serve"], { environment: { WATCHPOST_ADMIN_TOKEN: "tiny" } });
  assertWrongOptions(short, /WATCHPOST_ADMIN_TOKEN/);
  assert.doesNotMatch(short.stderr, /tiny/);
});

test("--help and --version end with code 0", async () => {
  const help = await runWatchpost(["serve", "--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--allow-target/);
  assert.match((await runWatchpost(["--version"])).stdout, /^\d+\.\d+\.\d+/);
});

test("dev --exec gives the command the connection and exits with its code", async () => {
  using folder = new TemporaryFolder();
  const script = folder.file(
    "client.mjs",
    `const { WATCHPOST_BASE_URL: base, WATCHPOST_ACCOUNTS_URL: accounts, WATCHPOST_CLIENT_ID: id, WATCHPOST_CLIENT_SECRET: secret, WATCHPOST_REFRESH_TOKEN: refresh } = process.env;
     const form = new URLSearchParams({ grant_type: "refresh_token", client_id: id, client_secret: secret, refresh_token: refresh });
     const { access_token } = await (await fetch(accounts + "/oauth/v2/token", { method: "POST", body: form })).json();
     const answer = await fetch(base + "/crm/v6/org", { headers: { Authorization: "Zoho-oauthtoken " + access_token } });
     console.log("status " + answer.status);
     process.exitCode = 7;`,
  );
  const { code, stdout } = await runWatchpost(["dev", "--port", "0", "--exec", `"${process.execPath}" "${script}"`], { cwd: folder.path });
  assert.match(stdout, /status 200/);
  assert.equal(code, 7);
});

test("dev tells a newcomer the base URL, the credentials and two commands to paste", async () => {
  using folder = new TemporaryFolder();
  await using server = new WatchpostProcess(["dev", "--port", "0", "--data", folder.path]);
  await server.firstLine();
  const { stdout } = await server.kill("SIGTERM");
  assert.match(stdout, /http:\/\/127\.0\.0\.1:\d+/);
  assert.match(stdout, /curl[\s\S]*actions\/watch/);
  assert.match(stdout, /curl[\s\S]*\/Deals/);
  assert.match(stdout, /1000\.\w+/);
});

const wrongSeeds: readonly { readonly title: string; readonly seed: unknown; readonly says: RegExp }[] = [
  { title: "an unknown key", seed: { ...acme, colour: "red" }, says: /\$\.colour/ },
  { title: "a wrong type", seed: { ...acme, org: { ...acme.org, name: 5 } }, says: /\$\.org\.name/ },
  { title: "two clients with one id", seed: { ...acme, clients: [...acme.clients, ...acme.clients] }, says: /\$\.clients\[1\]\.client_id/ },
  { title: "no JSON", seed: "{", says: /seed\.json/ },
  { title: "a record that its module refuses", seed: { ...acme, records: { Leads: [{ Company: "nameless" }] } }, says: /Leads\[0\]/ },
];
for (const { title, seed, says } of wrongSeeds) {
  test(`a seed with ${title} is one line that names the place, and nothing is applied`, async () => {
    using folder = new TemporaryFolder();
    const data = `${folder.path}/data`;
    const finished = await runWatchpost(["serve", "--port", "0", "--data", data, "--seed", folder.file("seed.json", seed)]);
    assert.equal(lines(finished.stdout).length, 0);
    assert.ok(finished.code === 2 || finished.code === 1, `code ${String(finished.code)}`);
    assert.match(finished.stderr, says);
    const { server, ready } = await startProcess(["serve", "--data", data]);
    await using _ = server;
    const { clientId, clientSecret, refreshToken } = credentialsOf("acme");
    const query = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    });
    const answer = await send(ready.baseUrl, { method: "POST", path: `/oauth/v2/token?${query.toString()}` });
    assert.equal(at(answer.body, "error"), "invalid_client");
  });
}

test("a seed is applied once, and again it changes nothing", async () => {
  using folder = new TemporaryFolder();
  const seed = folder.file("seed.json", { ...acme, records: { Accounts: [{ Account_Name: "Initech" }] } });
  const args = ["serve", "--data", `${folder.path}/data`, "--seed", seed];
  for (const turn of ["first", "second"]) {
    const { server, ready } = await startProcess(args);
    await using _ = server;
    const client = await signIn(ready.baseUrl, credentialsOf("acme"));
    const answer = await client.request("GET", "/Accounts?fields=Account_Name");
    assert.equal(at(answer.body, "info", "count"), 1, turn);
    assert.equal((await server.kill("SIGTERM")).code, 0);
  }
});

test("one server at a time uses a data folder", async () => {
  using folder = new TemporaryFolder();
  const { server } = await startProcess(["serve", "--data", folder.path]);
  await using _ = server;
  const second = await runWatchpost(["serve", "--port", "0", "--data", folder.path]);
  assert.equal(second.code, 1, second.stderr);
  assert.equal(lines(second.stdout).length, 0);
});

test("a port that is taken is one clear line and exit code 1", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  const { code, stderr } = await runWatchpost(["serve", "--port", String(receiver.port), "--data", folder.path]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`${receiver.port}.*in use`));
});

test("the log says nothing of tokens, secrets or the query of a notify_url", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  const seed = folder.file("seed.json", acme);
  const args = ["serve", "--data", `${folder.path}/data`, "--seed", seed, "--allow-target", "127.0.0.0/8", "--log-level", "debug"];
  const { server, ready } = await startProcess(args);
  await using _ = server;
  const client = await signIn(ready.baseUrl, credentialsOf("acme"));
  await client.subscribe({
    channel_id: "1",
    events: ["Leads.create"],
    token: "channel-token",
    notify_url: receiver.url("/callback?authorization=query-secret"),
  });
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await receiver.next();
  const { stderr } = await server.kill("SIGTERM");
  assert.match(stderr, /delivery\.attempted/);
  for (const secret of ["query-secret", "channel-token", client.accessToken, ready.adminToken, "secret-of-acme", "refresh-of-acme"]) {
    assert.ok(!stderr.includes(secret), `${secret} is in the log`);
  }
});

test("demo --json passes, one line of JSON a step", { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await runWatchpost(["demo", "--json"]);
  assert.equal(code, 0, `${stdout}\n${stderr}`);
  const steps = lines(stdout).map((line): unknown => JSON.parse(line));
  assert.ok(steps.length >= 8, stdout);
});

test("the ready line can be read from a server on every address of the machine", async () => {
  using folder = new TemporaryFolder();
  await using server = new WatchpostProcess(["serve", "--host", "0.0.0.0", "--port", "0", "--json", "--data", folder.path]);
  const ready = readReadyLine(await server.firstLine());
  assert.match(ready.baseUrl, /^http:\/\/[^/]+:\d+$/);
});
