/** The watch API and the notification that comes of it (PROTOCOL A to D). */
import { limits } from "../core/limits.ts";
import type { WatchItemKey, WatchRowKey } from "../wire/versions.ts";
import { versionNames, versions, watchItemKeys } from "../wire/versions.ts";
import { shapeOfVersions, success } from "./common-schemas.ts";
import type { Description, Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody, nothingFound } from "./description.ts";
import { pageParameters, query, required } from "./parameters.ts";
import { itemAnswers } from "./refusals.ts";
import type { Properties, Schema } from "./schema.ts";
import { either, flag, given, id, idGiven, list, never, noted, orNull, ref, shape, spoken, text, time, uri, word } from "./schema.ts";

const event = { type: "string", pattern: "^[^.]+\\.([cC][rR][eE][aA][tT][eE]|[eE][dD][iI][tT]|[dD][eE][lL][eE][tT][eE]|[aA][lL][lL])$" };

const itemKeys: Record<WatchItemKey, Schema> = {
  channel_id: noted(idGiven, "Chosen by the caller, within the user."),
  events: noted(list(event, { min: 1, max: limits.eventsPerItemMax }), "Such as Leads.create, Deals.edit, users.all."),
  notify_url: noted(text(limits.notifyUrlCharsMax), "Where notifications are POSTed; its query string comes back in query_params."),
  token: noted(orNull(text(limits.tokenCharsMax)), "Comes back in every notification."),
  channel_expiry: noted(
    orNull(text()),
    "ISO 8601 with an offset, in whole seconds; a + that arrived as a space is read as one. Missing, past or too far: the version's default.",
  ),
  return_affected_field_values: orNull({ ...flag, default: false }),
  notify_on_related_action: orNull({ ...flag, default: true }),
  notification_condition: orNull(list(ref("WatchConditionGiven"), { max: limits.conditionsPerItemMax })),
  _delete_events: noted(orNull({ ...flag, default: false }), "Of PATCH alone: the events named are removed."),
};

const rowKeys: Record<WatchRowKey, Schema> = {
  notify_on_related_action: flag,
  channel_expiry: time,
  return_affected_field_values: flag,
  resource_uri: uri,
  resource_id: id,
  notify_url: text(limits.notifyUrlCharsMax),
  resource_name: text(),
  fields: never,
  notification_condition: orNull(list(ref("WatchCondition"), { min: 1, max: 1 })),
  channel_id: id,
  events: list(text(), { min: 1 }),
  token: orNull(text()),
};

const itemProperties: Properties = Object.fromEntries(
  watchItemKeys.map((key) => [key, spoken(itemKeys[key], (version) => version.watchItemKeys.includes(key))]),
);
const referenceGiven = noted(given({ api_name: orNull(text()), id: orNull(idGiven) }), "One of the two, or both when they agree.");
const reference = shape({ api_name: text(), id });
const resource: Properties = { resource_uri: uri, resource_id: id, resource_name: text(), channel_id: id };

