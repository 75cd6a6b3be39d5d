import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { EngineFault } from "../app/engine.ts";
import { limits } from "../core/limits.ts";
import type { UnderTest } from "./server-under-test.ts";
import { goodToken, principal, serverUnderTest } from "./server-under-test.ts";

const noHeaders = { headers: {} };
const invalidMethod = {
  code: "INVALID_REQUEST_METHOD",
  details: {},
  message: "The http request method type is not a valid one",
  status: "error",
};
const invalidUrl = {
  code: "INVALID_URL_PATTERN",
  details: {},
  message: "Please check if the URL trying to access is a correct one",
  status: "error",
};
const internal = { code: "INTERNAL_ERROR", details: {}, message: "Internal Server Error", status: "error" };

/** Asks with a valid token, unless `init` brings headers of its own. */
function ask(server: UnderTest, path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${server.baseUrl}${path}`, { headers: goodToken, ...init });
}

/** Sends raw bytes and gives back all that came until the connection ended. */
async function sendRaw(baseUrl: string, bytes: string): Promise<string> {
  const socket = connect({ port: Number(new URL(baseUrl).port), host: "127.0.0.1" });
  socket.write(bytes);
  return text(socket);
}

async function codeOf(response: Response): Promise<unknown> {
  const body: unknown = await response.json();
  return typeof body === "object" && body !== null && "code" in body ? body.code : undefined;
}

test("an unknown version is refused before the method, and the method before the caller", async () => {
  await using server = await serverUnderTest();
  const version = await ask(server, "/crm/v99/actions/watch", { method: "COPY", ...noHeaders });
  assert.equal(version.status, 404);
  assert.deepEqual(await version.json(), invalidUrl);
  const method = await ask(server, "/crm/v6/org", { method: "PATCH", ...noHeaders });
  assert.equal(method.status, 400);
  assert.deepEqual(await method.json(), invalidMethod);
});

test("the caller is checked before the scope, and the scope before the parameters and the body", async () => {
  await using server = await serverUnderTest({ "auth.principal": () => ({ ...principal, scopes: ["ZohoCRM.modules.deals.READ"] }) });
  const caller = await ask(server, "/crm/v2.1/actions/watch", { method: "POST", body: "no json", ...noHeaders });
  assert.equal(caller.status, 401);
  assert.equal(await codeOf(caller), "AUTHENTICATION_FAILURE");
  const scope = await ask(server, "/crm/v2.1/actions/watch", { method: "POST", body: "no json" });
  assert.equal(scope.status, 401);
  assert.equal(
    await scope.text(),
    '{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"invalid oauth scope to access this URL","status":"error"}',
  );
  assert.equal(await codeOf(await ask(server, "/crm/v6/Deals")), "REQUIRED_PARAM_MISSING");
  assert.equal(await codeOf(await ask(server, "/crm/v6/Leads")), "OAUTH_SCOPE_MISMATCH");
});

test("COPY on a known path is refused with the recorded body and headers", async () => {
  await using server = await serverUnderTest();
  const answer = await ask(server, "/crm/v2.1/actions/watch", { method: "COPY" });
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get("x-frame-options"), "deny");
  assert.equal(answer.headers.get("x-download-options"), "noopen");
  assert.equal(answer.headers.get("x-accesstoken-reset"), null);
  assert.deepEqual(await answer.json(), invalidMethod);
});

for (const method of ["GETX", "get", "FOO", "CONNECT", "M-SEARCH", "QUERY", "OPTIONS"]) {
  test(`the method ${method} is refused as any other`, async () => {
    await using server = await serverUnderTest();
    const target = method === "CONNECT" ? "a.example:80" : "/crm/v6/actions/watch";
    const answer = await sendRaw(server.baseUrl, `${method} ${target} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.ok(answer.endsWith(JSON.stringify(invalidMethod)), answer);
  });
}

