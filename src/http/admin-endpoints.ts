/** The admin API: the delivery log, the channels, and each channel's signing secret. */
import { limits } from "../core/limits.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Answer } from "./answer.ts";
import { ownAnswer, ownError } from "./answer.ts";
import { readCursor, readDeliveryFilter, readRowLimit } from "./admin-filter.ts";
import { channelJson, deliveryDetailJson, deliveryJson } from "./admin-views.ts";
import { pathPart } from "./crm-endpoint.ts";
import type { OwnCall } from "./own-surface.ts";
import { unknownOwnPath } from "./own-surface.ts";

/** `GET /api/v1/deliveries`: the newest first; `next_cursor` is null on the last page. */
export async function listDeliveries({ engine, query }: OwnCall): Promise<Answer> {
  const filter = readDeliveryFilter(query);
  if (!filter.ok) return invalidParameter(filter.error);
  const { deliveries, hasMore } = await engine.run("operate.deliveries", filter.value);
  const last = deliveries.at(-1);
  return ownAnswer(200, { deliveries: deliveries.map(deliveryJson), next_cursor: hasMore && last !== undefined ? String(last.id) : null });
}

/** `GET /api/v1/deliveries/{id}`, by its number or its `webhook_id`. */
export async function showDelivery({ engine, params }: OwnCall): Promise<Answer> {
  const id = readNumber(pathPart(params, "id").replace(/^msg_/, ""));
  const found = id === null ? null : await engine.run("operate.delivery", { id });
  return found === null ? unknownOwnPath() : ownAnswer(200, { delivery: deliveryDetailJson(found.delivery, found.attempts) });
}

/** `GET /api/v1/channels`, by ascending key. */
export async function listChannels({ engine, query }: OwnCall): Promise<Answer> {
  const afterKey = readCursor(query);
  if (!afterKey.ok) return invalidParameter(afterKey.error);
  const limit = readRowLimit(query, limits.channelsPerPageMax);
  if (!limit.ok) return invalidParameter(limit.error);
  const { channels, hasMore } = await engine.run("operate.channels", { afterKey: afterKey.value, limit: limit.value });
  const last = channels.at(-1);
  return ownAnswer(200, { channels: channels.map(channelJson), next_cursor: hasMore && last !== undefined ? String(last.key) : null });
}

/** `POST /api/v1/channels/{key}/secret`: the signing secret, once; 409 ever after. */
export async function revealSecret({ engine, params }: OwnCall): Promise<Answer> {
  const channelKey = readNumber(pathPart(params, "key"));
  if (channelKey === null) return unknownOwnPath();
  const revealed = await engine.run("operate.revealSecret", { channelKey });
  if (revealed.ok) return ownAnswer(200, { secret: revealed.value.secret });
  if (revealed.error === "unknown") return unknownOwnPath();
  return ownError(409, { code: "already_shown", message: "This channel's secret has been shown, and is shown only once." });
}

function invalidParameter({ param }: Refusal): Answer {
  const name = param ?? "";
  return ownError(400, { code: "invalid_parameter", message: `The value of the parameter ${name} makes no sense.`, param: name });
}

function readNumber(text: string): number | null {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}
