/** `watchpost doctor`: looks at everything that commonly is wrong, and says what to do. */
import { options } from "../../config/options.ts";
import { sharedDetails, sharedExample, sharedOptions } from "../doctor/shared-options.ts";
import type { CommandSpec } from "../tree/command-spec.ts";
import { dataOption } from "./data-folder.ts";

export const doctor: CommandSpec = {
  name: "doctor",
  summary: "Look over this machine and a running server, and say what is wrong and what to do.",
  details: [
    "On this machine: the runtime, the variables as `serve` would read them, the data folder with its permissions, room and speed of its disk (40 blocks are written, synced and removed). Of the server: whether it answers and is ready, its clock, channels that are disabled, paused, failing or about to expire within 24 hours, dead deliveries.",
    sharedDetails,
    "Each target of an active channel is connected to from here and left again, with the handshake for https; no request is sent. Only addresses that the server's own guard would allow are tried: public ones, those of --allow-target, and this machine's own when the server is `dev`.",
    "Ends with 0 when nothing failed, warnings among it, and with 1 when something did.",
  ],
  arguments: [],
  options: [
    dataOption,
    ...sharedOptions,
    {
      flag: "--allow-target",
      placeholder: "<cidr>",
      help: `A network that may be tried although it is not public; ${options.allowTarget.environment} unless said. Repeatable.`,
      isRepeated: true,
    },
    { flag: "--skip-targets", placeholder: null, help: "Connect to no target." },
    { flag: "--skip-server", placeholder: null, help: "Ask no running server." },
  ],
  connects: true,
  examples: [
    { line: "watchpost doctor", says: "Everything." },
    { line: "watchpost doctor --skip-server --data .watchpost/data", says: "Before the first start." },
    sharedExample,
  ],
  run: async (call) => (await import("../doctor/run.ts")).runDoctor(call),
};
