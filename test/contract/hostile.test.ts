/** Input that means harm or is merely broken: each gets an answer in JSON that tells nothing of the inside, and the server goes on. */
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { after, before, test } from "node:test";
import { startApp } from "../support/app.ts";
import type { App } from "../support/app.ts";
import { send } from "../support/client.ts";
import type { Answer, Client } from "../support/client.ts";
import { at, textAt } from "../support/json.ts";

let app: App;
let client: Client;
before(async () => {
  app = await startApp();
  client = await app.client();
});
after(() => app?.stop());

const goodItem = { channel_id: "5", events: ["Deals.edit"], notify_url: "https://www.zoho.com/callback" };

/** Refused in the wire's own form, and nothing of the inside in it. */
function assertRefused(answer: Answer, statuses: readonly number[]): void {
  assert.ok(statuses.includes(answer.status), `${answer.status}: ${answer.text.slice(0, 300)}`);
  assert.match(answer.headers["content-type"] ?? "", /^application\/json/);
  assert.doesNotMatch(answer.text, /node_modules|\.ts:|SQLITE|TypeError|stack/);
}

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const nestedObjects = (depth: number): string => `${'{"group":['.repeat(depth)}${"]}".repeat(depth)}`;

const bodies: readonly { readonly title: string; readonly text: string }[] = [
  { title: "no JSON", text: "watch=1" },
  { title: "half a JSON", text: '{"watch":[{"channel_id":' },
  { title: "null", text: "null" },
  { title: "a number", text: "1e999" },
  { title: "a text", text: '"watch"' },
  { title: "a list", text: "[1,2,3]" },
  { title: "a byte order mark and nothing", text: "\ufeff" },
  { title: "an item that is null", text: '{"watch":[null],"data":[null],"users":[null]}' },
  { title: "an item that is a list", text: '{"watch":[[]],"data":[[]],"users":[[]]}' },
  { title: "an item that is a text", text: '{"watch":["x"],"data":["x"],"users":["x"]}' },
  { title: "an object for the list", text: '{"watch":{},"data":{},"users":{}}' },
  { title: "an empty list", text: '{"watch":[],"data":[],"users":[]}' },
  { title: "keys of the prototype", text: '{"__proto__":{"watch":[1]},"constructor":{},"toString":1}' },
  {
    title: "items with keys of the prototype only",
    text: '{"watch":[{"__proto__":{"a":1}}],"data":[{"__proto__":{"a":1}}],"users":[{"__proto__":{"a":1}}]}',
  },
  {
    title: "lists nested a hundred thousand deep",
    text: `{"watch":${nested(100_000)},"data":${nested(100_000)},"users":${nested(100_000)}}`,
  },
  { title: "a NUL in a text", text: '{"watch":[{"channel_id":"\\u0000"}],"data":[{"\\u0000":"\\u0000"}],"users":[{"email":"\\u0000"}]}' },
];
const paths = [
  { method: "POST", path: "/actions/watch" },
  { method: "PUT", path: "/actions/watch" },
  { method: "PATCH", path: "/actions/watch" },
  { method: "POST", path: "/Leads" },
  { method: "PUT", path: "/Leads" },
  { method: "PUT", path: "/Leads/554023000100000001" },
  { method: "POST", path: "/users" },
  { method: "PUT", path: "/users" },
];
for (const { title, text } of bodies) {
  test(`a body that is ${title} is refused wherever it is sent`, async () => {
    for (const { method, path } of paths) assertRefused(await client.request(method, path, text), [400]);
  });
}

test("a body over the limit is refused", async () => {
  const text = JSON.stringify({ watch: [{ ...goodItem, token: "x".repeat(5 * 1024 * 1024) }] });
  // The server may end the connection before it has taken all of it.
  const answer = await client.request("POST", "/actions/watch", text).catch(() => null);
  if (answer !== null) assertRefused(answer, [400, 413]);
  assert.equal((await client.request("GET", "/actions/watch")).status, 204, "nothing of it was kept");
  assert.equal((await client.request("GET", "/org")).status, 200);
});

test("more items than one request may have are refused", async () => {
  const items = Array.from({ length: 51 }, (_, index) => ({ ...goodItem, channel_id: String(index) }));
  assertRefused(await client.request("POST", "/actions/watch", { watch: items }), [400]);
  assertRefused(await client.request("POST", "/actions/watch", { watch: [{ ...goodItem, events: Array(51).fill("Deals.edit") }] }), [400]);
  assertRefused(await client.request("DELETE", `/Leads?ids=${Array.from({ length: 101 }, (_, index) => index).join(",")}`), [400]);
});

test("a condition nested without end is refused", async () => {
  const condition = `[{"type":"field_selection","module":{"api_name":"Deals"},"field_selection":${nestedObjects(50_000)}}]`;
  const text = JSON.stringify({ watch: [goodItem] }).replace('"channel_id"', `"notification_condition":${condition},"channel_id"`);
  assertRefused(await client.request("POST", "/actions/watch", text), [400]);
});

