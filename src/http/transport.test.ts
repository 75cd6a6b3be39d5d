/** What HTTP itself lets a client do: compression, expectations, chunks, pipelines, half a request. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Json } from "../wire/json.ts";
import { limits } from "../core/limits.ts";
import type { UnderTest } from "./server-under-test.ts";
import { goodToken, serverUnderTest } from "./server-under-test.ts";

const largeOrg: Json = { zgid: "554023000", about: "x".repeat(limits.compressedBytesMin) };
const body = JSON.stringify({ watch: [{ channel_id: 1 }] });
const notSubscribed = { "watch.write": () => [{ ok: false, error: { code: "not_subscribed" } } as const] };

function open(server: UnderTest): Socket {
  return connect({ port: Number(new URL(server.baseUrl).port), host: "127.0.0.1" });
}

/** Sends raw bytes and gives back all that came until the connection ended. */
async function sendRaw(server: UnderTest, bytes: string): Promise<string> {
  const socket = open(server);
  socket.write(bytes);
  return text(socket);
}

function head(line: string, ...headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, "Host: a.example", "Authorization: Bearer good", ...headers, "", ""].join("\r\n");
}

/** What `fetch` would undo is left as it came. */
async function getRaw(server: UnderTest, path: string, headers: readonly string[]): Promise<{ head: string; body: Buffer }> {
  const socket = open(server);
  socket.write(head(`GET ${path}`, "Connection: close", ...headers));
  const bytes = Buffer.concat(await socket.toArray());
  const end = bytes.indexOf("\r\n\r\n");
  return { head: bytes.subarray(0, end).toString("latin1"), body: bytes.subarray(end + 4) };
}

test("a large answer is compressed for whom asks, and says the length that it has then", async () => {
  await using server = await serverUnderTest({ "org.get": () => largeOrg });
  const { head: headers, body: bytes } = await getRaw(server, "/crm/v6/org", ["Accept-Encoding: gzip, deflate, br"]);
  assert.match(headers, /^content-encoding: gzip$/im);
  assert.match(headers, /^vary: accept-encoding$/im);
  assert.match(headers, new RegExp(`^content-length: ${bytes.length}$`, "im"));
  assert.deepEqual(JSON.parse(gunzipSync(bytes).toString("utf8")), { org: [largeOrg] });
});

test("nobody else gets a compressed answer, nor does a small one become larger by it", async () => {
  await using server = await serverUnderTest({ "org.get": () => largeOrg });
  for (const asking of [[], ["Accept-Encoding: br, deflate"], ["Accept-Encoding: gzip;q=0"]]) {
    const plain = await getRaw(server, "/crm/v6/org", asking);
    assert.doesNotMatch(plain.head, /content-encoding/i);
    assert.deepEqual(JSON.parse(plain.body.toString("utf8")), { org: [largeOrg] });
  }
  const small = await getRaw(server, "/livez", ["Accept-Encoding: gzip"]);
  assert.doesNotMatch(small.head, /content-encoding/i);
  assert.match(small.head, /^vary: accept-encoding$/im);
});

test("HEAD says of a compressed answer what GET does", async () => {
  await using server = await serverUnderTest({ "org.get": () => largeOrg });
  const asking = ["Accept-Encoding: gzip", "Connection: close"];
  const got = await getRaw(server, "/crm/v6/org", asking);
  const told = await sendRaw(server, head("HEAD /crm/v6/org", ...asking));
  assert.equal(told.replace(/^date: .*\r\n/im, "").trimEnd(), got.head.replace(/^date: .*\r\n/im, ""));
});

test("a client that goes away while its answer is compressed does no harm", async () => {
  await using server = await serverUnderTest({ "org.get": () => largeOrg });
  for (let at = 0; at < 20; at += 1) {
    const socket = open(server);
    await new Promise((resolve) => socket.write(head("GET /crm/v6/org", "Accept-Encoding: gzip"), resolve));
    socket.resetAndDestroy();
  }
  assert.equal((await fetch(`${server.baseUrl}/crm/v6/org`, { headers: goodToken })).status, 200);
  assert.deepEqual(server.faults, []);
});

test("a client that waits for 100 Continue is told to go on, and one that expects something else is answered", async () => {
  await using server = await serverUnderTest(notSubscribed);
  const socket = open(server);
  socket.write(head("POST /crm/v6/actions/watch", "Expect: 100-continue", "Connection: close", `Content-Length: ${body.length}`));
  const [first] = (await once(socket, "data")) as [Buffer];
  assert.equal(first.toString("latin1"), "HTTP/1.1 100 Continue\r\n\r\n");
  socket.write(body);
  assert.match(await text(socket), /^HTTP\/1\.1 400 [\s\S]+"NOT_SUBSCRIBED"/);
  const unknown = await sendRaw(
    server,
    `${head("POST /crm/v6/actions/watch", "Expect: a-miracle", "Connection: close", `Content-Length: ${body.length}`)}${body}`,
  );
  assert.match(unknown, /^HTTP\/1\.1 400 [\s\S]+"NOT_SUBSCRIBED"/);
});

