/** A change for people: what was in the record before and after. */
import { plainText } from "../print/plain-text.ts";
import type { Frame } from "../print/table.ts";
import { pairLines } from "../print/table.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { cellAt, instantAt, listAt, objectAt, shown, textAt, valueAt } from "../remote/json-values.ts";

export function changeLines(change: JsonObject, frame: Frame): readonly string[] {
  const pairs = pairLines(
    [
      ["id", textAt(change, "id")],
      ["org", textAt(change, "org")],
      ["module", textAt(change, "module")],
      ["record", textAt(change, "record_id")],
      ["operation", textAt(change, "operation")],
      ["at", instantAt(change, "at")],
      ["by", valueAt(change, "by") === undefined ? null : cellAt(change, "by")],
      ["write", textAt(change, "write")],
    ],
    frame,
  );
  return [...pairs, "", ...differenceLines(change, frame)];
}

/** One change among others: its head, then the difference. */
export function changedLines(change: JsonObject, frame: Frame): readonly string[] {
  const head = `${cellAt(change, "operation")} of record ${cellAt(change, "record_id")} (change ${cellAt(change, "id")})`;
  return [frame.style("dim", head), ...differenceLines(change, frame)];
}

/** `- Stage: "Qualification"` and `+ Stage: "Negotiation"`, for every field that changed. */
function differenceLines(change: JsonObject, frame: Frame): readonly string[] {
  const before = objectAt(change, "before");
  const after = objectAt(change, "after");
  const listed = listAt(change, "changed_fields").map(String);
  const fields = listed.length > 0 ? listed : [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field) => [
    ...sideLine(`- ${field}`, before, field).map((line) => frame.style("red", line)),
    ...sideLine(`+ ${field}`, after, field).map((line) => frame.style("green", line)),
  ]);
}

function sideLine(head: string, values: JsonObject, field: string): readonly string[] {
  return Object.hasOwn(values, field) ? [plainText(`${head}: ${shown(values[field])}`)] : [];
}
