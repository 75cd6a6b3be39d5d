import assert from "node:assert/strict";
import { test } from "node:test";
import { newHealth } from "../core/channel.ts";
import type { Channel, Subscription } from "../core/channel.ts";
import { ok, refuse } from "../core/result.ts";
import type { WatchItemDone } from "../core/watch.ts";
import { versions } from "./versions.ts";
import { disableAnswer, renderDisabled, renderWatchDone, renderWatchRow, resourceUri, watchAnswer } from "./watch-response.ts";

const zoho = "https://www.zohoapis.com";
const seedExpiry = Date.UTC(2021, 4, 3, 14, 57, 17);
const india = { timeZone: "Asia/Kolkata", baseUrl: zoho };

function subscribed(channelId: string, resources: WatchItemDone["resources"]): WatchItemDone {
  return { kind: "subscribed", channelId, expiresAt: seedExpiry, resources };
}

const deals = { id: "554023000000000131", name: "Deals" };
const done = ok(subscribed("1", [deals]));
const tooLong = refuse({ code: "value_invalid", path: ["watch", 0, "token"], maximumLength: 50 } as const);
const noChannel = refuse({ code: "mandatory_missing", path: ["watch", 0, "channel_id"] } as const);

test("three items enabled are answered as the v2.1 seed's success, to the byte", () => {
  const results = [
    subscribed("1000000068001", [
      { id: "4150868000000002179", name: "Contacts" },
      { id: "4150868000000002211", name: "Solutions" },
      { id: "4150868000000002217", name: "Price_Books" },
    ]),
    subscribed("1000000068002", [{ id: "4150868000000002181", name: "Deals" }]),
    subscribed("1000000068003", [{ id: "4150868000000002209", name: "Cases" }]),
  ].map((item) => ok(item));
  const { status, body } = watchAnswer(results, { mode: "enable", version: versions["v2.1"], ...india });
  assert.equal(status, 201);
  const event = (module: string, id: string, channel: string): string =>
    `{"channel_expiry":"2021-05-03T20:27:17+05:30","resource_uri":"https://www.zohoapis.com/crm/v2/${module}","resource_id":"${id}","resource_name":"${module}","channel_id":"${channel}"}`;
  const success = (events: readonly string[]): string =>
    `{"code":"SUCCESS","details":{"events":[${events.join(",")}]},"message":"Successfully subscribed for actions-watch of the given module","status":"success"}`;
  assert.equal(
    JSON.stringify(body),
    `{"watch":[${[
      success([
        event("Contacts", "4150868000000002179", "1000000068001"),
        event("Solutions", "4150868000000002211", "1000000068001"),
        event("Price_Books", "4150868000000002217", "1000000068001"),
      ]),
      success([event("Deals", "4150868000000002181", "1000000068002")]),
      success([event("Cases", "4150868000000002209", "1000000068003")]),
    ].join(",")}]}`,
  );
});

test("the v6 sample response is answered to the byte", () => {
  const result: WatchItemDone = { ...subscribed("1000000068002", [deals]), expiresAt: Date.UTC(2023, 7, 3, 3, 59, 50) };
  const answer = watchAnswer([ok(result)], { mode: "enable", version: versions.v6, timeZone: "Pacific/Pago_Pago", baseUrl: zoho });
  assert.equal(
    JSON.stringify(answer.body),
    '{"watch":[{"code":"SUCCESS","details":{"events":[{"channel_expiry":"2023-08-02T16:59:50-11:00","resource_uri":"https://www.zohoapis.com/crm/v2/Deals","resource_id":"554023000000000131","resource_name":"Deals","channel_id":"1000000068002"}]},"message":"Successfully subscribed for actions-watch of the given module","status":"success"}]}',
  );
});

test("a token too long and a missing channel are answered 202 in v2.1, as the seed's", () => {
  const context = { mode: "enable", version: versions["v2.1"], ...india } as const;
  assert.deepEqual(watchAnswer([tooLong], context), {
    status: 202,
    body: {
      watch: [
        {
          code: "INVALID_DATA",
          details: { maximum_length: 50, api_name: "token", json_path: "$.watch[0].token" },
          message: "invalid data",
          status: "error",
        },
      ],
    },
  });
  assert.equal(
    JSON.stringify(watchAnswer([noChannel], context)),
    '{"status":202,"body":{"watch":[{"code":"MANDATORY_NOT_FOUND","details":{"api_name":"channel_id","json_path":"$.watch[0].channel_id"},"message":"required field not found","status":"error"}]}}',
  );
});

test("the status says whether all, some or none went well, by version and method", () => {
  const statusOf = (
    version: keyof typeof versions,
    mode: "enable" | "replace" | "merge",
    results: Parameters<typeof watchAnswer>[0],
  ): number => watchAnswer(results, { mode, version: versions[version], ...india }).status;
  assert.deepEqual(
    (["enable", "replace", "merge"] as const).map((mode) => statusOf("v6", mode, [done])),
    [201, 200, 200],
  );
  assert.deepEqual(
    (["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"] as const).map((version) => statusOf(version, "enable", [tooLong, noChannel])),
    [202, 202, 202, 202, 400, 400, 400, 400],
  );
  assert.deepEqual(
    (["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"] as const).map((version) => statusOf(version, "merge", [done, noChannel])),
    [202, 202, 202, 202, 207, 207, 207, 207],
  );
});

