/** `watchpost clock …`: the virtual clock of `dev`. */
import { limits } from "../../core/limits.ts";
import { readDuration } from "../../core/duration.ts";
import { usageFault } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import { answer } from "../print/output.ts";
import { pairLines } from "../print/table.ts";
import { adminClient } from "../remote/admin-client.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { instantText, listAt, numberAt, textAt } from "../remote/json-values.ts";
import type { Call, CommandSpec, GroupSpec } from "../tree/command-spec.ts";
import { argumentAt, instantGiven } from "../tree/read-values.ts";

const path = "/api/v1/clock";
/** A move may take its whole time, and the answer a moment more. */
const moveWaitMs = limits.clockMoveMsMax + 15_000;

const show: CommandSpec = {
  name: "show",
  summary: "The clock's instant, how far ahead of real time it is, and what falls due next.",
  details: [],
  arguments: [],
  options: [],
  connects: true,
  examples: [{ line: "watchpost clock show", says: "What time it is for the server." }],
  async run(call) {
    const answered = await adminClient(call.connection).get(path);
    tell(call, answered);
    return exitCodes.good;
  },
};

const advance: CommandSpec = {
  name: "advance",
  summary: "Move the clock on by a length of time, and do on the way all that falls due.",
  details: ["Only `watchpost dev` has such a clock; `serve` keeps real time and refuses, and the exit code is 4."],
  arguments: [{ name: "time", help: "A length of time such as 90s, 1h30m, 7d or P7D; 0s waits until nothing is due." }],
  options: [],
  connects: true,
  examples: [
    { line: "watchpost clock advance 5s", says: "On to the first retry of what has just failed." },
    { line: "watchpost clock advance 0s", says: "Wait until nothing is due." },
  ],
  async run(call) {
    const time = argumentAt(call, 0);
    if (readDuration(time) === null) throw usageFault(`expects a length of time such as 1h30m or 7d, not ${JSON.stringify(time)}`);
    return move(call, { advance: time });
  },
};

const set: CommandSpec = {
  name: "set",
  summary: "Move the clock on to an instant. It goes forwards only.",
  details: [],
  arguments: [{ name: "when", help: "A date, or a date-time with an offset." }],
  options: [],
  connects: true,
  examples: [{ line: "watchpost clock set 2030-01-01", says: "On to the year 2030." }],
  run: async (call) => move(call, { now: instantGiven(argumentAt(call, 0), "the instant") }),
};

export const clock: GroupSpec = {
  name: "clock",
  aliases: [],
  summary: "The virtual clock of `dev`: show it, move it.",
  commands: [show, advance, set],
};

async function move(call: Call, body: JsonObject): Promise<number> {
  call.screen.overwrite?.("moving the clock …");
  try {
    const answered = await adminClient(call.connection).post(path, { body, waitMs: moveWaitMs });
    call.screen.overwrite?.("");
    tell(call, answered);
  } finally {
    call.screen.overwrite?.("");
  }
  return exitCodes.good;
}

function tell(call: Call, answered: JsonObject): void {
  answer(call, answered, (frame) =>
    pairLines(
      [
        ["now", instantText(textAt(answered, "now"))],
        ["ahead", aheadText(numberAt(answered, "offset_ms") ?? 0)],
        ...listAt(answered, "next_due").map((due, at) => [at === 0 ? "next due" : "", instantText(String(due))] as const),
      ],
      frame,
    ),
  );
}

function aheadText(offsetMs: number): string {
  if (offsetMs === 0) return "none, it is real time";
  const days = Math.floor(offsetMs / 86_400_000);
  const clockTime = new Date(offsetMs % 86_400_000).toISOString().slice(11, 19);
  return `${days === 0 ? "" : `${String(days)} d `}${clockTime}`;
}
