/**
 * Measures what a change and a delivery cost: the program as people run it, over SQLite and over PostgreSQL, with one channel that hears each edit and with ten; and what
 * NATS takes besides, where one process writes and two dispatch. Two points give a line: its slope is what a delivery costs, and what is left is what the change costs,
 * its request over HTTP among it.
 *
 * Processor time is taken and no wall time, which other programs on the machine change far more; a quiet machine is best all the same.
 *
 *     npm run -s scale:measure -- [--rounds 5] [--seconds 4] [--write]
 *
 * `--write` puts what was measured into `measured.json`, and all that is computed from it into docs/scale.md.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { format } from "prettier";
import manifest from "../../.prettierrc.json" with { type: "json" };
import { Apart } from "../bench/apart.ts";
import { describeMachine } from "../bench/machine.ts";
import { familyMs, mainThreadMs, processorMs, writtenBytes } from "../bench/process-figures.ts";
import { scales } from "../bench/scale.ts";
import { Session } from "../bench/session.ts";
import { countingDatabase, startDatabase } from "../bench/shared-store.ts";
import { median } from "../bench/statistics.ts";
import { WholeWay } from "../bench/whole-way.ts";
import { findNats } from "../support/find-nats.ts";
import { NatsServers } from "../support/nats.ts";
import { query } from "../support/postgres.ts";

const fanOuts = [
  { module: "Leads", channels: 1 },
  { module: "Contacts", channels: 10 },
] as const;

/** Totals, of which differences are taken. */
type Reading = Readonly<Record<string, number>>;
/** How the totals are read at one store. */
type Reader = (whole: WholeWay) => Promise<Reading>;

const batches = "batches of the writer";
const warmUpMs = 1_000;

async function readNode(whole: WholeWay): Promise<Reading> {
  const main = mainThreadMs(whole.pid);
  return {
    mainThread: main * 1_000,
    otherThreads: (processorMs(whole.pid) - main) * 1_000,
    diskBytes: writtenBytes(whole.pid),
    [batches]: await whole.metric("watchpost_writer_batch_commands_count"),
  };
}

/** Over PostgreSQL: what its processes use, and what it counts itself. */
function readerOf(url: string, serverPid: number): Reader {
  return async (whole) => {
    const [row] = await query(
      url,
      `select wal_bytes, wal_sync, (select sum(calls) from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = current_database()) as calls,
              pg_database_size(current_database()) as size
       from pg_stat_wal`,
    );
    return {
      ...(await readNode(whole)),
      database: familyMs(serverPid) * 1_000,
      walBytes: Number(row?.["wal_bytes"]),
      keptBytes: Number(row?.["size"]),
      statements: Number(row?.["calls"]),
      syncs: Number(row?.["wal_sync"]),
    };
  };
}

/** One run's costs a write. */
type Measuring = (fanOut: (typeof fanOuts)[number], forMs: number) => Promise<{ readonly writes: number; readonly perWrite: Reading }>;

/** What a change costs, and what each of its deliveries adds. */
type Line = readonly [change: number, delivery: number];
type Lines = ReadonlyMap<string, Line>;

/** Each round's costs a write, by fan-out, in turns; prints them and gives the line of each. */
async function measureLines(name: string, measure: Measuring): Promise<Lines> {
  const perWrite = new Map<number, Reading[]>(fanOuts.map(({ channels }) => [channels, []]));
  for (const fanOut of fanOuts) await measure(fanOut, warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const fanOut of fanOuts) {
      const run = await measure(fanOut, seconds * 1_000);
      perWrite.get(fanOut.channels)?.push(run.perWrite);
      process.stderr.write(`${name}, fan-out ${fanOut.channels}, round ${round + 1}: ${run.writes} edits\n`);
    }
  }
  const at = (channels: number, key: string): number => median((perWrite.get(channels) ?? []).map((costs) => costs[key] ?? Number.NaN));
  process.stdout.write(`${name}\n`);
  const lines = Object.keys(perWrite.get(1)?.[0] ?? {}).map((key) => {
    const [one, ten] = [at(1, key), at(10, key)];
    // What a delivery does not add to shows as a slope about 0, on either side of it.
    const delivery = Math.max(0, (ten - one) / 9);
    const line: Line = [shown(Math.max(0, one - delivery)), shown(delivery)];
    process.stdout.write(`  ${key}: ${shown(one)} at fan-out 1, ${shown(ten)} at 10; ${line[0]} a change, ${line[1]} a delivery\n`);
    return [key, line] as const;
  });
  return new Map(lines);
}

