/** The program on PostgreSQL with NATS JetStream, both of the tests' own: all goes through the broker, and nothing is lost with it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NatsServers, natsPassword } from "../support/nats.ts";
import { PostgresServer } from "../support/postgres.ts";
import { TemporaryFolder, runWatchpost } from "../support/process.ts";
import { type QueueNode, clientOf, hearAll, startQueueNode, watchLeads, writeOn } from "../support/queue-nodes.ts";
import { Receiver } from "../support/receiver.ts";
import { orgFile } from "../support/seeds.ts";

const server = await PostgresServer.start();
const folder = new TemporaryFolder();
const seed = folder.file("seed.json", orgFile("acme", "554023000"));
test.after(async () => {
  folder[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** How long what was lost with the broker may take. */
const resumedMs = 30_000;

function startNode(database: string, nats: string, words: readonly string[] = []): Promise<QueueNode> {
  return startQueueNode({ database, nats, seed }, words);
}

/** Nodes of these roles, the first of which writes: one that dispatches as well would keep what it writes. */
async function startApart(
  stack: AsyncDisposableStack,
  places: { readonly database: string; readonly nats: string },
  of: { readonly dispatchers: number; readonly words?: readonly string[] },
): Promise<{ readonly api: QueueNode; readonly dispatchers: readonly QueueNode[] }> {
  const start = async (role: string): Promise<QueueNode> =>
    stack.use(await startNode(places.database, places.nats, ["--role", role, ...(of.words ?? [])]));
  const [api, ...dispatchers] = await Promise.all([start("api"), ...Array.from({ length: of.dispatchers }, () => start("dispatch"))]);
  return { api, dispatchers };
}

test("a write on one node is delivered through the broker, and the broker hands each message to one of two nodes", async () => {
  await using nats = await NatsServers.start();
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using stack = new AsyncDisposableStack();
  const { api, dispatchers } = await startApart(stack, { database: url, nats: nats.url }, { dispatchers: 2 });
  const client = await clientOf(api);
  await watchLeads(client, "1", receiver);
  const ids: string[] = [];
  for (let count = 0; count < 40; count += 1) ids.push(await client.insert("Leads", { Last_Name: `Lead ${String(count)}` }));
  assert.equal(await hearAll(receiver, ids, new Set()), 0, "nothing came twice");
  assert.equal(await api.metric("watchpost_queue_deliveries_total"), ids.length);
  const attempted = await Promise.all(dispatchers.map((node) => node.metric('watchpost_deliveries_settled_total{state="delivered"}')));
  assert.equal(
    attempted.reduce((sum, count) => sum + count, 0),
    ids.length,
  );
  const { code, stdout, stderr } = await api.process.kill("SIGTERM");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /"event":"queue.ready"/);
  assert.ok(!`${stdout}${stderr}`.includes(natsPassword), "the log holds no password");
});

test("a broker that is killed under load and comes back with an empty disk loses nothing, and all is delivered within 30 s", async () => {
  await using nats = await NatsServers.start();
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using stack = new AsyncDisposableStack();
  const { api, dispatchers } = await startApart(stack, { database: url, nats: nats.url }, { dispatchers: 1 });
  const client = await clientOf(api);
  await watchLeads(client, "1", receiver);
  const first = await client.insert("Leads", { Last_Name: "First" });
  const heard = new Set<string>();
  await hearAll(receiver, [first], heard);
  const load = writeOn(client);
  await hearAll(receiver, [await client.insert("Leads", { Last_Name: "Before" })], heard);
  await nats.kill();
  nats.wipe();
  await hearAll(receiver, [await client.insert("Leads", { Last_Name: "Away" })], heard);
  await nats.run();
  const backAt = performance.now();
  const ids = await load.end();
  const repeated = await hearAll(receiver, ids, heard);
  const tookMs = performance.now() - backAt;
  assert.ok(tookMs <= resumedMs, `${String(tookMs)} ms`);
  assert.ok(repeated <= 256, `${String(repeated)} came twice`);
  for (const node of [api, ...dispatchers]) {
    const { code, stderr } = await node.process.kill("SIGTERM");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /"event":"queue.lost"/);
  }
});

test("of three servers that keep each message one may be killed under load", async () => {
  await using nats = await NatsServers.start(3);
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using stack = new AsyncDisposableStack();
  const places = { database: url, nats: nats.url };
  const { api } = await startApart(stack, places, { dispatchers: 1, words: ["--nats-replicas", "3"] });
  const client = await clientOf(api);
  await watchLeads(client, "1", receiver);
  const heard = new Set<string>();
  await hearAll(receiver, [await client.insert("Leads", { Last_Name: "First" })], heard);
  const load = writeOn(client);
  await hearAll(receiver, [await client.insert("Leads", { Last_Name: "Before" })], heard);
  await nats.kill(1);
  const killedAt = performance.now();
  await hearAll(receiver, [await client.insert("Leads", { Last_Name: "After" })], heard);
  const ids = await load.end();
  await hearAll(receiver, ids, heard);
  assert.ok(performance.now() - killedAt <= resumedMs);
});

test("a node without a broker answers writes and delivers, and says so", async () => {
  const nats = await NatsServers.start();
  await nats[Symbol.asyncDispose]();
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using node = await startNode(url, nats.url);
  const client = await clientOf(node);
  await watchLeads(client, "1", receiver);
  await hearAll(receiver, [await client.insert("Leads", { Last_Name: "Alone" })], new Set());
  const { code, stdout, stderr } = await node.process.kill("SIGTERM");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /"event":"queue.lost"/);
  assert.ok(!`${stdout}${stderr}`.includes(natsPassword), "the log holds no password");
});

test("options that do not go together are refused in one line, and a file that is none is named", async () => {
  const wrong = [
    [["--nats-url", "nats://127.0.0.1:1"], /--nats-url needs --database-url too/],
    [["--nats-ca", "ca.pem"], /--nats-ca needs --nats-url too/],
    [["--nats-replicas", "2"], /--nats-replicas expects 1 or 3/],
    [["--nats-url", `http://u:${natsPassword}@h`], /--nats-url expects a URL/],
    [["--database-url", server.url("x"), "--nats-url", "nats://127.0.0.1", "--nats-creds", seed], /credentials file .* is none/],
  ] as const;
  for (const [words, reason] of wrong) {
    const { code, stderr } = await runWatchpost(["serve", "--port", "0", ...words]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, reason);
    assert.ok(!stderr.includes(natsPassword), stderr);
  }
});
