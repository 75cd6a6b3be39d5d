/**
 * How long a change takes from its commit to its arrival: single edits, one after another, over HTTP, on an embedded store in a
 * file, with the receiver in a process of its own. Prints p50 and p99.
 *
 *     npm run -s bench -- --edits 1000
 *
 * The commit's instant is the delivery's `committed_at`, stamped before the transaction, so that the fsync counts; the arrival's is
 * when the receiver had read the request. Both are read from the machine's one clock.
 */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { sampleClient } from "../../src/config/sample-org.ts";
import { accessTokenOf } from "../support/client.ts";
import { TemporaryFolder, startProcess } from "../support/process.ts";
import type { Arrival } from "./receiver.ts";

const { values: options } = parseArgs({ options: { edits: { type: "string", default: "1000" } } });
const edits = Number(options.edits);
assert(Number.isInteger(edits) && edits > 0, "--edits takes a positive whole number");

using folder = new TemporaryFolder();
const receiver = fork(new URL("./receiver.ts", import.meta.url));
const port = await portOf(receiver);
const { server, ready } = await startProcess(["dev", "--data", folder.path, "--log-level", "error"]);
await using _server = server;
const headers = {
  Authorization: `Zoho-oauthtoken ${await accessTokenOf(ready.baseUrl, { ...sampleClient, refreshToken: sampleClient.refreshToken ?? "" })}`,
};

const [dealId] = await subscribe();
const arrivals: Arrival[] = [];
const startedAtMs = performance.now();
for (let edit = 0; edit < edits; edit += 1) {
  const arrival = once(receiver, "message");
  await request("PUT", `/crm/v6/Deals/${dealId}`, { data: [{ Amount: edit + 1 }] });
  arrivals.push((await arrival)[0] as Arrival);
}
const tookMs = performance.now() - startedAtMs;
const waits = arrivals.map(({ webhookId, atMs }) => atMs - committedAtOf(webhookId)).sort((a, b) => a - b);
const figures = {
  edits,
  p50_ms: quantile(waits, 0.5),
  p99_ms: quantile(waits, 0.99),
  max_ms: quantile(waits, 1),
  edits_per_second: Math.round((edits * 1_000) / tookMs),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
receiver.disconnect();

/** Subscribes the receiver to edits of Deals; gives the id of one. */
async function subscribe(): Promise<readonly string[]> {
  const notifyUrl = `http://127.0.0.1:${port}/`;
  await request("POST", "/crm/v6/actions/watch", { watch: [{ channel_id: "1", events: ["Deals.edit"], notify_url: notifyUrl }] });
  const { data } = (await request("GET", "/crm/v6/Deals?fields=id", undefined)) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

async function request(method: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${ready.baseUrl}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  assert(response.ok, `${method} ${path} was answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

async function portOf(child: ChildProcess): Promise<number> {
  const [message] = (await once(child, "message")) as [{ port: number }];
  return message.port;
}

/** A delivery's id begins with the millisecond of its commit, in microseconds. */
function committedAtOf(webhookId: string): number {
  return Math.floor(Number(webhookId.slice("msg_".length)) / 1_000);
}

function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return Math.round(value * 100) / 100;
}
