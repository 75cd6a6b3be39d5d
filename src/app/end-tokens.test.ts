import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import { limits } from "../core/limits.ts";
import type { SeedClient } from "../core/seed.ts";
import { digestOf } from "./secrets.ts";

const client: SeedClient = {
  clientId: "1000.A",
  clientSecret: "s",
  name: null,
  userEmail: "owner@acme.example",
  acts: "alone",
  scopes: ["ZohoCRM.org.READ"],
  refreshToken: "1000.seeded",
  grantToken: null,
  redirectUri: null,
};

function open(): Promise<InThread> {
  return InThread.open({ orgs: [{ ...acme, clients: [client] }] });
}

async function issue(app: InThread, grantType = "refresh_token"): Promise<string> {
  const rest = { code: null, redirectUri: null, scope: null, soid: null, isThrottled: false };
  const issued = await app.run("oauth.token", { grantType, clientId: "1000.A", clientSecret: "s", refreshToken: "1000.seeded", ...rest });
  assert.ok(issued.ok, issued.ok ? "" : issued.error);
  return issued.value.accessToken;
}

test("an access token is revoked alone", async () => {
  await using app = await open();
  const [first, second] = [await issue(app), await issue(app)];
  assert.deepEqual(await app.run("oauth.revoke", { token: first }), { ok: true, value: { endedDigests: [digestOf(first)] } });
  assert.equal(await app.run("auth.principal", { accessToken: first }), null);
  assert.notEqual(await app.run("auth.principal", { accessToken: second }), null);
});

test("a refresh token is revoked with every access token that came from it, and no other", async () => {
  await using app = await open();
  const [first, second, own] = [await issue(app), await issue(app), await issue(app, "client_credentials")];
  const revoked = await app.run("oauth.revoke", { token: "1000.seeded" });
  assert.deepEqual(revoked, { ok: true, value: { endedDigests: [digestOf(second), digestOf(first)] } });
  for (const accessToken of [first, second]) assert.equal(await app.run("auth.principal", { accessToken }), null);
  assert.notEqual(await app.run("auth.principal", { accessToken: own }), null);
  assert.deepEqual(await app.run("oauth.revoke", { token: "1000.seeded" }), { ok: false, error: "invalid_code" });
});

test("what is no token, or was one, cannot be revoked", async () => {
  await using app = await open();
  const token = await issue(app);
  app.now += limits.accessTokenMs;
  for (const wrong of [token, "", "1000.other"]) {
    assert.deepEqual(await app.run("oauth.revoke", { token: wrong }), { ok: false, error: "invalid_code" });
  }
});
