/** `/api/v1/changes…`: what changed, and why each channel heard of it or did not. */
import { operations } from "../core/channel.ts";
import { limits } from "../core/limits.ts";
import { readCursor, readInstant, readRowLimit } from "./admin-filter.ts";
import { invalidParameter, readNumber } from "./admin-params.ts";
import { changeDetailJson, changeJson, explainedJson } from "./admin-views.ts";
import { type Answer, ownAnswer } from "./answer.ts";
import { pathPart } from "./crm-endpoint.ts";
import { type OwnCall, unknownOwnPath } from "./own-surface.ts";
import { readIdParam, readText } from "./query.ts";

/** `GET /api/v1/changes`: the newest first; a page may be short although more follow, for one looks through so many only. */
export async function listChanges({ engine, query }: OwnCall): Promise<Answer> {
  const recordId = readIdParam(query, "record");
  if (!recordId.ok) return invalidParameter(recordId.error);
  const operationText = readText(query, "operation");
  const operation = operations.find((candidate) => candidate === operationText) ?? null;
  if (operation === null && operationText !== null) return invalidParameter({ code: "param_invalid", param: "operation" });
  const from = readInstant(query, "from");
  if (!from.ok) return invalidParameter(from.error);
  const until = readInstant(query, "until");
  if (!until.ok) return invalidParameter(until.error);
  const beforeId = readCursor(query);
  if (!beforeId.ok) return invalidParameter(beforeId.error);
  const limit = readRowLimit(query, limits.deliveriesPerPageMax);
  if (!limit.ok) return invalidParameter(limit.error);
  const { changes, nextId } = await engine.run("changes.list", {
    zgid: readText(query, "org"),
    module: readText(query, "module"),
    recordId: recordId.value,
    operation,
    from: from.value,
    until: until.value,
    beforeId: beforeId.value,
    limit: limit.value,
  });
  return ownAnswer(200, { changes: changes.map(changeJson), next_cursor: nextId === null ? null : String(nextId) });
}

/** `GET /api/v1/changes/{id}`, with what the fields that differ held. */
export async function showChange({ engine, params }: OwnCall): Promise<Answer> {
  const id = readNumber(pathPart(params, "id"));
  const change = id === null ? null : await engine.run("changes.get", { id });
  return change === null ? unknownOwnPath() : ownAnswer(200, { change: changeDetailJson(change) });
}

/** `GET /api/v1/changes/{id}/explain`: the channels on its module as they stood when it was committed, by ascending key. */
export async function explainChange({ engine, params, query }: OwnCall): Promise<Answer> {
  const afterKey = readCursor(query);
  if (!afterKey.ok) return invalidParameter(afterKey.error);
  const id = readNumber(pathPart(params, "id"));
  const explained = id === null ? null : await engine.run("changes.explain", { id, afterKey: afterKey.value });
  if (explained === null) return unknownOwnPath();
  const { change, channels, nextKey } = explained;
  return ownAnswer(200, {
    change: changeDetailJson(change),
    channels: channels.map(explainedJson),
    next_cursor: nextKey === null ? null : String(nextKey),
  });
}
