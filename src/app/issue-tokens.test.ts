import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import { limits } from "../core/limits.ts";
import type { IssuedToken, TokenError } from "../core/principal.ts";
import type { SeedClient } from "../core/seed.ts";
import type { Input } from "./commands.ts";
import { digestOf } from "./secrets.ts";

const userId = "554023000050000001";
const client: SeedClient = {
  clientId: "1000.A",
  clientSecret: "s",
  name: null,
  userEmail: "owner@acme.example",
  acts: "alone",
  scopes: ["ZohoCRM.modules.ALL", "ZohoCRM.org.READ"],
  refreshToken: "1000.seeded",
  grantToken: "1000.grant",
  redirectUri: null,
};
const web: SeedClient = {
  ...client,
  clientId: "1000.W",
  acts: "with_consent",
  refreshToken: null,
  grantToken: null,
  redirectUri: "https://w.example/cb",
};

function open(): Promise<InThread> {
  return InThread.open({ orgs: [{ ...acme, clients: [client, web] }] });
}

const request: Input<"oauth.token"> = {
  grantType: "refresh_token",
  clientId: "1000.A",
  clientSecret: "s",
  refreshToken: "1000.seeded",
  code: null,
  redirectUri: null,
  scope: null,
  soid: null,
  isThrottled: false,
};

async function issued(app: InThread, more: Partial<Input<"oauth.token">> = {}): Promise<IssuedToken> {
  const result = await app.run("oauth.token", { ...request, ...more });
  assert.ok(result.ok, result.ok ? "" : result.error);
  return result.value;
}

async function errorOf(app: InThread, more: Partial<Input<"oauth.token">>): Promise<TokenError | "none"> {
  const result = await app.run("oauth.token", { ...request, ...more });
  return result.ok ? "none" : result.error;
}

/** A code that a user gave to the web client. */
async function codeOf(app: InThread, isOffline: boolean): Promise<string> {
  const grant = { clientId: "1000.W", userId, scopes: ["ZohoCRM.org.READ"], isOffline, isThrottled: false };
  const result = await app.run("oauth.grantCode", grant);
  assert.ok(result.ok);
  return result.value.code;
}

function exchange(code: string): Partial<Input<"oauth.token">> {
  return { grantType: "authorization_code", clientId: "1000.W", code };
}

test("who the client is, and its secret, are asked before what it brings", async () => {
  await using app = await open();
  assert.equal(await errorOf(app, { grantType: "password" }), "unsupported_grant_type");
  assert.equal(await errorOf(app, { grantType: null }), "unsupported_grant_type");
  assert.equal(await errorOf(app, { grantType: "constructor" }), "unsupported_grant_type");
  assert.equal(await errorOf(app, { clientId: "1000.B", refreshToken: null }), "invalid_client");
  assert.equal(await errorOf(app, { clientSecret: null, refreshToken: null }), "invalid_client_secret");
  assert.equal(await errorOf(app, { refreshToken: null }), "invalid_code");
  assert.equal(await errorOf(app, { clientId: "1000.W" }), "invalid_code");
});

test("a token stands for the user and the scopes of what it came from", async () => {
  await using app = await open();
  const seeded = await issued(app);
  assert.deepEqual(seeded.scopes, client.scopes);
  const granted = await issued(app, exchange(await codeOf(app, true)));
  assert.deepEqual(granted.scopes, ["ZohoCRM.org.READ"]);
  const refreshed = await issued(app, { clientId: "1000.W", refreshToken: granted.refreshToken });
  assert.equal(refreshed.refreshToken, null);
  const principal = await app.run("auth.principal", { accessToken: refreshed.accessToken });
  assert.deepEqual([principal?.userId, principal?.clientId, principal?.scopes], [userId, "1000.W", ["ZohoCRM.org.READ"]]);
});

test("only a code for offline access gives a refresh token; seeded ones do", async () => {
  await using app = await open();
  assert.equal((await issued(app, exchange(await codeOf(app, false)))).refreshToken, null);
  assert.match((await issued(app, exchange(await codeOf(app, true)))).refreshToken ?? "", /^1000\./);
  assert.match((await issued(app, { grantType: "authorization_code", code: "1000.grant" })).refreshToken ?? "", /^1000\./);
});

