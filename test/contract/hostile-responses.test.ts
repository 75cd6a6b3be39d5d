/** The dispatcher against receivers that mean harm: each slot is freed in time, little is read, and memory stays flat. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Socket } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { limits as standard } from "../../src/core/limits.ts";
import { atOnce, attemptTimeoutMs, deliver } from "../support/deliver-once.ts";
import { gibberishPrefix, hostileAnswers } from "../support/hostile-answers.ts";
import type { ReceiverPorts } from "../support/hostile-receiver.ts";
import type { MemoryUse } from "../support/hostile-load.ts";

/** How much later than its time an attempt may end on a busy machine; a watchdog. */
const slackMs = 4_000;
const flatWithinBytes = 50 * 1024 * 1024;

type Receiver = ReceiverPorts & { readonly process: ChildProcess };

let receiver: Receiver;
before(async () => {
  const child = forkScript("hostile-receiver.ts", []);
  const [ports] = (await once(child, "message")) as [ReceiverPorts];
  receiver = { process: child, ...ports };
});
after(async () => {
  const ended = once(receiver.process, "exit");
  receiver.process.disconnect();
  await ended;
});

function forkScript(name: string, flags: readonly string[]): ChildProcess {
  const execArgv = ["--disable-warning=ExperimentalWarning", ...flags];
  return fork(fileURLToPath(new URL(`../support/${name}`, import.meta.url)), { execArgv });
}

function urlOf(name: string): string {
  const tlsPort = receiver.tlsPorts[name];
  return tlsPort === undefined ? `http://127.0.0.1:${receiver.port}/${encodeURIComponent(name)}` : `https://127.0.0.1:${tlsPort}/`;
}

/** The connections that undici makes while `work` runs. */
async function connectionsOf(work: () => Promise<unknown>): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  const listener = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
  subscribe("undici:client:connected", listener);
  try {
    await work();
  } finally {
    unsubscribe("undici:client:connected", listener);
  }
  return sockets;
}

test("whatever a receiver does, the attempt ends in time with the status that came, or says why none did", async () => {
  const names = Object.keys(hostileAnswers);
  const settlements = await deliver(names.map(urlOf));
  for (const [index, name] of names.entries()) {
    const { status, error, isSlow } = hostileAnswers[name] ?? assert.fail(name);
    const attempt = settlements[index]?.attempt;
    assert.deepEqual([attempt?.httpStatus, attempt?.error], [status, error], name);
    assert.equal(attempt?.outcome, status === null ? "unreachable" : "delivered", name);
    const durationMs = attempt?.durationMs ?? Number.NaN;
    assert.ok(durationMs <= attemptTimeoutMs + slackMs, `${name}: ${durationMs} ms`);
    if (isSlow !== true) assert.ok(durationMs < attemptTimeoutMs, `${name} held its slot for ${durationMs} ms`);
    assert.ok((attempt?.responseBody ?? "").length <= standard.responseBytesKeptMax, name);
  }
});

test("of no answer more is taken from the network than the limit and what one read brings", async () => {
  const names = Object.entries(hostileAnswers).filter(([, answer]) => answer.isSlow !== true);
  const sockets = await connectionsOf(() => deliver(names.map(([name]) => urlOf(name))));
  assert.ok(sockets.length >= names.filter(([, answer]) => answer.isTls !== true).length);
  const oneReadBytes = 16 * 1024;
  for (const { bytesRead } of sockets) assert.ok(bytesRead <= standard.responseBytesReadMax + oneReadBytes, `${bytesRead} bytes`);
});

test("whatever bytes come for an answer, the attempt is settled", async () => {
  const settlements = await deliver(Array.from({ length: 300 }, (_each, seed) => urlOf(`${gibberishPrefix}${seed}`)));
  assert.equal(settlements.length, 300);
  for (const { end } of settlements) assert.ok(end === "delivered" || end === "unreachable" || end === "rejected", end);
});

test("memory stays flat while five hundred receivers do their worst at once", async (context) => {
  receiver.process.send({ hold: atOnce });
  const names = Object.keys(hostileAnswers);
  const good = Array.from({ length: atOnce }, () => urlOf("good"));
  const bad = Array.from({ length: atOnce }, (_each, index) => urlOf(names[index % names.length] ?? ""));
  // A young generation of its usual size takes a hundred MiB for what is no longer used, under any load and whatever the answers are.
  const load = forkScript("hostile-load.ts", ["--max-semi-space-size=4"]);
  load.send({ good, bad });
  const [{ beforeBytes, peakBytes }] = (await once(load, "message")) as [MemoryUse];
  await once(load, "exit");
  const [before, grown] = [beforeBytes, peakBytes - beforeBytes].map((bytes) => (bytes / 1024 ** 2).toFixed(1));
  context.diagnostic(`${atOnce} at once: ${before} MiB before, at most ${grown} MiB more`);
  assert.ok(peakBytes - beforeBytes <= flatWithinBytes, `${grown} MiB more`);
});
