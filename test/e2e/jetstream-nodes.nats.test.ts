/** Nodes that share a queue: one writes, others dispatch, and one of those dies, or stands still for a while. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../support/client.ts";
import { NatsServers } from "../support/nats.ts";
import { PostgresServer, query } from "../support/postgres.ts";
import { TemporaryFolder } from "../support/process.ts";
import { type QueueNode, clientOf, hearAll, startQueueNode, watchLeads } from "../support/queue-nodes.ts";
import { Receiver } from "../support/receiver.ts";
import { orgFile } from "../support/seeds.ts";

const server = await PostgresServer.start();
const nats = await NatsServers.start();
const folder = new TemporaryFolder();
const seed = folder.file("seed.json", orgFile("acme", "554023000"));
test.after(async () => {
  folder[Symbol.dispose]();
  await nats[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** In how long what a node had is to be sent by the others. */
const takenOverMs = 15_000;
/** As many as a channel has under way at once. */
const perChannel = 16;

type Cluster = AsyncDisposable & { readonly api: QueueNode; readonly one: QueueNode; readonly client: Client; other(): Promise<QueueNode> };

/** An api node and a dispatch node; the other one is started when it is asked for. */
async function startCluster(database: string): Promise<Cluster> {
  const start = (role: string): Promise<QueueNode> => startQueueNode({ database, nats: nats.url, seed }, ["--role", role]);
  const api = await start("api");
  const nodes = [api, await start("dispatch")];
  const [, one = api] = nodes;
  for (const node of nodes) await until("the broker is found", async () => (await node.metric("watchpost_queue_up")) === 1);
  return {
    api,
    one,
    client: await clientOf(api),
    other: async () => {
      const node = await start("dispatch");
      nodes.push(node);
      return node;
    },
    [Symbol.asyncDispose]: async () => void (await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()))),
  };
}

async function insert(client: Client, count: number): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => client.insert("Leads", { Last_Name: String(at) })));
}

async function countOf(database: string, what: string): Promise<number> {
  const [row] = await query(database, `select count(*)::int as count from ${what}`);
  return Number(row?.["count"]);
}

/** Asks again and again, for a while; a watchdog, no part of any behaviour. */
async function until(what: string, isMet: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 2 * takenOverMs;
  while (!(await isMet())) assert.ok(performance.now() < untilMs, `in vain: ${what}`);
}

test("a node that only answers requests publishes what it writes and takes nothing", async () => {
  await using receiver = await Receiver.start();
  await using cluster = await startCluster(await server.bareDatabase());
  await watchLeads(cluster.client, "1", receiver);
  const ids = await insert(cluster.client, 20);
  assert.equal(await hearAll(receiver, ids, new Set()), 0, "nothing came twice");
  assert.equal(await cluster.api.metric("watchpost_queue_deliveries_total"), ids.length);
  assert.equal(await cluster.one.metric("watchpost_queue_deliveries_total"), 0);
});

test("what a killed node had in hand another sends within 15 s, and twice comes only what was under way", async () => {
  const database = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using cluster = await startCluster(database);
  await watchLeads(cluster.client, "1", receiver);
  const release = receiver.hold();
  const ids = await insert(cluster.client, 40);
  await receiver.reached(perChannel);
  await cluster.other();
  await cluster.one.process.kill("SIGKILL");
  const killedMs = performance.now();
  release();
  await until("all are delivered", async () => (await countOf(database, "deliveries where status = 'delivered'")) === ids.length);
  const tookMs = performance.now() - killedMs;
  assert.ok(tookMs <= takenOverMs, `${String(tookMs)} ms`);
  assert.ok(receiver.received.length <= ids.length + perChannel, `${String(receiver.received.length - ids.length)} came twice`);
});

test("a node that was stopped and goes on sends nothing of what others have taken over, and settles none of it", async () => {
  const database = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using cluster = await startCluster(database);
  await watchLeads(cluster.client, "1", receiver);
  const release = receiver.hold();
  const ids = await insert(cluster.client, 60);
  await receiver.reached(perChannel);
  cluster.one.process.signal("SIGSTOP");
  const stoppedMs = performance.now();
  await cluster.other();
  release();
  await until("the other sends all", async () => (await countOf(database, "deliveries where status = 'delivered'")) === ids.length);
  const tookMs = performance.now() - stoppedMs;
  assert.ok(tookMs <= takenOverMs, `${String(tookMs)} ms`);
  cluster.one.process.signal("SIGCONT");
  await until("it comes back", async () => (await countOf(database, "nodes")) === 3);
  const more = await insert(cluster.client, 20);
  const all = ids.length + more.length;
  await until("both go on", async () => (await countOf(database, "deliveries where status = 'delivered'")) === all);
  assert.ok(receiver.received.length <= all + perChannel, `${String(receiver.received.length - all)} came twice`);
  assert.equal(await countOf(database, "(select 1 from attempts group by org, delivery_id having count(*) > 1) as twice"), 0);
});

test("a node that is told to end leaves what it had not begun to the others at once", async () => {
  await using receiver = await Receiver.start();
  await using cluster = await startCluster(await server.bareDatabase());
  await watchLeads(cluster.client, "1", receiver);
  const release = receiver.hold();
  const ids = await insert(cluster.client, 60);
  await receiver.reached(perChannel);
  await cluster.other();
  const ended = cluster.one.process.kill("SIGTERM");
  // The first sixteen are held still; as many come from the other.
  await receiver.reached(2 * perChannel, 5_000);
  release();
  const { code, stderr } = await ended;
  assert.equal(code, 0, stderr);
  assert.equal(await hearAll(receiver, ids, new Set()), 0, "nothing came twice");
});