function overHttp(whole: WholeWay, read: Reader): Measuring {
  return async (fanOut, forMs) => {
    const before = await read(whole);
    const { writes } = await whole.run({ fanOut, recordsPerWrite: 1, forMs });
    const after = await read(whole);
    const perWrite = Object.entries(after).map(([key, value]) => [key, (value - (before[key] ?? 0)) / writes] as const);
    return { writes, perWrite: Object.fromEntries(perWrite) };
  };
}

/** What NATS takes, which is told a delivery. */
function ofBroker(apart: Apart): Measuring {
  return async (fanOut, forMs) => {
    const { perSecond, costs } = await apart.run(fanOut, forMs, null);
    return {
      writes: Math.round((perSecond * forMs) / 1_000 / fanOut.channels),
      perWrite: { broker: costs.brokerMs * 1_000 * fanOut.channels },
    };
  };
}

function shown(value: number): number {
  return Number(value.toPrecision(4));
}

/** These lines, and how many edits the writer's batches had at fan-out 1. */
function sizeOf(lines: Lines, names: readonly string[]) {
  const [change, delivery] = lineOf(lines, batches);
  return { editsPerBatch: Math.round(1 / (change + delivery)), ...Object.fromEntries(names.map((name) => [name, lineOf(lines, name)])) };
}

function lineOf(lines: Lines, name: string): Line {
  return lines.get(name) ?? assert.fail(`${name} was not measured`);
}

async function measureEmbedded(session: Session) {
  await using whole = await WholeWay.open(session, fanOuts);
  const lines = await measureLines("embedded", overHttp(whole, readNode));
  // A batch is a commit, and a commit a sync.
  return { ...sizeOf(lines, ["mainThread", "otherThreads", "diskBytes"]), syncs: lineOf(lines, batches) };
}

/** null: PostgreSQL is not on this machine. */
async function measureShared(session: Session) {
  await using stack = new AsyncDisposableStack();
  const server = await startDatabase(stack);
  if (server === null) return null;
  const url = await countingDatabase(server);
  const whole = stack.use(await WholeWay.open(session, fanOuts, { WATCHPOST_DATABASE_URL: url }));
  const lines = await measureLines("shared", overHttp(whole, readerOf(url, server.pid)));
  return sizeOf(lines, ["mainThread", "otherThreads", "database", "walBytes", "keptBytes", "statements", "syncs"]);
}

/** null: PostgreSQL or NATS is not on this machine. */
async function measureBroker(session: Session): Promise<Line | null> {
  await using stack = new AsyncDisposableStack();
  const database = await startDatabase(stack);
  if (database === null || findNats() === null) return null;
  const broker = stack.use(await NatsServers.start(3));
  const servers = { database, url: await countingDatabase(database), broker };
  const apart = await Apart.open(session, stack, { servers, dispatchers: 2, channels: fanOuts.map(({ channels }) => channels) });
  return lineOf(await measureLines("distributed", ofBroker(apart)), "broker");
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "4" },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

await using session = await Session.open(scales.quick, () => undefined);
const measured = {
  how: howOf(),
  embedded: await measureEmbedded(session),
  shared: await measureShared(session),
  broker: await measureBroker(session),
};
if (values.write) {
  assert.ok(measured.shared !== null && measured.broker !== null, "without PostgreSQL and NATS nothing is written");
  writeFileSync(
    path.join(import.meta.dirname, "measured.json"),
    await format(JSON.stringify(measured, null, 2), { parser: "json", printWidth: manifest.printWidth }),
  );
  // Reads the file that was written just now.
  const { writeScalePage } = await import("./scale-page.ts");
  await writeScalePage();
}

function howOf(): string {
  const { date, system, cores, processor } = describeMachine();
  return `${date}, ${system}, ${cores} cores of ${processor}; medians of ${rounds} rounds of ${seconds} s`;
}
