/** Records of a module (PROTOCOL F.1). `trigger` and the like are accepted and mean nothing here. */
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { recordAnswer } from "../wire/record-response.ts";
import { isModifiedSince, notModified, readModifiedSince } from "./conditional.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { findPathFault, found, nothing, pathPart } from "./crm-endpoint.ts";
import { type ItemWrite, itemWrites } from "./item-writes.ts";

export const recordWrites = itemWrites("id", writeItems);

/** One record, all its fields; a missing one is 204 (CLIENTS 5), one that is no newer than the caller's is 304. */
export async function showRecord({ engine, caller, params, headers }: CrmCall): Promise<Result<CrmReply>> {
  const record = await engine.run("records.get", { caller, module: pathPart(params, "module"), id: pathPart(params, "id") });
  if (!record.ok) return record;
  if (record.value === null) return nothing;
  const { row, modifiedAt } = record.value;
  return isModifiedSince(modifiedAt, readModifiedSince(headers["if-modified-since"])) ? found({ data: [row] }) : notModified;
}

async function writeItems({ engine, caller, principal, version, params, headers }: CrmCall, write: ItemWrite): Promise<Result<CrmReply>> {
  const since = write.operation === "update" ? readModifiedSince(headers["if-unmodified-since"]) : null;
  const condition = since === null ? {} : { unmodifiedSince: since };
  const written = await engine.run("records.write", { caller, module: pathPart(params, "module"), ...write, ...condition });
  if (!written.ok) return written;
  const { results } = written.value;
  const pathFault = findPathFault(results);
  if (pathFault !== null) return refuse(pathFault);
  return ok(recordAnswer(results, { operation: write.operation, version, timeZone: principal.timeZone }));
}
