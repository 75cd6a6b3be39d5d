/** The admin API, and what anyone may ask: the probes, the index and this document. */
import { channelStates, disableCauses } from "../core/channel.ts";
import { deliveryStatuses, outcomeKinds } from "../core/delivery.ts";
import { limits } from "../core/limits.ts";
import type { Answers, Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody } from "./description.ts";
import { ownErrors } from "./own-errors.ts";
import { query } from "./parameters.ts";
import type { Properties, Schema } from "./schema.ts";
import { count, flag, given, id, idGiven, integer, list, noted, orNull, ref, shape, text, time, uri, word } from "./schema.ts";

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

export const adminSchemas: Properties = {
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
  Channel: shape({
    key: integer,
    org: text(),
    user_id: id,
    channel_id: id,
    notify_url: text(),
    modules: list(text()),
    expires_at: time,
    is_secret_shown: flag,
    previous_secret_until: orNull(time),
    state: word(...channelStates),
    cause: orNull(word(...disableCauses)),
    state_since: time,
    failing_since: orNull(time),
  }),
  Clock: shape({ now: time, offset_ms: integer, is_virtual: flag, next_due: list(time, { max: limits.clockDueShownMax }) }),
};

const instant = noted(text(), "Epoch milliseconds, a date, or a date-time with an offset.");
const cursor = query("cursor", count(), "The next_cursor of the page before.");
const rowLimit = (max: number) => query("limit", { ...count({ min: 1, max }), default: 50 }, "Rows a page.");
const pageOf = (key: string, schema: string): Schema => shape({ [key]: list(ref(schema)), next_cursor: orNull(text()) });
const unknown: Answers = { 404: ownErrors("not_found") };
const badParameter: Answers = { 400: ownErrors("invalid_parameter") };
const badBody: Answers = { 400: ownErrors("invalid_parameter", "invalid_body") };
const channel = shape({ channel: ref("Channel") });

function optional(properties: Properties) {
  return { ...jsonBody(given(properties)), isRequired: false };
}

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

export const channelDescriptions = {
  "/api/v1/channels": {
    GET: {
      id: "listChannels",
      tag: "Admin",
      summary: "The channels of every org",
      parameters: [rowLimit(limits.channelsPerPageMax), cursor],
      answers: { 200: jsonAnswer("A page.", pageOf("channels", "Channel")), ...badParameter },
    },
  },
  "/api/v1/channels/:key": {
    GET: { id: "showChannel", tag: "Admin", summary: "One channel", answers: { 200: jsonAnswer("It.", channel), ...unknown } },
  },
  "/api/v1/channels/:key/pause": {
    POST: {
      id: "pauseChannel",
      tag: "Admin",
      summary: "Holds a channel: nothing is sent or owed",
      body: optional({}),
      answers: { 200: jsonAnswer("The channel.", channel), ...badBody, ...unknown, 409: ownErrors("channel_disabled") },
    },
  },
  "/api/v1/channels/:key/resume": {
    POST: {
      id: "resumeChannel",
      tag: "Admin",
      summary: "Lets a channel go on",
      body: optional({}),
      answers: { 200: jsonAnswer("The channel.", channel), ...badBody, ...unknown },
    },
  },
  "/api/v1/channels/:key/renew": {
    POST: {
      id: "renewChannel",
      tag: "Admin",
      summary: "Moves the expiry of a channel",
      body: jsonBody(given({ until: instant }, ["until"])),
      answers: { 200: jsonAnswer("The channel.", channel), ...badBody, ...unknown },
    },
  },
  "/api/v1/channels/:key/rotate": {
    POST: {
      id: "rotateSecret",
      tag: "Admin",
      summary: "Gives a channel another signing secret",
      body: optional({ overlap: noted(text(), "How long the old secret signs along, such as 24h; at most 7d.") }),
      answers: {
        200: jsonAnswer("The channel and the new secret, shown once.", shape({ channel: ref("Channel"), secret: text() })),
        ...badBody,
        ...unknown,
      },
    },
  },
  "/api/v1/channels/:key/secret": {
    POST: {
      id: "revealSecret",
      tag: "Admin",
      summary: "Shows a channel's signing secret, once",
      answers: { 200: jsonAnswer("The secret.", shape({ secret: text() })), ...unknown, 409: ownErrors("already_shown") },
    },
  },
} satisfies Descriptions;

const realTime: Answers = { 403: ownErrors("clock_not_virtual") };

export const clockDescriptions = {
  "/api/v1/clock": {
    GET: { id: "showClock", tag: "Admin", summary: "The virtual clock", answers: { 200: jsonAnswer("It.", ref("Clock")), ...realTime } },
    POST: {
      id: "moveClock",
      tag: "Admin",
      summary: "Moves the virtual clock, with all that falls due on the way",
      body: jsonBody({ ...given({ advance: text(), now: { type: ["string", "integer"] } }), minProperties: 1, maxProperties: 1 }),
      answers: {
        200: jsonAnswer("Where it stands.", ref("Clock")),
        400: ownErrors("invalid_body", "invalid_parameter", "clock_too_far"),
        ...realTime,
        409: ownErrors("clock_backwards", "clock_moving"),
        503: ownErrors("clock_unsettled", "overloaded"),
      },
    },
  },
} satisfies Descriptions;

const status = (...words: readonly string[]) => shape({ status: word(...words) });

export const probeDescriptions = {
  "/livez": {
    GET: { id: "showAlive", tag: "Probes", summary: "Whether the process answers", answers: { 200: jsonAnswer("It does.", status("ok")) } },
  },
  "/readyz": {
    GET: {
      id: "showReady",
      tag: "Probes",
      summary: "Whether the server takes work",
      answers: { 200: jsonAnswer("It does.", status("ok")), 503: jsonAnswer("It does not.", status("closing", "unavailable")) },
    },
  },
  "/openapi.json": {
    GET: {
      id: "showApiDocument",
      tag: "Probes",
      summary: "This document",
      parameters: [{ name: "If-None-Match", in: "header", schema: text(), about: "The ETag of the document that the caller has." }],
      answers: {
        200: jsonAnswer("The document.", { type: "object" }),
        304: { about: "The caller has it." },
      },
    },
  },
  "/": {
    GET: {
      id: "showIndex",
      tag: "Probes",
      summary: "Name, version and addresses",
      answers: {
        200: jsonAnswer(
          "They.",
          shape({ name: text(), version: text(), crm: text(), token: uri, admin: uri, openapi: uri, health: list(uri) }),
        ),
      },
    },
  },
} satisfies Descriptions;
