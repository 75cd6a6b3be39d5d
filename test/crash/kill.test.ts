/**
 * The server is killed with SIGKILL while records are written and deliveries are in flight, again and again on one data folder. What was
 * answered 2xx must be notified in the end, a duplicate must carry the id of the first, and the store must open clean.
 */
import assert from "node:assert/strict";
import http from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { Client, send, signIn } from "../support/client.ts";
import { at, listAt, textAt } from "../support/json.ts";
import { TemporaryFolder, startProcess } from "../support/process.ts";
import type { ReadyLine } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";
import type { Callback } from "../support/receiver.ts";
import { acme, credentialsOf } from "../support/seeds.ts";

const kills = 22;
const writers = 8;
const writesBeforeKillMax = 120;
const seed = 20_261_123;
/** The dispatcher's limit: what may be in flight, and so come twice, at each kill. */
const inFlightMax = 128;

/** What was answered 2xx, each as the text that its callback shows. */
type Acknowledged = Set<string>;

/** A sequence of numbers in [0, 1) that follows from `state`. */
function createRandom(state: number): () => number {
  let current = state;
  return () => {
    current = (current + 0x6d2b79f5) | 0;
    let mixed = Math.imul(current ^ (current >>> 15), 1 | current);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Writer = {
  readonly client: Client;
  /** The id of the deal that is edited. */
  readonly deal: string;
  /** Gives another number each time, for all writers. */
  readonly nextValue: () => number;
  readonly onWrite: (keys: readonly string[]) => void;
};

/** Writes until the server is gone; calls `onWrite` after each write that was answered. */
async function write({ client, deal, nextValue, onWrite }: Writer): Promise<void> {
  for (;;) {
    const value = nextValue();
    const isInsert = value % 2 === 0;
    const bulk = Array.from({ length: (value % 3) + 1 }, (_, index) => ({ Last_Name: `Lead ${value}-${index}` }));
    try {
      const answer = isInsert
        ? await client.request("POST", "/Leads", { data: bulk })
        : await client.request("PUT", `/Deals/${deal}`, { data: [{ Amount: value }] });
      assert.ok(answer.status === 200 || answer.status === 201, answer.text);
      const ids = listAt(answer.body, "data").map((item) => textAt(item, "details", "id"));
      onWrite(isInsert ? ids.map((id) => `insert ${id}`) : [`update ${deal} ${value}`]);
    } catch (error) {
      // Expected: the connection ends with the server. Anything else fails the test.
      if (error instanceof assert.AssertionError) throw error;
      return;
    }
  }
}

/** What a callback tells, as `Acknowledged` has it. */
function keysOf({ body }: Callback): readonly string[] {
  if (at(body, "operation") === "insert") return listAt(body, "ids").map((id) => `insert ${String(id)}`);
  return listAt(body, "affected_values").map((values) => `update ${textAt(values, "record_id")} ${String(at(values, "values", "Amount"))}`);
}

/** Resolves when no delivery is pending or claimed. */
/** A delivery that goes from one state to the next while they are counted may be missed, so nothing counts only when seen twice. */
async function untilNothingIsOwed(ready: ReadyLine): Promise<void> {
  for (let quietLooks = 0; quietLooks < 2; quietLooks = (await countOwed(ready)) === 0 ? quietLooks + 1 : 0) await wait(50);
}

async function countOwed({ baseUrl, adminToken }: ReadyLine): Promise<number> {
  const headers = { Authorization: `Bearer ${adminToken}` };
  let count = 0;
  for (const status of ["waiting", "pending", "claimed"]) {
    const answer = await send(baseUrl, { method: "GET", path: `/api/v1/deliveries?status=${status}&limit=1`, headers });
    count += listAt(answer.body, "deliveries").length;
  }
  return count;
}

function assertStoreIsSound(folder: string): void {
  const database = new DatabaseSync(join(folder, "watchpost.sqlite"), { readOnly: true });
  try {
    const findings = database.prepare("PRAGMA integrity_check").all();
    assert.deepEqual(
      findings.map((row) => ({ ...row })),
      [{ integrity_check: "ok" }],
    );
    assert.deepEqual(database.prepare("PRAGMA foreign_key_check").all(), []);
  } finally {
    database.close();
  }
}

test(`after ${kills} kills every write that was answered is notified, and the store opens clean`, { timeout: 120_000 }, async (t) => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  const data = join(folder.path, "data");
  const args = ["serve", "--data", data, "--seed", folder.file("seed.json", acme), "--allow-target", "127.0.0.0/8", "--log-level", "error"];
  const random = createRandom(seed);
  const acknowledged: Acknowledged = new Set();
  let lastValue = 0;
  const nextValue = (): number => (lastValue += 1);

  const first = await startProcess(args);
  const owner = await signIn(first.ready.baseUrl, credentialsOf("acme"));
  const deal = await owner.insert("Deals", { Deal_Name: "Big one", Stage: "Qualification" });
  const events = ["Leads.create", "Deals.edit"];
  await owner.subscribe({ channel_id: "1", events, return_affected_field_values: true, notify_url: receiver.url() });
  await first.server.kill();

  for (let kill = 0; kill < kills; kill += 1) {
    const { server, ready } = await startProcess(args);
    await using _ = server;
    const agent = new http.Agent({ keepAlive: true });
    const client = new Client({ baseUrl: ready.baseUrl, accessToken: owner.accessToken, agent });
    let left = 1 + Math.floor(random() * writesBeforeKillMax);
    const onWrite = (keys: readonly string[]): void => {
      for (const key of keys) acknowledged.add(key);
      left -= 1;
      if (left === 0) server.signal("SIGKILL");
    };
    await Promise.all(Array.from({ length: writers }, () => write({ client, deal, nextValue, onWrite })));
    agent.destroy();
    assert.equal((await server.finished).signal, "SIGKILL");
  }

  const { server, ready } = await startProcess(args);
  await using _ = server;
  await untilNothingIsOwed(ready);
  const { received } = receiver;
  const notified = new Set(received.flatMap(keysOf));
  assert.deepEqual(
    [...acknowledged].filter((key) => !notified.has(key)),
    [],
    "answered 2xx and never notified",
  );

  const idsOfKey = Map.groupBy(
    received.flatMap((callback) => keysOf(callback).map((key) => ({ key, id: String(callback.headers["webhook-id"]) }))),
    ({ key }) => key,
  );
  for (const [key, callbacks] of idsOfKey) assert.equal(new Set(callbacks.map(({ id }) => id)).size, 1, `${key} came under several ids`);
  const duplicates = received.length - new Set(received.map(({ headers }) => headers["webhook-id"])).size;
  assert.ok(duplicates <= kills * inFlightMax, `${duplicates} duplicates`);

  const client = new Client({ baseUrl: ready.baseUrl, accessToken: owner.accessToken });
  const unanswered = [...notified]
    .filter((key) => key.startsWith("insert") && !acknowledged.has(key))
    .map((key) => key.slice("insert ".length));
  for (const id of unanswered) {
    assert.equal((await client.request("GET", `/Leads/${id}`)).status, 200, `${id} was notified and is not there`);
  }

  assert.equal((await server.kill("SIGTERM")).code, 0);
  assertStoreIsSound(data);
  t.diagnostic(`seed ${seed}: ${acknowledged.size} writes answered, ${received.length} callbacks, ${duplicates} of them duplicates`);
});
