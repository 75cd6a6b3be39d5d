/** The delivery log of the admin API. */
import type { Answer } from "./answer.ts";
import { ownAnswer } from "./answer.ts";
import { readDeliveryFilter } from "./admin-filter.ts";
import { invalidParameter, readNumber } from "./admin-params.ts";
import { deliveryDetailJson, deliveryJson } from "./admin-views.ts";
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
