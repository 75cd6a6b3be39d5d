/** Channels, as operators see and steer them. */
import { channelOrders, channelStates, disableCauses, operations } from "../core/channel.ts";
import { limits } from "../core/limits.ts";
import { badBody, badParameter, cursor, instant, optional, pageOf, rowLimit, unknown } from "./admin-parts.ts";
import type { Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody } from "./description.ts";
import { oneDelivery } from "./deliveries.ts";
import { ownErrors } from "./own-errors.ts";
import { query } from "./parameters.ts";
import type { Properties } from "./schema.ts";
import { either, flag, given, idGiven, id, integer, list, noted, orNull, ref, shape, text, time, word } from "./schema.ts";

const missed = shape({
  from: time,
  until: time,
  replay: noted(shape({ what: word("missed"), channel_key: integer, from: time, until: time }), "The body to POST to /api/v1/replays."),
});

export const channelSchemas: Properties = {
  Subscription: shape({
    module: text(),
    module_id: id,
    operations: list(word(...operations)),
    condition: orNull(ref("ConditionTree")),
  }),
  ConditionTree: either(
    shape({ kind: word("field"), field: text() }),
    shape({ kind: word("group"), operator: word("and", "or"), members: list(ref("ConditionTree")) }),
  ),
  Missed: noted(orNull(missed), "What was committed while the channel was not heard; null: it was."),
  Channel: shape({
    key: integer,
    org: text(),
    user_id: id,
    channel_id: id,
    notify_url: text(),
    has_token: flag,
    modules: list(text()),
    subscriptions: list(ref("Subscription")),
    returns_values: flag,
    notifies_related: flag,
    order: word(...channelOrders),
    created_at: time,
    modified_at: time,
    expires_at: time,
    is_secret_shown: flag,
    previous_secret_until: orNull(time),
    state: word(...channelStates),
    cause: orNull(word(...disableCauses)),
    state_since: time,
    failing_since: orNull(time),
  }),
};

const channel = shape({ channel: ref("Channel") });
const heardAgain = shape({ channel: ref("Channel"), missed: ref("Missed") });

export const channelDescriptions = {
  "/api/v1/channels": {
    GET: {
      id: "listChannels",
      tag: "Admin",
      summary: "The channels of every org",
      parameters: [
        query("org", text(), "A zgid."),
        query("state", word(...channelStates), "The state."),
        query("module", text(), "An API name."),
        query("channel", idGiven, "A channel_id."),
        rowLimit(limits.channelsPerPageMax),
        cursor,
      ],
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
      answers: { 200: jsonAnswer("The channel, and what it missed.", heardAgain), ...badBody, ...unknown },
    },
  },
  "/api/v1/channels/:key/renew": {
    POST: {
      id: "renewChannel",
      tag: "Admin",
      summary: "Moves the expiry of a channel",
      body: jsonBody(given({ until: instant }, ["until"])),
      answers: { 200: jsonAnswer("The channel, and what it missed.", heardAgain), ...badBody, ...unknown },
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
  "/api/v1/channels/:key/order": {
    POST: {
      id: "orderChannel",
      tag: "Admin",
      summary: "Sets whether what a channel hears of a record comes in the order of the commits",
      body: jsonBody(given({ order: word(...channelOrders) }, ["order"])),
      answers: { 200: jsonAnswer("The channel.", channel), ...badBody, ...unknown },
    },
  },
  "/api/v1/channels/:key/test": {
    POST: {
      id: "testChannel",
      tag: "Admin",
      summary: "Owes a channel a notification that no write made",
      answers: { 202: jsonAnswer("The delivery.", oneDelivery), ...unknown, 409: ownErrors("channel_unheard") },
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
