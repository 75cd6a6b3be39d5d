/** `watchpost doctor` on a PostgreSQL of the tests' own: what it finds there is what a start would, and it leaves nothing behind. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { systemClock } from "../../src/config/system.ts";
import { examineDatabase } from "../../src/store/postgres/examine.ts";
import { readSource } from "../../tools/repository.ts";
import { PostgresServer, databasePassword, databaseUser, query } from "../support/postgres.ts";
import { runWatchpost } from "../support/process.ts";

const server = await PostgresServer.start(["fsync=on", "max_connections=40"]);
after(() => server[Symbol.asyncDispose]());

type Line = { readonly name: string; readonly verdict: string; readonly detail: string; readonly advice: string | null };
type Examined = { readonly code: number | null; readonly lines: readonly Line[]; readonly text: string };

async function doctor(url: string, ...words: readonly string[]): Promise<Examined> {
  const environment = { WATCHPOST_DATABASE_URL: url };
  const { code, stdout, stderr } = await runWatchpost(["doctor", "--skip-server", "--json", ...words], { environment });
  assert.equal(stderr, "");
  return { code, lines: (JSON.parse(stdout) as { readonly checks: readonly Line[] }).checks, text: stdout };
}

/** Of what is not as it should be, `name: verdict`. */
function faults({ lines }: Examined): readonly string[] {
  return lines.filter(({ verdict }) => verdict !== "ok").map(({ name, verdict }) => `${name}: ${verdict}`);
}

function detailOf({ lines }: Examined, name: string): string {
  return lines.find((line) => line.name === name)?.detail ?? "";
}

/** As another role, which has no more than it is given. */
async function asOther(url: string, words: string): Promise<string> {
  const name = `role_${words.length}_${new URL(url).pathname.slice(1)}`;
  await query(url, `create role ${name} login password 'other-pass' ${words}`);
  const other = new URL(url);
  other.username = name;
  other.password = "other-pass";
  return other.href;
}

test("an empty database that a server can start on has nothing to complain of, and stays empty", async () => {
  const url = await server.bareDatabase();
  const found = await doctor(url);
  assert.deepEqual([found.code, faults(found)], [0, []]);
  assert.match(detailOf(found, "database"), new RegExp(`^127\\.0\\.0\\.1:${String(server.port)}/\\w+ reached, as ${databaseUser}$`));
  assert.match(detailOf(found, "schema"), /^empty/);
  assert.ok(!found.text.includes(databasePassword));
  assert.deepEqual(await query(url, "select relname from pg_class where relnamespace = 'public'::regnamespace"), []);
});

