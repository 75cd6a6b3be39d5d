import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { WatchMode } from "../core/watch.ts";
import { ok } from "../core/result.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import { renderRefusal } from "./error-codes.ts";
import type { VersionName } from "./versions.ts";
import { versions } from "./versions.ts";
import { readWatchItem, readWatchItems } from "./watch-request.ts";
import type { SubscribeOrder, WatchItemContext } from "./watch-request.ts";

const early = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });
const current = buildCatalog({ zgid: "4150868000", modules: [], fields: new Map() });
const now = Date.UTC(2021, 4, 3, 12, 57, 17);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const seedUrl = "https://www.zoho.com/callback?authorization=Zoho-oauthtoken 1000.23dnsbbbh455jnn&key1=val1&key2=val2";

const item = { channel_id: "1000000068002", events: ["Deals.edit"], notify_url: seedUrl };

function contextOf(mode: WatchMode, version: VersionName = "v6"): WatchItemContext {
  return { index: 0, mode, version: versions[version], catalog: early, now, isTargetAllowed: (url) => url.hostname !== "10.0.0.1" };
}

/** The subscribe order that the item is read as. */
function orderOf(given: unknown, mode: WatchMode = "enable", version: VersionName = "v6"): SubscribeOrder {
  const result = readWatchItem(given, contextOf(mode, version));
  assert.ok(result.ok && result.value.kind === "subscribe", JSON.stringify(result));
  return result.value;
}

/** Code and details of the refusal, as the wire tells them. */
function refused(given: unknown, mode: WatchMode = "enable", version: VersionName = "v6"): unknown {
  const result = readWatchItem(given, contextOf(mode, version));
  assert.ok(!result.ok, `read as ${JSON.stringify(result)}`);
  const { code, details } = renderRefusal(result.error, versions[version]).body;
  return { code, ...details };
}

function invalid(key: string, more: Readonly<Record<string, unknown>> = {}, json_path = `$.watch[0].${key}`): unknown {
  return { code: "INVALID_DATA", ...more, api_name: key, json_path };
}

function missing(key: string): unknown {
  return { code: "MANDATORY_NOT_FOUND", api_name: key, json_path: `$.watch[0].${key}` };
}

test("the first item of the v2.1 seed is read, two events of one module as one", () => {
  const result = readWatchItem(
    {
      channel_id: "1000000068001",
      events: ["Solutions.create", "Price_Books.create", "Contacts.create", "Solutions.edit"],
      channel_expiry: "2018-02-02T10:30:00 05:30",
      token: "TOKEN_FOR_VERIFICATION_OF_1000000068001",
      notify_url: seedUrl,
    },
    { ...contextOf("enable", "v2.1"), catalog: current },
  );
  assert.deepEqual(
    result,
    ok({
      kind: "subscribe",
      channelId: "1000000068001",
      events: [
        { module: "Solutions", moduleId: "4150868000000002211", operations: ["update", "insert"] },
        { module: "Price_Books", moduleId: "4150868000000002217", operations: ["insert"] },
        { module: "Contacts", moduleId: "4150868000000002179", operations: ["insert"] },
      ],
      notifyUrl: seedUrl,
      token: "TOKEN_FOR_VERIFICATION_OF_1000000068001",
      expiresAt: now + 2 * hourMs,
      returnsValues: false,
      notifiesRelated: true,
      conditions: [],
    }),
  );
});

test("the v6 sample item is read with its condition", () => {
  const order = orderOf({
    ...item,
    notification_condition: [
      {
        type: "field_selection",
        module: { api_name: "Deals", id: "554023000000000131" },
        field_selection: {
          group_operator: "or",
          group: [
            { field: { api_name: "Stage", id: "554023000000000525" } },
            {
              group_operator: "and",
              group: [
                { field: { api_name: "Account_Name", id: "554023000000000523" } },
                { field: { api_name: "Lead_Source", id: "554023000000000535" } },
              ],
            },
          ],
        },
      },
    ],
    channel_expiry: "2025-12-31T09:58:09+05:30",
    token: "deals.all.notif",
    return_affected_field_values: true,
  });
  assert.equal(order.returnsValues, true);
  assert.equal(order.token, "deals.all.notif");
  assert.equal(order.expiresAt, now + hourMs, "four years ahead is too far: the default");
  assert.deepEqual(
    order.conditions?.map(({ module }) => module),
    ["Deals"],
  );
});

