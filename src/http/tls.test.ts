/** The server with a certificate: what it speaks then, and what it does with those who speak something else. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { makeCertificates, skipWithoutOpenssl } from "../../test/support/certificates.ts";
import type { UnderTest } from "./server-under-test.ts";
import { goodToken, serverUnderTest } from "./server-under-test.ts";

const skip = skipWithoutOpenssl;
const certificates = skip === false ? makeCertificates() : null;
after(() => certificates?.[Symbol.dispose]());

const tls = certificates === null ? null : { cert: certificates.cert, key: certificates.key };
const trusting = certificates === null ? {} : { ca: certificates.ca };

async function get(server: UnderTest, path: string): Promise<{ status: number; headers: Headers; body: string }> {
  const request = https.get(`${server.baseUrl}${path}`, { ...trusting, agent: false, headers: goodToken });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  return { status: response.statusCode ?? 0, headers, body: await text(response) };
}

test("with a certificate the server is https, in its own URL too, and says so to browsers", { skip }, async () => {
  await using server = await serverUnderTest({ "org.get": () => null }, { tls });
  assert.match(server.baseUrl, /^https:\/\/127\.0\.0\.1:\d+$/);
  const { status, headers, body } = await get(server, "/crm/v6/org");
  assert.equal(status, 200);
  assert.equal(body, '{"org":[null]}');
  assert.equal(headers.get("strict-transport-security"), "max-age=63072000");
  assert.ok((await get(server, "/")).body.includes(`"token":"${server.baseUrl}/oauth/v2/token"`));
});

test("who does not know the authority is not connected", { skip }, async () => {
  await using server = await serverUnderTest({}, { tls });
  await assert.rejects(fetch(`${server.baseUrl}/livez`));
});

test("TLS 1.2 is spoken, and nothing older", { skip }, async () => {
  await using server = await serverUnderTest({}, { tls });
  const port = Number(new URL(server.baseUrl).port);
  const spoken = connectTls({ port, host: "127.0.0.1", ...trusting, maxVersion: "TLSv1.2" });
  await once(spoken, "secureConnect");
  assert.equal(spoken.getProtocol(), "TLSv1.2");
  spoken.destroy();
  // At security level 0 the client itself would take it.
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
  const older = connectTls({ port, host: "127.0.0.1", ...trusting, ...old });
  const [error] = (await once(older, "error")) as [Error & { code?: string }];
  assert.match(String(error.code), /PROTOCOL_VERSION/);
});

test("plain http, half a handshake and bytes without sense end their connection, and the server goes on", { skip }, async () => {
  await using server = await serverUnderTest({}, { tls, requestTimeoutMs: 50 });
  const port = Number(new URL(server.baseUrl).port);
  const hello = Buffer.from("160301020001000", "hex");
  for (const bytes of [Buffer.from("GET /livez HTTP/1.1\r\nHost: a.example\r\n\r\n"), hello, Buffer.from("\0\0\0\0")]) {
    const socket = connect({ port, host: "127.0.0.1" }).on("error", () => undefined);
    const closed = once(socket, "close");
    socket.resume().write(bytes);
    await closed;
  }
  assert.equal((await get(server, "/livez")).status, 200);
  assert.deepEqual(server.faults, []);
});

test("a request that does not arrive in time is answered inside TLS", { skip }, async () => {
  await using server = await serverUnderTest({}, { tls, requestTimeoutMs: 50 });
  const socket = connectTls({ port: Number(new URL(server.baseUrl).port), host: "127.0.0.1", ...trusting });
  socket.write("GET /livez HTTP/1.1\r\nHost: a.ex");
  assert.match(await text(socket), /^HTTP\/1\.1 408 /);
});
