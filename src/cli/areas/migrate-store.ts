/** `watchpost migrate-store`: from a data folder to a PostgreSQL database. */
import { options } from "../../config/options.ts";
import type { CommandSpec } from "../tree/command-spec.ts";

export const migrateStore: CommandSpec = {
  name: "migrate-store",
  summary: "Move the store of a data folder into an empty PostgreSQL database.",
  details: [
    "Everything is moved: orgs, users, clients and tokens, records, channels with their secrets, what is owed, and all history. The server on the folder must be stopped first, and none starts on it from then on; none starts on the database before the move is complete. What was ended goes on where it stopped when the same command is run again.",
    "At the end every table is read on both sides and compared org by org, by its number of rows and a digest. The exit code is 0 only if nothing differs; then the servers are started with --database-url.",
    "--reopen takes the move back, for the folder alone: a server may use it again. It is for when no server has used the database, for else both would send what was owed at the time of the move.",
  ],
  arguments: [],
  options: [
    { flag: "--from", placeholder: "<folder>", help: "The data folder. It must be given.", isPath: true },
    {
      flag: "--to",
      placeholder: "<url>",
      help: `The database, as postgres://user:password@host:5432/database; ${options.databaseUrl.environment} unless said, which other users of the machine cannot read.`,
    },
    { flag: "--reopen", placeholder: null, help: "Let servers use the folder again; nothing is moved." },
  ],
  connects: false,
  examples: [
    {
      line: "watchpost migrate-store --from .watchpost/data --to postgres://watchpost:PASSWORD@127.0.0.1:5432/watchpost",
      says: "Move the store of `serve`.",
    },
  ],
  run: async (call) => (await import("../migrate-store/run.ts")).runMigrateStore(call),
};
