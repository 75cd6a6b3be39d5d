/** The two curl commands of the documents that the project started with, with our base URL and nothing else changed. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { startApp } from "../support/app.ts";
import type { App } from "../support/app.ts";
import { at, listAt, textAt } from "../support/json.ts";
import { TemporaryFolder } from "../support/process.ts";

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
// In CI nothing may be skipped: there the test runs, and fails.
const isCi = process.env["CI"] === "true";
const skip = hasCurl || isCi ? false : "the program curl is not installed";

/** The body that a vector of test/vectors was recorded with. */
function bodyOf(vector: string): unknown {
  return at(JSON.parse(readFileSync(new URL(`../vectors/${vector}.json`, import.meta.url), "utf8")), "request", "body");
}

/** Runs curl, and gives the status and the parsed body of the answer. */
async function curl(args: readonly string[], cwd: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const { stdout } = await run("curl", ["--silent", "--show-error", "--write-out", "\n%{http_code}", ...args], { cwd });
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), body: JSON.parse(stdout.slice(0, end)) };
}

async function accessToken(app: App): Promise<string> {
  return (await app.client()).accessToken;
}

test("the v2.1 document's command subscribes three channels", { skip }, async () => {
  using folder = new TemporaryFolder();
  await using app = await startApp();
  const data = JSON.stringify(bodyOf("v2.1/recorded-1-subscribe-three-channels"), null, 1);
  const authorization = `Authorization: Bearer ${await accessToken(app)}`;
  const { status, body } = await curl(
    ["-X", "POST", "-H", authorization, "-d", data, `${app.baseUrl}/crm/v2.1/actions/watch`],
    folder.path,
  );
  assert.equal(status, 201);
  const names = listAt(body, "watch").map((result) => listAt(result, "details", "events").map((event) => at(event, "resource_name")));
  assert.deepEqual(names, [["Contacts", "Solutions", "Price_Books"], ["Deals"], ["Cases"]]);
});

test("the v6 document's command subscribes the sample input, read from its file", { skip }, async () => {
  using folder = new TemporaryFolder();
  await using app = await startApp();
  folder.file("inputData.json", JSON.stringify(bodyOf("v6/seed-sample"), null, 4));
  const authorization = `Authorization: Zoho-oauthtoken ${await accessToken(app)}`;
  const args = [`${app.baseUrl}/crm/v6/actions/watch`, "-X", "POST", "-H", authorization, "-d", "@inputData.json"];
  const { status, body } = await curl(args, folder.path);
  assert.equal(status, 201);
  assert.equal(textAt(body, "watch", 0, "details", "events", 0, "resource_id"), "554023000000000131");
});
