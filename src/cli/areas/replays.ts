/** `watchpost replays …`: deliveries sent again, or sent late, by the thousand. */
import { usageFault } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import { answer, answerOne } from "../print/output.ts";
import { createProgress } from "../print/progress.ts";
import type { Column } from "../print/table.ts";
import { pairLines } from "../print/table.ts";
import type { AdminClient } from "../remote/admin-client.ts";
import { adminClient } from "../remote/admin-client.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { absent, cellAt, instantAt, numberAt, objectAt, textAt } from "../remote/json-values.ts";
import { catchSignals, exitCodeOf } from "../signals.ts";
import type { Call, CommandSpec, GroupSpec } from "../tree/command-spec.ts";
import { argumentAt, flagCount, flagText, isGiven, pathPart } from "../tree/read-values.ts";
import { filterOptions, readFilter } from "./delivery-filter.ts";
import { idOrLatest } from "./newest.ts";
import { listPage } from "./list-page.ts";
import { limitOption, orgOption } from "./options.ts";
import { stateStyle } from "./row-styles.ts";

const lookMs = 500;
const rateMax = 10_000;
const idArgument = { name: "id", help: "The replay's number, or `latest`." };

const columns: readonly Column<JsonObject>[] = [
  { title: "ID", of: (row) => cellAt(row, "id"), isNumber: true },
  { title: "STATE", of: (row) => cellAt(row, "state"), style: stateStyle },
  { title: "WHAT", of: (row) => cellAt(row, "what") },
  { title: "SENT", of: (row) => cellAt(row, "sent"), isNumber: true },
  { title: "TOTAL", of: (row) => cellAt(row, "total"), isNumber: true },
  { title: "RATE", of: (row) => cellAt(row, "rate_per_second"), isNumber: true, mayBeLeftOut: true },
  { title: "CREATED", of: (row) => instantAt(row, "created_at") },
  { title: "FILTER", of: filterOf, mayBeCut: true, mayBeLeftOut: true },
];

const list: CommandSpec = {
  name: "list",
  summary: "Replays, the newest first.",
  details: [],
  arguments: [],
  options: [orgOption, limitOption],
  connects: true,
  examples: [{ line: "watchpost replays list", says: "What was sent again, and how far it is." }],
  async run(call) {
    const query = { org: flagText(call, "--org") };
    return listPage(call, adminClient(call.connection), { key: "replays", query, columns, nothing: "There are no replays." });
  },
};

const show: CommandSpec = {
  name: "show",
  summary: "One replay: its filter, and how far it is.",
  details: [],
  arguments: [idArgument],
  options: [],
  connects: true,
  examples: [{ line: "watchpost replays show latest", says: "The newest one." }],
  async run(call) {
    const client = adminClient(call.connection);
    const id = await idOrLatest(client, argumentAt(call, 0), "replays");
    const answered = await client.get(`/api/v1/replays/${pathPart(id)}`, { what: `replay ${id}` });
    answerOne(call, answered, replayPairs(objectAt(answered, "replay")));
    return exitCodes.good;
  },
};

const create: CommandSpec = {
  name: "create",
  summary: "Send many deliveries again, or what a channel missed while it was held or expired.",
  details: [
    "`--what deliveries` sends again the settled deliveries that the filter names. `--what missed` makes and sends those that the channel of --channel-key was not owed, in order.",
    "See with --dry-run first how many there are. Sending goes on in the server when this command has ended, unless --wait keeps it here: then it ends with 0 when all is sent, and with 1 when the replay was cancelled. Ctrl-C leaves the replay running.",
  ],
  arguments: [],
  options: [
    { flag: "--what", placeholder: "<what>", help: "`deliveries`, unless said, or `missed`.", choices: ["deliveries", "missed"] },
    ...filterOptions,
    { flag: "--rate", placeholder: "<number>", help: `At most so many a second, from 1 to ${String(rateMax)}; 100 unless said.` },
    { flag: "--dry-run", placeholder: null, help: "Only count them." },
    { flag: "--wait", placeholder: null, help: "Show the progress until all is sent." },
  ],
  connects: true,
  examples: [
    { line: "watchpost replays create --status dead --from 24h --dry-run", says: "How many were given up on within a day." },
    { line: "watchpost replays create --status dead --from 24h --rate 50 --wait", says: "Send them again, fifty a second, and wait." },
    { line: "watchpost replays create --what missed --channel-key 1 --from 2h", says: "Send what channel 1 missed within two hours." },
  ],
  async run(call) {
    const client = adminClient(call.connection);
    const body = await bodyOf(call, client);
    if (isGiven(call, "--dry-run")) {
      const answered = await client.post("/api/v1/replays", { body: { ...body, dry_run: true } });
      answer(call, answered, () => [`It would send ${cellAt(answered, "count")}. Without --dry-run it does.`]);
      return exitCodes.good;
    }
    const created = await client.post("/api/v1/replays", { body });
    if (isGiven(call, "--wait")) return waitFor(call, { client, id: cellAt(created, "replay", "id") });
    const id = cellAt(created, "replay", "id");
    answer(call, created, (frame) => [
      ...pairLines(replayPairs(objectAt(created, "replay")), frame),
      `See how far it is with: watchpost replays show ${id}`,
    ]);
    return exitCodes.good;
  },
};