test("a code is good once, for three minutes, for its own client and address; a second use takes nothing back", async () => {
  await using app = await open();
  const code = await codeOf(app, true);
  assert.equal(await errorOf(app, { ...exchange(code), clientId: "1000.A" }), "invalid_code");
  assert.equal(await errorOf(app, { ...exchange(code), redirectUri: "https://w.example/other" }), "invalid_redirect_uri");
  const { accessToken } = await issued(app, { ...exchange(code), redirectUri: "https://w.example/cb" });
  assert.equal(await errorOf(app, exchange(code)), "invalid_code");
  assert.notEqual(await app.run("auth.principal", { accessToken }), null);
  const late = await codeOf(app, true);
  app.now += limits.grantTokenMs;
  assert.equal(await errorOf(app, exchange(late)), "invalid_code");
});

test("a seeded grant and a seeded refresh token have no end", async () => {
  await using app = await open();
  app.now += 100 * 365 * 86_400_000;
  await issued(app);
  await issued(app, { grantType: "authorization_code", code: "1000.grant" });
});

test("the sixteenth live access token of a refresh token ends the oldest of them, and says so", async () => {
  await using app = await open();
  const tokens: IssuedToken[] = [];
  for (let count = 0; count < limits.accessTokensPerRefreshTokenMax; count += 1) tokens.push(await issued(app));
  const other = await issued(app, { grantType: "authorization_code", code: "1000.grant" });
  assert.deepEqual(
    [...tokens, other].flatMap(({ endedDigests }) => endedDigests),
    [],
  );
  const [first, second] = tokens;
  const { endedDigests } = await issued(app);
  assert.deepEqual(endedDigests, [digestOf(first?.accessToken ?? "")]);
  assert.equal(await app.run("auth.principal", { accessToken: first?.accessToken ?? "" }), null);
  for (const token of [second, other]) assert.notEqual(await app.run("auth.principal", { accessToken: token?.accessToken ?? "" }), null);
});

test("tokens that have ended by themselves make room", async () => {
  await using app = await open();
  for (let count = 0; count < limits.accessTokensPerRefreshTokenMax; count += 1) await issued(app);
  app.now += limits.accessTokenMs;
  const fresh = await issued(app);
  await issued(app);
  assert.notEqual(await app.run("auth.principal", { accessToken: fresh.accessToken }), null);
});

test("the twenty-first refresh token of a user in a client deletes the oldest, with its access tokens", async () => {
  await using app = await open();
  const tokens: IssuedToken[] = [];
  for (let count = 0; count <= limits.refreshTokensPerUserAndClientMax; count += 1) {
    tokens.push(await issued(app, exchange(await codeOf(app, true))));
  }
  const [first, second] = tokens;
  assert.deepEqual(tokens.at(-1)?.endedDigests, [digestOf(first?.accessToken ?? "")]);
  assert.equal(await errorOf(app, { clientId: "1000.W", refreshToken: first?.refreshToken ?? "" }), "invalid_code");
  assert.equal(await app.run("auth.principal", { accessToken: first?.accessToken ?? "" }), null);
  await issued(app, { clientId: "1000.W", refreshToken: second?.refreshToken ?? "" });
  await issued(app);
});

test("a client gets a token of its own for the user that the seed gave it, within its scopes and for its org", async () => {
  await using app = await open();
  const own = { grantType: "client_credentials" };
  const token = await issued(app, { ...own, scope: "ZohoCRM.modules.deals.READ,ZohoCRM.users.ALL", soid: "ZohoCRM.554023000" });
  assert.deepEqual([token.scopes, token.refreshToken], [["ZohoCRM.modules.deals.READ"], null]);
  assert.equal((await app.run("auth.principal", { accessToken: token.accessToken }))?.userId, userId);
  assert.deepEqual((await issued(app, own)).scopes, client.scopes);
  assert.equal(await errorOf(app, { ...own, scope: "ZohoCRM.users.ALL" }), "invalid_scope");
  assert.equal(await errorOf(app, { ...own, soid: "ZohoCRM.1" }), "invalid_soid");
  assert.equal(await errorOf(app, { ...own, clientId: "1000.W" }), "unauthorized_client");
});

test("the throttle gives ten access tokens a refresh token in ten minutes, where it is on", async () => {
  await using app = await open();
  for (let count = 0; count < limits.accessTokensPerWindowMax; count += 1) await issued(app, { isThrottled: true });
  assert.equal(await errorOf(app, { isThrottled: true }), "throttled");
  await issued(app, { grantType: "authorization_code", code: "1000.grant", isThrottled: true });
  app.now += limits.throttleWindowMs;
  await issued(app, { isThrottled: true });
  for (let count = 0; count < limits.accessTokensPerWindowMax; count += 1) await issued(app);
});
