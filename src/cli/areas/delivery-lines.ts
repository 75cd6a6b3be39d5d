/** A delivery for people: its row in a table, and everything that is known of it. */
import { plainBlock, plainText } from "../print/plain-text.ts";
import type { Column, Frame } from "../print/table.ts";
import { pairLines, tableLines } from "../print/table.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { absent, cellAt, instantAt, listAt, objectAt, objectsAt, shown, textAt, valueAt } from "../remote/json-values.ts";
import { changedLines } from "./change-lines.ts";
import { stateStyle } from "./row-styles.ts";

export const deliveryColumns: readonly Column<JsonObject>[] = [
  { title: "ID", of: (row) => cellAt(row, "id"), isNumber: true },
  { title: "STATUS", of: (row) => cellAt(row, "status"), style: stateStyle },
  { title: "ATTEMPTS", of: (row) => cellAt(row, "attempts_made"), isNumber: true },
  { title: "MODULE", of: (row) => cellAt(row, "module") },
  { title: "OPERATION", of: (row) => cellAt(row, "operation") },
  { title: "RECORDS", of: recordsOf },
  { title: "CHANNEL", of: (row) => cellAt(row, "channel_id"), mayBeLeftOut: true },
  { title: "COMMITTED", of: (row) => instantAt(row, "committed_at"), mayBeLeftOut: true },
  { title: "DUE", of: (row) => instantAt(row, "due_at"), mayBeLeftOut: true },
];

/** The only record, or the first and how many more. */
export function recordsOf(row: JsonObject): string {
  const [first, ...others] = listAt(row, "record_ids").map(shown);
  if (first === undefined) return absent;
  return others.length === 0 ? first : `${first} +${String(others.length)}`;
}

export function deliveryPairs(delivery: JsonObject): readonly (readonly [string, string | null])[] {
  return [
    ["id", textAt(delivery, "id")],
    ["webhook-id", textAt(delivery, "webhook_id")],
    ["status", textAt(delivery, "status")],
    ["attempts", textAt(delivery, "attempts_made")],
    ["module", textAt(delivery, "module")],
    ["operation", textAt(delivery, "operation")],
    ["records", cellAt(delivery, "record_ids")],
    ["channel", `${cellAt(delivery, "channel_id")} (key ${cellAt(delivery, "channel_key")}, org ${cellAt(delivery, "org")})`],
    ["committed", instantAt(delivery, "committed_at")],
    ["due", presentInstant(delivery, "due_at")],
    ["settled", presentInstant(delivery, "settled_at")],
    ["replay of", textAt(delivery, "replay_of")],
    ["replayed as", textAt(delivery, "replayed_as")],
    ["test", valueAt(delivery, "is_test") === true ? "yes" : null],
  ];
}

export function deliveryLines(delivery: JsonObject, frame: Frame): readonly string[] {
  return [
    ...pairLines(deliveryPairs(delivery), frame),
    ...attemptLines(objectsAt(delivery, "attempts"), frame),
    ...requestLines(objectAt(delivery, "request"), frame),
    ...objectsAt(delivery, "changes").flatMap((change) => ["", ...changedLines(change, frame)]),
  ];
}

const attemptColumns: readonly Column<JsonObject>[] = [
  { title: "ATTEMPT", of: (row) => cellAt(row, "number"), isNumber: true },
  { title: "STARTED", of: (row) => instantAt(row, "started_at") },
  { title: "TOOK", of: (row) => `${cellAt(row, "duration_ms")} ms`, isNumber: true },
  { title: "OUTCOME", of: (row) => cellAt(row, "outcome"), style: stateStyle },
  { title: "HTTP", of: (row) => cellAt(row, "http_status"), isNumber: true },
  { title: "ERROR", of: (row) => cellAt(row, "error"), mayBeCut: true },
];

const bodyLinesMax = 12;

function attemptLines(attempts: readonly JsonObject[], frame: Frame): readonly string[] {
  if (attempts.length === 0) return [];
  const body = textAt(attempts.at(-1), "response_body") ?? "";
  const answer = body === "" ? [] : ["", frame.style("dim", "the last answer"), ...plainBlock(body).slice(0, bodyLinesMax).map(indented)];
  return ["", ...tableLines(attemptColumns, attempts, frame), ...answer];
}

function requestLines(request: JsonObject, frame: Frame): readonly string[] {
  const url = textAt(request, "url");
  if (url === null) return [];
  const headers = Object.entries(objectAt(request, "headers")).map(([name, value]) => plainText(`${name}: ${String(value)}`));
  const body = plainText(textAt(request, "body") ?? "");
  return ["", frame.style("dim", "the request"), ...[`POST ${plainText(url)}`, ...headers, "", body].map(indented)];
}

function indented(line: string): string {
  return line === "" ? "" : `  ${line}`;
}

function presentInstant(row: JsonObject, key: string): string | null {
  const text = instantAt(row, key);
  return text === absent ? null : text;
}
