/** What `dev`, `serve` and `demo` tell of themselves besides their options, which come from the table of options. */
import { commandPurposes } from "../../config/options-markdown.ts";
import type { CommandName } from "../../config/options.ts";
import type { CommandPage } from "./command-spec.ts";

export const serverPages: Readonly<Record<CommandName, CommandPage>> = {
  dev: {
    summary: commandPurposes.dev,
    details: [
      "Its clock can be moved (`watchpost clock advance 7d`). With --exec it runs a command with the connection in its environment, the commands of this program among it, and ends with that command's exit code.",
    ],
    examples: [
      { line: "watchpost dev", says: "A server on 127.0.0.1:8585; Ctrl-C ends it." },
      { line: "watchpost dev --port 0 --exec 'watchpost records list Deals'", says: "A server for one command." },
    ],
  },
  serve: {
    summary: commandPurposes.serve,
    details: [
      "SIGTERM and Ctrl-C stop it in order. `watchpost init` writes a file with all its variables, `watchpost doctor` looks over what it needs.",
    ],
    examples: [{ line: "watchpost serve --data .watchpost/data --log-level warn", says: "A server whose store is in .watchpost/data." }],
  },
  demo: {
    summary: commandPurposes.demo,
    details: ["Nothing of it stays."],
    examples: [{ line: "watchpost demo", says: "See it work, in a few seconds." }],
  },
};
