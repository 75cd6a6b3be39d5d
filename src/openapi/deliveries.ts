/** The delivery log of the admin API. */
import { deliveryStatuses, outcomeKinds } from "../core/delivery.ts";
import { limits } from "../core/limits.ts";
import { badParameter, cursor, instant, pageOf, rowLimit, unknown } from "./admin-parts.ts";
import type { Descriptions } from "./description.ts";
import { jsonAnswer } from "./description.ts";
import { ownErrors } from "./own-errors.ts";
import { query } from "./parameters.ts";
import type { Properties, Schema } from "./schema.ts";
import { count, flag, id, idGiven, integer, list, noted, orNull, ref, shape, text, time, word } from "./schema.ts";

const texts: Schema = { type: "object", additionalProperties: text() };

const delivery: Properties = {
  id: integer,
  webhook_id: noted(text(), "What its receiver sees in the webhook-id header."),
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
  replay_of: noted(orNull(integer), "The delivery that this one repeats, under its webhook_id."),
  replayed_as: noted(orNull(integer), "The last delivery that repeats this one."),
  is_replay: flag,
  is_test: flag,
};

export const deliverySchemas: Properties = {
  Delivery: shape(delivery),
  DeliveryDetail: shape({
    ...delivery,
    attempts: list(ref("Attempt")),
    request: noted(
      orNull(shape({ url: text(), headers: texts, body: text() })),
      "As of the last attempt, without its signature; null when the channel is gone.",
    ),
    changes: noted(list(ref("ChangeDetail")), "What the write did; empty when that is no longer kept."),
  }),
  Attempt: shape({
    number: count({ min: 1 }),
    started_at: time,
    duration_ms: count(),
    outcome: word(...outcomeKinds, "released"),
    http_status: orNull(integer),
    error: orNull(text()),
    response_body: noted(orNull(text()), "The first bytes of the receiver's answer."),
    response_headers: orNull(texts),
  }),
};

export const oneDelivery = shape({ delivery: ref("Delivery") });

export const deliveryDescriptions = {
  "/api/v1/deliveries": {
    GET: {
      id: "listDeliveries",
      tag: "Admin",
      summary: "Deliveries, the newest first",
      parameters: [
        query("channel", idGiven, "A channel_id."),
        query("channel_key", count({ min: 1, max: Number.MAX_SAFE_INTEGER }), "The key of a channel."),
        query("module", text(), "An API name."),
        query("record", idGiven, "The id of a record."),
        query("status", word(...deliveryStatuses), "The state."),
        query("from", instant, "Committed at or after this instant."),
        query("until", instant, "Committed before this instant."),
        query("org", text(), "A zgid."),
        rowLimit(limits.deliveriesPerPageMax),
        cursor,
      ],
      answers: {
        200: jsonAnswer("A page, which may be short, or empty, although more follow.", pageOf("deliveries", "Delivery")),
        ...badParameter,
      },
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
  "/api/v1/deliveries/:id/replay": {
    POST: {
      id: "replayDelivery",
      tag: "Admin",
      summary: "Sends a delivery again, under the same webhook_id",
      answers: { 202: jsonAnswer("The new one.", oneDelivery), ...unknown, 409: ownErrors("still_open", "channel_unheard") },
    },
  },
  "/api/v1/deliveries/:id/skip": {
    POST: {
      id: "skipDelivery",
      tag: "Admin",
      summary: "Gives up a delivery that is owed",
      answers: { 200: jsonAnswer("It, cancelled.", oneDelivery), ...unknown, 409: ownErrors("already_settled") },
    },
  },
} satisfies Descriptions;
