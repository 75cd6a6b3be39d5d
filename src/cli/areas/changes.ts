/** `watchpost changes …`: what happened to records, and which channel was told of it, or why not. */
import { exitCodes } from "../command.ts";
import { plainText } from "../print/plain-text.ts";
import { answer } from "../print/output.ts";
import type { Column, Frame } from "../print/table.ts";
import type { AdminClient, Ask } from "../remote/admin-client.ts";
import { adminClient } from "../remote/admin-client.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { cellAt, instantAt, objectAt, objectsAt, textAt, valueAt } from "../remote/json-values.ts";
import type { CommandSpec, GroupSpec } from "../tree/command-spec.ts";
import { argumentAt, flagInstant, flagText, pathPart } from "../tree/read-values.ts";
import { changeLines } from "./change-lines.ts";
import { conditionLines } from "./condition-tree.ts";
import { idOrLatest } from "./newest.ts";
import { listPage } from "./list-page.ts";
import { fromOption, limitOption, moduleOption, orgOption, recordOption, untilOption } from "./options.ts";

const idArgument = { name: "id", help: "The change's number, or `latest`." };

const columns: readonly Column<JsonObject>[] = [
  { title: "ID", of: (row) => cellAt(row, "id"), isNumber: true },
  { title: "AT", of: (row) => instantAt(row, "at") },
  { title: "MODULE", of: (row) => cellAt(row, "module") },
  { title: "OPERATION", of: (row) => cellAt(row, "operation") },
  { title: "RECORD", of: (row) => cellAt(row, "record_id") },
  { title: "FIELDS", of: (row) => cellAt(row, "changed_fields"), mayBeCut: true, mayBeLeftOut: true },
];

const list: CommandSpec = {
  name: "list",
  summary: "Changes to records, the newest first.",
  details: [],
  arguments: [],
  options: [
    orgOption,
    moduleOption,
    recordOption,
    { flag: "--operation", placeholder: "<operation>", help: "Only of this kind.", choices: ["insert", "update", "delete"] },
    fromOption,
    untilOption,
    limitOption,
  ],
  connects: true,
  examples: [
    { line: "watchpost changes list --module Deals --from 1h", says: "What happened to deals within an hour." },
    { line: "watchpost changes list --record 554023000100000005", says: "The history of one record." },
  ],
  async run(call) {
    const client = adminClient(call.connection);
    const query = {
      org: flagText(call, "--org"),
      module: flagText(call, "--module"),
      record: flagText(call, "--record"),
      operation: flagText(call, "--operation"),
      from: await flagInstant(call, "--from", async () => client.now()),
      until: await flagInstant(call, "--until", async () => client.now()),
    };
    return listPage(call, client, { key: "changes", query, columns, nothing: "There are no such changes." });
  },
};

const show: CommandSpec = {
  name: "show",
  summary: "One change: the fields before and after.",
  details: [],
  arguments: [idArgument],
  options: [],
  connects: true,
  examples: [{ line: "watchpost changes show latest", says: "What changed last." }],
  async run(call) {
    const client = adminClient(call.connection);
    const id = await idOrLatest(client, argumentAt(call, 0), "changes");
    const answered = await client.get(`/api/v1/changes/${pathPart(id)}`, { what: `change ${id}` });
    answer(call, answered, (frame) => changeLines(objectAt(answered, "change"), frame));
    return exitCodes.good;
  },
};

const explain: CommandSpec = {
  name: "explain",
  summary: "Say, channel by channel, why a change was told or was not.",
  details: [
    "Every channel on the change's module is judged as it stood when the change was committed. Of a condition each field says whether it was met.",
  ],
  arguments: [idArgument],
  options: [],
  connects: true,
  examples: [{ line: "watchpost changes explain latest", says: "Why the newest change was told, or was not." }],
  async run(call) {
    const client = adminClient(call.connection);
    const id = await idOrLatest(client, argumentAt(call, 0), "changes");
    const answered = await explained(client, id);
    answer(call, answered, (frame) => {
      const verdicts = objectsAt(answered, "channels").flatMap((channel) => ["", ...verdictLines(channel, frame)]);
      const none = ["", "No channel is subscribed to the module."];
      return [...changeLines(objectAt(answered, "change"), frame), ...(verdicts.length === 0 ? none : verdicts)];
    });
    return exitCodes.good;
  },
};

export const changes: GroupSpec = {
  name: "changes",
  aliases: [],
  summary: "Changes: list, show, and why a channel was told of one, or was not.",
  commands: [list, show, explain],
};

/** With every channel, over as many pages as they take. */
async function explained(client: AdminClient, id: string): Promise<JsonObject> {
  const channels: JsonObject[] = [];
  for (let cursor: string | null = null; ;) {
    const ask: Ask = { what: `change ${id}`, query: { cursor } };
    const page = await client.get(`/api/v1/changes/${pathPart(id)}/explain`, ask);
    channels.push(...objectsAt(page, "channels"));
    cursor = textAt(page, "next_cursor");
    if (cursor === null) return { ...page, channels };
  }
}

function verdictLines(channel: JsonObject, frame: Frame): readonly string[] {
  const isMatched = valueAt(channel, "is_matched") === true;
  const verdict = isMatched ? frame.style("green", "told") : frame.style("yellow", `not told (${plainText(cellAt(channel, "reason"))})`);
  const condition = valueAt(channel, "condition");
  const tree = condition === null || condition === undefined ? [] : conditionLines(condition, frame);
  const owed = objectsAt(channel, "deliveries").map((delivery) => `delivery ${cellAt(delivery, "id")}: ${cellAt(delivery, "status")}`);
  const detail = textAt(channel, "detail");
  return [
    `channel ${plainText(cellAt(channel, "channel_id"))} (key ${cellAt(channel, "channel_key")}): ${verdict}`,
    ...[...(detail === null ? [] : [plainText(detail)]), ...tree, ...owed.map(plainText)].map((line) => `  ${line}`),
  ];
}
