/** `/api/v1/deliveries…`: the delivery log, and what an operator does with one delivery. */
import type { DeliveryView } from "../core/attempt.ts";
import { limits } from "../core/limits.ts";
import { refuse } from "../core/result.ts";
import { callbackBody, callbackHeaders } from "../wire/callback.ts";
import type { Answer } from "./answer.ts";
import { ownAnswer, ownError } from "./answer.ts";
import { readDeliveryFilter } from "./admin-filter.ts";
import { channelUnheard, invalidParameter, readNumber } from "./admin-params.ts";
import { deliveryDetailJson, deliveryJson } from "./admin-views.ts";
import { pathPart } from "./crm-endpoint.ts";
import type { OwnCall } from "./own-surface.ts";
import { unknownOwnPath } from "./own-surface.ts";

/**
 * `GET /api/v1/deliveries`: the newest first; `next_cursor` is null on the last page. A page may be short, or empty, although more follow: a
 * request looks through so many only, a command after the other, so that writes come between.
 */
export async function listDeliveries({ engine, query, operator }: OwnCall): Promise<Answer> {
  const filter = readDeliveryFilter(query);
  if (!filter.ok) return invalidParameter(filter.error);
  const found: DeliveryView[] = [];
  let { beforeId } = filter.value;
  const untilMs = operator.realNow() + limits.lookingMsMax;
  for (let look = 0; look < limits.looksPerRequestMax && found.length < filter.value.limit; look += 1) {
    const rest = { ...filter.value, beforeId, limit: filter.value.limit - found.length };
    const { deliveries, nextId } = await engine.run("operate.deliveries", rest);
    found.push(...deliveries);
    beforeId = nextId;
    if (nextId === null || operator.realNow() >= untilMs) break;
  }
  return ownAnswer(200, { deliveries: found.map(deliveryJson), next_cursor: beforeId === null ? null : String(beforeId) });
}

/** `GET /api/v1/deliveries/{id}`, by its number or its `webhook_id`: with what was sent, and why. */
export async function showDelivery({ engine, params, baseUrl, programVersion }: OwnCall): Promise<Answer> {
  const id = deliveryId(params);
  const [found, content] =
    id === null ? [null, null] : await Promise.all([engine.run("operate.delivery", { id }), engine.run("deliveries.content", { id })]);
  if (found === null || content === null) return unknownOwnPath();
  const { delivery, attempts } = found;
  const sentAt = attempts.at(-1)?.startedAt ?? delivery.committedAt;
  const { parts, body, notificationId, changes } = content;
  const request =
    parts === null
      ? null
      : {
          url: parts.notifyUrl,
          headers: callbackHeaders({ notificationId, version: programVersion, isReplay: delivery.isReplay, isTest: delivery.isTest }),
          body: body ?? callbackBody(parts, { serverTime: sentAt, baseUrl }),
        };
  return ownAnswer(200, { delivery: deliveryDetailJson(delivery, { attempts, request, changes }) });
}

/** `POST /api/v1/deliveries/{id}/replay`: sends it again, as a new delivery under the same `webhook_id`. */
export async function replayDelivery({ engine, params }: OwnCall): Promise<Answer> {
  const id = deliveryId(params);
  const made = id === null ? refuse("unknown" as const) : await engine.run("deliveries.replay", { id });
  if (made.ok) return ownAnswer(202, { delivery: deliveryJson(made.value) });
  if (made.error === "unknown") return unknownOwnPath();
  if (made.error === "channel_unheard") return channelUnheard();
  return ownError(409, { code: "still_open", message: "This delivery is still owed: it is sent when it is due." });
}

/** `POST /api/v1/deliveries/{id}/skip`: gives it up; those that waited for it go on. */
export async function skipDelivery({ engine, params }: OwnCall): Promise<Answer> {
  const id = deliveryId(params);
  const skipped = id === null ? refuse("unknown" as const) : await engine.run("deliveries.skip", { id });
  if (skipped.ok) return ownAnswer(200, { delivery: deliveryJson(skipped.value) });
  if (skipped.error === "unknown") return unknownOwnPath();
  return ownError(409, { code: "already_settled", message: "This delivery is settled: it was delivered, cancelled, or is dead." });
}

function deliveryId(params: OwnCall["params"]): number | null {
  return readNumber(pathPart(params, "id").replace(/^msg_/, ""));
}
