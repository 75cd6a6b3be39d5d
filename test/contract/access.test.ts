/** Users, clients, tokens and the audit log of the admin API, and what the tokens made there open. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { adminToken, startApp } from "../support/app.ts";
import type { App } from "../support/app.ts";
import { accessTokenOf, send } from "../support/client.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { acme, credentialsOf, orgFile, seedOf } from "../support/seeds.ts";

async function crmStatus(app: App, accessToken: string, path = "/crm/v8/Leads?fields=id"): Promise<number> {
  return (await send(app.baseUrl, { method: "GET", path, headers: { Authorization: `Zoho-oauthtoken ${accessToken}` } })).status;
}

async function orgOf(app: App): Promise<string> {
  return textAt((await app.admin("GET", "/users")).body, "users", 0, "org");
}

test("a token made by an operator opens the CRM until it is revoked, at once", async () => {
  await using app = await startApp();
  const made = await app.admin("POST", "/tokens");
  assert.equal(made.status, 201);
  const accessToken = textAt(made.body, "access_token");
  assert.equal(at(made.body, "api_domain"), app.baseUrl);
  assert.equal(await crmStatus(app, accessToken), 204);
  const listed = await app.admin("GET", "/tokens");
  const id = textAt(made.body, "token", "id");
  assert.ok(listAt(listed.body, "tokens").some((token) => at(token, "id") === id));
  assert.ok(!listed.text.includes(accessToken));
  assert.equal((await app.admin("POST", `/tokens/${id}/revoke`)).status, 200);
  assert.equal(await crmStatus(app, accessToken), 401);
  assert.equal((await app.admin("POST", `/tokens/${id}/revoke`)).status, 404);
  assert.ok(!(await app.admin("GET", "/tokens")).text.includes(id));
});

test("the token of a user opens nothing once they are deactivated, though its session was kept", async () => {
  await using app = await startApp();
  const owner = await app.client();
  const email = "gibbons@acme.example";
  const added = await owner.request("POST", "/users", { users: [{ last_name: "Gibbons", email }] });
  const made = await app.admin("POST", "/tokens", { user_email: email });
  const accessToken = textAt(made.body, "access_token");
  assert.equal(await crmStatus(app, accessToken), 204);
  const deactivated = await owner.request("DELETE", `/users/${textAt(added.body, "users", 0, "details", "id")}`);
  assert.equal(deactivated.status, 200, deactivated.text);
  assert.equal(await crmStatus(app, accessToken), 401);
});

test("a token does what its scopes say, and names its user and org", async () => {
  await using app = await startApp({ seed: seedOf(acme, orgFile("globex", "664023000")) });
  assert.equal((await app.admin("POST", "/tokens")).status, 400, "which org is not said");
  const users = listAt((await app.admin("GET", "/users?org=664023000")).body, "users");
  const email = textAt(users[0], "email");
  const body = { org: "664023000", user_email: email.toUpperCase(), scope: "ZohoCRM.org.READ, ZohoCRM.users.READ" };
  const made = await app.admin("POST", "/tokens", body);
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(at(made.body, "token", "scopes"), ["ZohoCRM.org.READ", "ZohoCRM.users.READ"]);
  assert.equal(at(made.body, "token", "user_id"), at(users[0], "id"));
  const accessToken = textAt(made.body, "access_token");
  assert.equal(await crmStatus(app, accessToken, "/crm/v8/org"), 200);
  assert.equal(await crmStatus(app, accessToken), 401);
});

test("what cannot be made is refused, and names the parameter", async () => {
  await using app = await startApp();
  const org = await orgOf(app);
  const client = { org, name: "App", scope: "ZohoCRM.modules.ALL", user_email: "nobody@acme.example" };
  const rows: readonly [string, unknown, string][] = [
    ["/tokens", { org: "1" }, "org"],
    ["/tokens", { user_email: "nobody@acme.example" }, "user_email"],
    ["/tokens", { scope: "all of it" }, "scope"],
    ["/tokens", { scope: 1 }, "scope"],
    ["/clients", {}, "org"],
    ["/clients", { org }, "name"],
    ["/clients", { ...client, scope: "" }, "scope"],
    ["/clients", client, "user_email"],
    ["/clients", { ...client, user_email: null }, "user_email"],
    ["/clients", { ...client, redirect_uri: "javascript:alert(1)" }, "redirect_uri"],
    ["/clients", { ...client, name: "x".repeat(256) }, "name"],
  ];
  assert.equal(textAt((await app.admin("POST", "/tokens", [])).body, "error", "code"), "invalid_body");
  for (const [path, body, param] of rows) {
    const answer = await app.admin("POST", path, body);
    assert.equal(answer.status, 400, `${path} ${JSON.stringify(body)}`);
    assert.equal(at(answer.body, "error", "param"), param, answer.text);
  }
});

test("a client made by an operator gets tokens like any other, and none once it is revoked, over a new seeding too", async () => {
  await using app = await startApp();
  const org = await orgOf(app);
  const email = textAt((await app.admin("GET", "/users")).body, "users", 0, "email");
  const made = await app.admin("POST", "/clients", { org, name: "App", scope: "ZohoCRM.modules.ALL", user_email: email });
  assert.equal(made.status, 201, made.text);
  const clientId = textAt(made.body, "client", "client_id");
  const credentials = { clientId, clientSecret: textAt(made.body, "client_secret"), refreshToken: textAt(made.body, "refresh_token") };
  const accessToken = await accessTokenOf(app.baseUrl, credentials);
  assert.equal(await crmStatus(app, accessToken), 204);
  const list = await app.admin("GET", "/clients");
  assert.ok(!list.text.includes(credentials.clientSecret) && !list.text.includes(credentials.refreshToken));

  const revoked = await app.admin("POST", `/clients/${clientId}/revoke`);
  assert.notEqual(at(revoked.body, "client", "revoked_at"), null);
  assert.equal(await crmStatus(app, accessToken), 401);
  await assert.rejects(accessTokenOf(app.baseUrl, credentials));
  for (const grant of ["client_credentials", "refresh_token"]) {
    const query = `grant_type=${grant}&client_id=${clientId}&client_secret=${credentials.clientSecret}&refresh_token=${credentials.refreshToken}`;
    const asked = await send(app.baseUrl, { method: "POST", path: `/oauth/v2/token?${query}` });
    assert.equal(at(asked.body, "error"), "invalid_client");
  }

  const seeded = credentialsOf("acme");
  await app.admin("POST", `/clients/${seeded.clientId}/revoke`);
  await app.engine.run("seed.apply", { seed: seedOf(acme) });
  await assert.rejects(accessTokenOf(app.baseUrl, seeded));
});

test("a client without a user has no refresh token, and a redirect address", async () => {
  await using app = await startApp();
  const body = { org: await orgOf(app), name: "Web", scope: "ZohoCRM.modules.ALL", redirect_uri: "https://app.example/callback" };
  const made = await app.admin("POST", "/clients", body);
  assert.deepEqual([made.status, at(made.body, "refresh_token"), at(made.body, "client", "user_id")], [201, null, null]);
});

test("lists come in pages that leave nothing out", async () => {
  await using app = await startApp({ seed: seedOf(acme, orgFile("globex", "664023000")) });
  for (let count = 0; count < 4; count += 1) {
    app.clock.advance(1);
    assert.equal((await app.admin("POST", "/tokens", { org: "664023000" })).status, 201);
  }
  for (const [path, key, name] of [
    ["/users", "users", "id"],
    ["/clients", "clients", "client_id"],
    ["/tokens", "tokens", "id"],
    ["/audit", "entries", "id"],
  ] as const) {
    const all = listAt((await app.admin("GET", path)).body, key).map((row) => at(row, name));
    assert.ok(all.length > 1, path);
    const paged: unknown[] = [];
    for (let cursor: unknown = ""; typeof cursor === "string";) {
      const { body } = await app.admin("GET", `${path}?limit=1&cursor=${cursor}`);
      paged.push(...listAt(body, key).map((row) => at(row, name)));
      cursor = at(body, "next_cursor");
    }
    assert.deepEqual(paged, all, path);
    assert.equal((await app.admin("GET", `${path}?limit=0`)).status, 400);
  }
  assert.equal((await app.admin("GET", "/tokens?cursor=x")).status, 400);
  assert.deepEqual(at((await app.admin("GET", "/users?org=1")).body, "users"), []);
});

test("every act is written down with who did it and what came of it, and no secret of it", async () => {
  await using app = await startApp();
  await app.admin("POST", "/tokens?secret=s3cret", { scope: "ZohoCRM.org.READ" });
  await app.admin("POST", "/channels/99/pause");
  await app.admin("GET", "/channels");
  await app.admin("PUT", "/channels");
  await send(app.baseUrl, { method: "POST", path: "/api/v1/tokens", headers: { Authorization: "Bearer none" } });
  const answer = await app.admin("GET", "/audit");
  assert.deepEqual(
    listAt(answer.body, "entries").map((entry) => [at(entry, "actor"), at(entry, "method"), at(entry, "path"), at(entry, "status")]),
    [
      ["token", "POST", "/api/v1/channels/99/pause", 404],
      ["token", "POST", "/api/v1/tokens", 201],
    ],
  );
  assert.equal(at(answer.body, "entries", 1, "summary"), "Makes an access token for the CRM");
  assert.ok(!answer.text.includes("s3cret") && !answer.text.includes("ZohoCRM.org") && !answer.text.includes(adminToken));
});

test("audit entries go with the history", async () => {
  await using app = await startApp();
  await app.admin("POST", "/tokens");
  const first = numberAt((await app.admin("GET", "/audit")).body, "entries", 0, "id");
  app.clock.advance(8 * 86_400_000);
  const { removed } = await app.engine.run("retention.purge", { historyMs: 7 * 86_400_000, deadMs: 30 * 86_400_000 });
  assert.ok(removed > 0);
  assert.deepEqual(at((await app.admin("GET", "/audit")).body, "entries"), []);
  await app.admin("POST", "/tokens");
  assert.ok(numberAt((await app.admin("GET", "/audit")).body, "entries", 0, "id") > first, "an id is never given again");
});