test("a body in chunks, with an extension and a trailer, is one body", async () => {
  await using server = await serverUnderTest(notSubscribed);
  const chunks = `5;ext=1\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\nX-Trailer: 1\r\n\r\n`;
  const answer = await sendRaw(server, `${head("POST /crm/v6/actions/watch", "Transfer-Encoding: chunked", "Connection: close")}${chunks}`);
  assert.match(answer, /"NOT_SUBSCRIBED"/);
});

test("requests in one pipeline are answered in their order, whatever each takes", async () => {
  const released = Promise.withResolvers<null>();
  await using server = await serverUnderTest({
    "org.get": () => released.promise,
    "metadata.modules": () => {
      released.resolve(null);
      return [{ api_name: "Leads" }];
    },
    ...notSubscribed,
  });
  const bytes = [
    head("GET /crm/v6/org"),
    `${head("POST /crm/v6/actions/watch", `Content-Length: ${body.length}`)}${body}`,
    head("GET /crm/v6/settings/modules"),
    head("GET /livez", "Connection: close"),
  ];
  const answers = (await sendRaw(server, bytes.join(""))).split(/(?=HTTP\/1\.1 )/);
  const ends = [/\{"org":\[null\]\}$/, /"NOT_SUBSCRIBED"/, /\{"modules":\[\{"api_name":"Leads"\}\]\}$/, /\{"status":"ok"\}$/];
  assert.equal(answers.length, ends.length);
  for (const [at, end] of ends.entries()) assert.match(answers[at] ?? "", end);
});

test("a connection serves on after a refusal whose body nobody read", async () => {
  await using server = await serverUnderTest({ "org.get": () => null });
  const refused = head("POST /crm/v6/actions/watch", `Content-Length: ${body.length}`).replace("Bearer good", "Bearer bad");
  const answers = await sendRaw(server, `${refused}${body}${head("GET /crm/v6/org", "Connection: close")}`);
  assert.match(answers, /^HTTP\/1\.1 401 [\s\S]+HTTP\/1\.1 200 [\s\S]+\{"org":\[null\]\}$/);
});

test("a request that does not arrive in time is answered with 408, its head or its body", async () => {
  await using server = await serverUnderTest(notSubscribed, { requestTimeoutMs: 50 });
  const halves = [
    "POST /crm/v6/actions/watch HTTP/1.1\r\nHost: a.ex",
    `${head("POST /crm/v6/actions/watch", "Content-Length: 100")}{"watch"`,
    `${head("POST /crm/v6/actions/watch", "Transfer-Encoding: chunked")}5\r\n{"w`,
  ];
  for (const answer of await Promise.all(halves.map((half) => sendRaw(server, half)))) {
    assert.match(answer, /^HTTP\/1\.1 408 [\s\S]+content-type: application\/json[\s\S]+"request_timeout"/i);
  }
  assert.deepEqual(server.asked, []);
  assert.deepEqual(server.faults, []);
});

test("a compressed body is refused by name, and the connection serves on", async () => {
  await using server = await serverUnderTest(notSubscribed);
  const coded = `${head("POST /crm/v6/actions/watch", "Content-Encoding: gzip", `Content-Length: ${body.length}`)}${body}`;
  const asItIs = head("POST /crm/v6/actions/watch", "Content-Encoding: identity", `Content-Length: ${body.length}`, "Connection: close");
  const answers = await sendRaw(server, `${coded}${asItIs}${body}`);
  assert.match(answers, /^HTTP\/1\.1 415 Unsupported Media Type\r\n[\s\S]+HTTP\/1\.1 400 [\s\S]+"NOT_SUBSCRIBED"/);
  const details = '"details":{"supported_values":["identity"],"param_name":"Content-Encoding"}';
  assert.ok(answers.includes(`{"code":"INVALID_DATA",${details},"message":"body","status":"error"}`), answers);
});

test("a URL that came whole, HTTP/1.0 and an offer of HTTP/2 are answered as any request", async () => {
  await using server = await serverUnderTest({ "org.get": () => null });
  const requests = [
    head("GET http://a.example/crm/v6/org?", "Connection: close"),
    head("GET /crm/v6/org").replace("HTTP/1.1", "HTTP/1.0"),
    head("GET /crm/v6/org", "Connection: Upgrade, HTTP2-Settings, close", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"),
  ];
  for (const request of requests) assert.match(await sendRaw(server, request), /^HTTP\/1\.1 200 [\s\S]+\{"org":\[null\]\}$/);
  assert.match(await sendRaw(server, head("OPTIONS *", "Connection: close")), /^HTTP\/1\.1 405 [\s\S]+application\/json/i);
});