const cancel: CommandSpec = {
  name: "cancel",
  summary: "Stop a replay; what it has sent stays sent.",
  details: ["One that is over already stays as it is; the state that is printed says which."],
  arguments: [idArgument],
  options: [],
  connects: true,
  examples: [{ line: "watchpost replays cancel latest", says: "Stop the newest one, unless it is over already." }],
  async run(call) {
    const client = adminClient(call.connection);
    const id = await idOrLatest(client, argumentAt(call, 0), "replays");
    const answered = await client.post(`/api/v1/replays/${pathPart(id)}/cancel`, { what: `replay ${id}` });
    answerOne(call, answered, replayPairs(objectAt(answered, "replay")));
    return exitCodes.good;
  },
};

export const replays: GroupSpec = {
  name: "replays",
  aliases: [],
  summary: "Replays: send many deliveries again, follow them, stop them.",
  commands: [list, show, create, cancel],
};

async function bodyOf(call: Call, client: AdminClient): Promise<JsonObject> {
  const what = flagText(call, "--what") ?? "deliveries";
  const key = flagText(call, "--channel-key");
  if (what === "missed" && key === null) throw usageFault("--what missed needs --channel-key: the channel that missed something");
  if (key !== null && !/^\d{1,15}$/.test(key)) throw usageFault(`--channel-key expects a number, not ${JSON.stringify(key)}`);
  const given = {
    ...(await readFilter(call, client)),
    channel_key: key === null ? null : Number(key),
    rate_per_second: flagCount(call, "--rate", { min: 1, max: rateMax }),
  };
  return { what, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) };
}

async function waitFor(call: Call, { client, id }: { readonly client: AdminClient; readonly id: string }): Promise<number> {
  const signals = catchSignals();
  const over = new AbortController();
  void signals.first.then(() => over.abort());
  const progress = createProgress(call.screen, `replay ${id}`);
  try {
    for (;;) {
      const answered = await client.get(`/api/v1/replays/${pathPart(id)}`, { what: `replay ${id}` });
      const replay = objectAt(answered, "replay");
      const state = textAt(replay, "state");
      if (state === "done" || state === "cancelled") {
        progress.end();
        answerOne(call, answered, replayPairs(replay));
        return state === "done" ? exitCodes.good : exitCodes.failed;
      }
      progress.update(numberAt(replay, "sent") ?? 0, numberAt(replay, "total"));
      await call.clock.sleepUntil(call.clock.now() + lookMs, over.signal);
    }
  } catch (error) {
    const signal = signals.received();
    if (signal === null) throw error;
    progress.end();
    call.terminal.complain(`watchpost: the replay goes on without us; watchpost replays cancel ${id} stops it`);
    return exitCodeOf(signal);
  } finally {
    progress.end();
    signals.release();
  }
}

function replayPairs(replay: JsonObject): readonly (readonly [string, string | null])[] {
  const filter = filterOf(replay);
  return [
    ["id", textAt(replay, "id")],
    ["state", textAt(replay, "state")],
    ["what", textAt(replay, "what")],
    ["filter", filter === "" ? null : filter],
    ["sent", `${sentOf(replay)}, at most ${cellAt(replay, "rate_per_second")} a second`],
    ["skipped", skippedOf(replay)],
    ["created", instantAt(replay, "created_at")],
    ["finished", instantAt(replay, "finished_at") === absent ? null : instantAt(replay, "finished_at")],
  ];
}

function sentOf(replay: JsonObject): string {
  const total = numberAt(replay, "total");
  return `${cellAt(replay, "sent")} of ${total === null ? "a number still being counted" : String(total)}`;
}

/** null: none, as of nearly every replay. */
function skippedOf(replay: JsonObject): string | null {
  const skipped = numberAt(replay, "skipped") ?? 0;
  return skipped === 0 ? null : `${String(skipped)}, whose channel is not heard, or which are still owed`;
}

const filterKeys = ["org", "channel_key", "channel_id", "module", "record", "status", "from", "until"];

function filterOf(replay: JsonObject): string {
  return filterKeys.flatMap((key) => (textAt(replay, key) === null ? [] : [`${key}=${cellAt(replay, key)}`])).join(" ");
}
