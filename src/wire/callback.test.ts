import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { callbackBody, queryParams, requestUrl, writeAffectedFields, writeAffectedValues, writeRecordIds } from "./callback.ts";
import type { CallbackParts } from "../core/attempt.ts";

const seedUrl = "https://www.zoho.com/callback?authorization=Zoho-oauthtoken 1000.23dnsbbbh455jnn&key1=val1&key2=val2";
const zoho = "https://www.zohoapis.com";
const deal = "5725767000003093005";

const seedUpdate: CallbackParts = {
  channelId: "1000000068002",
  notifyUrl: seedUrl,
  token: "TOKEN_FOR_VERIFICATION_OF_1000000068001",
  module: "Deals",
  operation: "update",
  recordIds: writeRecordIds([deal]),
  affectedFields: writeAffectedFields([{ recordId: deal, fields: ["Stage", "Probability"] }]),
  affectedValues: writeAffectedValues([{ recordId: deal, values: { Stage: "Proposal/Price Quote", Probability: 75 } }]),
};

test("an update with values is the v6 sample, to the byte", () => {
  assert.equal(
    callbackBody(seedUpdate, { serverTime: 1719309544639, baseUrl: zoho }),
    '{"server_time":1719309544639,"affected_values":[{"record_id":"5725767000003093005","values":{"Probability":75,"Stage":"Proposal/Price Quote"}}],' +
      '"query_params":{"key1":"val1","key2":"val2","?authorization":"Zoho-oauthtoken 1000.23dnsbbbh455jnn"},"module":"Deals",' +
      '"resource_uri":"https://www.zohoapis.com/crm/v2/Deals","ids":["5725767000003093005"],' +
      '"affected_fields":[{"5725767000003093005":["Stage","Probability"]}],"operation":"update","channel_id":"1000000068002",' +
      '"token":"TOKEN_FOR_VERIFICATION_OF_1000000068001"}',
  );
});

test("an insert without values has no affected_values, no affected fields, and an empty query_params", () => {
  const insert: CallbackParts = {
    channelId: "1000000068001",
    notifyUrl: "https://receiver.example/hook",
    token: null,
    module: "Leads",
    operation: "insert",
    recordIds: writeRecordIds(["5725767000003000064"]),
    affectedFields: writeAffectedFields([]),
    affectedValues: null,
  };
  assert.equal(
    callbackBody(insert, { serverTime: 1718117126473, baseUrl: zoho }),
    '{"server_time":1718117126473,"query_params":{},"module":"Leads","resource_uri":"https://www.zohoapis.com/crm/v2/Leads",' +
      '"ids":["5725767000003000064"],"affected_fields":[],"operation":"insert","channel_id":"1000000068001","token":null}',
  );
});

test("a delete of several records names each, with who deleted it", () => {
  const fields = ["Modified_By", "Record_Status__s"];
  const values = { Record_Status__s: 0, Modified_By: { name: "Ada Owner", id: "9", email: "owner@acme.example" } };
  assert.equal(writeRecordIds(["1", "2"]), '["1","2"]');
  assert.equal(
    writeAffectedFields([
      { recordId: "1", fields },
      { recordId: "2", fields },
    ]),
    '[{"1":["Modified_By","Record_Status__s"]},{"2":["Modified_By","Record_Status__s"]}]',
  );
  assert.equal(
    writeAffectedValues([{ recordId: "1", values }]),
    '[{"record_id":"1","values":{"Modified_By":{"name":"Ada Owner","id":"9","email":"owner@acme.example"},"Record_Status__s":0}}]',
  );
});

test("a token is told as it is, whatever is in it", () => {
  const token = '"},\u2028\\\n\ud800';
  const body: unknown = JSON.parse(callbackBody({ ...seedUpdate, token }, { serverTime: 1, baseUrl: zoho }));
  assert.ok(typeof body === "object" && body !== null && "token" in body);
  assert.equal(body.token, token);
});

test("the first parameter comes last and keeps its question mark", () => {
  assert.deepEqual(Object.entries(queryParams(seedUrl)), [
    ["key1", "val1"],
    ["key2", "val2"],
    ["?authorization", "Zoho-oauthtoken 1000.23dnsbbbh455jnn"],
  ]);
  assert.deepEqual(queryParams("https://www.zoho.com/callback?authorization=a 1&key1=val1 key2=val2&key3=val1"), {
    key1: "val1 key2=val2",
    key3: "val1",
    "?authorization": "a 1",
  });
  assert.deepEqual(queryParams("https://receiver.example/?a=b"), { "?a": "b" });
});

test("a URL without a query has no parameters", () => {
  for (const url of [
    "https://receiver.example/",
    "https://receiver.example/?",
    "https://receiver.example/?&&",
    "https://receiver.example/#?a=b",
  ]) {
    assert.deepEqual(queryParams(url), {});
  }
});

test("parameters are percent-decoded and nothing more", () => {
  assert.deepEqual(queryParams("http://r.example/?x&a%20b=%C3%A9&plus=1+2&bad=%zz%&half=%C3&eq=a=b&e=#f"), {
    "?x": "",
    "a b": "é",
    plus: "1+2",
    bad: "%zz%",
    half: "%C3",
    eq: "a=b",
    e: "",
  });
});

test("a parameter named __proto__ is a key like any other", () => {
  const params = queryParams("http://r.example/?a=1&__proto__=2");
  assert.equal(JSON.stringify(params), '{"__proto__":"2","?a":"1"}');
  assert.equal(Object.getPrototypeOf(params), Object.prototype);
});

test("the request goes to the URL with its query, percent-encoded, and without its fragment", () => {
  assert.equal(
    requestUrl(seedUrl),
    "https://www.zoho.com/callback?authorization=Zoho-oauthtoken%201000.23dnsbbbh455jnn&key1=val1&key2=val2",
  );
  assert.equal(
    requestUrl("HTTP://Receiver.Example:80/ä b?q=é&p=1+2&e=%20#part"),
    "http://receiver.example/%C3%A4%20b?q=%C3%A9&p=1+2&e=%20",
  );
});

test("property: encoded parameters are read back, the first one last", () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z_][a-zA-Z_ é&=?#%]{0,8}$/), fc.string()), {
    minLength: 1,
    maxLength: 6,
    selector: ([key]) => key,
  });
  fc.assert(
    fc.property(pairs, (params) => {
      const query = params.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join("&");
      const [first, ...others] = params;
      assert.ok(first !== undefined);
      assert.deepEqual(Object.entries(queryParams(`https://r.example/h?${query}`)), [...others, [`?${first[0]}`, first[1]]]);
    }),
    { numRuns: 80 },
  );
});

test("property: no notify_url makes query_params throw, and the body stays JSON", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (query, token) => {
      const body = callbackBody({ ...seedUpdate, notifyUrl: `https://r.example/?${query}`, token }, { serverTime: 1, baseUrl: zoho });
      assert.doesNotThrow(() => JSON.parse(body) as unknown);
    }),
    { numRuns: 80 },
  );
});
