/** The delivery log of the admin API. */
import { deliveryStatuses, outcomeKinds } from "../core/delivery.ts";
import { limits } from "../core/limits.ts";
import { badParameter, cursor, instant, pageOf, rowLimit, unknown } from "./admin-parts.ts";
import type { Descriptions } from "./description.ts";
import { jsonAnswer } from "./description.ts";
import { query } from "./parameters.ts";
import type { Properties } from "./schema.ts";
import { count, id, idGiven, integer, list, noted, orNull, ref, shape, text, time, word } from "./schema.ts";

const delivery: Properties = {
  id: integer,
  webhook_id: text(),
  org: text(),
  channel_id: id,
  channel_key: integer,
  module: text(),
  operation: word("insert", "update", "delete"),
  record_ids: list(id),
  status: word(...deliveryStatuses),
  attempts_made: count(),
  committed_at: time,
  due_at: orNull(time),
  settled_at: orNull(time),
};

export const deliverySchemas: Properties = {
  Delivery: shape(delivery),
  DeliveryDetail: shape({ ...delivery, attempts: list(ref("Attempt")) }),
  Attempt: shape({
    number: count({ min: 1 }),
    started_at: time,
    duration_ms: count(),
    outcome: word(...outcomeKinds, "released"),
    http_status: orNull(integer),
    error: orNull(text()),
    response_body: noted(orNull(text()), "The first bytes of the receiver's answer."),
  }),
};

export const deliveryDescriptions = {
  "/api/v1/deliveries": {
    GET: {
      id: "listDeliveries",
      tag: "Admin",
      summary: "Deliveries, the newest first",
      parameters: [
        query("channel", idGiven, "A channel_id."),
        query("module", text(), "An API name."),
        query("record", idGiven, "The id of a record."),
        query("status", word(...deliveryStatuses), "The state."),
        query("from", instant, "Committed at or after this instant."),
        query("until", instant, "Committed before this instant."),
        query("org", text(), "A zgid."),
        rowLimit(limits.deliveriesPerPageMax),
        cursor,
      ],
      answers: { 200: jsonAnswer("A page.", pageOf("deliveries", "Delivery")), ...badParameter },
    },
  },
  "/api/v1/deliveries/:id": {
    GET: {
      id: "showDelivery",
      tag: "Admin",
      summary: "One delivery with its attempts",
      answers: { 200: jsonAnswer("It.", shape({ delivery: ref("DeliveryDetail") })), ...unknown },
    },
  },
} satisfies Descriptions;
