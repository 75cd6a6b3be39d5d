import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, adviceFor, messageOf, readErrorBody } from "./api-error.ts";
import { createClient, withQuery } from "./client.ts";

type Sent = { readonly url: string; readonly init: RequestInit };

/** A client whose every request gets this answer. */
function clientOf(answer: () => Response | Error, csrf: string | null = "c1") {
  const sent: Sent[] = [];
  let signedOut = 0;
  const client = createClient({
    fetch: async (url, init) => {
      sent.push({ url, init });
      const response = answer();
      if (response instanceof Error) throw response;
      return Promise.resolve(response);
    },
    csrf: () => csrf,
    onSignedOut: () => (signedOut += 1),
  });
  return { client, sent, signedOut: () => signedOut };
}

function headersOf(sent: Sent | undefined): Headers {
  return new Headers(sent?.init.headers);
}

test("only what was said stands in the query", () => {
  assert.equal(withQuery("/a", { x: 1, y: null, z: undefined, e: "", b: false }), "/a?x=1&b=false");
  assert.equal(withQuery("/a"), "/a");
});

test("a request that changes something carries the session's mark, a GET does not", async () => {
  const { client, sent } = clientOf(() => Response.json({}));
  await client.get("/a");
  await client.post("/b", { x: 1 });
  assert.equal(headersOf(sent[0]).get("x-watchpost-csrf"), null);
  assert.equal(headersOf(sent[1]).get("x-watchpost-csrf"), "c1");
  assert.equal(sent[1]?.init.body, '{"x":1}');
});

test("an answer without a body is null", async () => {
  assert.equal(await clientOf(() => new Response(null, { status: 204 })).client.get("/a"), null);
});

test("401 ends the session, unless it was about a token of the request's own", async () => {
  const { client, signedOut } = clientOf(() => Response.json({ error: { code: "unauthorized", message: "No." } }, { status: 401 }));
  await assert.rejects(client.get("/a"), { name: "ApiError", message: "No." });
  assert.equal(signedOut(), 1);
  await assert.rejects(client.send({ method: "GET", path: "/crm", headers: { authorization: "Zoho-oauthtoken x" } }), ApiError);
  assert.equal(signedOut(), 1);
});

test("no answer, and an answer that is no JSON, are errors with advice", async () => {
  await assert.rejects(clientOf(() => new Error("refused")).client.get("/a"), (error) => {
    assert.match(adviceFor(error), /Watchpost is running/);
    return true;
  });
  await assert.rejects(clientOf(() => new Response("<html>")).client.get("/a"), { message: /no JSON/ });
});

test("both forms of an error are read, and whatever else came still gives one", () => {
  const own = readErrorBody('{"error":{"code":"invalid_parameter","message":"Bad.","param":"until"}}', 400);
  assert.deepEqual({ ...own.fault }, { status: 400, code: "invalid_parameter", message: "Bad.", param: "until" });
  const crm = readErrorBody(
    '{"data":[{"code":"MANDATORY_NOT_FOUND","details":{"api_name":"Stage"},"message":"required field not found","status":"error"}]}',
    400,
  );
  assert.equal(messageOf(crm), "Stage: required field not found");
  assert.equal(readErrorBody('{"code":"INVALID_TOKEN","message":"invalid oauth token","details":{}}', 401).fault.code, "INVALID_TOKEN");
  assert.equal(readErrorBody("<html>", 502).fault.code, "http_502");
});
