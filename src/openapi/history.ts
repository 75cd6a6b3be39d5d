/** Changes and replays: what operators ask of the past. */
import { operations } from "../core/channel.ts";
import { deliveryStatuses } from "../core/delivery.ts";
import { reasons } from "../core/explain.ts";
import { limits } from "../core/limits.ts";
import { replayKinds, replayStates } from "../core/replay.ts";
import { badBody, badParameter, cursor, instant, pageOf, rowLimit, unknown } from "./admin-parts.ts";
import type { Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody } from "./description.ts";
import { ownErrors } from "./own-errors.ts";
import { query } from "./parameters.ts";
import type { Properties, Schema } from "./schema.ts";
import { count, either, flag, given, id, idGiven, integer, list, noted, orNull, ref, shape, text, time, word } from "./schema.ts";

const change: Properties = {
  id: integer,
  org: text(),
  module: text(),
  record_id: id,
  operation: word(...operations),
  changed_fields: list(text()),
  at: time,
  by: id,
  write: noted(integer, "The id of the first change of the same write."),
};

const values: Schema = noted(
  { type: ["object", "null"] },
  "What the fields that differ held: all of an inserted or a deleted record. null: there was no record.",
);

export const historySchemas: Properties = {
  Change: shape(change),
  ChangeDetail: shape({ ...change, before: values, after: values }),
  ExplainedChannel: shape({
    channel_key: integer,
    channel_id: id,
    user_id: id,
    module: text(),
    is_related: noted(flag, "The change reached the module by a lookup."),
    is_matched: flag,
    reason: word(...reasons),
    detail: noted(text(), "The reason in a sentence."),
    expires_at: time,
    condition: orNull(ref("JudgedCondition")),
    deliveries: list(shape({ id: integer, status: word(...deliveryStatuses), is_replay: flag })),
  }),
  JudgedCondition: either(
    shape({ kind: word("field"), field: text(), is_met: flag }),
    shape({ kind: word("group"), operator: word("and", "or"), is_met: flag, members: list(ref("JudgedCondition")) }),
  ),
  Replay: shape({
    id: integer,
    what: word(...replayKinds),
    org: text(),
    channel_key: orNull(integer),
    channel_id: orNull(id),
    module: orNull(text()),
    record: orNull(id),
    status: orNull(word(...deliveryStatuses)),
    from: orNull(time),
    until: time,
    rate_per_second: count({ min: 1, max: limits.replayPerSecondMax }),
    state: word(...replayStates),
    total: noted(orNull(count()), "null until they have been counted."),
    counted: count(),
    sent: count(),
    skipped: noted(count(), "Found, and not sent: the channel is gone or not heard, or the delivery is still owed."),
    created_at: time,
    finished_at: orNull(time),
  }),
};

const order = given(
  {
    what: word(...replayKinds),
    org: text(),
    channel_key: integer,
    channel: idGiven,
    module: text(),
    record: idGiven,
    status: word(...deliveryStatuses),
    from: instant,
    until: instant,
    rate_per_second: { ...count({ min: 1, max: limits.replayPerSecondMax }), default: limits.replayPerSecond },
    dry_run: flag,
  },
  ["what"],
);
const replay = shape({ replay: ref("Replay") });

export const changeDescriptions = {
  "/api/v1/changes": {
    GET: {
      id: "listChanges",
      tag: "Admin",
      summary: "What writes did to records, the newest first",
      parameters: [
        query("org", text(), "A zgid."),
        query("module", text(), "An API name."),
        query("record", idGiven, "The id of a record."),
        query("operation", word(...operations), "What was done."),
        query("from", instant, "Committed at or after this instant."),
        query("until", instant, "Committed before this instant."),
        rowLimit(limits.deliveriesPerPageMax),
        cursor,
      ],
      answers: { 200: jsonAnswer("A page, which may be short although more follow.", pageOf("changes", "Change")), ...badParameter },
    },
  },
  "/api/v1/changes/:id": {
    GET: {
      id: "showChange",
      tag: "Admin",
      summary: "One change, with values before and after",
      answers: { 200: jsonAnswer("It.", shape({ change: ref("ChangeDetail") })), ...unknown },
    },
  },
  "/api/v1/changes/:id/explain": {
    GET: {
      id: "explainChange",
      tag: "Admin",
      summary: "Why each channel heard of a change, or did not",
      parameters: [cursor],
      answers: {
        200: jsonAnswer(
          "The change, and the channels on its module as they stood when it was committed.",
          shape({ change: ref("ChangeDetail"), channels: list(ref("ExplainedChannel")), next_cursor: orNull(text()) }),
        ),
        ...badParameter,
        ...unknown,
      },
    },
  },
} satisfies Descriptions;

export const replayDescriptions = {
  "/api/v1/replays": {
    GET: {
      id: "listReplays",
      tag: "Admin",
      summary: "Replays, the newest first",
      parameters: [query("org", text(), "A zgid."), rowLimit(limits.deliveriesPerPageMax), cursor],
      answers: { 200: jsonAnswer("A page.", pageOf("replays", "Replay")), ...badParameter },
    },
    POST: {
      id: "makeReplay",
      tag: "Admin",
      summary: "Sends deliveries again, or what a channel missed",
      body: jsonBody(order),
      answers: {
        200: jsonAnswer("With dry_run: how many there are.", shape({ dry_run: flag, count: count() })),
        201: jsonAnswer("The replay, which goes on by itself.", replay),
        ...badBody,
        409: ownErrors("channel_unheard", "too_many_replays"),
      },
    },
  },
  "/api/v1/replays/:id": {
    GET: {
      id: "showReplay",
      tag: "Admin",
      summary: "One replay, with its progress",
      answers: { 200: jsonAnswer("It.", replay), ...unknown },
    },
  },
  "/api/v1/replays/:id/cancel": {
    POST: {
      id: "cancelReplay",
      tag: "Admin",
      summary: "Ends a replay",
      answers: { 200: jsonAnswer("It; one that had ended is as it was.", replay), ...unknown },
    },
  },
} satisfies Descriptions;
