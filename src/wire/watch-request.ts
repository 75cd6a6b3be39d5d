/**
 * What a request to `/actions/watch` orders, item by item (PROTOCOL A.1, A.3, A.4; both seeds; DESIGN rulings 3, 6 and 7): mandatory
 * keys first, then values in the documented order of the keys, and the first error is the item's.
 *
 * A key that is null counts as absent; only `token` and `notification_condition` are thereby set to none.
 */
import type { Catalog } from "../core/catalog.ts";
import { operations } from "../core/channel.ts";
import type { Operation } from "../core/channel.ts";
import { readId } from "../core/ids.ts";
import type { Id } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Path } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import type { WatchMode } from "../core/watch.ts";
import { readDateTime } from "./datetime.ts";
import { givenAt, isObject, valueOf } from "./lossless-json.ts";
import type { JsonObject } from "./lossless-json.ts";
import { countChars } from "./record-value.ts";
import type { Version } from "./versions.ts";
import { readConditions } from "./watch-condition.ts";
import type { ConditionOrder } from "./watch-condition.ts";

/** What an item asks for in one module; `operations` are in the order in which the wire lists them. */
export type EventOrder = { readonly module: string; readonly moduleId: Id; readonly operations: readonly Operation[] };

/** `enable` and `replace` say everything, by default where the item is silent; `merge` leaves undefined what is to be kept. */
export type SubscribeOrder = {
  readonly kind: "subscribe";
  readonly channelId: string;
  /** One a module, in the order of the item. */
  readonly events: readonly EventOrder[] | undefined;
  /** As it was sent; `requestUrl` of `wire/callback.ts` makes it a URL. */
  readonly notifyUrl: string | undefined;
  /** null: none. */
  readonly token: string | null | undefined;
  readonly expiresAt: number | undefined;
  readonly returnsValues: boolean | undefined;
  readonly notifiesRelated: boolean | undefined;
  /** One a module; a module without one is not filtered. */
  readonly conditions: readonly ConditionOrder[] | undefined;
};

export type RemoveOrder = { readonly kind: "remove"; readonly channelId: string; readonly events: readonly EventOrder[] };

export type WatchOrder = SubscribeOrder | RemoveOrder;

export type WatchItemContext = {
  /** The item's place in `watch`. */
  readonly index: number;
  readonly mode: WatchMode;
  readonly version: Version;
  readonly catalog: Catalog;
  readonly now: number;
  /** The target guard's word on a notify_url. */
  readonly isTargetAllowed: (url: URL) => boolean;
};

/** The order in which a module's operations are listed (PROTOCOL A.2). */
export const listedOperations = ["update", "insert", "delete"] as const satisfies readonly Operation[];

const operationsNamed: ReadonlyMap<string, readonly Operation[]> = new Map<string, readonly Operation[]>([
  ["create", ["insert"]],
  ["edit", ["update"]],
  ["delete", ["delete"]],
  ["all", operations],
]);

/** The items of a body `{"watch":[…]}`; refused when there are none or more than `limits.watchItemsMax`. */
export function readWatchItems(body: unknown): Result<readonly unknown[]> {
  if (!isObject(body)) return refuse({ code: "body_malformed" });
  const items = givenAt(body, "watch");
  if (items === undefined) return refuse({ code: "mandatory_missing", path: ["watch"] });
  if (!Array.isArray(items)) return refuse({ code: "value_invalid", path: ["watch"], expectedType: "jsonarray" });
  if (items.length === 0) return refuse({ code: "mandatory_missing", path: ["watch"] });
  if (items.length > limits.watchItemsMax) return refuse({ code: "too_many_items", path: ["watch"], limit: limits.watchItemsMax });
  return ok(items);
}

/**
 * Reads one item. Refusals: `mandatory_missing` and `value_invalid`, and those of `readConditions`. `_delete_events` means something
 * only in `merge` (PATCH); what the version does not know is ignored.
 */
