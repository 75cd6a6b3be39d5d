/** Answers about related records (PROTOCOL F.1, Related records). */
import type { Id } from "../core/ids.ts";
import type { Values } from "../core/record.ts";
import type { Result } from "../core/result.ts";
import { renderRefusal } from "./error-codes.ts";
import type { Json } from "./json.ts";
import { type RecordAnswer, writeStatus } from "./record-response.ts";
import type { Version } from "./versions.ts";

const messages = { update: "relation added", delete: "relation removed" } as const;

/** A record's row with what its link says besides: the values of `keys`, null where it says nothing. */
export function renderLinked(row: Json, values: Values, keys: readonly string[]): Json {
  return { ...(isJsonObject(row) ? row : {}), ...Object.fromEntries(keys.map((key) => [key, values[key] ?? null])) };
}

/** What linking (`update`) or unlinking came to, item by item, in the order of the request. */
export function linkAnswer(
  results: readonly Result<{ readonly id: Id }>[],
  { operation, version }: { readonly operation: "update" | "delete"; readonly version: Version },
): RecordAnswer {
  const data = results.map((result) =>
    result.ok
      ? { code: "SUCCESS", details: { id: result.value.id }, message: messages[operation], status: "success" }
      : renderRefusal(result.error, version).body,
  );
  return { status: writeStatus(results, operation, version), body: { data } };
}

function isJsonObject(row: Json): row is { readonly [key: string]: Json } {
  return typeof row === "object" && row !== null && !Array.isArray(row);
}