test("bytes that are no HTTP, and headers beyond the limit, are answered in JSON", async () => {
  await using server = await serverUnderTest();
  const oversize = "x".repeat(limits.requestHeaderBytesMax);
  const large = await sendRaw(server.baseUrl, `GET / HTTP/1.1\r\nHost: a.example\r\nX-Large: ${oversize}\r\n\r\n`);
  assert.match(large, /^HTTP\/1\.1 431 [\s\S]+"headers_too_large"/);
  const garbage = await sendRaw(server.baseUrl, "GET / HTTP/9.9\r\n\r\n");
  assert.match(garbage, /^HTTP\/1\.1 400 [\s\S]+"bad_request"/);
});

test("a client that goes away half-way through its body, or after a CONNECT, does no harm", async () => {
  await using server = await serverUnderTest({ "org.get": () => null });
  const { port } = new URL(server.baseUrl);
  const head = "POST /crm/v6/actions/watch HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer good\r\nContent-Length: 100\r\n\r\n{";
  for (const bytes of [head, "CONNECT a.example:80 HTTP/1.1\r\nHost: a.example\r\n\r\n"]) {
    const socket = connect({ port: Number(port), host: "127.0.0.1" });
    await new Promise((resolve) => socket.write(bytes, resolve));
    socket.resetAndDestroy();
    assert.equal((await ask(server, "/crm/v6/org")).status, 200);
  }
  assert.deepEqual(
    server.asked.map(({ name }) => name),
    ["org.get", "org.get"],
  );
  assert.deepEqual(server.faults, []);
});

test("a path that names nothing is a CRM refusal below /crm and a plain 404 elsewhere", async () => {
  await using server = await serverUnderTest();
  for (const path of [
    "/crm/v6/settings",
    "/crm/v6/actions/other",
    "/crm/v6/a/b/c/d/e",
    "/crm/v6/%zz",
    `/crm/v6/Leads/${"1".repeat(300)}`,
  ]) {
    const answer = await ask(server, path);
    assert.equal(answer.status, 404, path);
    assert.deepEqual(await answer.json(), invalidUrl, path);
  }
  const long = await ask(server, `/crm/v6/Leads?fields=${"a".repeat(limits.urlCharsMax)}`);
  assert.deepEqual(await long.json(), invalidUrl);
  const elsewhere = await ask(server, "/other");
  assert.equal(elsewhere.status, 404);
  assert.deepEqual(await elsewhere.json(), { error: { code: "not_found", message: "There is nothing at this path." } });
});

test("an authenticated answer carries the recorded headers, and the end of its token in the org's time zone", async () => {
  await using server = await serverUnderTest({ "org.get": () => ({ zgid: "554023000" }) });
  const { status, headers } = await ask(server, "/crm/v6/org");
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "application/json;charset=UTF-8");
  assert.equal(headers.get("x-accesstoken-reset"), "2026-01-01T06:30:00+05:30");
  assert.equal(headers.get("content-disposition"), "attachment; filename=response.json");
  assert.equal(headers.get("cache-control"), "no-cache");
  assert.equal(headers.get("pragma"), "no-cache");
  assert.equal(headers.get("expires"), "Thu, 01 Jan 1970 00:00:00 GMT");
  assert.equal(headers.get("x-frame-options"), "SAMEORIGIN");
  assert.equal(headers.get("x-xss-protection"), "1; mode=block");
  assert.equal(headers.get("referrer-policy"), "strict-origin");
  assert.equal(headers.get("content-language"), "en-US");
  assert.equal(headers.get("strict-transport-security"), null);
  assert.ok(headers.has("date") && headers.has("clientversion") && headers.has("clientsubversion"));
});

test("a refused caller gets the recorded headers of a 401, without those of a session", async () => {
  await using server = await serverUnderTest({}, { publicUrl: "https://crm.example" });
  const { status, headers } = await ask(server, "/crm/v6/org", { headers: { authorization: "Bearer bad" } });
  assert.equal(status, 401);
  assert.equal(headers.get("x-frame-options"), "SAMEORIGIN");
  assert.equal(headers.get("x-download-options"), "noopen");
  assert.equal(headers.get("x-accesstoken-reset"), null);
  assert.equal(headers.get("clientversion"), null);
  assert.equal(headers.get("strict-transport-security"), "max-age=63072000");
});