test("what POST and PUT leave out has its default", () => {
  for (const mode of ["enable", "replace"] as const) {
    const order = orderOf(item, mode);
    assert.deepEqual(
      { ...order, channelId: "", events: [], notifyUrl: "" },
      {
        kind: "subscribe",
        channelId: "",
        events: [],
        notifyUrl: "",
        token: null,
        expiresAt: now + hourMs,
        returnsValues: false,
        notifiesRelated: true,
        conditions: [],
      },
    );
  }
});

test("what PATCH leaves out is kept, and only the channel has to be named", () => {
  assert.deepEqual(orderOf({ channel_id: 7 }, "merge"), {
    kind: "subscribe",
    channelId: "7",
    events: undefined,
    notifyUrl: undefined,
    token: undefined,
    expiresAt: undefined,
    returnsValues: undefined,
    notifiesRelated: undefined,
    conditions: undefined,
  });
  assert.deepEqual(refused({ events: ["Deals.edit"] }, "merge"), missing("channel_id"));
});

test("in a PATCH a null token and a null condition set none, any other null key is kept", () => {
  const order = orderOf(
    { channel_id: "7", events: null, notify_url: null, token: null, channel_expiry: null, notification_condition: null },
    "merge",
  );
  assert.equal(order.token, null);
  assert.deepEqual(order.conditions, []);
  assert.deepEqual([order.events, order.notifyUrl, order.expiresAt], [undefined, undefined, undefined]);
});

test("mandatory keys are asked for in the documented order, before any value is looked at", () => {
  const longToken = "x".repeat(51);
  assert.deepEqual(refused({ token: longToken }), missing("channel_id"));
  assert.deepEqual(refused({ channel_id: "x", token: longToken }), missing("events"));
  assert.deepEqual(refused({ channel_id: "x", events: 1, notify_url: null }), missing("notify_url"));
  assert.deepEqual(refused({ ...item, channel_id: null }, "replace"), missing("channel_id"));
});

test("an item that is no object is refused", () => {
  assert.deepEqual(refused("x"), { code: "INVALID_DATA", expected_data_type: "jsonobject", api_name: "watch", json_path: "$.watch[0]" });
});

test("a channel id is an int64 as text, number or bigint, and stays text", () => {
  for (const [given, text] of [
    ["1000000068001", "1000000068001"],
    [-5, "-5"],
    [2542271027018545353n, "2542271027018545353"],
    ["-9223372036854775808", "-9223372036854775808"],
  ] as const) {
    assert.equal(orderOf({ ...item, channel_id: given }).channelId, text);
  }
  for (const given of ["abc", "", 1.5, "9223372036854775808", 2 ** 63, true, {}, "1 "]) {
    assert.deepEqual(refused({ ...item, channel_id: given }), invalid("channel_id", { expected_data_type: "bigint" }));
  }
});

test("all means every operation, and names are matched without regard to case", () => {
  assert.deepEqual(orderOf({ ...item, events: ["deals.ALL", "users.all"] }).events, [
    { module: "Deals", moduleId: "554023000000000131", operations: ["update", "insert", "delete"] },
    { module: "users", moduleId: early.watchable("users")?.id, operations: ["update", "insert", "delete"] },
  ]);
});

test("an event of an unknown module, an unknown operation or another type is refused at its place", () => {
  for (const event of ["Dealz.edit", "Deals.update", "Deals", "Deals.", ".edit", "", 7, null, "Deals.edit.", "constructor.edit"]) {
    assert.deepEqual(refused({ ...item, events: ["Deals.edit", event] }), invalid("events", {}, "$.watch[0].events[1]"));
  }
});

test("events are a list of one to fifty", () => {
  assert.deepEqual(refused({ ...item, events: "Deals.edit" }), invalid("events", { expected_data_type: "jsonarray" }));
  assert.deepEqual(refused({ ...item, events: [] }), missing("events"));
  const many = (count: number): string[] => Array.from({ length: count }, () => "Deals.edit");
  assert.equal(orderOf({ ...item, events: many(50) }).events?.length, 1);
  assert.deepEqual(refused({ ...item, events: many(51) }), invalid("events", { maximum_length: 50 }));
});