test("a schema is this program's, older, newer, half moved into, or another's", async () => {
  const url = await server.database();
  const schema = async (...statements: readonly string[]): Promise<string> => {
    for (const statement of statements) await query(url, statement);
    const found = await doctor(url);
    return `${String(found.code)} ${detailOf(found, "schema")}`;
  };
  assert.match(await schema(), /^0 this program's, 0\d+_/);
  const newest = "(select max(name) from kysely_migration)";
  assert.match(
    await schema(`delete from kysely_migration where name = ${newest}`),
    /^0 older than this program, which has 0\d+_\w+ besides$/,
  );
  assert.match(
    await schema("insert into kysely_migration values ('9999_of_another', '')"),
    /^1 newer than this program: it has 9999_of_another$/,
  );
  const moving = ["delete from kysely_migration where name like '9%'", "create table store_moves as select 'x' as id, false as is_done"];
  assert.match(await schema(...moving), /^1 a store is being moved into it/);
  const strange = await server.bareDatabase();
  await query(strange, "create table invoices (id int)");
  const found = await doctor(strange);
  assert.deepEqual([found.code, faults(found), detailOf(found, "schema")], [0, ["schema: warn"], "none of Watchpost's, but 1 tables"]);
});

test("who is refused, and who names what is not there, is told so in one line without the password", async () => {
  const url = await server.bareDatabase();
  const rows = [
    [server.url("postgres", "a-wrong-password"), /refuses the user or the password/],
    [server.url("nowhere"), /there is no such database/],
    [
      "postgres://app:a-wrong-password@127.0.0.1:9/watchpost",
      /^127\.0\.0\.1:9\/watchpost: the database cannot be reached \(.*ECONNREFUSED/,
    ],
    [`${url}?sslmode=verify-full`, /does not support SSL/],
  ] as const;
  for (const [asked, says] of rows) {
    const found = await doctor(asked);
    assert.deepEqual([found.code, faults(found)], [1, ["database: fail"]]);
    assert.match(detailOf(found, "database"), says);
    assert.ok(!found.text.includes("a-wrong-password") && !found.text.includes(databasePassword));
  }
});

test("a login that may make nothing, change nothing or have few connections is told before a start fails", async () => {
  const made = await server.database();
  const stranger = await doctor(await asOther(made, "connection limit 20"), "--nodes", "2");
  assert.deepEqual([stranger.code, faults(stranger)], [1, ["login: fail", "connections: warn", "schema: fail"]]);
  assert.match(detailOf(stranger, "connections"), /^20 for servers on this database, 36 needed by 2$/);
  await query(made, "grant create on schema public to public");
  await query(made, "grant select on all tables in schema public to public");
  const reader = await doctor(await asOther(made, ""));
  assert.deepEqual([reader.code, faults(reader)], [1, ["login: fail"]]);
  assert.match(detailOf(reader, "login"), /^\d+ tables in the schema public belong to another role$/);
});

test("settings that lose or refuse writes, and too few connections for the servers, are told", async () => {
  const url = await server.bareDatabase();
  const name = new URL(url).pathname.slice(1);
  await query(url, `alter database ${name} set synchronous_commit = off`);
  await query(url, `alter database ${name} set default_transaction_read_only = on`);
  const found = await doctor(url, "--nodes", "20");
  assert.deepEqual([found.code, faults(found)], [1, ["writes: fail", "commits: warn", "connections: fail"]]);
  assert.match(detailOf(found, "commits"), /^synchronous_commit off$/);
});

test("a standby is no database for servers, and a primary whose commits wait for one that is away takes no writes", async () => {
  await using primary = await PostgresServer.start(["fsync=on"]);
  await using standby = await primary.follower();
  const place = new URL(await primary.bareDatabase());
  const well = await doctor(place.href);
  assert.deepEqual([well.code, faults(well)], [0, []]);
  const followed = await doctor(standby.url("postgres"));
  assert.deepEqual([followed.code, detailOf(followed, "writes")], [1, "it is a standby, which takes none"]);
  await standby.halt();
  const alone = await doctor(place.href);
  assert.deepEqual([alone.code, faults(alone)], [1, ["commits: fail"]]);
});

test("how far the database's clock is from the given one is measured, not guessed", async () => {
  const url = await server.bareDatabase();
  const exam = await examineDatabase(url, () => systemClock.now() - 60_000);
  assert.ok(exam.ok && exam.value.facts.ok);
  assert.ok(Math.abs(exam.value.facts.value.aheadMs - 60_000) < 5_000, String(exam.value.facts.value.aheadMs));
});

test("a flag that cannot be is a wrong call, and options that contradict each other are a failure", async () => {
  const wrong = await runWatchpost(["doctor", "--skip-server", "--database-url", "mysql://app:hush@127.0.0.1/x"]);
  assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /^watchpost: --database-url expects a URL such as postgres:/);
  assert.ok(!wrong.stderr.includes("hush"));
  const alone = await runWatchpost(["doctor", "--skip-server", "--nats-url", "nats://127.0.0.1:9"]);
  assert.equal(alone.code, 1);
  assert.match(alone.stdout, /fail {2}config .*--nats-url needs --database-url too/);
});

test("the line of docs/cli.md does what the page says", async () => {
  const [, words = ""] = /^watchpost (doctor .*--database-url .*)$/m.exec(readSource("docs/cli.md").text) ?? [];
  const url = await server.bareDatabase();
  const asked = words.replace(/postgres:\S+/, url).replace("--nodes 3", "--nodes 1");
  const { code, stdout } = await runWatchpost(asked.split(" "));
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ok {4}sessions {10}a connection keeps its own$/m);
});
