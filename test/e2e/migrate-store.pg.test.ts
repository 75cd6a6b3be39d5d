/** The whole move as an operator makes it: killed again and again, gone on with, and then servers on the database that send what was owed, once. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Client as Connection } from "pg";
import { type Client, send, signIn } from "../support/client.ts";
import { adminTokenOfStore, fillStore } from "../support/full-store.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { readSource } from "../../tools/repository.ts";
import { PostgresServer, databasePassword, query } from "../support/postgres.ts";
import { type Finished, TemporaryFolder, WatchpostProcess, runWatchpost } from "../support/process.ts";
import { type Callback, Receiver } from "../support/receiver.ts";
import { credentialsOf } from "../support/seeds.ts";
import { owedIn, pointChannels } from "../support/store-file.ts";

const server = await PostgresServer.start();
const folder = new TemporaryFolder();
const filled = path.join(folder.path, "filled");
const underWay = await fillStore({ dataFolder: filled, moreRecords: 2_500 });
test.after(async () => {
  folder[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** A folder with what the traffic left, for one test. */
function copyOfStore(name: string): string {
  const copy = path.join(folder.path, name);
  cpSync(filled, copy, { recursive: true });
  return copy;
}

function move(from: string, url: string, ...more: readonly string[]): Promise<Finished> {
  return runWatchpost(["migrate-store", "--from", from, ...more], { environment: { WATCHPOST_DATABASE_URL: url } });
}

function assertSecretless({ stdout, stderr }: Finished): void {
  assert.ok(!`${stdout}${stderr}`.includes(databasePassword), `${stdout}${stderr}`);
}

/** Ends the move the moment in which a statement of it waits for what the test holds. */
class Trap {
  readonly #connection: Connection;
  readonly #url: string;

  private constructor(connection: Connection, url: string) {
    this.#connection = connection;
    this.#url = url;
  }

  /** `hold`: what the move runs into. */
  static async set(url: string, hold: string): Promise<Trap> {
    const connection = new Connection({ connectionString: url });
    await connection.connect();
    await connection.query(`begin; ${hold}`);
    return new Trap(connection, url);
  }

