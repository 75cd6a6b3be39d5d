/**
 * Measures what a change and a delivery cost, for `costs.ts`: the program as people run it, over SQLite and over PostgreSQL, with one channel that hears each edit and with ten. Two
 * points give a line: its slope is what a delivery costs, and what is left is what the change costs, its request over HTTP among it.
 *
 * Processor time is taken and no wall time, which other programs on the machine change far more; a quiet machine is best all the same.
 *
 *     npm run -s scale:measure -- [--rounds 5] [--seconds 4]
 */
import { parseArgs } from "node:util";
import { familyMs, mainThreadMs, processorMs, writtenBytes } from "../bench/process-figures.ts";
import { scales } from "../bench/scale.ts";
import { Session } from "../bench/session.ts";
import { median } from "../bench/statistics.ts";
import { WholeWay } from "../bench/whole-way.ts";
import { PostgresServer, query } from "../support/postgres.ts";
import { findPostgres } from "../support/find-postgres.ts";

const fanOuts = [
  { module: "Leads", channels: 1 },
  { module: "Contacts", channels: 10 },
] as const;

/** Totals, of which differences are taken. */
type Reading = Readonly<Record<string, number>>;
/** How the totals are read at one store. */
type Reader = (whole: WholeWay) => Promise<Reading>;

async function readNode(whole: WholeWay): Promise<Reading> {
  const main = mainThreadMs(whole.pid);
  return {
    "main thread, µs": main * 1_000,
    "other threads, µs": (processorMs(whole.pid) - main) * 1_000,
    "bytes written by the process": writtenBytes(whole.pid),
    "batches of the writer": await whole.metric("watchpost_writer_batch_commands_count"),
  };
}

/** Over PostgreSQL: what its processes use, and what it counts itself. */
function readerOf(url: string, serverPid: number): Reader {
  return async (whole) => {
    const [row] = await query(
      url,
      `select wal_bytes, wal_sync, (select sum(calls) from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = current_database()) as calls,
              (select xact_commit from pg_stat_database where datname = current_database()) as commits, pg_database_size(current_database()) as size
       from pg_stat_wal`,
    );
    return {
      ...(await readNode(whole)),
      "PostgreSQL's processes, µs": familyMs(serverPid) * 1_000,
      "bytes of WAL": Number(row?.["wal_bytes"]),
      "syncs of WAL": Number(row?.["wal_sync"]),
      statements: Number(row?.["calls"]),
      transactions: Number(row?.["commits"]),
      "bytes of the database": Number(row?.["size"]),
    };
  };
}

/** Each round's costs a write, by fan-out; prints them, their line, and the batch that they were measured at. */
async function measure(name: string, whole: WholeWay, read: Reader): Promise<void> {
  const perWrite = new Map<number, Reading[]>(fanOuts.map(({ channels }) => [channels, []]));
  for (const fanOut of fanOuts) await whole.run({ fanOut, recordsPerWrite: 1, forMs: 1_000 });
  for (let round = 0; round < rounds; round += 1) {
    for (const fanOut of fanOuts) {
      const before = await read(whole);
      const { writes } = await whole.run({ fanOut, recordsPerWrite: 1, forMs: seconds * 1_000 });
      const after = await read(whole);
      const costs = Object.entries(after).map(([key, value]) => [key, (value - (before[key] ?? 0)) / writes] as const);
      perWrite.get(fanOut.channels)?.push(Object.fromEntries(costs));
      process.stderr.write(`${name}, fan-out ${fanOut.channels}, round ${round + 1}: ${writes} edits\n`);
    }
  }
  const at = (channels: number, key: string): number => median((perWrite.get(channels) ?? []).map((costs) => costs[key] ?? Number.NaN));
  const rows = Object.keys(perWrite.get(1)?.[0] ?? {}).map((key) => {
    const [one, ten] = [at(1, key), at(10, key)];
    const perDelivery = (ten - one) / 9;
    return {
      what: key,
      "fan-out 1": shown(one),
      "fan-out 10": shown(ten),
      "a delivery": shown(perDelivery),
      "a change": shown(one - perDelivery),
    };
  });
  process.stdout.write(`${name}\n`);
  for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
}

function shown(value: number): number {
  return Number(value.toPrecision(4));
}

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" }, seconds: { type: "string", default: "4" } } });
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

await using session = await Session.open(scales.quick, () => undefined);
{
  await using whole = await WholeWay.open(session, fanOuts);
  await measure("embedded", whole, readNode);
}
if (findPostgres() !== null) {
  const settings = ["shared_preload_libraries=pg_stat_statements", "fsync=on", "max_wal_size=2GB"];
  await using server = await PostgresServer.start(settings);
  const url = await server.bareDatabase();
  await query(url, "create extension pg_stat_statements");
  const [file] = await query(url, "select pg_read_file('postmaster.pid') as text");
  const serverPid = Number(String(file?.["text"]).split("\n")[0]);
  await using whole = await WholeWay.open(session, fanOuts, { WATCHPOST_DATABASE_URL: url });
  await measure("shared", whole, readerOf(url, serverPid));
}
