/** `watchpost listen`: notifications on this machine, as they come. */
import { eventsDefault } from "../listen/events-default.ts";
import type { CommandSpec } from "../tree/command-spec.ts";
import { ofOrgOption, userOption } from "./tokens.ts";

export const listen: CommandSpec = {
  name: "listen",
  summary: "Receive notifications on this machine, print each with the receiver's answer, and pass them on if you like.",
  details: [
    "Starts a receiver, subscribes a temporary channel to it, checks the token and the signature of all that comes, renews the channel, and takes it away on Ctrl-C or SIGTERM. Without --forward-to the receiver answers 200 itself.",
    "The server must be able to reach the receiver: `dev` may POST to this machine, `serve` only with --allow-target 127.0.0.0/8. With a server on another machine give --host and --notify-url.",
    "What --forward-to answers goes back to the server, so a 500 is tried again as it would be for a receiver of its own; so is what cannot be reached. With --json one line when it is ready, then one line a notification.",
  ],
  arguments: [],
  options: [
    {
      flag: "--forward-to",
      placeholder: "<url>",
      help: "Pass each notification on to this address, unchanged, and answer what it answers.",
    },
    {
      flag: "--events",
      placeholder: "<events>",
      help: `What to subscribe to, separated by commas, such as Deals.all,Leads.create; ${eventsDefault.join(",")} unless said.`,
    },
    { flag: "--port", placeholder: "<number>", help: "The receiver's port; a free one unless said." },
    { flag: "--host", placeholder: "<address>", help: "The address to listen on; 127.0.0.1 unless said." },
    {
      flag: "--notify-url",
      placeholder: "<origin>",
      help: "The origin under which the server reaches the receiver; its address and port unless said.",
    },
    { flag: "--count", placeholder: "<count>", help: "End after so many notifications." },
    { flag: "--timeout", placeholder: "<time>", help: "End after this time: with 1 when --count was given and fewer came, else with 0." },
    ofOrgOption,
    userOption,
  ],
  connects: true,
  examples: [
    { line: "watchpost listen", says: "Watch what is sent while you change records elsewhere." },
    {
      line: "watchpost listen --events Deals.edit --forward-to http://127.0.0.1:3000/hooks/crm",
      says: "Pass edits of deals on to the program that you are writing.",
    },
    { line: "watchpost listen --events Deals.all --timeout 2s --json", says: "Two seconds of deals, for a script." },
  ],
  run: async (call) => (await import("../listen/run.ts")).runListen(call),
};
