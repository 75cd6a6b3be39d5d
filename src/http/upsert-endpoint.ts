/** POST /{module}/upsert (PROTOCOL F.1). */
import type { Result } from "../core/result.ts";
import { ok } from "../core/result.ts";
import { readRecordItems } from "../wire/record-request.ts";
import { checkFieldsOf, upsertAnswer } from "../wire/upsert.ts";
import { readModifiedSince } from "./conditional.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { pathPart } from "./crm-endpoint.ts";

export async function upsertRecords(call: CrmCall): Promise<Result<CrmReply>> {
  const { engine, caller, principal, version, params, headers } = call;
  const body = await call.readJson();
  if (!body.ok) return body;
  const items = readRecordItems(body.value);
  if (!items.ok) return items;
  const written = await engine.run("records.upsert", {
    caller,
    module: pathPart(params, "module"),
    items: items.value,
    checkFields: checkFieldsOf(body.value),
    unmodifiedSince: readModifiedSince(headers["if-unmodified-since"]),
  });
  return written.ok ? ok(upsertAnswer(written.value, { version, timeZone: principal.timeZone })) : written;
}
