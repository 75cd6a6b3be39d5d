/** Upsert on the wire (PROTOCOL F.1): which fields a request looks records up by, and what each item came to. */
import type { Field, Module } from "../core/catalog.ts";
import { isComparable } from "../core/duplicate-check.ts";
import type { Upserted } from "../core/written.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import { renderRefusal } from "./error-codes.ts";
import { isObject, valueOf } from "./lossless-json.ts";
import type { RecordAnswer } from "./record-response.ts";
import { writeStatus, writtenMessages } from "./record-response.ts";
import type { Version } from "./versions.ts";
import { writtenDetails } from "./written-record.ts";

/**
 * The `duplicate_check_fields` of a body, each once; null when it names none. Refused as a whole (`value_invalid`) when one is no field of the
 * module, or holds nothing that could tell records apart.
 */
export function readCheckFields(given: unknown, module: Module): Result<readonly Field[] | null> {
  const path = ["duplicate_check_fields"];
  if (given === undefined || given === null) return ok(null);
  if (!Array.isArray(given)) return refuse({ code: "value_invalid", path, expectedType: "jsonarray" });
  const fields = new Set<Field>();
  for (const [index, name] of given.entries()) {
    const field = module.fields.find(({ apiName }) => apiName === name);
    if (field === undefined || !isComparable(field)) return refuse({ code: "value_invalid", path: [...path, index] });
    fields.add(field);
  }
  return ok(fields.size === 0 ? null : [...fields]);
}

/** The `duplicate_check_fields` of a body that has been parsed. */
export function checkFieldsOf(body: unknown): unknown {
  return isObject(body) ? valueOf(body, "duplicate_check_fields") : undefined;
}

/** What an upsert came to, item by item; when all went well the status is 200, also where records were inserted (CLIENTS 5). */
export function upsertAnswer(
  results: readonly Result<Upserted>[],
  { version, timeZone }: { readonly version: Version; readonly timeZone: string },
): RecordAnswer {
  const data = results.map((result) => {
    if (!result.ok) return renderRefusal(result.error, version).body;
    const { record, action, duplicateField } = result.value;
    return {
      code: "SUCCESS",
      duplicate_field: duplicateField,
      action,
      details: writtenDetails(record, timeZone),
      message: writtenMessages[action],
      status: "success",
    };
  });
  return { status: writeStatus(results, "update", version), body: { data } };
}
