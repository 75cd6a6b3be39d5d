import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { sampleClient, samplePassword, sampleWebClient } from "../config/sample-org.ts";
import { shellWord, welcomeLines } from "./welcome.ts";

const plain = (_style: string, text: string): string => text;
const welcome = {
  baseUrl: "http://127.0.0.1:8585",
  adminToken: "admin",
  client: sampleClient,
  dealId: "554023000100000005",
  caFile: null,
  inboxUrl: null,
  signIn: null,
};

test("a newcomer reads the connection and commands to paste", () => {
  const text = welcomeLines(welcome, plain).join("\n");
  for (const fact of [welcome.baseUrl, sampleClient.clientId, sampleClient.clientSecret, sampleClient.refreshToken, "admin"]) {
    assert.ok(text.includes(fact ?? ""), fact ?? "");
  }
  assert.match(text, /^TOKEN=\$\(curl .*\/oauth\/v2\/token /m);
  assert.match(text, /^curl -s http:\/\/127\.0\.0\.1:8585\/crm\/v6\/actions\/watch .*"events":\["Deals\.all"\]/m);
  assert.match(text, /^curl -s -X PUT http:\/\/127\.0\.0\.1:8585\/crm\/v6\/Deals\/554023000100000005 /m);
});

test("a newcomer reads where the console is, and of the inbox where a channel leads to it", () => {
  const inboxUrl = "http://127.0.0.1:8585/inbox/first";
  const text = welcomeLines({ ...welcome, inboxUrl }, plain).join("\n");
  assert.match(text, /^http:\/\/127\.0\.0\.1:8585\/console\/$/m);
  assert.ok(text.includes(inboxUrl) && text.includes("its inbox shows"));
  assert.ok(!welcomeLines(welcome, plain).join("\n").includes("inbox"));
});

test("where no Deal is there, the command makes one", () => {
  assert.match(welcomeLines({ ...welcome, dealId: null }, plain).join("\n"), /^curl -s http:\/\/127\.0\.0\.1:8585\/crm\/v6\/Deals /m);
});

test("who may sign in reads where and as whom, and how to get tokens for the code", () => {
  const signIn = { client: sampleWebClient, email: "owner@acme.example", password: samplePassword };
  const text = welcomeLines({ ...welcome, signIn }, plain).join("\n");
  assert.match(text, /sign in as owner@acme\.example with the password correct-horse/);
  const url = new URL(/^http:\S+\/oauth\/v2\/auth\?\S+$/m.exec(text)?.[0] ?? "");
  assert.equal(url.searchParams.get("redirect_uri"), sampleWebClient.redirectUri);
  assert.ok(text.includes(`client_secret=${sampleWebClient.clientSecret}`));
});

test("without a client only the server is told of", () => {
  const text = welcomeLines({ ...welcome, client: null, dealId: null }, plain).join("\n");
  assert.ok(text.includes(welcome.baseUrl));
  assert.ok(!text.includes("curl"));
});

test("over https every command trusts the server's certificate", () => {
  const secure = { ...welcome, baseUrl: "https://127.0.0.1:8585", caFile: "/etc/my certs/cert.pem" };
  const commands = welcomeLines(secure, plain).filter((line) => line.includes("curl "));
  assert.equal(commands.length, 3);
  for (const command of commands) assert.match(command, /curl -s --cacert '\/etc\/my certs\/cert\.pem' .*https:\/\/127\.0\.0\.1:8585\//);
});

test("any text is one word of the shell and stays what it is", () => {
  const texts = ["plain", "it's", '"quoted" $HOME `id`', "a\\b", "", "a b\nc", "'"];
  for (const text of texts) assert.equal(execFileSync("/bin/sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" }), text);
});
