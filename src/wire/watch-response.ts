/** The answers of `/actions/watch`, in the key order of the recorded ones (PROTOCOL A.1 to A.5; v2.1 seed; DESIGN rulings 2, 4 and 5). */
import { unreachable } from "../core/assert.ts";
import type { Channel, Operation, Subscription } from "../core/channel.ts";
import type { Result } from "../core/result.ts";
import type { Resource, WatchItemDone, WatchMode } from "../core/watch.ts";
import { writeDateTime } from "./datetime.ts";
import { renderRefusal } from "./error-codes.ts";
import type { Json } from "./json.ts";
import type { Version, WatchRowKey } from "./versions.ts";
import { renderCondition } from "./watch-condition.ts";
import { listedOperations } from "./watch-request.ts";

export type WatchAnswer = { readonly status: number; readonly body: Json };

/** A channel disabled by DELETE, with all that it watched. */
export type ChannelDisabled = { readonly channelId: string; readonly resources: readonly Resource[] };

const messages: Record<WatchItemDone["kind"], string> = {
  subscribed: "Successfully subscribed for actions-watch of the given module",
  updated: "Successfully updated the subscribe details",
  removed: "Successfully removed the subscribe details",
};
const disabledMessage = "Successfully un-subscribed from actions-watch";

/** What the wire calls an operation in an event. */
const eventNames: Record<Operation, string> = { update: "edit", insert: "create", delete: "delete" };

/** The URI of a module: of v2 whatever the version, on the server's public base URL. */
export function resourceUri(baseUrl: string, module: string): string {
  return `${baseUrl}/crm/v2/${module}`;
}

/** The whole answer to POST, PUT and PATCH: one result an item, in order; 201 when a POST went well altogether. */
export function watchAnswer(
  results: readonly Result<WatchItemDone>[],
  context: { mode: WatchMode; version: Version; timeZone: string; baseUrl: string },
): WatchAnswer {
  const { mode, version } = context;
  const watch = results.map((result) => (result.ok ? renderWatchDone(result.value, context) : renderRefusal(result.error, version).body));
  return { status: statusOf(results, version, mode === "enable" ? 201 : 200), body: { watch } };
}

/** The whole answer to DELETE: one result a channel and module. */
export function disableAnswer(results: readonly Result<ChannelDisabled>[], context: { version: Version; baseUrl: string }): WatchAnswer {
  const { version, baseUrl } = context;
  const watch = results.flatMap((result) => {
    if (!result.ok) return [renderRefusal(result.error, version).body];
    const { channelId, resources } = result.value;
    return resources.map((resource) => renderDisabled({ channelId, resource }, baseUrl));
  });
  return { status: statusOf(results, version, 200), body: { watch } };
}

/** One item that went well: an entry a module. What was removed has no expiry. */
export function renderWatchDone(done: WatchItemDone, { timeZone, baseUrl }: { timeZone: string; baseUrl: string }): Json {
  const expiry = done.kind === "removed" ? {} : { channel_expiry: writeDateTime(done.expiresAt, timeZone) };
  const events = done.resources.map(({ id, name }) => ({
    ...expiry,
    resource_uri: resourceUri(baseUrl, name),
    resource_id: id,
    resource_name: name,
    channel_id: done.channelId,
  }));
  return { code: "SUCCESS", details: { events }, message: messages[done.kind], status: "success" };
}

/** One module of a channel that was disabled. */
export function renderDisabled({ channelId, resource }: { channelId: string; resource: Resource }, baseUrl: string): Json {
  const details = { resource_uri: resourceUri(baseUrl, resource.name), resource_id: resource.id, channel_id: channelId };
  return { code: "SUCCESS", details, message: disabledMessage, status: "success" };
}

type Row = { readonly channel: Channel; readonly subscription: Subscription };
type RowContext = { readonly version: Version; readonly timeZone: string; readonly baseUrl: string };

/** One row of GET: a channel's subscription to one module, with the keys that the version prints. */
export function renderWatchRow(row: Row, context: RowContext): Json {
  return Object.fromEntries(context.version.watchRowKeys.map((key) => [key, renderRowKey(key, row, context)]));
}

function renderRowKey(key: WatchRowKey, { channel, subscription }: Row, { timeZone, baseUrl }: RowContext): Json {
  switch (key) {
    case "notify_on_related_action":
      return channel.notifiesRelated;
    case "channel_expiry":
      return writeDateTime(channel.expiresAt, timeZone);
    case "return_affected_field_values":
      return channel.returnsValues;
    case "resource_uri":
      return resourceUri(baseUrl, subscription.module);
    case "resource_id":
      return subscription.moduleId;
    case "notify_url":
      return channel.notifyUrl;
    case "resource_name":
      return subscription.module;
    case "fields":
      return null;
    case "notification_condition":
      return renderCondition(subscription.condition, { id: subscription.moduleId, name: subscription.module });
    case "channel_id":
      return channel.channelId;
    case "events":
      return renderEvents(subscription);
    case "token":
      return channel.token;
    default:
      return unreachable(key);
  }
}

function renderEvents({ module, operations }: Subscription): readonly string[] {
  return listedOperations.filter((operation) => operations.includes(operation)).map((operation) => `${module}.${eventNames[operation]}`);
}

function statusOf(results: readonly Result<unknown>[], version: Version, allGood: number): number {
  const failed = results.filter((result) => !result.ok).length;
  if (failed === 0) return allGood;
  return failed === results.length ? version.watchFailure.allFailed : version.watchFailure.someFailed;
}
