/** `watchpost channels …`: what operators see of channels and do with them. */
import { readDuration } from "../../core/duration.ts";
import { exitCodes } from "../command.ts";
import { answer } from "../print/output.ts";
import type { Column } from "../print/table.ts";
import { adminClient } from "../remote/admin-client.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { cellAt, instantAt, instantText, objectAt, textAt } from "../remote/json-values.ts";
import type { CommandSpec, GroupSpec } from "../tree/command-spec.ts";
import { argumentAt, flagText, instantGiven, pathPart } from "../tree/read-values.ts";
import { stateStyle } from "./row-styles.ts";
import { listPage } from "./list-page.ts";
import { channelOption, limitOption, moduleOption, orgOption } from "./options.ts";
import { channelLines, steerChannel } from "./steer-channel.ts";

const keyArgument = { name: "key", help: "The channel's key, the number that `channels list` shows." };
const act = { arguments: [keyArgument], options: [], connects: true } as const;

const columns: readonly Column<JsonObject>[] = [
  { title: "KEY", of: (row) => cellAt(row, "key"), isNumber: true },
  { title: "ORG", of: (row) => cellAt(row, "org"), mayBeLeftOut: true },
  { title: "CHANNEL", of: (row) => cellAt(row, "channel_id") },
  { title: "STATE", of: (row) => cellAt(row, "state"), style: stateStyle },
  { title: "EXPIRES", of: (row) => instantAt(row, "expires_at") },
  { title: "MODULES", of: (row) => cellAt(row, "modules"), mayBeCut: true, mayBeLeftOut: true },
  { title: "TARGET", of: (row) => cellAt(row, "notify_url"), mayBeCut: true, mayBeLeftOut: true },
];

const list: CommandSpec = {
  name: "list",
  summary: "The channels of every org, by ascending key.",
  details: [],
  arguments: [],
  options: [
    orgOption,
    { flag: "--state", placeholder: "<state>", help: "Only those in this state.", choices: ["active", "paused", "disabled"] },
    { flag: "--kind", placeholder: "<kind>", help: "Only those of clients, or those of the lifecycle.", choices: ["client", "lifecycle"] },
    moduleOption,
    channelOption,
    limitOption,
  ],
  connects: true,
  examples: [
    { line: "watchpost channels list", says: "Every channel with its state, expiry and target." },
    { line: "watchpost channels list --state paused --json", says: "Those that an operator holds, as JSON." },
  ],
  async run(call) {
    const query = {
      org: flagText(call, "--org"),
      state: flagText(call, "--state"),
      kind: flagText(call, "--kind"),
      module: flagText(call, "--module"),
      channel: flagText(call, "--channel"),
    };
    return listPage(call, adminClient(call.connection), { key: "channels", query, columns, nothing: "There are no such channels." });
  },
};

const show: CommandSpec = {
  ...act,
  name: "show",
  summary: "One channel: state, target, expiry, what it is subscribed to and under which condition.",
  details: [],
  examples: [{ line: "watchpost channels show 1", says: "The channel with the key 1." }],
  async run(call) {
    const key = argumentAt(call, 0);
    const answered = await adminClient(call.connection).get(`/api/v1/channels/${pathPart(key)}`, { what: `channel ${key}` });
    answer(call, answered, (frame) => channelLines(objectAt(answered, "channel"), frame));
    return exitCodes.good;
  },
};

const pause: CommandSpec = {
  ...act,
  name: "pause",
  summary: "Hold a channel: nothing is sent, and what changes meanwhile is not owed.",
  details: ["What was pending stays and goes out when the channel is resumed."],
  examples: [{ line: "watchpost channels pause 1", says: "Hold the channel while its receiver is being repaired." }],
  run: async (call) => steerChannel(call, { name: "pause", body: {}, notes: () => [] }),
};

const resume: CommandSpec = {
  ...act,
  name: "resume",
  summary: "Let a paused or disabled channel go on: what was pending goes out, what comes is owed again.",
  details: ["Where the channel missed changes, the answer says from when until when, and the command that sends them."],
  examples: [{ line: "watchpost channels resume 1", says: "Let it go on." }],
  run: async (call) => steerChannel(call, { name: "resume", body: {}, notes: missedLines }),
};

