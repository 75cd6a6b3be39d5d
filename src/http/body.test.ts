import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../core/limits.ts";
import type { Handlers, UnderTest } from "./server-under-test.ts";
import { goodToken, serverUnderTest } from "./server-under-test.ts";

const body = JSON.stringify({ watch: [{ channel_id: 1 }] });
const authorization = "Zoho-oauthtoken good";
const handlers: Handlers = { "watch.write": () => [{ ok: false, error: { code: "not_subscribed" } }] };

/** Asks with a valid token, unless `init` brings headers of its own. */
function ask(server: UnderTest, path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${server.baseUrl}${path}`, { headers: goodToken, ...init });
}

function post(server: UnderTest, init: RequestInit): Promise<Response> {
  return ask(server, "/crm/v6/actions/watch", { method: "POST", ...init });
}

for (const contentType of [
  "application/json",
  "application/x-www-form-urlencoded",
  "text/plain",
  "nonsense",
  'a/b; c="',
  "multipart/form-data",
]) {
  test(`JSON is read under Content-Type ${contentType}`, async () => {
    await using server = await serverUnderTest(handlers);
    await post(server, { body, headers: { authorization, "content-type": contentType } });
    assert.deepEqual(
      server.asked.map(({ name }) => name),
      ["watch.write"],
    );
  });
}

test("JSON is read without a Content-Type, and in chunks", async () => {
  await using server = await serverUnderTest(handlers);
  await post(server, { body: Buffer.from(body), headers: { authorization } });
  const chunks = new ReadableStream({
    start(controller) {
      for (const byte of Buffer.from(body)) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  await post(server, { body: chunks, headers: { authorization }, duplex: "half" });
  assert.equal(server.asked.length, 2);
  assert.deepEqual(server.asked[0], server.asked[1]);
});

test("a Content-Type of JSON without a body is no error on GET and DELETE", async () => {
  await using server = await serverUnderTest({
    "watch.list": () => ({ rows: [], hasMore: false }),
    "watch.disable": () => [{ ok: true, value: { channelId: "1", resources: [] } }],
  });
  const headers = { authorization, "content-type": "application/json" };
  assert.equal((await ask(server, "/crm/v6/actions/watch", { headers })).status, 204);
  assert.equal((await ask(server, "/crm/v6/actions/watch?channel_ids=1&", { method: "DELETE", headers })).status, 200);
});

test("a body that is no JSON, and none at all, is refused", async () => {
  await using server = await serverUnderTest();
  for (const given of ['{"watch":', "", "[]", "null"]) {
    const answer = await post(server, { body: given });
    assert.equal(answer.status, 400, given);
    assert.match(await answer.text(), /^{"code":"INVALID_DATA"/);
  }
  assert.equal(server.asked.length, 0);
});

test("a body over the limit is refused, said or not, and the server goes on", async () => {
  await using server = await serverUnderTest(handlers);
  const large = Buffer.alloc(limits.requestBodyBytesMax + 1, " ");
  const said = await post(server, { body: large });
  assert.equal(said.status, 413);
  await said.text();
  const stream = new Blob([large]).stream();
  const unsaid = await post(server, { body: stream, duplex: "half" });
  assert.equal(unsaid.status, 413);
  await unsaid.text();
  assert.equal((await post(server, { body })).status, 400);
  assert.deepEqual(
    server.asked.map(({ name }) => name),
    ["watch.write"],
  );
});
