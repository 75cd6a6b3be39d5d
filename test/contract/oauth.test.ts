/** OAuth over HTTP: the whole way of a code, as a browser and an application walk it, and what stops short of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword } from "../../src/app/password.ts";
import { limits } from "../../src/core/limits.ts";
import { startApp } from "../support/app.ts";
import type { App, AppOptions } from "../support/app.ts";
import { Client, accessTokenOf, send } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { listAt, textAt } from "../support/json.ts";
import { clientFile, credentialsOf, orgFile, seedOf } from "../support/seeds.ts";

const email = "owner@acme.example";
const password = "correct horse & <battery>";
const clientId = "1000.web";
const redirectUri = "https://app.example/callback?keep=1";
const state = `"><script>alert('state')</script>&=ä`;
const clientName = `Web <b onload="x">&'`;
const web = {
  client_id: clientId,
  client_secret: "secret-of-web",
  client_name: clientName,
  scope: "ZohoCRM.modules.ALL,ZohoCRM.org.READ,ZohoCRM.users.READ",
  redirect_uri: redirectUri,
};
const seed = seedOf(
  orgFile("acme", "554023000", {
    users: [
      { email, first_name: "Ada", last_name: "Owner", password: await hashPassword(password) },
      { email: "second@acme.example", first_name: "No", last_name: "Password" },
    ],
    clients: [clientFile("acme", email), web],
  }),
);
const question = {
  client_id: clientId,
  redirect_uri: redirectUri,
  response_type: "code",
  scope: "ZohoCRM.modules.deals.READ,ZohoCRM.users.ALL,ZohoCRM.bulk.ALL",
  access_type: "offline",
  prompt: "consent",
  state,
};

function start(options: AppOptions = {}): Promise<App> {
  return startApp({ seed, ...options });
}

function ask(app: App, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const query = new URLSearchParams({ ...question, ...more }).toString();
  return send(app.baseUrl, { method: "GET", path: `/oauth/v2/auth?${query}` });
}

type Fields = Readonly<Record<string, string>>;

function submit(app: App, fields: Fields, headers: Fields = {}): Promise<Answer> {
  return send(app.baseUrl, {
    method: "POST",
    path: "/oauth/v2/auth",
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

function ticketOf(page: Answer): string {
  const ticket = /<input type="hidden" name="ticket" value="([\w.-]+)"/.exec(page.text)?.[1];
  assert.ok(ticket !== undefined, page.text);
  return ticket;
}

async function signIn(app: App, more: Fields = {}): Promise<Answer> {
  const page = await submit(app, { ticket: ticketOf(await ask(app, more)), email, password });
  assert.equal(page.status, 200, page.text);
  return page;
}

/** Where the browser is sent. */
function locationOf(answer: Answer): URL {
  assert.equal(answer.status, 302, answer.text);
  assert.equal(answer.text, "");
  return new URL(answer.headers.location ?? "");
}

async function codeOf(app: App, more: Fields = {}): Promise<string> {
  const location = locationOf(await submit(app, { ticket: ticketOf(await signIn(app, more)), decision: "accept" }));
  return location.searchParams.get("code") ?? "";
}

function post(app: App, path: string, fields: Fields): Promise<Answer> {
  return send(app.baseUrl, { method: "POST", path, body: new URLSearchParams(fields).toString() });
}

function token(app: App, fields: Fields): Promise<Answer> {
  return post(app, "/oauth/v2/token", { client_id: clientId, client_secret: "secret-of-web", ...fields });
}

function exchange(app: App, code: string, more: Fields = {}): Promise<Answer> {
  return token(app, { grant_type: "authorization_code", code, redirect_uri: redirectUri, ...more });
}

function clientWith(app: App, accessToken: string): Client {
  return new Client({ baseUrl: app.baseUrl, accessToken });
}

function assertSafe(page: Answer): void {
  assert.match(page.headers["content-type"] ?? "", /^text\/html;charset=UTF-8$/);
  assert.equal(page.headers["cache-control"], "no-store");
  assert.equal(page.headers["x-frame-options"], "DENY");
  assert.equal(page.headers["set-cookie"], undefined);
  const policy = page.headers["content-security-policy"];
  assert.match(
    String(policy),
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action [^;]+; frame-ancestors 'none'; base-uri 'none'$/,
  );
  assert.doesNotMatch(page.text, /<script|<b onload|javascript:/i);
}