export function readWatchItem(item: unknown, context: WatchItemContext): Result<WatchOrder> {
  const path: Path = ["watch", context.index];
  if (!isObject(item)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  const isMerge = context.mode === "merge";
  const deletes = isMerge ? givenAt(item, "_delete_events") : undefined;
  const missing = mandatoryKeys(context.mode, deletes === true).find((key) => givenAt(item, key) === undefined);
  if (missing !== undefined) return refuse({ code: "mandatory_missing", path: [...path, missing] });

  const isRemoval = readBoolean(deletes, [...path, "_delete_events"], false);
  if (!isRemoval.ok) return isRemoval;
  const channelId = readChannelId(givenAt(item, "channel_id"), [...path, "channel_id"]);
  if (!channelId.ok) return channelId;
  const events = optional(givenAt(item, "events"), (value) => readEvents(value, [...path, "events"], context.catalog));
  if (!events.ok) return events;
  if (isRemoval.value === true) return ok({ kind: "remove", channelId: channelId.value, events: events.value ?? [] });
  return readSubscription(item, { channelId: channelId.value, events: events.value }, context);
}

/** Reads the keys that say how to notify. */
function readSubscription(
  item: JsonObject,
  order: Pick<SubscribeOrder, "channelId" | "events">,
  context: WatchItemContext,
): Result<SubscribeOrder> {
  const { mode, version, catalog } = context;
  const path: Path = ["watch", context.index];
  const isMerge = mode === "merge";
  const notifyUrl = optional(givenAt(item, "notify_url"), (value) => readNotifyUrl(value, [...path, "notify_url"], context));
  if (!notifyUrl.ok) return notifyUrl;
  const token = readToken(valueOf(item, "token"), [...path, "token"], isMerge ? undefined : null);
  if (!token.ok) return token;
  const expiresAt = readExpiry(givenAt(item, "channel_expiry"), [...path, "channel_expiry"], context);
  if (!expiresAt.ok) return expiresAt;
  const returnsValues = readBoolean(
    version.takesReturnValues ? givenAt(item, "return_affected_field_values") : undefined,
    [...path, "return_affected_field_values"],
    isMerge ? undefined : false,
  );
  if (!returnsValues.ok) return returnsValues;
  const notifiesRelated = readBoolean(
    givenAt(item, "notify_on_related_action"),
    [...path, "notify_on_related_action"],
    isMerge ? undefined : true,
  );
  if (!notifiesRelated.ok) return notifiesRelated;

  // A merge may set a condition on a module that the channel has from before.
  const modules = isMerge ? null : new Set((order.events ?? []).map((event) => event.module));
  const conditionPath: Path = [...path, "notification_condition"];
  const conditionsGiven = version.takesConditions ? valueOf(item, "notification_condition") : undefined;
  const conditions = optional(conditionsGiven === undefined && !isMerge ? null : conditionsGiven, (value) =>
    value === null ? ok([]) : readConditions(value, { catalog, path: conditionPath, modules }),
  );
  if (!conditions.ok) return conditions;
  return ok({
    kind: "subscribe",
    ...order,
    notifyUrl: notifyUrl.value,
    token: token.value,
    expiresAt: expiresAt.value,
    returnsValues: returnsValues.value,
    notifiesRelated: notifiesRelated.value,
    conditions: conditions.value,
  });
}

/** In the documented order. A PATCH keeps what it does not name (DESIGN ruling 6), so only the channel must be named. */
function mandatoryKeys(mode: WatchMode, isRemoval: boolean): readonly string[] {
  if (mode !== "merge") return ["channel_id", "events", "notify_url"];
  return isRemoval ? ["channel_id", "events"] : ["channel_id"];
}

function readChannelId(value: unknown, path: Path): Result<string> {
  const id = readId(value);
  return id === null ? refuse({ code: "value_invalid", path, expectedType: "bigint" }) : ok(id);
}

/** Reads `["Leads.create", "Deals.all"]`. An event that names no module or operation is refused with its own index in the path. */
function readEvents(value: unknown, path: Path, catalog: Catalog): Result<readonly EventOrder[]> {
  if (!Array.isArray(value)) return refuse({ code: "value_invalid", path, expectedType: "jsonarray" });
  if (value.length === 0) return refuse({ code: "mandatory_missing", path });
  if (value.length > limits.eventsPerItemMax) return refuse({ code: "value_invalid", path, maximumLength: limits.eventsPerItemMax });
  const asked = new Map<Id, { module: string; operations: Set<Operation> }>();
  for (const [index, event] of value.entries()) {
    const read = readEvent(event, catalog);
    if (read === null) return refuse({ code: "value_invalid", path: [...path, index] });
    const entry = asked.get(read.moduleId) ?? { module: read.module, operations: new Set() };
    for (const operation of read.operations) entry.operations.add(operation);
    asked.set(read.moduleId, entry);
  }
  return ok(
    [...asked].map(([moduleId, entry]) => ({
      module: entry.module,
      moduleId,
      operations: listedOperations.filter((operation) => entry.operations.has(operation)),
    })),
  );
}

function readEvent(event: unknown, catalog: Catalog): EventOrder | null {
  if (typeof event !== "string") return null;
  const dot = event.lastIndexOf(".");
  const named = operationsNamed.get(event.slice(dot + 1).toLowerCase());
  const watched = dot === -1 ? undefined : catalog.watchable(event.slice(0, dot));
  return named === undefined || watched === undefined ? null : { module: watched.apiName, moduleId: watched.id, operations: named };
}

/** Spaces may stand unescaped, as in both seeds; a control character may not. */
function readNotifyUrl(value: unknown, path: Path, context: WatchItemContext): Result<string> {
  if (typeof value !== "string") return refuse({ code: "value_invalid", path, expectedType: "string" });
  if (countChars(value) > limits.notifyUrlCharsMax) {
    return refuse({ code: "value_invalid", path, maximumLength: limits.notifyUrlCharsMax });
  }
  const url = /\p{Cc}/u.test(value) ? null : URL.parse(value);
  const isHttp = url !== null && (url.protocol === "http:" || url.protocol === "https:");
  return isHttp && context.isTargetAllowed(url) ? ok(value) : refuse({ code: "value_invalid", path });
}

function readToken(value: unknown, path: Path, absent: null | undefined): Result<string | null | undefined> {
  if (value === undefined) return ok(absent);
  if (value === null) return ok(null);
  if (typeof value !== "string") return refuse({ code: "value_invalid", path, expectedType: "string" });
  return countChars(value) > limits.tokenCharsMax
    ? refuse({ code: "value_invalid", path, maximumLength: limits.tokenCharsMax })
    : ok(value);
}

/** The instant at which the channel ends: the one asked for when it lies ahead and near enough, else the version's default. */
function readExpiry(value: unknown, path: Path, { mode, version, now }: WatchItemContext): Result<number | undefined> {
  // Whole seconds, so that the time in the answer is the very instant.
  const byDefault = Math.floor(now / 1_000) * 1_000 + version.expiryDefaultMs;
  if (value === undefined) return ok(mode === "merge" ? undefined : byDefault);
  const asked = typeof value === "string" ? readDateTime(value) : null;
  if (asked === null) return refuse({ code: "value_invalid", path, expectedType: "datetime" });
  return ok(asked > now && asked <= now + version.expiryMaxMs ? asked : byDefault);
}

function readBoolean<T>(value: unknown, path: Path, absent: T): Result<boolean | T> {
  if (value === undefined) return ok(absent);
  return typeof value === "boolean" ? ok(value) : refuse({ code: "value_invalid", path, expectedType: "boolean" });
}

function optional<T>(value: unknown, read: (value: unknown) => Result<T>): Result<T | undefined> {
  return value === undefined ? ok(undefined) : read(value);
}