const channelIds = ["9223372036854775808", "-9223372036854775809", "1.5", "1e3", "0x10", " 5 ", "", "5; DROP TABLE channels", "٥"];
for (const channel_id of channelIds) {
  test(`the channel_id ${JSON.stringify(channel_id)} is refused`, async () => {
    const answer = await client.request("POST", "/actions/watch", { watch: [{ ...goodItem, channel_id }] });
    assertRefused(answer, [400]);
    assert.equal(at(answer.body, "watch", 0, "details", "api_name"), "channel_id");
  });
}

const targets = [
  "javascript:alert(1)",
  "file:///etc/passwd",
  "https://",
  "//www.zoho.com/callback",
  "/callback",
  "",
  "https://www.zoho.com:99999/",
  `https://www.zoho.com/${"x".repeat(300)}`,
  "https://user:password@www.zoho.com/\r\nX-Injected: 1",
];
for (const notify_url of targets) {
  test(`the notify_url ${JSON.stringify(notify_url).slice(0, 60)} is refused`, async () => {
    const answer = await client.request("POST", "/actions/watch", { watch: [{ ...goodItem, notify_url }] });
    assertRefused(answer, [400]);
    assert.equal(at(answer.body, "watch", 0, "details", "api_name"), "notify_url");
  });
}

const strangePaths: readonly { readonly method: string; readonly path: string; readonly statuses: readonly number[] }[] = [
  { method: "GET", path: "/crm/v6/Leads/abc", statuses: [400] },
  { method: "GET", path: "/crm/v6/Leads/%00", statuses: [400, 404] },
  { method: "GET", path: "/crm/v6/%2e%2e/%2e%2e/etc/passwd", statuses: [400, 404] },
  { method: "GET", path: "/crm/v6/__proto__?fields=id", statuses: [400] },
  { method: "GET", path: "/crm/v6/constructor?fields=id", statuses: [400] },
  { method: "GET", path: "/crm/toString/org", statuses: [404] },
  { method: "GET", path: "/crm/v6/%E0%A4%A", statuses: [400, 404] },
  { method: "GET", path: "/crm/v6/Leads?fields=id&page=0", statuses: [400] },
  { method: "GET", path: "/crm/v6/Leads?fields=id&page=-1", statuses: [400] },
  { method: "GET", path: "/crm/v6/Leads?fields=id&per_page=1e9", statuses: [400] },
  { method: "GET", path: "/crm/v6/Leads?fields=id&sort_by=id;--", statuses: [400] },
  { method: "GET", path: "/crm/v6/actions/watch?page=x", statuses: [400] },
  { method: "DELETE", path: "/crm/v6/actions/watch?channel_ids=x", statuses: [400] },
  { method: "DELETE", path: "/crm/v6/actions/watch?channel_ids=,,", statuses: [400] },
  { method: "PROPFIND", path: "/crm/v6/Leads", statuses: [400] },
  { method: "GET", path: "/crm/v6/settings/fields?module=__proto__", statuses: [400] },
];
for (const { method, path, statuses } of strangePaths) {
  test(`${method} ${path} is refused`, async () => {
    const headers = { Authorization: `Zoho-oauthtoken ${client.accessToken}` };
    assertRefused(await send(app.baseUrl, { method, path, headers }), statuses);
  });
}

test("a URL beyond the limit is refused", async () => {
  assertRefused(await client.request("GET", `/Leads?fields=${"x".repeat(9_000)}`), [400, 404, 414]);
});

const authorizations = [
  "Zoho-oauthtoken",
  "Zoho-oauthtoken ",
  "Bearer",
  "Basic YTpi",
  "zoho-oauthtoken a b c",
  `Bearer ${"x".repeat(10_000)}`,
];
for (const Authorization of authorizations) {
  test(`Authorization: ${Authorization.slice(0, 40)} is refused`, async () => {
    const answer = await send(app.baseUrl, { method: "GET", path: "/crm/v6/org", headers: { Authorization } });
    assertRefused(answer, [401]);
    assert.match(textAt(answer.body, "code"), /^(AUTHENTICATION_FAILURE|INVALID_TOKEN)$/);
  });
}

test("a token request that makes no sense is an OAuth error", async () => {
  const forms = [
    "",
    "grant_type=password",
    "grant_type=refresh_token",
    "grant_type=authorization_code&code=",
    "%00=%ff&&&==",
    "a=1&".repeat(1_000),
  ];
  for (const form of forms) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await send(app.baseUrl, { method: "POST", path: "/oauth/v2/token", headers, body: form });
    assertRefused(answer, [200, 400, 413]);
    assert.ok(Object.hasOwn(Object(answer.body), "error"), answer.text);
  }
});

test("bytes that are no HTTP are answered or cut off, and the server goes on", async () => {
  const port = Number(new URL(app.baseUrl).port);
  for (const bytes of [
    "\x16\x03\x01\x02\x00",
    "GET / HTTP/9.9\r\n\r\n",
    "POST /crm/v6/Leads HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ]) {
    const socket = net.connect(port, "127.0.0.1");
    // The server may reset a connection that speaks nonsense.
    socket.on("error", () => undefined);
    const closed = once(socket, "close");
    socket.resume().end(bytes);
    await closed;
  }
  assert.equal((await client.request("GET", "/org")).status, 200);
});