test("a notify_url is an http URL of at most 255 characters that the target guard lets through", () => {
  const longest = `http://r.example/${"x".repeat(255 - 17)}`;
  assert.equal(orderOf({ ...item, notify_url: longest }).notifyUrl, longest);
  assert.deepEqual(refused({ ...item, notify_url: `${longest}x` }), invalid("notify_url", { maximum_length: 255 }));
  assert.deepEqual(refused({ ...item, notify_url: 1 }), invalid("notify_url", { expected_data_type: "string" }));
  for (const url of [
    "",
    "r.example/hook",
    "ftp://r.example/",
    "javascript:alert(1)",
    "http://",
    "http://10.0.0.1/",
    "http://r.example/\r\nX: y",
  ]) {
    assert.deepEqual(refused({ ...item, notify_url: url }), invalid("notify_url"), url);
  }
});

test("a token is a text of at most fifty characters", () => {
  assert.equal(orderOf({ ...item, token: "é".repeat(50) }).token, "é".repeat(50));
  assert.equal(orderOf({ ...item, token: "😀".repeat(50) }).token, "😀".repeat(50));
  assert.equal(orderOf({ ...item, token: null }).token, null);
  assert.deepEqual(
    refused({ ...item, token: "TOKEN_FOR_VERIFICATION_OF_1000000068001000000000000000" }, "enable", "v2.1"),
    invalid("token", { maximum_length: 50 }),
  );
  assert.deepEqual(refused({ ...item, token: 7 }), invalid("token", { expected_data_type: "string" }));
});

test("an expiry ahead and near enough is kept exactly, any other gives the version's default", () => {
  const expiryOf = (atMs: number, version: VersionName): number | undefined =>
    orderOf({ ...item, channel_expiry: `${new Date(atMs).toISOString().slice(0, 19)}Z` }, "enable", version).expiresAt;
  for (const [version, maxMs, defaultMs] of [
    ["v2", dayMs, 2 * hourMs],
    ["v2.1", dayMs, 2 * hourMs],
    ["v3", dayMs, 2 * hourMs],
    ["v4", 7 * dayMs, hourMs],
    ["v8", 7 * dayMs, hourMs],
  ] as const) {
    assert.equal(expiryOf(now + 1_000, version), now + 1_000);
    assert.equal(expiryOf(now + maxMs, version), now + maxMs);
    assert.equal(expiryOf(now + maxMs + 1_000, version), now + defaultMs);
    assert.equal(expiryOf(now, version), now + defaultMs);
    assert.equal(orderOf(item, "enable", version).expiresAt, now + defaultMs);
  }
});

test("the default expiry falls on a whole second", () => {
  const result = readWatchItem(item, { ...contextOf("enable"), now: now + 999 });
  assert.ok(result.ok && result.value.kind === "subscribe");
  assert.equal(result.value.expiresAt, now + hourMs);
});

test("an expiry with milliseconds, without an offset, or of another type is refused", () => {
  for (const channel_expiry of ["2021-05-03T20:27:17.000+05:30", "2021-05-03T20:27:17", "soon", 1620053837000]) {
    assert.deepEqual(refused({ ...item, channel_expiry }), invalid("channel_expiry", { expected_data_type: "datetime" }));
  }
});

test("the two switches are booleans", () => {
  for (const key of ["return_affected_field_values", "notify_on_related_action"]) {
    assert.deepEqual(refused({ ...item, [key]: "true" }), invalid(key, { expected_data_type: "boolean" }));
  }
  const order = orderOf({ ...item, return_affected_field_values: true, notify_on_related_action: false });
  assert.deepEqual([order.returnsValues, order.notifiesRelated], [true, false]);
});

test("what a version does not know is ignored, whatever it holds", () => {
  const given = { ...item, return_affected_field_values: "true", notification_condition: "x", no_such_key: 1 };
  assert.equal(orderOf(given, "enable", "v2").returnsValues, false);
  assert.deepEqual(orderOf(given, "enable", "v2").conditions, []);
  assert.equal(orderOf({ channel_id: "7", notification_condition: "x" }, "merge", "v5").conditions, undefined);
  assert.deepEqual(refused(given, "enable", "v3"), invalid("return_affected_field_values", { expected_data_type: "boolean" }));
  assert.deepEqual(refused({ ...item, notification_condition: "x" }), invalid("notification_condition"));
});