test("a user signs in, agrees, and the application gets tokens, refreshes and revokes them", async () => {
  await using app = await start();
  const signInPage = await ask(app);
  assert.equal(signInPage.status, 200);
  assertSafe(signInPage);
  assert.match(signInPage.text, /Web &lt;b onload=&quot;x&quot;&gt;&amp;&#39;/);
  const consentPage = await signIn(app);
  assertSafe(consentPage);
  assert.match(consentPage.text, /Ada Owner \(owner@acme\.example\)/);
  assert.deepEqual(consentPage.text.match(/(?<=<code>)[^<]+/g), ["ZohoCRM.modules.deals.READ", "ZohoCRM.users.READ"]);

  const back = locationOf(await submit(app, { ticket: ticketOf(consentPage), decision: "accept" }));
  assert.equal(`${back.origin}${back.pathname}`, "https://app.example/callback");
  const params = Object.fromEntries(back.searchParams);
  assert.deepEqual(params, { keep: "1", code: params["code"], location: "us", "accounts-server": app.baseUrl, state });

  const issued = await exchange(app, params["code"] ?? "");
  assert.equal(issued.status, 200);
  assert.equal(textAt(issued.body, "scope"), "ZohoCRM.modules.deals.READ ZohoCRM.users.READ");
  assert.equal(textAt(issued.body, "api_domain"), app.baseUrl);
  const access = clientWith(app, textAt(issued.body, "access_token"));
  assert.equal((await access.request("GET", "/Deals?fields=Deal_Name")).status, 204);
  assert.equal((await access.request("GET", "/Leads?fields=Last_Name")).status, 401);
  const users = await access.request("GET", "/users?type=CurrentUser");
  assert.equal(textAt(listAt(users.body, "users")[0], "email"), email);

  const refreshToken = textAt(issued.body, "refresh_token");
  const refreshed = await token(app, { grant_type: "refresh_token", refresh_token: refreshToken });
  const second = clientWith(app, textAt(refreshed.body, "access_token"));
  assert.equal((await second.request("GET", "/Deals?fields=Deal_Name")).status, 204);

  const revoked = await send(app.baseUrl, { method: "POST", path: `/oauth/v2/token/revoke?token=${refreshToken}` });
  assert.deepEqual([revoked.status, revoked.body], [200, { status: "success" }]);
  for (const client of [access, second]) {
    const refused = await client.request("GET", "/Deals?fields=Deal_Name");
    assert.deepEqual([refused.status, textAt(refused.body, "code")], [401, "INVALID_TOKEN"], "the session ends with the token");
  }
  assert.deepEqual((await token(app, { grant_type: "refresh_token", refresh_token: refreshToken })).body, { error: "invalid_code" });
});

test("who refuses is sent back with access_denied and the state, and an answer that is neither leads nowhere", async () => {
  await using app = await start();
  const ticket = ticketOf(await signIn(app));
  const back = locationOf(await submit(app, { ticket, decision: "deny" }));
  assert.deepEqual(Object.fromEntries(back.searchParams), { keep: "1", error: "access_denied", state });
  assert.equal((await submit(app, { ticket })).status, 400);
});

test("without a state none comes back, and online access gives no refresh token", async () => {
  await using app = await start();
  const { state: _state, access_type: _type, ...bare } = question;
  const page = await send(app.baseUrl, { method: "GET", path: `/oauth/v2/auth?${new URLSearchParams(bare).toString()}` });
  const consent = await submit(app, { ticket: ticketOf(page), email: email.toUpperCase(), password });
  const back = locationOf(await submit(app, { ticket: ticketOf(consent), decision: "accept" }));
  assert.equal(back.searchParams.has("state"), false);
  const issued = await exchange(app, back.searchParams.get("code") ?? "");
  assert.deepEqual(Object.keys(issued.body ?? {}), ["access_token", "scope", "api_domain", "token_type", "expires_in"]);
});

test("a request that is not in order is told so on the page, and never redirected", async () => {
  await using app = await start();
  const wrong: readonly (readonly [Fields, RegExp])[] = [
    [{ client_id: "1000.other" }, /Invalid client id/],
    [{ client_id: "<script>x</script>" }, /Invalid client id/],
    [{ redirect_uri: "https://evil.example/callback" }, /Invalid redirect URI/],
    [{ redirect_uri: `${redirectUri}&more=1` }, /Invalid redirect URI/],
    [{ redirect_uri: "https://app.example/callback" }, /Invalid redirect URI/],
    [{ redirect_uri: "javascript:alert(1)" }, /Invalid redirect URI/],
    [{ redirect_uri: "" }, /Invalid redirect URI/],
    [{ client_id: "1000.acme" }, /Invalid redirect URI/],
    [{ scope: "" }, /Invalid scope/],
    [{ scope: "ZohoCRM.settings.ALL" }, /Invalid scope/],
    [{ response_type: "token" }, /Invalid response type/],
  ];
  for (const [more, text] of wrong) {
    const page = await ask(app, more);
    assert.equal(page.status, 400, JSON.stringify(more));
    assert.equal(page.headers.location, undefined);
    assertSafe(page);
    assert.match(page.text, text);
  }
});

test("a wrong password, an unknown user and a user without a password read alike, and too many end it for a while", async () => {
  await using app = await start();
  const ticket = ticketOf(await ask(app));
  const refused = await submit(app, { ticket, email: `"><script>`, password });
  assert.equal(refused.status, 403);
  assertSafe(refused);
  const texts = new Set<string | undefined>();
  const without = await submit(app, { ticket, email: "second@acme.example", password: "undefined" });
  assert.equal(without.status, 403);
  texts.add(/role="alert">([^<]+)/.exec(without.text)?.[1]);
  for (let count = 0; count < limits.signInFailuresPerUserMax; count += 1) {
    const page = await submit(app, { ticket, email, password: `wrong ${count}` });
    assert.equal(page.status, 403);
    assert.doesNotMatch(page.text, /wrong \d/);
    texts.add(/role="alert">([^<]+)/.exec(page.text)?.[1]);
  }
  texts.add(/role="alert">([^<]+)/.exec(refused.text)?.[1]);
  assert.deepEqual([...texts], ["The e-mail address or the password is wrong."]);
  const locked = await submit(app, { ticket, email, password });
  assert.equal(locked.status, 429);
  assert.equal(locked.headers["retry-after"], String(limits.signInFailuresWindowMs / 1_000));
  app.clock.advance(limits.signInFailuresWindowMs);
  await signIn(app);
});

test("a form that another site sends, that nobody signed, or that is too old, leads nowhere", async () => {
  await using app = await start();
  const fields = { ticket: ticketOf(await signIn(app)), decision: "accept" };
  const port = new URL(app.baseUrl).port;
  for (const headers of [
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
  ]) {
    assert.equal((await submit(app, fields, headers)).status, 403, JSON.stringify(headers));
  }
  assert.equal((await submit(app, { ...fields, ticket: `x${fields.ticket}` })).status, 400);
  assert.equal((await submit(app, { decision: "accept" })).status, 400);
  const own: Fields[] = [
    { Origin: app.baseUrl },
    { "Sec-Fetch-Site": "same-origin" },
    { Origin: `http://localhost:${port}`, Host: `localhost:${port}` },
  ];
  for (const headers of own) locationOf(await submit(app, fields, headers));
  app.clock.advance(limits.signInFormMs);
  assert.equal((await submit(app, fields)).status, 400);
});

test("the ticket of the sign-in form is none for the consent form", async () => {
  await using app = await start();
  const answer = await submit(app, { ticket: ticketOf(await ask(app)), decision: "accept" });
  assert.equal(answer.status, 403);
  assert.equal(answer.headers.location, undefined);
});

test("a code is good once, for three minutes, and for the address that it was sent to", async () => {
  await using app = await start();
  const code = await codeOf(app);
  assert.deepEqual((await exchange(app, code, { redirect_uri: "https://evil.example/" })).body, { error: "invalid_redirect_uri" });
  const access = clientWith(app, textAt((await exchange(app, code)).body, "access_token"));
  const replayed = await exchange(app, code);
  assert.deepEqual([replayed.status, replayed.body], [200, { error: "invalid_code" }]);
  assert.equal((await access.request("GET", "/users?type=CurrentUser")).status, 200, "a second use takes nothing back");
  const late = await codeOf(app);
  app.clock.advance(limits.grantTokenMs);
  assert.deepEqual((await exchange(app, late)).body, { error: "invalid_code" });
});

test("the access token that a sixteenth one pushes out is refused at once, though its session was kept", async () => {
  await using app = await start();
  const oldest = await app.client();
  assert.equal((await oldest.request("GET", "/org")).status, 200);
  const others: Client[] = [];
  for (let count = 1; count < limits.accessTokensPerRefreshTokenMax; count += 1) others.push(await app.client());
  assert.equal((await oldest.request("GET", "/org")).status, 200);
  const newest = await app.client();
  assert.equal((await oldest.request("GET", "/org")).status, 401);
  for (const client of [others[0], newest]) assert.equal((await client?.request("GET", "/org"))?.status, 200);
});

test("an access token is revoked by a form field too; what is none is refused with 400", async () => {
  await using app = await start();
  const client = await app.client();
  assert.equal((await client.request("GET", "/org")).status, 200);
  const revoked = await post(app, "/oauth/v2/token/revoke", { token: client.accessToken });
  assert.deepEqual([revoked.status, revoked.body], [200, { status: "success" }]);
  assert.equal((await client.request("GET", "/org")).status, 401);
  for (const wrong of [client.accessToken, "", "1000.other"]) {
    const refused = await post(app, "/oauth/v2/token/revoke", { token: wrong });
    assert.deepEqual([refused.status, refused.body], [400, { error: "invalid_code" }]);
  }
});

test("a client serves itself by its own credentials, but not one that only acts for users who agree", async () => {
  await using app = await start();
  const { clientId: id, clientSecret } = credentialsOf("acme");
  const own = { grant_type: "client_credentials", scope: "ZohoCRM.org.READ", soid: "ZohoCRM.554023000" };
  const issued = await token(app, { ...own, client_id: id, client_secret: clientSecret });
  assert.deepEqual(Object.keys(issued.body ?? {}), ["access_token", "scope", "api_domain", "token_type", "expires_in"]);
  const client = clientWith(app, textAt(issued.body, "access_token"));
  assert.equal((await client.request("GET", "/org")).status, 200);
  assert.equal((await client.request("GET", "/users")).status, 401);
  assert.deepEqual((await token(app, own)).body, { error: "unauthorized_client" });
});

test("who a token stands for is told by either scheme, and nobody is told to a token that is none", async () => {
  await using app = await start();
  const accessToken = await accessTokenOf(app.baseUrl, credentialsOf("acme"));
  const info = (headers: Fields): Promise<Answer> => send(app.baseUrl, { method: "GET", path: "/oauth/user/info", headers });
  for (const scheme of ["Bearer", "Zoho-oauthtoken"]) {
    const answer = await info({ Authorization: `${scheme} ${accessToken}` });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.deepEqual(answer.body, {
      First_Name: "Ada",
      Last_Name: "Owner",
      Email: email,
      Display_Name: "Ada Owner",
      ZUID: "554023000050000001",
    });
  }
  for (const headers of [{}, { Authorization: "Bearer other" }]) {
    const answer = await info(headers);
    assert.deepEqual([answer.status, answer.body], [401, { error: "invalid_token" }]);
  }
});

test("the throttle, where it is on, refuses the eleventh token and the eleventh code in ten minutes", async () => {
  await using app = await start({ throttlesTokens: true });
  for (let count = 0; count < limits.accessTokensPerWindowMax; count += 1) await app.client();
  const { clientId: id, clientSecret, refreshToken } = credentialsOf("acme");
  const fields = { grant_type: "refresh_token", client_id: id, client_secret: clientSecret, refresh_token: refreshToken };
  const refused = await token(app, fields);
  assert.equal(refused.status, 400);
  assert.deepEqual(refused.body, {
    error: "Access Denied",
    error_description: "You have made too many requests continuously. Please try again after some time.",
    status: "failure",
  });
  const form = { ticket: ticketOf(await signIn(app)), decision: "accept" };
  for (let count = 0; count < limits.grantsPerWindowMax; count += 1) locationOf(await submit(app, form));
  const page = await submit(app, form);
  assert.equal(page.status, 400);
  assert.match(page.text, /too many requests/);
  app.clock.advance(limits.throttleWindowMs);
  assert.equal((await token(app, fields)).status, 200);
});
