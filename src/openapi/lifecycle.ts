/** What orgs are told of their channels, and where. */
import { disableCauses } from "../core/channel.ts";
import { lifecycleEventNames, warnings } from "../core/lifecycle.ts";
import { limits } from "../core/limits.ts";
import { badParameter, cursor, pageOf, rowLimit, unknown } from "./admin-parts.ts";
import type { Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody } from "./description.ts";
import { ownErrors } from "./own-errors.ts";
import { query } from "./parameters.ts";
import type { Properties } from "./schema.ts";
import { count, given, id, integer, never, noted, orNull, ref, shape, text, time, word } from "./schema.ts";

export const lifecycleSchemas: Properties = {
  LifecycleEvent: shape({
    id: integer,
    org: text(),
    channel_key: integer,
    channel_id: id,
    event: word(...lifecycleEventNames),
    before: noted(orNull(word(...warnings)), "How long before the expiry; null unless it is one to come."),
    cause: orNull(word(...disableCauses)),
    expires_at: time,
    at: time,
    delivery_id: noted(orNull(integer), "The delivery that tells the org; null when it has no lifecycle_url, or one that is held."),
  }),
  OrgOfServer: shape({
    zgid: text(),
    name: text(),
    time_zone: text(),
    currency: text(),
    created_at: time,
    lifecycle_url: orNull(text()),
    users: count(),
    records: noted(never, "Not counted."),
  }),
};

export const lifecycleDescriptions = {
  "/api/v1/lifecycle-events": {
    GET: {
      id: "listLifecycleEvents",
      tag: "Admin",
      summary: "Channels that are about to expire, have expired or were disabled, the newest first",
      parameters: [
        query("org", text(), "A zgid."),
        query("channel_key", integer, "The number of a channel."),
        rowLimit(limits.lifecycleEventsPerPageMax),
        cursor,
      ],
      answers: { 200: jsonAnswer("A page.", pageOf("events", "LifecycleEvent")), ...badParameter },
    },
  },
  "/api/v1/orgs": {
    GET: {
      id: "listOrgs",
      tag: "Admin",
      summary: "The orgs, the newest first",
      parameters: [rowLimit(limits.orgsPerPageMax), cursor],
      answers: { 200: jsonAnswer("A page.", pageOf("orgs", "OrgOfServer")), ...badParameter },
    },
  },
  "/api/v1/orgs/:zgid/lifecycle": {
    POST: {
      id: "setLifecycleUrl",
      tag: "Admin",
      summary: "Sets where an org is told of its channels; null: nowhere",
      about: "What is owed goes to the new URL; without one it is cancelled. Another URL leaves the secret as it is.",
      body: jsonBody(given({ url: orNull(text(limits.lifecycleUrlCharsMax)) }, ["url"])),
      answers: {
        200: jsonAnswer(
          "The org, and the secret that signs, the first time; then null.",
          shape({ org: ref("OrgOfServer"), secret: orNull(text()) }),
        ),
        400: ownErrors("invalid_parameter", "invalid_body", "target_refused"),
        ...unknown,
      },
    },
  },
} satisfies Descriptions;
