/**
 * `watchpost deliveries tail`: each attempt as it is made. From the server's stream of events; from a server that has none, by looking at
 * the newest deliveries again and again.
 */
import { Complaint } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import { plainText } from "../print/plain-text.ts";
import type { AdminClient } from "../remote/admin-client.ts";
import { adminClient } from "../remote/admin-client.ts";
import { openEventStream } from "../remote/event-stream.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { cellAt, instantAt, numberAt, objectAt, objectsAt, textAt } from "../remote/json-values.ts";
import { catchSignals } from "../signals.ts";
import type { Call, CommandSpec } from "../tree/command-spec.ts";
import { flagCount, flagText, isGiven } from "../tree/read-values.ts";
import { keyOption, moduleOption } from "./options.ts";

const lookMs = 1_000;
const rowsLookedAt = 200;
const countMax = 1_000_000;

export const tail: CommandSpec = {
  name: "tail",
  summary: "Print each attempt as it is made, until Ctrl-C.",
  details: [
    "Follows the server's stream of events; a server without one is asked for its newest deliveries every second. When the connection is lost it is made again.",
    "With --json one line an attempt. Ends with 0 on Ctrl-C, or when it has printed as many as --count says.",
  ],
  arguments: [],
  options: [
    keyOption,
    moduleOption,
    { flag: "--failed", placeholder: null, help: "Only attempts that did not deliver." },
    { flag: "--count", placeholder: "<count>", help: "End after so many." },
  ],
  connects: true,
  examples: [
    { line: "watchpost deliveries tail", says: "Watch them go." },
    { line: "watchpost deliveries tail --failed --json", says: "What fails, one line of JSON each." },
  ],
  async run(call) {
    const client = adminClient(call.connection);
    const signals = catchSignals();
    const over = new AbortController();
    void signals.first.then(() => over.abort());
    const printer = createPrinter(call, () => over.abort());
    try {
      await follow(client, { call, signal: over.signal, printer });
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      over.abort();
      signals.release();
    }
    return exitCodes.good;
  },
};

type Printer = (attempt: JsonObject) => void;
type Following = { readonly call: Call; readonly signal: AbortSignal; readonly printer: Printer };

/** Connects again whenever the connection is lost; only the first one has to succeed. */
async function follow(client: AdminClient, following: Following): Promise<void> {
  const { call, signal, printer } = following;
  let wasConnected = false;
  while (!signal.aborted) {
    try {
      const events = await openEventStream(client, signal);
      if (events === null) return await look(client, following);
      if (!wasConnected) call.terminal.complain("Following. Ctrl-C ends it.");
      wasConnected = true;
      for await (const { name, data } of events) if (name === "delivery") printer(objectAt(JSON.parse(data)));
    } catch (error) {
      signal.throwIfAborted();
      const isLost = wasConnected && (!(error instanceof Complaint) || error.exitCode === exitCodes.unreachable);
      if (!isLost) throw error;
    }
    if (!signal.aborted) call.terminal.complain("The connection was lost; it is made again.");
    await call.clock.sleepUntil(call.clock.now() + lookMs, signal);
  }
}

/** Without a stream: what has more attempts than at the look before is asked for and printed. */
async function look(client: AdminClient, { call, signal, printer }: Following): Promise<void> {
  let known: ReadonlyMap<string, number> | null = null;
  while (!signal.aborted) {
    const { rows } = await client.list("/api/v1/deliveries", { key: "deliveries", limit: rowsLookedAt });
    const before = known;
    if (before === null) call.terminal.complain("Looking every second, for the server has no stream. Ctrl-C ends it.");
    if (before !== null) {
      for (const row of rows.toReversed()) await printSince(before.get(cellAt(row, "id")) ?? 0, row);
    }
    known = new Map(rows.map((row) => [cellAt(row, "id"), numberAt(row, "attempts_made") ?? 0]));
    await call.clock.sleepUntil(call.clock.now() + lookMs, signal);
  }

  async function printSince(attemptsBefore: number, row: JsonObject): Promise<void> {
    if ((numberAt(row, "attempts_made") ?? 0) <= attemptsBefore) return;
    const id = cellAt(row, "id");
    const answered = await client.get(`/api/v1/deliveries/${id}`, { what: `delivery ${id}` });
    for (const attempt of objectsAt(answered, "delivery", "attempts")) {
      const number = numberAt(attempt, "number") ?? 0;
      if (number > attemptsBefore) printer(asStreamed(row, attempt));
    }
  }
}

/** An attempt of the log in the form of the stream. */
function asStreamed(row: JsonObject, attempt: JsonObject): JsonObject {
  const { id, channel_key, channel_id, module, operation } = row;
  const { outcome, http_status, number, duration_ms, started_at } = attempt;
  return { id, channel_key, channel_id, module, operation, outcome, http_status, attempt: number, duration_ms, at: started_at };
}

function createPrinter(call: Call, end: () => void): Printer {
  const key = flagText(call, "--channel-key");
  const module = flagText(call, "--module")?.toLowerCase() ?? null;
  const isFailedOnly = isGiven(call, "--failed");
  let left = flagCount(call, "--count", { min: 1, max: countMax }) ?? Number.POSITIVE_INFINITY;
  return (attempt) => {
    const isWanted =
      (key === null || textAt(attempt, "channel_key") === key) &&
      (module === null || textAt(attempt, "module")?.toLowerCase() === module) &&
      (!isFailedOnly || textAt(attempt, "outcome") !== "delivered");
    if (!isWanted || left <= 0) return;
    call.terminal.print(call.isJson ? JSON.stringify(attempt) : attemptLine(call, attempt));
    left -= 1;
    if (left === 0) end();
  };
}

function attemptLine({ terminal }: Call, attempt: JsonObject): string {
  const outcome = cellAt(attempt, "outcome");
  const status = cellAt(attempt, "http_status");
  const verdict = terminal.style(outcome === "delivered" ? "green" : "red", plainText(`[${status}] ${outcome}`));
  const what = `${cellAt(attempt, "module")}.${cellAt(attempt, "operation")}  delivery ${cellAt(attempt, "id")}  channel ${cellAt(attempt, "channel_id")}`;
  const how = `attempt ${cellAt(attempt, "attempt")}, ${cellAt(attempt, "duration_ms")} ms`;
  return `${instantAt(attempt, "at")}  ${verdict}  ${plainText(what)}  ${terminal.style("dim", plainText(how))}`;
}