test("each method has its own message, and what is removed has no expiry", () => {
  const updated = renderWatchDone({ ...subscribed("7", [deals]), kind: "updated" }, india);
  assert.equal(
    JSON.stringify(updated),
    '{"code":"SUCCESS","details":{"events":[{"channel_expiry":"2021-05-03T20:27:17+05:30","resource_uri":"https://www.zohoapis.com/crm/v2/Deals","resource_id":"554023000000000131","resource_name":"Deals","channel_id":"7"}]},"message":"Successfully updated the subscribe details","status":"success"}',
  );
  const removed = renderWatchDone({ ...subscribed("7", [deals]), kind: "removed" }, india);
  assert.equal(
    JSON.stringify(removed),
    '{"code":"SUCCESS","details":{"events":[{"resource_uri":"https://www.zohoapis.com/crm/v2/Deals","resource_id":"554023000000000131","resource_name":"Deals","channel_id":"7"}]},"message":"Successfully removed the subscribe details","status":"success"}',
  );
});

test("a DELETE is answered by channel and module", () => {
  assert.equal(
    JSON.stringify(renderDisabled({ channelId: "10000", resource: { id: "554023000000000129", name: "Contacts" } }, zoho)),
    '{"code":"SUCCESS","details":{"resource_uri":"https://www.zohoapis.com/crm/v2/Contacts","resource_id":"554023000000000129","channel_id":"10000"},"message":"Successfully un-subscribed from actions-watch","status":"success"}',
  );
  const contacts = { id: "554023000000000129", name: "Contacts" };
  const gone = refuse({ code: "not_subscribed" } as const);
  const context = { version: versions.v8, baseUrl: zoho };
  const mixed = disableAnswer([ok({ channelId: "1", resources: [contacts, deals] }), gone], context);
  assert.equal(mixed.status, 207);
  assert.deepEqual(mixed.body, {
    watch: [
      renderDisabled({ channelId: "1", resource: contacts }, zoho),
      renderDisabled({ channelId: "1", resource: deals }, zoho),
      { code: "NOT_SUBSCRIBED", details: {}, message: "Not subscribed for actions-watch of the given channel", status: "error" },
    ],
  });
  assert.equal(disableAnswer([gone], context).status, 400);
  assert.equal(disableAnswer([ok({ channelId: "1", resources: [deals] })], context).status, 200);
});

const subscription: Subscription = {
  module: "Leads",
  moduleId: "554023000000000125",
  operations: ["insert", "update", "delete"],
  condition: {
    kind: "group",
    operator: "and",
    members: [
      { kind: "field", field: { apiName: "Last_Name", id: "554023000000000559" } },
      { kind: "field", field: { apiName: "Full_Name", id: "554023000000000597" } },
    ],
  },
};
const channel: Channel = {
  key: 1,
  org: 1,
  userId: "1",
  channelId: "1000000068001",
  notifyUrl: "https://webhook.site/2c9xxx0fa9",
  token: "xyz",
  expiresAt: Date.UTC(2023, 7, 3, 3, 51, 3),
  returnsValues: false,
  notifiesRelated: false,
  order: "record",
  ...newHealth(0),
  subscriptions: [subscription],
  createdAt: 0,
  modifiedAt: 0,
};

test("a row of GET is the v7 page's sample row, to the byte", () => {
  assert.equal(
    JSON.stringify(renderWatchRow({ channel, subscription }, { version: versions.v7, timeZone: "Pacific/Pago_Pago", baseUrl: zoho })),
    '{"notify_on_related_action":false,"channel_expiry":"2023-08-02T16:51:03-11:00","return_affected_field_values":false,' +
      '"resource_uri":"https://www.zohoapis.com/crm/v2/Leads","resource_id":"554023000000000125","notify_url":"https://webhook.site/2c9xxx0fa9",' +
      '"resource_name":"Leads","fields":null,"notification_condition":[{"field_selection":{"group_operator":"and","group":[' +
      '{"field":{"api_name":"Last_Name","id":"554023000000000559"},"group_operator":null,"group":null},' +
      '{"field":{"api_name":"Full_Name","id":"554023000000000597"},"group_operator":null,"group":null}]},' +
      '"module":{"api_name":"Leads","id":"554023000000000125"},"type":"field_selection"}],"channel_id":"1000000068001",' +
      '"events":["Leads.edit","Leads.create","Leads.delete"],"token":"xyz"}',
  );
});

test("a row without condition or token says null, lists what is watched, and has the keys of its version", () => {
  const row = {
    channel: { ...channel, token: null },
    subscription: { ...subscription, operations: ["delete", "update"] as const, condition: null },
  };
  assert.deepEqual(renderWatchRow(row, { version: versions.v2, ...india }), {
    notify_on_related_action: false,
    channel_expiry: "2023-08-03T09:21:03+05:30",
    resource_uri: "https://www.zohoapis.com/crm/v2/Leads",
    resource_id: "554023000000000125",
    notify_url: "https://webhook.site/2c9xxx0fa9",
    resource_name: "Leads",
    channel_id: "1000000068001",
    events: ["Leads.edit", "Leads.delete"],
    token: null,
  });
  const full = renderWatchRow(row, { version: versions.v8, ...india });
  assert.ok(typeof full === "object" && full !== null && "notification_condition" in full);
  assert.equal(full.notification_condition, null);
});

test("the URI of a module is of v2 on our own base URL", () => {
  assert.equal(resourceUri("http://127.0.0.1:8080", "users"), "http://127.0.0.1:8080/crm/v2/users");
});
