import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel } from "../api/channels.ts";
import { curlOfChannel, scriptOfChannel, sdkOfChannel } from "./watch-snippets.ts";

const channel: Channel = {
  key: 1,
  org: "554023000",
  user_id: "554023000050000001",
  channel_id: "1000000068001",
  notify_url: "https://receiver.example/hook?x='1'",
  modules: ["Deals", "Leads"],
  expires_at: "2026-11-26T18:00:00.000Z",
  is_secret_shown: false,
  previous_secret_until: null,
  state: "active",
  cause: null,
  state_since: "2026-11-25T18:00:00.000Z",
  failing_since: null,
  kind: "client",
  order: "record",
  has_token: true,
  returns_values: true,
  notifies_related: false,
  created_at: "2026-11-25T18:00:00.000Z",
  modified_at: "2026-11-25T18:00:00.000Z",
  subscriptions: [
    {
      module: "Deals",
      module_id: "554023000000000131",
      operations: ["update"],
      condition: {
        kind: "group",
        operator: "or",
        members: [
          { kind: "field", field: "Stage" },
          { kind: "field", field: "Amount" },
        ],
      },
    },
    { module: "Leads", module_id: "554023000000000125", operations: ["insert", "update", "delete"], condition: null },
  ],
};

test("the body has the wire's own words: events, whole seconds, the condition as a selection of fields", () => {
  const body = /--data-raw '([\s\S]*)'$/.exec(curlOfChannel(channel, "http://127.0.0.1:8585"))?.[1]?.replaceAll(`'\\''`, "'") ?? "";
  assert.deepEqual(JSON.parse(body), {
    watch: [
      {
        channel_id: "1000000068001",
        events: ["Deals.edit", "Leads.all"],
        channel_expiry: "2026-11-26T18:00:00+00:00",
        token: "YOUR_TOKEN",
        notify_url: "https://receiver.example/hook?x='1'",
        notification_condition: [
          {
            type: "field_selection",
            module: { api_name: "Deals" },
            field_selection: { group_operator: "or", group: [{ field: { api_name: "Stage" } }, { field: { api_name: "Amount" } }] },
          },
        ],
        return_affected_field_values: true,
        notify_on_related_action: false,
      },
    ],
  });
});

test("what the channel leaves at the default is not said", () => {
  const plain = {
    ...channel,
    has_token: false,
    returns_values: false,
    notifies_related: true,
    subscriptions: channel.subscriptions.slice(1),
  };
  const text = curlOfChannel(plain, "http://127.0.0.1:8585");
  for (const key of ["token:", "notification_condition", "return_affected", "notify_on_related"]) assert.ok(!text.includes(key), key);
});

test("the script and the SDK's lines name the same events, and the SDK's say that there is a condition", () => {
  assert.match(scriptOfChannel(channel, "http://127.0.0.1:8585"), /"Deals\.edit"/);
  assert.match(sdkOfChannel(channel), /setEvents\(\["Deals\.edit","Leads\.all"\]\)/);
  assert.match(sdkOfChannel(channel), /Deals: Stage or Amount/);
});
