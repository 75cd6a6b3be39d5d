/** `watchpost backup` and `watchpost restore`: verified copies of a data folder's store, made while the server runs. */
import type { CommandSpec, OptionSpec } from "../tree/command-spec.ts";
import { dataOption } from "./data-folder.ts";

const forceOption: OptionSpec = { flag: "--force", placeholder: null, help: "Replace a file that is there." };

export const backup: CommandSpec = {
  name: "backup",
  summary: "Copy the store of a data folder into one file, while the server runs.",
  details: [
    "The copy is one snapshot of the instant at which it begins; writes go on meanwhile. It is read through once more before it gets its name: SQLite's own check, and the number of rows of each table. It works beside the server, on the same machine, and needs neither its address nor a token; the server may as well be stopped.",
    "The file holds signing secrets and tokens. It is readable by its owner alone; treat it as a secret. How far the clock of `dev` is ahead is not part of it.",
  ],
  arguments: [],
  options: [dataOption, { flag: "--to", placeholder: "<file>", help: "Where the copy goes. It must be given.", isPath: true }, forceOption],
  connects: false,
  examples: [{ line: "watchpost backup --data .watchpost/data --to backup.sqlite", says: "Copy the store of `serve`." }],
  run: async (call) => (await import("../backup/run.ts")).runBackup(call),
};

export const restore: CommandSpec = {
  name: "restore",
  summary: "Bring a copy back into a data folder that no server uses.",
  details: [
    "The copy is proved before it takes its place: it must be whole, a store of Watchpost, and not of a newer version than this. A folder in which a server runs is refused, and so is one that is not empty, unless --force is given; the store that was there is then kept beside the new one, under the name that is printed.",
    "A restored store sends again what was delivered after the copy was made. Receivers recognise it by its webhook-id.",
  ],
  arguments: [],
  options: [
    { flag: "--from", placeholder: "<file>", help: "The copy. It must be given.", isPath: true },
    dataOption,
    { ...forceOption, help: "Put aside what is in the folder." },
  ],
  connects: false,
  examples: [{ line: "watchpost restore --from backup.sqlite --data restored", says: "Bring it back into a new folder." }],
  run: async (call) => (await import("../backup/run.ts")).runRestore(call),
};
