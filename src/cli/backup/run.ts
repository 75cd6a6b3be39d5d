/** What `backup` and `restore` do: the store's own copying, with a bar while it goes on, and complaints that say what to do. */
import { existsSync } from "node:fs";
import path from "node:path";
import type { Copied, OnProgress } from "../../store/sqlite/backup.ts";
import { FolderTaken, backUp, restore as bringBack, storeFileOf } from "../../store/sqlite/backup.ts";
import { options } from "../../config/options.ts";
import { Complaint, usageFault } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import { answer } from "../print/output.ts";
import { createProgress } from "../print/progress.ts";
import { pairLines } from "../print/table.ts";
import type { Call } from "../tree/command-spec.ts";
import { flagText, isGiven } from "../tree/read-values.ts";
import { dataFolderGiven, dataFolderOf } from "../areas/data-folder.ts";

export async function runBackup(call: Call): Promise<number> {
  const folder = dataFolderOf(call);
  refuseDatabase(call);
  const target = path.resolve(required(call, "--to"));
  if (existsSync(target) && !isGiven(call, "--force")) {
    throw new Complaint(exitCodes.conflict, `${target} is there already. Name another file, or add --force to replace it.`);
  }
  if (!existsSync(storeFileOf(folder))) {
    throw new Complaint(exitCodes.notFound, `there is no store in ${folder}: --data is to name a data folder`);
  }
  const copied = await withProgress(call, "copying", async (onProgress) => backUp(folder, target, onProgress));
  tell(call, { file: target, data_folder: folder, ...document(copied) });
  return exitCodes.good;
}

export async function runRestore(call: Call): Promise<number> {
  const file = path.resolve(required(call, "--from"));
  const folder = dataFolderOf(call);
  if (!existsSync(file)) throw new Complaint(exitCodes.notFound, `there is no file ${file}`);
  const replaces = isGiven(call, "--force");
  const restored = await withProgress(call, "restoring", async (onProgress) => bringBack(file, folder, { replaces, onProgress }));
  tell(call, { file, data_folder: folder, ...document(restored), former_file: restored.formerFile });
  return exitCodes.good;
}

/** Who has named the database and no folder is not told of a folder that never was. */
function refuseDatabase(call: Call): void {
  const { environment } = options.databaseUrl;
  if (dataFolderGiven(call) !== null || (call.environment[environment]?.trim() ?? "") === "") return;
  throw usageFault(`${environment} is set, and a database is backed up by its own means, such as pg_dump; --data is to name a data folder`);
}

function required(call: Call, flag: `--${string}`): string {
  const text = flagText(call, flag);
  if (text === null || text.trim() === "") throw usageFault(`${flag} must be given`);
  return text;
}

async function withProgress<T extends Copied>(call: Call, label: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const progress = createProgress(call.screen, label);
  try {
    return await work((done, total) => progress.update(done, total));
  } catch (error) {
    progress.end();
    if (error instanceof FolderTaken) {
      const advice =
        error.cause === undefined ? "Name an empty one, or add --force to put aside what is there." : "Stop that server first.";
      throw new Complaint(exitCodes.conflict, `${error.message}. ${advice}`, { cause: error });
    }
    throw new Complaint(exitCodes.failed, error instanceof Error ? error.message : String(error), { cause: error });
  } finally {
    progress.end();
  }
}

type Told = {
  readonly file: string;
  readonly data_folder: string;
  readonly bytes: number;
  readonly rows: Copied["rows"];
  readonly former_file?: string | null;
};

function document({ bytes, rows }: Copied): Pick<Told, "bytes" | "rows"> {
  return { bytes, rows };
}

function tell(call: Call, told: Told): void {
  const count = Object.values(told.rows).reduce((sum, rows) => sum + rows, 0);
  answer(call, { ...told, verified: true }, (frame) =>
    pairLines(
      [
        ["copy", told.file],
        ["data folder", told.data_folder],
        ["size", `${told.bytes.toLocaleString("en")} bytes`],
        ["verified", `no fault found, ${count.toLocaleString("en")} rows in ${String(Object.keys(told.rows).length)} tables`],
        ["kept aside", told.former_file ?? null],
      ],
      frame,
    ),
  );
}
