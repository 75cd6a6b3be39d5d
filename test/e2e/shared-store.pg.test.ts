/** The program on a PostgreSQL database of the tests' own: alone, beside another on the same database, and while the database is away. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../../src/core/limits.ts";
import { type Answer, type Client, signIn } from "../support/client.ts";
import { textAt } from "../support/json.ts";
import { PostgresServer, databasePassword } from "../support/postgres.ts";
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

type Node = AsyncDisposable & { readonly process: WatchpostProcess; readonly client: Client };

async function startNode(url: string): Promise<Node> {
  const words = ["serve", "--seed", seed, "--port", "0", "--json", "--allow-target", "127.0.0.0/8"];
  const process = new WatchpostProcess(words, { environment: { WATCHPOST_DATABASE_URL: url } });
  const { baseUrl } = readReadyLine(await process.firstLine());
  const client = await signIn(baseUrl, credentialsOf("acme"));
  return { process, client, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
}

function watch(node: Node, channelId: string, receiver: Receiver): Promise<unknown> {
  return node.client.subscribe({ channel_id: channelId, events: ["Leads.all"], notify_url: receiver.url() });
}

function write(node: Node, lastName: string): Promise<Answer> {
  return node.client.request("POST", "/Leads", { data: [{ Last_Name: lastName }] });
}

test("a server on a database sends what a write owes, and another start finds all of it", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  {
    await using node = await startNode(url);
    await watch(node, "1", receiver);
    const id = await node.client.insert("Leads", { Last_Name: "First" });
    assert.deepEqual(pathIn(await receiver.next(), "ids"), [id]);
    const { code, stderr } = await node.process.kill("SIGTERM");
    assert.equal(code, 0, stderr);
  }
  await using node = await startNode(url);
  const id = await node.client.insert("Leads", { Last_Name: "Second" });
  assert.deepEqual(pathIn(await receiver.next(), "ids"), [id]);
});

test("a channel that is made on one node is heard by the next write on another, and one that is ended no more", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  // Both at once: one of them makes the schema and the seed's org, the other waits.
  const [one, other] = await Promise.all([startNode(url), startNode(url)]);
  await using _one = one;
  await using _other = other;
  await other.client.insert("Leads", { Last_Name: "Before any channel" });
  await watch(one, "1", receiver);
  const id = await other.client.insert("Leads", { Last_Name: "Heard" });
  assert.deepEqual(pathIn(await receiver.next(), "ids"), [id]);
  const ended = await one.client.request("DELETE", "/actions/watch?channel_ids=1");
  assert.equal(ended.status, 200, ended.text);
  await other.client.insert("Leads", { Last_Name: "After the channel" });
  await watch(one, "2", receiver);
  const last = await other.client.insert("Leads", { Last_Name: "Heard again" });
  assert.deepEqual(pathIn(await receiver.next(), "ids"), [last]);
});

test("two nodes that write one record at once lose nothing, and its channel hears of it in the order of the commits", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  const [one, other] = await Promise.all([startNode(url), startNode(url)]);
  await using _one = one;
  await using _other = other;
  const id = await one.client.insert("Leads", { Last_Name: "0" });
  await one.client.subscribe({ channel_id: "1", events: ["Leads.edit"], notify_url: receiver.url(), return_affected_field_values: true });
  const names = Array.from({ length: 30 }, (_, index) => String(index + 1));
  await Promise.all(names.map((name, index) => (index % 2 === 0 ? one : other).client.update("Leads", id, { Last_Name: name })));
  const heard = [];
  for (const _ of names) heard.push(textAt((await receiver.next()).body, "affected_values", 0, "values", "Last_Name"));
  assert.deepEqual(new Set(heard), new Set(names));
  const record = await other.client.request("GET", `/Leads/${id}?fields=Last_Name`);
  assert.equal(textAt(record.body, "data", 0, "Last_Name"), heard.at(-1), "the last that was heard is what the record holds");
});

test("while the database is away a write is told to come again, and when it is back all goes on", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using node = await startNode(url);
  await watch(node, "1", receiver);
  await server.halt();
  for (const answer of [await write(node, "Lost"), await node.client.request("GET", "/Leads?fields=Last_Name")]) {
    assert.equal(answer.status, 503, answer.text);
    assert.equal(answer.headers["retry-after"], String(limits.storageRetryAfterSeconds));
  }
  await server.run();
  const id = await node.client.insert("Leads", { Last_Name: "Kept" });
  assert.deepEqual(pathIn(await receiver.next(), "ids"), [id]);
  const { stdout, stderr } = await node.process.kill("SIGTERM");
  assert.match(stderr, /the database cannot be reached/);
  assert.ok(!`${stdout}${stderr}`.includes(databasePassword), "the log holds no password");
});

test("a database that cannot be used is named in one line, without its password", async () => {
  const closed = new URL(server.url("nowhere"));
  closed.port = "1";
  const wrong = [
    [server.url("nowhere"), /there is no such database/],
    [server.url("postgres", "not-the-password"), /refuses the user or the password/],
    [closed.href, /cannot be reached/],
  ] as const;
  for (const [url, reason] of wrong) {
    const { code, stderr } = await runWatchpost(["serve", "--port", "0", "--database-url", url]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, reason);
    assert.match(stderr, /127\.0\.0\.1:\d+\/(?:nowhere|postgres)/);
    assert.ok(!stderr.includes(databasePassword) && !stderr.includes("not-the-password"), stderr);
  }
});

/** What the callback's body holds under the name. */
function pathIn(callback: { readonly body: unknown }, name: string): unknown {
  return Reflect.get(Object(callback.body), name);
}
