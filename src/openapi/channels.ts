/** Channels, as operators see and steer them. */
import { channelKinds, channelStates, disableCauses } from "../core/channel.ts";
import { limits } from "../core/limits.ts";
import { badBody, badParameter, cursor, instant, optional, pageOf, rowLimit, unknown } from "./admin-parts.ts";
import type { Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody } from "./description.ts";
import { ownErrors } from "./own-errors.ts";
import type { Properties } from "./schema.ts";
import { flag, given, id, integer, list, noted, orNull, ref, shape, text, time, word } from "./schema.ts";

export const channelSchemas: Properties = {
  Channel: shape({
    key: integer,
    org: text(),
    kind: noted(word(...channelKinds), "lifecycle: the one by which the org is told of the others."),
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
};

const channel = shape({ channel: ref("Channel") });

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
      answers: { 200: jsonAnswer("The channel.", channel), ...badBody, ...unknown, 409: ownErrors("channel_never_expires") },
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