test("a fault is reported, and the answer tells nothing of it", async () => {
  await using server = await serverUnderTest({
    "org.get": () => {
      throw new Error("disk /secret/path is gone", { cause: new Error("inner") });
    },
  });
  const answer = await ask(server, "/crm/v6/org?token=hidden");
  assert.equal(answer.status, 500);
  assert.deepEqual(await answer.json(), internal);
  assert.equal(server.faults.length, 1);
  assert.equal(server.faults[0]?.path, "/crm/v6/org");
  const own = await ask(server, "/api/v1/channels", { headers: { authorization: "Bearer admin" } });
  assert.equal(own.status, 500);
  assert.doesNotMatch(await own.text(), /handler/);
});

test("a full queue is 503 with a time to come again, and no fault", async () => {
  await using server = await serverUnderTest({
    "org.get": () => Promise.reject(Object.assign(new Error("the queue is full"), { retryable: true })),
  });
  const answer = await ask(server, "/crm/v6/org");
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "1");
  assert.equal(await codeOf(answer), "SERVICE_UNAVAILABLE");
  assert.equal(server.faults.length, 0);
});

test("a full disk is 503 with a time to come again, on both surfaces, and no line a request", async () => {
  const full = (): Promise<never> => Promise.reject(new EngineFault("the disk is full", { retryable: true, ofStore: "the disk is full" }));
  await using server = await serverUnderTest({ "org.get": full, "operate.channels": full });
  const answer = await ask(server, "/crm/v6/org");
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), String(limits.storageRetryAfterSeconds));
  assert.equal(await codeOf(answer), "SERVICE_UNAVAILABLE");
  const own = await ask(server, "/api/v1/channels", { headers: { authorization: "Bearer admin" } });
  assert.equal(own.status, 503);
  assert.equal(own.headers.get("retry-after"), String(limits.storageRetryAfterSeconds));
  assert.equal(server.faults.length, 0);
});

test("HEAD is GET without the body", async () => {
  await using server = await serverUnderTest({ "org.get": () => ({ zgid: "1" }) });
  const answer = await ask(server, "/crm/v6/org", { method: "HEAD" });
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), "");
});

test("a slash at the end of a path and an ampersand at the end of a query change nothing", async () => {
  await using server = await serverUnderTest({ "metadata.fields": () => ({ ok: true, value: [{ api_name: "Stage" }] }) });
  const answer = await ask(server, "/crm/v2.1/settings/fields/?module=deals&");
  assert.deepEqual(await answer.json(), { fields: [{ api_name: "Stage" }] });
  const [asked] = server.asked;
  assert.deepEqual(asked, {
    name: "metadata.fields",
    input: { caller: { org: 1, userId: principal.userId }, version: "v2.1", module: "deals", type: "all" },
  });
});

test("a request that is under way when the server closes is answered and its connection ended, and a second close is fine", async () => {
  const entered = Promise.withResolvers<null>();
  const released = Promise.withResolvers<null>();
  await using server = await serverUnderTest({
    "org.get": async () => {
      entered.resolve(null);
      return released.promise;
    },
  });
  const asking = ask(server, "/crm/v6/org");
  await entered.promise;
  const closing = server.http.close();
  released.resolve(null);
  const answer = await asking;
  assert.deepEqual(await answer.json(), { org: [null] });
  assert.equal(answer.headers.get("connection"), "close");
  await closing;
  await server.http.close();
  await assert.rejects(ask(server, "/livez"));
});

test("a wildcard address is reached by loopback, and a public URL stands for either", async () => {
  await using server = await serverUnderTest({}, { publicUrl: "https://crm.example" });
  assert.match(server.baseUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
  const index = await ask(server, "/", noHeaders);
  assert.match(await index.text(), /"token":"https:\/\/crm\.example\/oauth\/v2\/token"/);
});
