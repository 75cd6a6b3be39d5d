/** The console's session: its cookie, what it opens, what guards it, and how it ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../../src/core/limits.ts";
import { adminToken, startApp } from "../support/app.ts";
import type { App, AppOptions } from "../support/app.ts";
import { send } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { at, listAt, textAt } from "../support/json.ts";
import { TemporaryFolder } from "../support/process.ts";

type Browser = { readonly app: App; readonly cookie: string; readonly csrf: string };
type Headers = Readonly<Record<string, string>>;

function signIn(app: App, token = adminToken, headers: Headers = {}): Promise<Answer> {
  return send(app.baseUrl, { method: "POST", path: "/console/session", headers, body: { token } });
}

function cookieOf(answer: Answer): string {
  const [line = ""] = answer.headers["set-cookie"] ?? [];
  return line.split(";")[0] ?? "";
}

async function browserOf(app: App): Promise<Browser> {
  const cookie = cookieOf(await signIn(app));
  const session = await send(app.baseUrl, { method: "GET", path: "/console/session", headers: { Cookie: cookie } });
  return { app, cookie, csrf: textAt(session.body, "csrf") };
}

/** `call` is a method and a path behind `/api/v1`. */
async function statusOf({ app, cookie }: Browser, call: string, headers: Headers = {}): Promise<number> {
  const [method = "", path = ""] = call.split(" ");
  return (await send(app.baseUrl, { method, path: `/api/v1${path}`, headers: { Cookie: cookie, ...headers } })).status;
}

async function isSignedIn({ app, cookie }: Browser): Promise<unknown> {
  const answer = await send(app.baseUrl, { method: "GET", path: "/console/session", headers: { Cookie: cookie } });
  return at(answer.body, "signed_in");
}

test("a sign-in gives a cookie that no script can read and no other site sends", async () => {
  await using app = await startApp();
  const answer = await signIn(app);
  assert.equal(answer.status, 204);
  const [line = ""] = answer.headers["set-cookie"] ?? [];
  assert.match(line, /^watchpost_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
  assert.notEqual(cookieOf(answer), cookieOf(await signIn(app)));
});

test("behind https the cookie is sent over https alone", async () => {
  await using app = await startApp({ publicUrl: "https://crm.example" });
  const [line = ""] = (await signIn(app)).headers["set-cookie"] ?? [];
  assert.match(line, /; Secure(;|$)/);
});

test("who is not signed in is told nothing but the version, and who is gets the text for the header", async () => {
  await using app = await startApp();
  const { body } = await send(app.baseUrl, { method: "GET", path: "/console/session" });
  assert.deepEqual(body, { signed_in: false, csrf: null, version: "0.0.0-test", is_dev: true, org_count: null });
  const { cookie } = await browserOf(app);
  const { body: own } = await send(app.baseUrl, { method: "GET", path: "/console/session", headers: { Cookie: `other=1; ${cookie}` } });
  assert.deepEqual([at(own, "signed_in"), at(own, "org_count")], [true, 1]);
});

test("the cookie opens the admin API; whatever may change something needs the header besides", async () => {
  await using app = await startApp();
  const browser = await browserOf(app);
  assert.equal(await statusOf(browser, "GET /deliveries"), 200);
  assert.equal(await statusOf(browser, "HEAD /deliveries"), 200);
  for (const headers of [{}, { "X-Watchpost-CSRF": "" }, { "X-Watchpost-CSRF": `${browser.csrf}x` }, { "X-Watchpost-CSRF": "é" }]) {
    assert.equal(await statusOf(browser, "POST /tokens", headers), 403);
    assert.equal(await statusOf(browser, "DELETE /tokens", headers), 403);
  }
  assert.equal(await statusOf(browser, "POST /tokens", { "X-Watchpost-CSRF": browser.csrf }), 201);
  const other = await browserOf(app);
  assert.equal(await statusOf(browser, "POST /tokens", { "X-Watchpost-CSRF": other.csrf }), 403, "the text of another session");
});

test("a page of another site is refused even with cookie and header", async () => {
  await using app = await startApp();
  const browser = await browserOf(app);
  const csrf = { "X-Watchpost-CSRF": browser.csrf };
  for (const foreign of [
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "cross-site" },
  ]) {
    assert.equal(await statusOf(browser, "POST /tokens", { ...csrf, ...foreign }), 403, JSON.stringify(foreign));
    assert.equal((await signIn(app, adminToken, foreign)).status, 403);
  }
  assert.equal(await statusOf(browser, "GET /deliveries", { "Sec-Fetch-Site": "cross-site" }), 403);
  assert.equal(await statusOf(browser, "POST /tokens", { ...csrf, Origin: app.baseUrl, "Sec-Fetch-Site": "same-origin" }), 201);
  assert.equal(await statusOf(browser, "POST /tokens", { ...csrf, Origin: app.baseUrl }), 201);
});

