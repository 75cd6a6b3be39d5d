import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import { limits } from "../core/limits.ts";
import type { SeedClient } from "../core/seed.ts";

const hash = `scrypt$16384$8$5$${"a".repeat(22)}$${"b".repeat(43)}`;
const redirectUri = "https://w.example/cb?x=1";
const client: SeedClient = {
  clientId: "1000.W",
  clientSecret: "s",
  name: "Web",
  userEmail: "owner@acme.example",
  acts: "with_consent",
  scopes: ["ZohoCRM.modules.ALL"],
  refreshToken: null,
  grantToken: "1000.seeded",
  redirectUri,
};
const bare: SeedClient = { ...client, clientId: "1000.B", name: null, grantToken: null, redirectUri: null };
const users = [
  { email: "Owner@acme.example", firstName: "Ada", lastName: "Owner", password: hash },
  { email: "second@acme.example", firstName: null, lastName: "Second", password: null },
];
const owner = { userId: "554023000050000001", email: "Owner@acme.example", firstName: "Ada", lastName: "Owner" };

function open(): Promise<InThread> {
  return InThread.open({ orgs: [{ ...acme, users, clients: [client, bare] }] });
}

const grant = { clientId: "1000.W", userId: owner.userId, scopes: ["ZohoCRM.modules.READ"], isOffline: true, isThrottled: false };

test("a request is in order for a known client, its very redirect_uri, and a scope that it may have", async () => {
  await using app = await open();
  const asked = { clientId: "1000.W", redirectUri, scopes: ["ZohoCRM.modules.deals.READ", "ZohoCRM.users.ALL"] };
  const consent = await app.run("oauth.prepareConsent", asked);
  assert.ok(consent.ok);
  assert.deepEqual(consent.value, { clientName: "Web", orgName: "Acme", scopes: ["ZohoCRM.modules.deals.READ"] });
  const refusals = [
    [{ ...asked, clientId: "1000.X" }, "invalid_client"],
    [{ ...asked, redirectUri: "" }, "invalid_redirect_uri"],
    [{ ...asked, redirectUri: `${redirectUri}&` }, "invalid_redirect_uri"],
    [{ ...asked, redirectUri: redirectUri.toUpperCase() }, "invalid_redirect_uri"],
    [{ ...asked, clientId: "1000.B" }, "invalid_redirect_uri"],
    [{ ...asked, clientId: "1000.B", redirectUri: "" }, "invalid_redirect_uri"],
    [{ ...asked, scopes: [] }, "invalid_scope"],
    [{ ...asked, scopes: ["ZohoCRM.users.ALL"] }, "invalid_scope"],
  ] as const;
  for (const [input, error] of refusals) {
    const refused = await app.run("oauth.prepareConsent", input);
    assert.equal(refused.ok ? "none" : refused.error, error);
  }
});

test("a password is that of an active user of the client's org, whatever the case of the address", async () => {
  await using app = await open();
  assert.deepEqual(await app.run("oauth.findPassword", { clientId: "1000.W", email: "owner@ACME.example" }), { hash, user: owner });
  for (const [clientId, email] of [
    ["1000.W", "second@acme.example"],
    ["1000.W", "nobody@acme.example"],
    ["1000.X", "owner@acme.example"],
  ] as const) {
    assert.equal(await app.run("oauth.findPassword", { clientId, email }), null);
  }
  await app.run("users.write", { caller: app.caller, operation: "update", items: [{ status: "inactive" }], idInPath: owner.userId });
  assert.equal(await app.run("oauth.findPassword", { clientId: "1000.W", email: "owner@acme.example" }), null);
});

test("a seed gives a password to a user who has none, and leaves the one that is there", async () => {
  await using app = await open();
  const other = hash.replaceAll("b", "c");
  const seed = { orgs: [{ ...acme, users: users.map((user) => ({ ...user, password: other })) }] };
  const applied = await app.run("seed.apply", { seed });
  assert.ok(applied.ok && applied.value.isApplied);
  const hashOf = async (email: string) => (await app.run("oauth.findPassword", { clientId: "1000.W", email }))?.hash;
  assert.deepEqual([await hashOf("owner@acme.example"), await hashOf("second@acme.example")], [hash, other]);
  const again = await app.run("seed.apply", { seed });
  assert.ok(again.ok && !again.value.isApplied);
});

test("no code is given for a client that is not there or a user who is not active", async () => {
  await using app = await open();
  for (const wrong of [{ clientId: "1000.X" }, { userId: "554023000050000009" }]) {
    const refused = await app.run("oauth.grantCode", { ...grant, ...wrong });
    assert.equal(refused.ok ? "none" : refused.error, "invalid_client");
  }
});

test("the throttle gives ten codes a client in ten minutes, where it is on", async () => {
  await using app = await open();
  const isGiven = async (isThrottled: boolean) => (await app.run("oauth.grantCode", { ...grant, isThrottled })).ok;
  for (let count = 0; count < limits.grantsPerWindowMax; count += 1) assert.ok(await isGiven(true));
  assert.equal(await isGiven(true), false);
  assert.equal(await isGiven(false), true);
  app.now += limits.throttleWindowMs;
  assert.equal(await isGiven(true), true);
});

test("of a client's codes only the newest are kept, and the seeded one always", async () => {
  await using app = await open();
  const codes: string[] = [];
  for (let count = 0; count <= limits.grantsKeptPerClientMax; count += 1) {
    const given = await app.run("oauth.grantCode", grant);
    assert.ok(given.ok);
    codes.push(given.value.code);
  }
  const request = { clientId: "1000.W", clientSecret: "s", refreshToken: null, redirectUri: null, scope: null, soid: null };
  const isGood = async (code: string | undefined) =>
    (await app.run("oauth.token", { ...request, grantType: "authorization_code", code: code ?? "", isThrottled: false })).ok;
  assert.equal(await isGood(codes[0]), false);
  for (const code of [codes[1], codes.at(-1), "1000.seeded"]) assert.equal(await isGood(code), true);
});