export const watchSchemas: Properties = {
  WatchItem: given(itemProperties, ["channel_id", "events", "notify_url"]),
  WatchChange: given(itemProperties, ["channel_id"]),
  WatchConditionGiven: given({ type: word("field_selection"), module: referenceGiven, field_selection: ref("FieldSelectionGiven") }, [
    "type",
    "module",
    "field_selection",
  ]),
  FieldSelectionGiven: noted(
    either(
      given({ field: referenceGiven, group: never, group_operator: orNull(text()) }, ["field"]),
      given(
        {
          field: never,
          group_operator: word("and", "or"),
          group: list(ref("FieldSelectionGiven"), { min: 1, max: limits.conditionGroupMembersMax }),
        },
        ["group_operator", "group"],
      ),
    ),
    `A field, or a group of at most ${limits.conditionGroupMembersMax}; at most ${limits.conditionFieldsMax} fields in all.`,
  ),
  WatchCondition: shape({ field_selection: ref("FieldSelection"), module: reference, type: word("field_selection") }),
  FieldSelection: either(
    shape({ field: reference, group_operator: never, group: never }),
    shape({
      group_operator: word("and", "or"),
      group: list(ref("FieldSelection"), { min: 1, max: limits.conditionGroupMembersMax }),
    }),
  ),
  WatchRow: shapeOfVersions(rowKeys, (version) => version.watchRowKeys),
  Subscribed: success(
    word("Successfully subscribed for actions-watch of the given module", "Successfully updated the subscribe details"),
    shape({ events: list(shape({ channel_expiry: time, ...resource }), { min: 1 }) }),
  ),
  EventsRemoved: success(word("Successfully removed the subscribe details"), shape({ events: list(shape(resource), { min: 1 }) })),
  Disabled: success(word("Successfully un-subscribed from actions-watch"), shape({ resource_uri: uri, resource_id: id, channel_id: id })),
  Notification: shape(
    {
      server_time: noted({ type: "integer" }, "Epoch milliseconds."),
      affected_values: noted(list(shape({ record_id: id, values: { type: "object" } })), "On request only."),
      query_params: noted(
        { type: "object", additionalProperties: text() },
        "The parameters of notify_url; the first one last, and with its leading ? in the key.",
      ),
      module: text(),
      resource_uri: uri,
      ids: list(id, { min: 1 }),
      affected_fields: noted(list({ type: "object", additionalProperties: list(text()) }), "The fields that changed, by record id."),
      operation: word("insert", "update", "delete"),
      channel_id: id,
      token: orNull(text()),
    },
    ["affected_values"],
  ),
};

const failures = versionNames.map((name) => versions[name].watchFailure);
const body = (item: string) => jsonBody(given({ watch: list(ref(item), { min: 1, max: limits.watchItemsMax }) }, ["watch"]));
const expiry = `The default and the longest expiry, in seconds: ${versionNames
  .map((name) => `${name} ${versions[name].expiryDefaultMs / 1_000} and ${versions[name].expiryMaxMs / 1_000}`)
  .join(", ")}.`;

export const watchDescriptions = {
  "/crm/:version/actions/watch": {
    GET: {
      id: "listWatch",
      tag: "Channels",
      summary: "The caller's channels, a row a channel and module",
      parameters: [
        query("channel_id", idGiven, "Only this channel."),
        query("module", { type: "string", pattern: "^\\w{1,64}$" }, "Only rows of this module."),
        ...pageParameters,
      ],
      answers: {
        200: jsonAnswer("A page of rows.", shape({ watch: list(ref("WatchRow"), { min: 1 }), info: ref("PageInfo") })),
        ...nothingFound,
      },
    },
    POST: {
      id: "enableChannels",
      tag: "Channels",
      summary: "Makes channels, or replaces those that are there",
      about: expiry,
      body: body("WatchItem"),
      answers: itemAnswers("watch", ref("Subscribed"), { allGood: 201, failures }),
    },
    PUT: {
      id: "replaceChannels",
      tag: "Channels",
      summary: "Replaces channels that are there",
      about: expiry,
      body: body("WatchItem"),
      answers: itemAnswers("watch", ref("Subscribed"), { allGood: 200, failures }),
    },
    PATCH: {
      id: "mergeChannels",
      tag: "Channels",
      summary: "Changes channels in what is named, or removes events",
      body: body("WatchChange"),
      answers: itemAnswers("watch", either(ref("Subscribed"), ref("EventsRemoved")), { allGood: 200, failures }),
    },
    DELETE: {
      id: "disableChannels",
      tag: "Channels",
      summary: "Ends channels; one result a channel and module",
      parameters: [required(query("channel_ids", list(idGiven, { max: limits.deleteChannelIdsMax }), "The channels."))],
      answers: itemAnswers("watch", ref("Disabled"), { allGood: 200, failures }),
    },
  },
} satisfies Descriptions;

/** What a receiver is sent, and what it may answer. */
export const notification: Description = {
  id: "notification",
  tag: "Channels",
  summary: "A change, POSTed to a channel's notify_url",
  about:
    "Signed as Standard Webhooks say, in webhook-id, webhook-timestamp and webhook-signature. A 2xx within 15 seconds is a success; anything else is tried again, but for 410, which disables the channel.",
  body: jsonBody(ref("Notification")),
  answers: { 200: { about: "Taken; any other 2xx does as well." }, 410: { about: "Nobody is here any more." } },
};