test("a wrong Authorization header is not made good by a cookie", async () => {
  await using app = await startApp();
  assert.equal(await statusOf(await browserOf(app), "GET /deliveries", { Authorization: "Bearer none" }), 401);
});

test("a sign-out ends the session for every copy of the cookie, and needs the header as well", async () => {
  await using app = await startApp();
  const browser = await browserOf(app);
  const signOut = (headers: Headers) => send(app.baseUrl, { method: "DELETE", path: "/console/session", headers });
  assert.equal((await signOut({ Cookie: browser.cookie })).status, 403);
  const out = await signOut({ Cookie: browser.cookie, "X-Watchpost-CSRF": browser.csrf });
  assert.equal(out.status, 204);
  assert.match(out.headers["set-cookie"]?.[0] ?? "", /^watchpost_session=; .*Max-Age=0$/);
  assert.equal(await isSignedIn(browser), false);
  assert.equal(await statusOf(browser, "GET /deliveries"), 401);
  assert.equal((await signOut({ Cookie: browser.cookie })).status, 204, "twice is fine");
});

test("a session lives on from each use and ends 12 hours after the last, by real time", async () => {
  await using app = await startApp();
  const browser = await browserOf(app);
  app.clock.advance(limits.consoleSessionIdleMs - 1_000);
  assert.equal(await isSignedIn(browser), true);
  app.clock.advance(limits.consoleSessionIdleMs - 1_000);
  assert.equal(await statusOf(browser, "GET /deliveries"), 200);
  assert.ok((await app.virtualClock.advance(7 * 86_400_000)).ok);
  assert.equal(await isSignedIn(browser), true, "a jump of the virtual clock signs nobody out");
  app.clock.advance(limits.consoleSessionIdleMs);
  assert.equal(await isSignedIn(browser), false);
});

test("the oldest of too many sessions ends", async () => {
  await using app = await startApp();
  const first = await browserOf(app);
  for (let count = 1; count < limits.consoleSessionsKeptMax; count += 1) {
    app.clock.advance(1);
    await signIn(app);
  }
  assert.equal(await isSignedIn(first), true);
  app.clock.advance(1);
  await signIn(app);
  assert.equal(await isSignedIn(first), false);
});

test("a session outlives a restart, and ends with its admin token", async () => {
  using folder = new TemporaryFolder();
  const options: AppOptions = { dataFolder: folder.path };
  const app = await startApp(options);
  const { cookie, csrf } = await browserOf(app);
  await app.stop();
  await using again = await startApp(options);
  assert.equal(await isSignedIn({ app: again, cookie, csrf }), true);
  for (let count = 0; count < limits.adminTokensKeptMax; count += 1) {
    again.clock.advance(1);
    await again.engine.run("admin.addToken", { adminToken: `newer-token-number-${count}` });
  }
  assert.equal(await isSignedIn({ app: again, cookie, csrf }), false);
});

test("after five wrong tokens an address has to wait, also with the right one, and every failure is written down", async () => {
  await using app = await startApp();
  for (let count = 0; count < limits.signInFailuresPerUserMax; count += 1) assert.equal((await signIn(app, `wrong ${count}`)).status, 401);
  const refused = await signIn(app);
  assert.equal(refused.status, 429);
  assert.equal(textAt(refused.body, "error", "code"), "too_many_attempts");
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  const entries = listAt((await app.admin("GET", "/audit")).body, "entries");
  assert.deepEqual(
    entries.map((entry) => [at(entry, "actor"), at(entry, "path"), at(entry, "status")]),
    entries.map(() => ["console", "/console/session", 401]),
  );
  assert.equal(entries.length, limits.signInFailuresPerUserMax);
  assert.ok(!JSON.stringify(entries).includes("wrong 0"));
  app.clock.advance(limits.signInFailuresWindowMs);
  assert.equal((await signIn(app)).status, 204);
});

test("sign-ins that succeed count for nothing", async () => {
  await using app = await startApp();
  for (let count = 0; count < 3 * limits.signInFailuresPerUserMax; count += 1) assert.equal((await signIn(app)).status, 204);
});

test("a body that is no token is refused and does not count", async () => {
  await using app = await startApp();
  for (const body of ["", "{", "[]", "{}", '{"token":1}', `{"token":"${"x".repeat(600)}"}`, "x".repeat(10_000)]) {
    assert.equal((await send(app.baseUrl, { method: "POST", path: "/console/session", body })).status, 400, body.slice(0, 20));
  }
  assert.equal((await signIn(app)).status, 204);
});
