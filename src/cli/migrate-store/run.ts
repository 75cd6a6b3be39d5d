/** What `migrate-store` does: the store's own moving, with a bar while it goes on, and a table of what was moved and compared. */
import path from "node:path";
import { options } from "../../config/options.ts";
import { readDatabaseUrl } from "../../core/database-url.ts";
import { type Moved, MoveRefused, type MovedRows, moveStore, reopenStore } from "../../store/move/move-store.ts";
import { type ExitCode, exitCodes } from "../command.ts";
import { Complaint, usageFault } from "../complaint.ts";
import { answer } from "../print/output.ts";
import { createProgress } from "../print/progress.ts";
import { type Column, type Frame, pairLines, tableLines } from "../print/table.ts";
import type { Call } from "../tree/command-spec.ts";
import { flagText, isGiven } from "../tree/read-values.ts";

export async function runMigrateStore(call: Call): Promise<number> {
  const from = flagText(call, "--from")?.trim() ?? "";
  if (from === "") throw usageFault("--from must be given");
  const dataFolder = path.resolve(from);
  return isGiven(call, "--reopen") ? reopen(call, dataFolder) : move(call, dataFolder, urlOf(call));
}

function urlOf(call: Call): string {
  const { environment } = options.databaseUrl;
  const flag = flagText(call, "--to");
  const text = flag ?? call.environment[environment]?.trim() ?? "";
  if (text === "") throw usageFault(`--to or ${environment} must be given`);
  const url = readDatabaseUrl(text);
  if (!url.ok) throw usageFault(`${flag === null ? environment : "--to"} ${url.error}`);
  return url.value;
}

async function move(call: Call, dataFolder: string, url: string): Promise<number> {
  const bars = { copying: createProgress(call.screen, "copying"), checking: createProgress(call.screen, "checking") };
  const now = (): number => call.clock.now();
  const startedAt = now();
  const moved = await withComplaints(() =>
    moveStore({ dataFolder, url, now, onProgress: ({ step, done, total }) => bars[step].update(done, total) }),
  ).finally(() => {
    for (const bar of Object.values(bars)) bar.end();
  });
  tell(call, { dataFolder, moved, ms: now() - startedAt });
  return moved.isSame ? exitCodes.good : exitCodes.failed;
}

async function reopen(call: Call, dataFolder: string): Promise<number> {
  const mark = await withComplaints(() => reopenStore(dataFolder));
  if (mark === null) throw new Complaint(exitCodes.conflict, `the store in ${dataFolder} was not moved: nothing to reopen`);
  answer(call, { data_folder: dataFolder, reopened: true, was_moved_to: mark.place }, () => [
    `The store in ${dataFolder} may be used again. Let no server run on the database ${mark.place} any more: it would send what this one sends.`,
  ]);
  return exitCodes.good;
}

const refusals: Readonly<Record<MoveRefused["kind"], { readonly exitCode: ExitCode; readonly advice: string }>> = {
  missing: { exitCode: exitCodes.notFound, advice: "--from is to name a data folder." },
  in_use: { exitCode: exitCodes.conflict, advice: "Stop it first." },
  conflict: { exitCode: exitCodes.conflict, advice: "" },
};

async function withComplaints<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MoveRefused) {
      const { exitCode, advice } = refusals[error.kind];
      throw new Complaint(exitCode, `${error.message}. ${advice}`.trim(), { cause: error });
    }
    throw new Complaint(exitCodes.failed, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

type Told = { readonly dataFolder: string; readonly moved: Moved; readonly ms: number };

function tell(call: Call, { dataFolder, moved, ms }: Told): void {
  const { place, tables, isSame, mendedTexts } = moved;
  const copied = tables.reduce((sum, table) => sum + table.copied, 0);
  const document = {
    data_folder: dataFolder,
    database: place,
    verified: isSame,
    rows_copied: copied,
    texts_with_nul: mendedTexts,
    ms,
    tables: tables.map((table) => ({
      table: table.table,
      rows: table.rows,
      rows_copied: table.copied,
      orgs: table.orgs,
      digest: table.digest,
      digest_ok: table.differences.length === 0,
      ms: table.ms,
      first_difference: table.firstKey,
      differences: table.differences.map(({ org, sourceRows, targetRows }) => ({
        org,
        rows_in_folder: sourceRows,
        rows_in_database: targetRows,
      })),
    })),
  };
  answer(call, document, (frame) => [
    ...(tables.length === 0 ? [] : [...tableLines(columns, tables, frame), ""]),
    ...endLines({ dataFolder, moved, ms }, frame),
  ]);
  if (!isSame) call.terminal.complain(differenceText(tables));
}

const columns: readonly Column<MovedRows>[] = [
  { title: "table", of: ({ table }) => table },
  { title: "rows", of: ({ rows }) => rows.toLocaleString("en"), isNumber: true },
  { title: "copied now", of: ({ copied }) => copied.toLocaleString("en"), isNumber: true },
  { title: "orgs", of: ({ orgs }) => orgs.toLocaleString("en"), isNumber: true, mayBeLeftOut: true },
  { title: "digest", of: ({ differences }) => (differences.length === 0 ? "same" : "DIFFERS") },
  { title: "time", of: ({ ms }) => seconds(ms), isNumber: true },
];

function endLines({ dataFolder, moved, ms }: Told, frame: Frame): readonly string[] {
  const { place, tables, isSame, mendedTexts } = moved;
  return pairLines(
    [
      ["data folder", `${dataFolder}${isSame ? ", which no server uses any more" : ""}`],
      ["database", place],
      ["verified", isSame ? verifiedText(tables) : null],
      ["texts with a NUL", mendedTexts === 0 ? null : `${mendedTexts.toLocaleString("en")}; U+FFFD stands in its place`],
      ["time", seconds(ms)],
      ["next", isSame ? "start the servers with --database-url" : null],
    ],
    frame,
  );
}

function verifiedText(tables: readonly MovedRows[]): string {
  if (tables.length === 0) return "by the call before this one, which was ended behind that";
  return `${tables.reduce((sum, { rows }) => sum + rows, 0).toLocaleString("en")} rows, the same on both sides`;
}

function differenceText(tables: readonly MovedRows[]): string {
  const wrong = tables.filter(({ differences }) => differences.length > 0);
  const names = wrong.map(({ table, differences, firstKey }) => {
    const orgs = differences.length === 1 ? "1 org" : `${String(differences.length)} orgs`;
    return `${table} (${orgs}, first at ${JSON.stringify(firstKey)})`;
  });
  return `watchpost: what is in the database differs: ${names.join(", ")}. No server starts on it; empty it, --reopen the folder, and move again.`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
