/** The program under a certificate of a private authority, met by curl and by a client on Node. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { sampleClient } from "../../src/config/sample-org.ts";
import { makeCertificates, skipWithoutOpenssl } from "../support/certificates.ts";
import type { Certificates } from "../support/certificates.ts";
import { startProcess, WatchpostProcess } from "../support/process.ts";

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
const withoutCurl = hasCurl || process.env["CI"] === "true" ? false : "the program curl is not installed";
const skip = skipWithoutOpenssl === false ? withoutCurl : skipWithoutOpenssl;

let made: Certificates | null = null;
before(() => {
  if (skip === false) made = makeCertificates();
});
after(() => made?.[Symbol.dispose]());

function files(): Certificates {
  assert.ok(made !== null);
  return made;
}

/** What makes a server of either command speak https, with a store of its own. */
function tlsArgs(name: string): readonly string[] {
  const { certFile, keyFile, folder } = files();
  return ["--tls-cert", certFile, "--tls-key", keyFile, "--data", `${folder.path}/${name}`];
}

async function curl(args: readonly string[]): Promise<string> {
  return (await run("curl", ["--silent", "--show-error", ...args])).stdout;
}

test("dev and serve say https in their ready line, and curl that knows the authority gets an answer", { skip }, async () => {
  for (const command of ["dev", "serve"]) {
    const { server, ready } = await startProcess([command, ...tlsArgs(command)]);
    await using _ = server;
    assert.match(ready.baseUrl, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(ready.accountsUrl, ready.baseUrl);
    assert.equal(await curl(["--cacert", files().caFile, `${ready.baseUrl}/livez`]), '{"status":"ok"}');
    await assert.rejects(curl([`${ready.baseUrl}/livez`]), /certificate/);
    assert.equal((await server.kill("SIGTERM")).code, 0);
  }
});

test("the commands that dev prints work over https as they stand", { skip }, async () => {
  await using server = new WatchpostProcess(["dev", "--port", "0", ...tlsArgs("welcome")]);
  const told = await server.stdoutUntil("Ctrl-C");
  // Not the one for a code, which takes a person who signs in.
  const commands = told.split("\n").filter((line) => line.includes("curl ") && !line.includes("$CODE"));
  assert.equal(commands.length, 3);
  const { stdout } = await run("/bin/sh", ["-ec", commands.join("\n")]);
  assert.match(stdout, /"Successfully subscribed for actions-watch of the given module"[\s\S]+"record updated"/);
});

test("a client on Node that trusts the authority goes the whole way, and stays on our origin", { skip }, async () => {
  const { server, ready } = await startProcess(["dev", ...tlsArgs("node")]);
  await using _ = server;
  const script = `
    const [baseUrl, form] = process.argv.slice(1);
    const token = await (await fetch(baseUrl + "/oauth/v2/token", { method: "POST", body: new URLSearchParams(form) })).json();
    const headers = { Authorization: "Zoho-oauthtoken " + token.access_token };
    const org = await fetch(token.api_domain + "/crm/v8/org", { headers });
    console.log(JSON.stringify({ domain: token.api_domain, status: org.status, hsts: org.headers.get("strict-transport-security") }));`;
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: sampleClient.clientId,
    client_secret: sampleClient.clientSecret,
    refresh_token: sampleClient.refreshToken ?? "",
  });
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: files().caFile };
  const args = ["--input-type=module", "--eval", script, ready.baseUrl, String(form)];
  const seen: unknown = JSON.parse((await run(process.execPath, args, { env })).stdout);
  assert.deepEqual(seen, { domain: ready.baseUrl, status: 200, hsts: "max-age=63072000" });
});