const renew: CommandSpec = {
  ...act,
  name: "renew",
  summary: "Move a channel's expiry, at most 366 days ahead.",
  details: [],
  options: [
    {
      flag: "--until",
      placeholder: "<when>",
      help: "The new expiry: a date, a date-time with an offset, or a length of time from now; 24h unless said.",
    },
  ],
  examples: [
    { line: "watchpost channels renew 1", says: "A day from now." },
    { line: "watchpost channels renew 1 --until 30d", says: "Thirty days from now." },
  ],
  async run(call) {
    const text = flagText(call, "--until") ?? "24h";
    const aheadMs = readDuration(text);
    const client = adminClient(call.connection);
    const until = aheadMs === null ? instantGiven(text, "--until") : new Date((await client.now()) + aheadMs).toISOString();
    return steerChannel(call, { name: "renew", body: { until }, notes: () => [] });
  },
};

const rotate: CommandSpec = {
  ...act,
  name: "rotate",
  summary: "Give a channel another signing secret, shown here and never again.",
  details: ["For a while both secrets sign, so that receivers can be changed one after the other."],
  options: [{ flag: "--overlap", placeholder: "<time>", help: "How long the old secret signs along, at most 7d; 24h unless said." }],
  examples: [{ line: "watchpost channels rotate 1 --overlap 1h", says: "The old secret is good for one more hour." }],
  async run(call) {
    const overlap = flagText(call, "--overlap");
    return steerChannel(call, { name: "rotate", body: overlap === null ? {} : { overlap }, notes: secretLines });
  },
};

const secret: CommandSpec = {
  ...act,
  name: "secret",
  summary: "Show a channel's signing secret. The server shows it once, and no more after that.",
  details: ["When it has been shown already and is lost, `channels rotate` makes another."],
  examples: [
    {
      line: "watchpost channels secret 1 || test $? = 6",
      says: "The secret, for the receiver's configuration, if it was not shown before.",
    },
  ],
  run: async (call) => steerChannel(call, { name: "secret", body: {}, notes: secretLines }),
};

const sendTest: CommandSpec = {
  ...act,
  name: "test",
  summary: "Send a channel's target a test notification.",
  details: ["The delivery is marked as a test; `deliveries show` tells how it went."],
  examples: [{ line: "watchpost channels test 1", says: "Send it, and print the delivery's id." }],
  run: async (call) => steerChannel(call, { name: "test", body: {}, notes: testLines }),
};

const order: CommandSpec = {
  ...act,
  name: "order",
  summary: "Say whether a channel hears of a record in the order of the commits, or as fast as it can.",
  details: ["With `record` a delivery waits for the earlier ones about its records; with `none` it does not."],
  arguments: [keyArgument, { name: "order", help: "`record` or `none`.", choices: ["record", "none"] }],
  examples: [{ line: "watchpost channels order 1 none", says: "Do not wait for earlier deliveries of the same record." }],
  run: async (call) => steerChannel(call, { name: "order", body: { order: argumentAt(call, 1) }, notes: () => [] }),
};

export const channels: GroupSpec = {
  name: "channels",
  aliases: [],
  summary: "Channels: list, show, hold, let go, renew, give another secret, test.",
  commands: [list, show, pause, resume, renew, rotate, secret, sendTest, order],
};

function secretLines(answered: JsonObject): readonly string[] {
  const text = textAt(answered, "secret");
  return text === null ? [] : [`secret  ${text}`, "It is shown this once. Keep it where the receiver reads it."];
}

function testLines(answered: JsonObject): readonly string[] {
  const id = cellAt(answered, "delivery", "id");
  return [`Delivery ${id} is on its way. See: watchpost deliveries show ${id}`];
}

function missedLines(answered: JsonObject, key: string): readonly string[] {
  const from = textAt(answered, "missed", "from");
  const until = textAt(answered, "missed", "until");
  if (from === null || until === null) return [];
  return [
    "",
    `It missed what changed from ${instantText(from)} until ${instantText(until)}. To send that:`,
    `  watchpost replays create --what missed --channel-key ${key} --from ${from} --until ${until}`,
  ];
}