  async kill(from: string): Promise<void> {
    const process = new WatchpostProcess(["migrate-store", "--from", from], { environment: { WATCHPOST_DATABASE_URL: this.#url } });
    let isOver = false;
    void process.finished.then(() => (isOver = true));
    // Looked at from another connection: this one is in its transaction.
    while (!(await this.#isAnybodyCaught())) assert.ok(!isOver, "the move ended before it came to the trap");
    const { signal } = await process.kill("SIGKILL");
    assert.equal(signal, "SIGKILL");
    await this.#connection.end();
  }

  async #isAnybodyCaught(): Promise<boolean> {
    // Others wait for a moment too, to extend a table say; what is held here is a table or a number.
    const rows = await query(this.#url, "select 1 from pg_locks where not granted and locktype in ('relation', 'advisory') limit 1");
    return rows.length > 0;
  }
}

const lockOn = (table: string): string => `lock table ${table} in access exclusive mode`;
const noWritesTo = (table: string): string => `lock table ${table} in share mode`;
const trapLock = 4711;

/** The second insert into the table waits for the test. */
async function trapSecondStep(url: string, table: string): Promise<string> {
  await query(
    url,
    `create or replace function trapped() returns trigger language plpgsql as $$ begin
       if (select row_count from store_move_tables where name = '${table}') > 0 then perform pg_advisory_xact_lock(${String(trapLock)}); end if;
       return null; end $$;
     create trigger trapped after insert on ${table} for each statement execute function trapped()`,
  );
  return `select pg_advisory_xact_lock(${String(trapLock)})`;
}

type Node = AsyncDisposable & { readonly client: Client; readonly baseUrl: string; readonly process: WatchpostProcess };

async function serve(place: Readonly<Record<string, string>>): Promise<Node> {
  const process = new WatchpostProcess(["serve", "--port", "0", "--json", "--allow-target", "127.0.0.0/8"], {
    environment: { ...place, WATCHPOST_ADMIN_TOKEN: adminTokenOfStore },
  });
  const baseUrl = textAt(JSON.parse(await process.firstLine()), "base_url");
  return {
    process,
    baseUrl,
    client: await signIn(baseUrl, credentialsOf("acme")),
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

async function admin({ baseUrl }: Node, target: string): Promise<unknown> {
  const headers = { Authorization: `Bearer ${adminTokenOfStore}` };
  const answer = await send(baseUrl, { method: "GET", path: `/api/v1${target}`, headers });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

/** A replay that is under way goes on with each server. */
function withoutProgress(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll(/"replayed_as":(?:null|\d+)/g, '"replayed_as":null'));
}

/** What clients and operators see, of which nothing may change with the database. */
async function pagesOf(node: Node): Promise<Readonly<Record<string, unknown>>> {
  const pages: Record<string, unknown> = {};
  for (const target of [
    "/Leads?fields=Last_Name&per_page=200",
    "/Leads/deleted?type=all",
    "/Inspections?fields=Name,Score",
    "/settings/modules",
    "/settings/fields?module=Leads",
    "/users?type=AllUsers",
    "/actions/watch?page=1",
  ]) {
    const { status, body } = await node.client.request("GET", target);
    // Each server says its own address.
    pages[target] = [status, JSON.parse(JSON.stringify(body ?? null).replaceAll(node.baseUrl, ""))];
  }
  for (const target of [
    "/orgs",
    "/clients",
    "/lifecycle-events",
    "/changes?limit=200",
    "/deliveries?status=delivered&limit=200",
    "/deliveries?status=dead",
    "/deliveries?status=cancelled",
  ]) {
    pages[target] = withoutProgress(await admin(node, target));
  }
  const replays = listAt(await admin(node, "/replays"), "replays");
  pages["/replays"] = replays.map((replay) =>
    ["id", "what", "org", "status", "rate_per_second", "created_at"].map((key) => at(replay, key)),
  );
  // Since when a target fails begins anew with each server that cannot reach it.
  pages["/channels"] = listAt(await admin(node, "/channels"), "channels").map((channel) => ({ ...Object(channel), failing_since: null }));
  return pages;
}

test("a move that is killed at any step goes on where it stopped, and what was owed arrives from the database once, in its order", async () => {
  const from = copyOfStore("killed");
  await using receiver = await Receiver.start();
  pointChannels(from, receiver);
  // What a start on the folder does to claims is done by the move too; nobody reaches the receiver meanwhile.
  await receiver.down();
  const before = await withServer({ WATCHPOST_DATA: copyAgain(from) }, pagesOf);
  const owed = owedIn(from, Date.now());
  for (const id of underWay) assert.ok(owed.includes(id), id);

  const url = await server.database();
  await query(
    url,
    "create table if not exists store_move_tables (name text primary key, last_key text, row_count bigint not null, is_done boolean not null)",
  );
  await (await Trap.set(url, await trapSecondStep(url, "records"))).kill(from);
  const records = await query(url, "select count(*)::int as n from records");
  assert.ok(numberAt(records[0], "n") >= 1_000, "the first step is kept");
  // Before each table that matters, at the counters, and while the sides are compared.
  const tables = ["changes", "deliveries", "attempts", "record_lines", "lanes"].map((table) => noWritesTo(table));
  for (const hold of [...tables, noWritesTo("org_states"), lockOn("users")]) {
    await (await Trap.set(url, hold)).kill(from);
  }

  const half = await runWatchpost(["serve", "--port", "0", "--database-url", url]);
  assert.equal(half.code, 1);
  assert.match(half.stderr, /a store is being moved into it\. Run migrate-store again/);
  const source = await runWatchpost(["serve", "--port", "0", "--data", from]);
  assert.match(source.stderr, /is being moved to the database 127\.0\.0\.1:\d+\/test_\d+ since/);
  for (const refused of [half, source]) assertSecretless(refused);

  const moved = await move(from, url, "--json");
  assert.equal(moved.code, 0, moved.stderr);
  assertSecretless(moved);
  const report: unknown = JSON.parse(moved.stdout);
  assert.equal(at(report, "verified"), true);
  const rows = listAt(report, "tables");
  assert.ok(rows.every((table) => at(table, "digest_ok") === true));
  const ofRecords = rows.find((table) => textAt(table, "table") === "records");
  assert.ok(numberAt(ofRecords, "rows") > 2_500 && numberAt(ofRecords, "rows_copied") === 0, "they were copied before the kills");

  const again = await runWatchpost(["serve", "--port", "0", "--data", from]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /was moved to the database 127\.0\.0\.1:\d+\/test_\d+ on .*--reopen/);
  assert.equal((await move(from, url)).code, 6);

  await receiver.up();
  const letGo = receiver.hold();
  await using node = await serve({ WATCHPOST_DATABASE_URL: url });
  assert.deepEqual(await pagesOf(node), before);
  letGo();
  const heard = await hearAll(receiver, new Set(owed));
  assert.equal(heard.length, new Set(heard).size, "each once");
  const ofRecord = receiver.received.filter(({ target }) => target.startsWith("/failing"));
  const names = ofRecord.map(({ body }) => textAt(body, "affected_values", 0, "values", "Last_Name"));
  const ofLine = names.filter((name) => /^\d$/.test(name));
  assert.deepEqual(ofLine, ["1", "2", "3"], "what waited behind a failure comes in the order of the writes");
  const id = await node.client.insert("Leads", { Last_Name: "After the move" });
  assert.ok(BigInt(id) > 0n);
  const next = await hear(receiver, (callback) => JSON.stringify(callback.body).includes(id));
  assert.ok(!owed.includes(String(next.headers["webhook-id"])));
  const late = receiver.received.map(({ headers }) => String(headers["webhook-id"]));
  for (const webhookId of owed) assert.equal(late.filter((each) => each === webhookId).length, 1, webhookId);
});

let copies = 0;

function copyAgain(from: string): string {
  const copy = path.join(folder.path, `again-${String(++copies)}`);
  cpSync(from, copy, { recursive: true });
  return copy;
}

async function withServer<T>(place: Readonly<Record<string, string>>, work: (node: Node) => Promise<T>): Promise<T> {
  await using node = await serve(place);
  // Waited for here: what is returned as a promise is waited for when the server is ended already.
  return await work(node);
}

/** Waits until all of these were POSTed; gives the ids of all that came. */
async function hearAll(receiver: Receiver, wanted: ReadonlySet<string>): Promise<readonly string[]> {
  const heard: string[] = [];
  while ([...wanted].some((id) => !heard.includes(id))) heard.push(String((await receiver.next()).headers["webhook-id"]));
  return heard.filter((id) => wanted.has(id));
}

async function hear(receiver: Receiver, isIt: (callback: Callback) => boolean): Promise<Callback> {
  for (;;) {
    const callback = await receiver.next();
    if (isIt(callback)) return callback;
  }
}

test("a move that is killed at its last word is complete, and the next call says so in the folder too", async () => {
  const [url, from] = [await server.database(), copyOfStore("last-word")];
  // The server says the word although its client is gone.
  await (await Trap.set(url, noWritesTo("org_states"))).kill(from);
  await (await Trap.set(url, noWritesTo("store_moves"))).kill(from);
  const completed = await move(from, url);
  assert.equal(completed.code, 0, completed.stderr);
  assert.match(completed.stdout, /which no server uses any more/);
  assert.match((await move(from, url)).stderr, /was moved to the database at .* already/);
});

test("the line of docs/cli.md does what the page says", async () => {
  const [, line = ""] = /^watchpost (migrate-store .*)$/m.exec(readSource("docs/cli.md").text) ?? [];
  const [url, from] = [await server.bareDatabase(), copyOfStore("page")];
  const words = line
    .replace(".watchpost/data", from)
    .replace(/postgres:\S+/, url)
    .split(" ");
  const { code, stderr, stdout } = await runWatchpost(words);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /the same on both sides/);
});

test("a folder in use, a database that is not empty, and another place are refused, and leave the folder as it was", async () => {
  const from = copyOfStore("refused");
  const empty = await server.bareDatabase();
  await withServer({ WATCHPOST_DATA: from }, async () => {
    const inUse = await move(from, empty);
    assert.equal(inUse.code, 6);
    assert.match(inUse.stderr, /is in use by another Watchpost\. Stop it first\./);
  });
  const taken = await server.database();
  await query(taken, "insert into settings (name, value) values ('page_token_key', 'x')");
  const refused = await move(from, taken);
  assert.equal(refused.code, 6);
  assert.match(refused.stderr, /the database at 127\.0\.0\.1:\d+\/test_\d+ is not empty: it has rows in settings/);
  await withServer({ WATCHPOST_DATA: from }, () => Promise.resolve());
  const half = await server.database();
  await (await Trap.set(half, noWritesTo("links"))).kill(from);
  const elsewhere = await move(from, empty);
  assert.equal(elsewhere.code, 6);
  assert.match(elsewhere.stderr, /a move of the store to the database at .* was begun; go on with it, or give it up with --reopen/);
  for (const each of [refused, elsewhere]) assertSecretless(each);
  assert.equal((await move(from, half, "--reopen")).code, 0);
  await withServer({ WATCHPOST_DATA: from }, () => Promise.resolve());
  const rest = await move(from, half);
  assert.equal(rest.code, 6);
  assert.match(rest.stderr, /holds a store that was moved into it from another folder, or before a --reopen/);
  assert.equal((await move(from, empty)).code, 0, "an empty one takes it");
});

test("a database that comes to differ while it is compared is told, with the row, and no server starts on it", async () => {
  const from = copyOfStore("differs");
  const url = await server.database();
  await (await Trap.set(url, noWritesTo("org_states"))).kill(from);
  await query(url, "update records set data = data || ' ' where id = (select min(id) from records where module = 'Leads')");
  await query(
    url,
    "delete from attempts where (org, delivery_id) = (select org, max(delivery_id) from attempts group by org order by org limit 1)",
  );
  const differs = await move(from, url);
  assert.equal(differs.code, 1);
  assert.match(differs.stdout, /^records .*DIFFERS/m);
  assert.match(differs.stdout, /^attempts .*DIFFERS/m);
  assert.match(differs.stdout, /^changes .*same/m);
  assert.match(differs.stderr, /differs: records \(1 org, first at \[1,"Leads","\d+"\]\), attempts \(1 org, first at \[1,\d+,\d+\]\)/);
  const start = await runWatchpost(["serve", "--port", "0", "--database-url", url]);
  assert.equal(start.code, 1);
});