test("a condition is about a module of the item, but in a PATCH about any", () => {
  const condition = { type: "field_selection", module: { api_name: "Leads" }, field_selection: { field: { api_name: "Last_Name" } } };
  const given = { ...item, notification_condition: [condition] };
  assert.deepEqual(refused(given), invalid("module", {}, "$.watch[0].notification_condition[0].module"));
  assert.deepEqual(refused(given, "replace"), invalid("module", {}, "$.watch[0].notification_condition[0].module"));
  assert.equal(orderOf(given, "merge").conditions?.length, 1);
});

test("_delete_events removes the named events, and needs both keys", () => {
  const removal = { _delete_events: true, channel_id: "7", events: ["Deals.edit"] };
  assert.deepEqual(
    readWatchItem({ ...removal, token: 7, notify_on_related_action: "x" }, contextOf("merge")),
    ok({ kind: "remove", channelId: "7", events: [{ module: "Deals", moduleId: "554023000000000131", operations: ["update"] }] }),
  );
  assert.deepEqual(refused({ _delete_events: true, channel_id: "7" }, "merge"), missing("events"));
  assert.deepEqual(refused({ _delete_events: true, events: 1 }, "merge"), missing("channel_id"));
});

test("_delete_events false is an ordinary PATCH, another type is refused, and POST and PUT do not know it", () => {
  assert.equal(orderOf({ _delete_events: false, channel_id: "7" }, "merge").events, undefined);
  assert.deepEqual(
    refused({ _delete_events: "true", channel_id: "7" }, "merge"),
    invalid("_delete_events", { expected_data_type: "boolean" }),
  );
  assert.equal(orderOf({ ...item, _delete_events: true }, "enable").kind, "subscribe");
  assert.equal(orderOf({ ...item, _delete_events: true }, "replace").kind, "subscribe");
});

test("the place in the request is in every path", () => {
  const result = readWatchItem({}, { ...contextOf("enable"), index: 3 });
  assert.ok(!result.ok);
  assert.deepEqual(result.error.path, ["watch", 3, "channel_id"]);
});

test("a body holds one to fifty items", () => {
  assert.deepEqual(readWatchItems({ watch: [1, {}] }), ok([1, {}]));
  const many = (count: number): unknown => ({ watch: Array.from({ length: count }, () => item) });
  assert.equal(readWatchItems(many(50)).ok, true);
  const refusals = [
    [many(51), { code: "LIMIT_EXCEEDED", maximum_length: 50, api_name: "watch" }],
    [{}, { code: "MANDATORY_NOT_FOUND", api_name: "watch", json_path: "$.watch" }],
    [{ watch: [] }, { code: "MANDATORY_NOT_FOUND", api_name: "watch", json_path: "$.watch" }],
    [{ watch: {} }, { code: "INVALID_DATA", expected_data_type: "jsonarray", api_name: "watch", json_path: "$.watch" }],
    [[], { code: "INVALID_DATA", expected_data_type: "jsonobject" }],
    [null, { code: "INVALID_DATA", expected_data_type: "jsonobject" }],
  ] as const;
  for (const [body, expected] of refusals) {
    const result = readWatchItems(body);
    assert.ok(!result.ok);
    const { code, details } = renderRefusal(result.error, versions.v6).body;
    assert.deepEqual({ code, ...details }, expected);
  }
});

test("property: whatever an item holds, it is read or refused, never thrown", () => {
  const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.bigInt(), fc.constantFrom("Deals.all", "7", seedUrl, "2021-05-03T20:27:17Z"));
  const keys = fc.constantFrom(
    "channel_id",
    "events",
    "notify_url",
    "token",
    "channel_expiry",
    "return_affected_field_values",
    "notify_on_related_action",
    "notification_condition",
    "_delete_events",
  );
  fc.assert(
    fc.property(fc.dictionary(keys, anyValue), fc.constantFrom<WatchMode>("enable", "replace", "merge"), (more, mode) => {
      for (const given of [more, { ...item, ...more }]) {
        const result = readWatchItem(given, contextOf(mode));
        if (!result.ok) renderRefusal(result.error, versions.v6);
      }
    }),
    { numRuns: 100 },
  );
});
