/**
 * Breaks a cluster of four nodes again and again, and says what became of what it had answered. Exits with 1 when anything was lost, doubled without
 * a reason, out of order or broken.
 *
 *     npm run chaos -- --help
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type FaultKind, areaOf, faultKinds } from "./chaos-faults.ts";
import type { ReportData } from "./chaos-report.ts";
import { type ChaosOptions, chaosRounds } from "./chaos-run.ts";
import { type LoadName, loadNames } from "./load-plan.ts";

const usage = `npm run chaos -- [OPTION…]

Breaks a cluster of four nodes on a PostgreSQL database again and again under load, and says what became of what it had answered.
Starts every server of it on this machine, and takes all of it along at the end.

  --rounds N          how many rounds of faults (30; without end where --minutes is given)
  --minutes M         begins no round after so long
  --seed S            the faults that were drawn with it before (by chance)
  --nats 0|1|3        how many NATS servers hand out (0: the database does)
  --standby           another database server follows the first, synchronously, and the cluster fails over to it
  --load light|heavy  light: some 30 changes a second in three orgs. heavy: several hundred in six orgs with 72 channels, on
                      receivers that are slow or fail, and faults come in storms too (light)
  --only KIND,…       draws from these faults alone: ${faultKinds.join(", ")}
  --takeover SECONDS  within how long the others have to have delivered what a dead node had; more where the machine has other work (15)
  --logs FOLDER       leaves there what the nodes have logged
  --json              prints the report as a document
  --help              prints this

Ends with 0 when nothing was lost, doubled without a reason, out of order or broken, with 1 when something was, and with 2 when it was asked for what there is not.
`;

type Order = Omit<ChaosOptions, "folder" | "onRound"> & { readonly isJson: boolean };

// Each cluster takes its servers along at the end of the process, also when somebody ends it.
process.setMaxListeners(0);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const order = process.argv.includes("--help") ? null : readOrder();
if (order === null) process.stdout.write(usage);
else if (typeof order === "string") {
  process.stderr.write(`chaos: ${order}\n`);
  process.exitCode = 2;
} else await run(order);

async function run({ isJson, ...options }: Order): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "watchpost-chaos-"));
  if (!isJson) say(`seed ${String(options.seed)}, ${String(options.nats)} NATS servers, ${options.load ?? "light"} load`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const report = await chaosRounds({ ...options, folder, onRound: (line) => void (isJson || say(line)) });
  if (report.breaches.length > 0) process.exitCode = 1;
  say(isJson ? JSON.stringify(report) : linesOf(report).join("\n"));
}

/** What was asked for; a text says what is wrong with it. */
function readOrder(): Order | string {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: "string" },
        minutes: { type: "string" },
        seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
        nats: { type: "string", default: "0" },
        standby: { type: "boolean", default: false },
        load: { type: "string", default: "light" },
        only: { type: "string" },
        takeover: { type: "string", default: "15" },
        logs: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    const minutes = values.minutes === undefined ? null : wholeNumber("--minutes", values.minutes);
    const rounds = values.rounds === undefined ? (minutes === null ? 30 : 1_000_000) : wholeNumber("--rounds", values.rounds);
    const takeoverMsMax = wholeNumber("--takeover", values.takeover) * 1_000;
    const kinds = values.only === undefined ? {} : { kinds: readKinds(values.only) };
    const logs = values.logs === undefined ? {} : { logs: values.logs };
    const nats = readNats(values.nats);
    const isBrokerAsked = kinds.kinds?.some((kind) => areaOf(kind) === "broker") ?? false;
    if (nats === 0 && isBrokerAsked) throw new Error("faults of the broker need --nats 1 or 3");
    const isFailoverAsked = kinds.kinds?.includes("database-failover") ?? false;
    if (!values.standby && isFailoverAsked) throw new Error("database-failover needs --standby");
    return {
      rounds,
      minutes,
      seed: wholeNumber("--seed", values.seed),
      nats,
      isFollowed: values.standby,
      load: readLoad(values.load),
      takeoverMsMax,
      ...kinds,
      ...logs,
      isJson: values.json,
    };
  } catch (error) {
    // Expected: an option that there is not, or one that is not what it should be.
    return error instanceof Error ? error.message : String(error);
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is a whole number, not ${text}`);
  return Number(text);
}

function readNats(text: string): 0 | 1 | 3 {
  if (text === "0") return 0;
  if (text === "1") return 1;
  if (text === "3") return 3;
  throw new Error(`--nats is 0, 1 or 3, not ${text}`);
}

function readLoad(text: string): LoadName {
  const load = loadNames.find((name) => name === text);
  if (load === undefined) throw new Error(`--load is ${loadNames.join(" or ")}, not ${text}`);
  return load;
}

function readKinds(text: string): readonly FaultKind[] {
  return text.split(",").map((name) => {
    const kind = faultKinds.find((candidate) => candidate === name);
    if (kind === undefined) throw new Error(`--only takes some of ${faultKinds.join()}, not ${name}`);
    return kind;
  });
}

function linesOf({ kinds, breaches, logs, ...counts }: ReportData): readonly string[] {
  return [
    `rounds           ${counts.rounds} in ${counts.seconds} s`,
    `requests         ${counts.answered} answered, ${counts.refused} with 503, ${counts.broken} without an answer`,
    `notifications    ${counts.notifications}, of ${counts.changes} changes that were answered, ${String(Math.round(counts.changes / counts.seconds))} a second`,
    `lost             ${counts.lost}`,
    `out of order     ${counts.disorder}`,
    `duplicates       ${counts.duplicates}`,
    "",
    row(["", "faults", "over", "recovery", "owed before", "silence", "in flight", "twice", "most"]),
    ...Object.entries(kinds).map(([name, kind]) => {
      const times = [kind.outageMs, kind.recoveryMs, kind.takeoverMs, kind.silenceMs].map(({ p50, max }) => `${p50}/${max}`);
      return row([name, kind.count, ...times, kind.inFlight, kind.duplicates, kind.mostDuplicates]);
    }),
    "(ms, p50/max)",
    ...breaches.map((breach) => `BROKEN           ${breach}`),
    ...Object.entries(logs).map(([name, text]) => `${name} said last:\n${text}`),
    `seed ${counts.seed}: ${breaches.length === 0 ? "nothing was lost, and nothing came twice but what was in flight" : "BROKEN"}`,
  ];
}

function row([name, ...cells]: readonly (string | number)[]): string {
  return `${String(name).padEnd(20)}${cells.map((cell) => String(cell).padStart(14)).join("")}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
