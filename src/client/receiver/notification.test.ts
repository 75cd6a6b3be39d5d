import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readNotification } from "./notification.ts";

function read(body: unknown): ReturnType<typeof readNotification> {
  return readNotification(new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)));
}

const smallest = { channel_id: "1", module: "Leads", operation: "insert", ids: ["5"] };

describe("readNotification", () => {
  test("reads the sample of Zoho's v6 documentation", () => {
    const callback = read({
      server_time: 1719309544639,
      affected_values: [{ record_id: "5725767000003093005", values: { Probability: 75, Stage: "Proposal/Price Quote" } }],
      query_params: { key1: "val1", key2: "val2", "?authorization": "Zoho-oauthtoken 1000.abc" },
      module: "Deals",
      resource_uri: "https://crm.example.com/crm/v2/Deals",
      ids: ["5725767000003093005"],
      affected_fields: [{ "5725767000003093005": ["Stage", "Probability"] }],
      operation: "update",
      channel_id: "1000000068002",
      token: "TOKEN",
    });
    assert.deepEqual(callback, {
      token: "TOKEN",
      notification: {
        channelId: "1000000068002",
        module: "Deals",
        operation: "update",
        ids: ["5725767000003093005"],
        affectedFields: { "5725767000003093005": ["Stage", "Probability"] },
        affectedValues: { "5725767000003093005": { Probability: 75, Stage: "Proposal/Price Quote" } },
        serverTime: 1719309544639,
        queryParams: { key1: "val1", key2: "val2", authorization: "Zoho-oauthtoken 1000.abc" },
        resourceUri: "https://crm.example.com/crm/v2/Deals",
        isReplay: false,
        isTest: false,
        webhookId: null,
      },
    });
  });

  test("reads a callback that has only what every one has", () => {
    const notification = read(smallest)?.notification;
    assert.deepEqual(notification?.affectedFields, {});
    assert.equal(notification?.affectedValues, null);
    assert.equal(notification?.serverTime, null);
    assert.deepEqual(notification?.queryParams, {});
  });

  test("keeps every digit of an id that came as a bare number, and of a negative channel", () => {
    const callback = read('{"channel_id":-9223372036854775808,"module":"Leads","operation":"update","ids":[9223372036854775807,12]}');
    assert.equal(callback?.notification.channelId, "-9223372036854775808");
    assert.deepEqual(callback?.notification.ids, ["9223372036854775807", "12"]);
  });

  test("a field named __proto__ is a field like any other", () => {
    const callback = read(
      '{"channel_id":"1","module":"Leads","operation":"update","ids":["5"],"affected_values":[{"record_id":"5","values":{"__proto__":{"x":1}}}]}',
    );
    assert.deepEqual(Object.keys(callback?.notification.affectedValues?.["5"] ?? {}), ["__proto__"]);
    assert.equal(Object.hasOwn(Object.prototype, "x"), false);
  });

  test("what is no callback is none", () => {
    const wrong = [
      "",
      "[]",
      "null",
      '"text"',
      "{",
      {},
      { ...smallest, channel_id: null },
      { ...smallest, channel_id: "one" },
      { ...smallest, channel_id: 1.5 },
      { ...smallest, module: 1 },
      { ...smallest, operation: "merge" },
      { ...smallest, ids: "5" },
      { ...smallest, ids: ["5", null] },
    ];
    for (const body of wrong) assert.equal(read(body), null, JSON.stringify(body));
    assert.equal(readNotification(new Uint8Array([0xff, 0xfe])), null);
  });
});
