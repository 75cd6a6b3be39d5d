/** `watchpost deliveries …`: the delivery log, and what can be done to one delivery. */
import { exitCodes } from "../command.ts";
import { answer, answerOne } from "../print/output.ts";
import { adminClient } from "../remote/admin-client.ts";
import { objectAt } from "../remote/json-values.ts";
import type { Call, CommandSpec, GroupSpec } from "../tree/command-spec.ts";
import { argumentAt, pathPart } from "../tree/read-values.ts";
import { filterOptions, readFilter } from "./delivery-filter.ts";
import { deliveryColumns, deliveryLines, deliveryPairs } from "./delivery-lines.ts";
import { idOrLatest } from "./newest.ts";
import { listPage } from "./list-page.ts";
import { limitOption } from "./options.ts";
import { tail } from "./tail.ts";

const idArgument = { name: "id", help: "The delivery's number, its webhook-id (msg_…), or `latest`." };

const list: CommandSpec = {
  name: "list",
  summary: "Deliveries, the newest first.",
  details: [],
  arguments: [],
  options: [...filterOptions, limitOption],
  connects: true,
  examples: [
    { line: "watchpost deliveries list --limit 20", says: "The last twenty." },
    { line: "watchpost deliveries list --status dead --from 24h", says: "What was given up on within a day." },
    { line: "watchpost deliveries list --record 554023000100000005 --json", says: "All about one record, as JSON." },
  ],
  async run(call) {
    const client = adminClient(call.connection);
    const query = await readFilter(call, client);
    return listPage(call, client, { key: "deliveries", query, columns: deliveryColumns, nothing: "There are no such deliveries." });
  },
};

const show: CommandSpec = {
  name: "show",
  summary: "One delivery: its attempts, the last answer, the request, and the changes it tells of.",
  details: [],
  arguments: [idArgument],
  options: [],
  connects: true,
  examples: [{ line: "watchpost deliveries show latest", says: "What became of the newest one." }],
  async run(call) {
    const client = adminClient(call.connection);
    const id = await idOrLatest(client, argumentAt(call, 0), "deliveries");
    const answered = await client.get(`/api/v1/deliveries/${pathPart(id)}`, { what: `delivery ${id}` });
    answer(call, answered, (frame) => deliveryLines(objectAt(answered, "delivery"), frame));
    return exitCodes.good;
  },
};

const replay: CommandSpec = {
  name: "replay",
  summary: "Send a settled delivery again, under the same webhook-id.",
  details: ["Prints the new delivery. To send many again, use `replays create`."],
  arguments: [idArgument],
  options: [],
  connects: true,
  examples: [{ line: "watchpost deliveries replay latest", says: "Send the newest one again." }],
  run: async (call) => actOn(call, "replay"),
};

const skip: CommandSpec = {
  name: "skip",
  summary: "Give up on a delivery that is still owed, so that those behind it can go.",
  details: ["One that is settled already stays as it is, and the exit code is 6."],
  arguments: [idArgument],
  options: [],
  connects: true,
  examples: [{ line: "watchpost deliveries skip latest || test $? = 6", says: "Give up on the newest one, if it is still owed." }],
  run: async (call) => actOn(call, "skip"),
};

export const deliveries: GroupSpec = {
  name: "deliveries",
  aliases: [],
  summary: "Deliveries: list, show, send again, give up, follow as they go.",
  commands: [list, show, replay, skip, tail],
};

async function actOn(call: Call, act: "replay" | "skip"): Promise<number> {
  const client = adminClient(call.connection);
  const id = await idOrLatest(client, argumentAt(call, 0), "deliveries");
  const answered = await client.post(`/api/v1/deliveries/${pathPart(id)}/${act}`, { what: `delivery ${id}` });
  answerOne(call, answered, deliveryPairs(objectAt(answered, "delivery")));
  return exitCodes.good;
}
