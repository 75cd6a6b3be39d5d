/** The program on PostgreSQL with NATS JetStream, both of the tests' own: all goes through the broker, and nothing is lost with it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, signIn } from "../support/client.ts";
import { NatsServers, natsPassword } from "../support/nats.ts";
import { PostgresServer } from "../support/postgres.ts";
import { TemporaryFolder, WatchpostProcess, readReadyLine, runWatchpost } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";
import { credentialsOf, orgFile } from "../support/seeds.ts";

const server = await PostgresServer.start();
const folder = new TemporaryFolder();
const seed = folder.file("seed.json", orgFile("acme", "554023000"));
test.after(async () => {
  folder[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** How long what was lost with the broker may take. */
const resumedMs = 30_000;

type Node = AsyncDisposable & { readonly process: WatchpostProcess; readonly client: Client; metric(name: string): Promise<number> };

async function startNode(url: string, nats: string, words: readonly string[] = []): Promise<Node> {
  const all = ["serve", "--seed", seed, "--port", "0", "--json", "--allow-target", "127.0.0.0/8", ...words];
  const process = new WatchpostProcess(all, { environment: { WATCHPOST_DATABASE_URL: url, WATCHPOST_NATS_URL: nats } });
  const { baseUrl } = readReadyLine(await process.firstLine());
  const client = await signIn(baseUrl, credentialsOf("acme"));
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${baseUrl}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  };
  return { process, client, metric, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
}

function watch(node: Node, channelId: string, receiver: Receiver): Promise<unknown> {
  return node.client.subscribe({ channel_id: channelId, events: ["Leads.all"], notify_url: receiver.url() });
}

/** Writes one lead after another until told to end; gives back their ids. */
function writeOn(node: Node): { readonly end: () => Promise<readonly string[]> } {
  const ids: string[] = [];
  let isEnded = false;
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    for (let count = 0; !isEnded; count += 1) {
      ids.push(await node.client.insert("Leads", { Last_Name: `Lead ${String(lane)}-${String(count)}` }));
    }
  });
  return {
    end: async () => {
      isEnded = true;
      await Promise.all(lanes);
      return ids;
    },
  };
}

/** Waits for all of them; gives back how many more than once each came. */
async function hearAll(receiver: Receiver, ids: readonly string[], heard: Set<string>): Promise<number> {
  let repeated = 0;
  while (ids.some((id) => !heard.has(id))) {
    const id = JSON.stringify(Reflect.get(Object((await receiver.next()).body), "ids")).replaceAll(/[["\]]/g, "");
    if (heard.has(id)) repeated += 1;
    heard.add(id);
  }
  return repeated;
}

test("a write on one node is delivered through the broker, and the broker hands each message to one of two nodes", async () => {
  await using nats = await NatsServers.start();
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  const [one, other] = await Promise.all([startNode(url, nats.url), startNode(url, nats.url)]);
  await using _one = one;
  await using _other = other;
  await watch(one, "1", receiver);
  const ids: string[] = [];
  for (let count = 0; count < 40; count += 1) ids.push(await one.client.insert("Leads", { Last_Name: `Lead ${String(count)}` }));
  assert.equal(await hearAll(receiver, ids, new Set()), 0, "nothing came twice");
  assert.equal(await one.metric("watchpost_queue_deliveries_total"), ids.length);
  const { code, stdout, stderr } = await one.process.kill("SIGTERM");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /"event":"queue.ready"/);
  assert.ok(!`${stdout}${stderr}`.includes(natsPassword), "the log holds no password");
});

test("a broker that is killed under load and comes back with an empty disk loses nothing, and all is delivered within 30 s", async () => {
  await using nats = await NatsServers.start();
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using node = await startNode(url, nats.url);
  await watch(node, "1", receiver);
  const first = await node.client.insert("Leads", { Last_Name: "First" });
  const heard = new Set<string>();
  await hearAll(receiver, [first], heard);
  const load = writeOn(node);
  await hearAll(receiver, [await node.client.insert("Leads", { Last_Name: "Before" })], heard);
  await nats.kill();
  nats.wipe();
  await hearAll(receiver, [await node.client.insert("Leads", { Last_Name: "Away" })], heard);
  await nats.run();
  const backAt = performance.now();
  const ids = await load.end();
  const repeated = await hearAll(receiver, ids, heard);
  const tookMs = performance.now() - backAt;
  assert.ok(tookMs <= resumedMs, `${String(tookMs)} ms`);
  assert.ok(repeated <= 256, `${String(repeated)} came twice`);
  const { code, stderr } = await node.process.kill("SIGTERM");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /"event":"queue.lost"/);
});

test("of three servers that keep each message one may be killed under load", async () => {
  await using nats = await NatsServers.start(3);
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using node = await startNode(url, nats.url, ["--nats-replicas", "3"]);
  await watch(node, "1", receiver);
  const heard = new Set<string>();
  await hearAll(receiver, [await node.client.insert("Leads", { Last_Name: "First" })], heard);
  const load = writeOn(node);
  await hearAll(receiver, [await node.client.insert("Leads", { Last_Name: "Before" })], heard);
  await nats.kill(1);
  const killedAt = performance.now();
  await hearAll(receiver, [await node.client.insert("Leads", { Last_Name: "After" })], heard);
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
  await watch(node, "1", receiver);
  await hearAll(receiver, [await node.client.insert("Leads", { Last_Name: "Alone" })], new Set());
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
