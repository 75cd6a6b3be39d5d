/** The OpenAPI document against a running server: how it is served, and that what the server answers is what it says. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import http from "node:http";
import { customDataTypes } from "../../src/core/custom-field.ts";
import type { VersionName } from "../../src/wire/versions.ts";
import { versionNames, versions } from "../../src/wire/versions.ts";
import { ApiDocument } from "../support/api-document.ts";
import { adminToken, startApp } from "../support/app.ts";
import type { App } from "../support/app.ts";
import { accessTokenOf, send } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { Receiver } from "../support/receiver.ts";
import { credentialsOf, orgFile, seedOf } from "../support/seeds.ts";

const api = new ApiDocument();
const seed = seedOf(
  orgFile("acme", "554023000", {
    modules: [
      {
        api_name: "Inspections",
        fields: [
          { api_name: "Score", data_type: "integer", length: 9, unique: true },
          { api_name: "Result", data_type: "picklist", pick_list_values: ["Good", "Bad"] },
          { api_name: "Account", data_type: "lookup", lookup_module: "Accounts" },
        ],
      },
    ],
    records: { Accounts: [{ Account_Name: "Initech" }, { Account_Name: "Globex" }] },
  }),
);

let app: App;
let receiver: Receiver;
let accessToken: string;
before(async () => {
  app = await startApp({ seed });
  receiver = await Receiver.start();
  accessToken = await accessTokenOf(app.baseUrl, credentialsOf("acme"));
});
after(async () => {
  await app?.stop();
  await receiver?.down();
});

type Asked = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Sends the request, and fails unless the document says that it may be answered so. */
async function ask(asked: Asked): Promise<Answer> {
  const token = asked.path.startsWith("/crm/") ? `Zoho-oauthtoken ${accessToken}` : `Bearer ${adminToken}`;
  const answer = await send(app.baseUrl, { ...asked, headers: { Authorization: token, ...asked.headers } });
  api.assertAnswer(asked, answer);
  const isGood = answer.status < 300 && !answer.text.includes('"status":"error"');
  if (isGood && typeof asked.body === "object") api.assertRequest(asked, asked.body);
  return answer;
}

async function get(path: string, ...statuses: readonly number[]): Promise<Answer> {
  const answer = await ask({ method: "GET", path });
  assert.ok((statuses.length === 0 ? [200] : statuses).includes(answer.status), `${path}: ${answer.text}`);
  return answer;
}

/** `call` is a method and a path, with the status behind them when it is not to be 200. */
async function write(call: string, body?: unknown): Promise<Answer> {
  const [method = "", path = "", status = "200"] = call.split(" ");
  const answer = await ask({ method, path, body });
  assert.equal(answer.status, Number(status), `${call}: ${answer.text}`);
  return answer;
}

describe("GET /openapi.json", () => {
  test("anyone gets the document of this server, and may keep it for a while", async () => {
    const answer = await send(app.baseUrl, { method: "GET", path: "/openapi.json" });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["cache-control"], "public, max-age=300");
    assert.equal(at(answer.body, "openapi"), "3.1.0");
    assert.deepEqual(at(answer.body, "servers"), [{ url: app.baseUrl }]);
    assert.equal(
      textAt(answer.body, "components", "securitySchemes", "oauth", "flows", "clientCredentials", "tokenUrl"),
      `${app.baseUrl}/oauth/v2/token`,
    );
    assert.doesNotThrow(() => new ApiDocument(answer.text));
  });

  test("who has it already is told so", async () => {
    const { headers } = await send(app.baseUrl, { method: "GET", path: "/openapi.json" });
    const again = { method: "GET", path: "/openapi.json", headers: { "If-None-Match": `"other", ${headers.etag ?? ""}` } };
    const answer = await send(app.baseUrl, again);
    assert.deepEqual([answer.status, answer.text, answer.headers.etag], [304, "", headers.etag]);
  });

  test("it goes out compressed", async () => {
    const url = new URL("/openapi.json", app.baseUrl);
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      http
        .get(url, { agent: false, headers: { "Accept-Encoding": "gzip" } }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => resolve(Buffer.concat(chunks)));
        })
        .on("error", reject);
    });
    assert.ok(bytes.length < 64 * 1024);
    assert.equal(at(JSON.parse(gunzipSync(bytes).toString("utf8")), "info", "title"), "Watchpost");
  });
});

for (const name of versionNames) {
  test(`${name}: all metadata of every module is as the document says`, async () => {
    const { body } = await get(`/crm/${name}/settings/modules`);
    const modules = listAt(body, "modules").map((module) => textAt(module, "api_name"));
    assert.ok(modules.includes("Inspections"));
    for (const module of modules) {
      await get(`/crm/${name}/settings/modules/${module}`, 200, 400);
      for (const part of ["fields", "layouts", "related_lists"]) await get(`/crm/${name}/settings/${part}?module=${module}`, 200, 204, 400);
    }
    for (const path of ["settings/profiles", "settings/roles", "users", "org"]) await get(`/crm/${name}/${path}`);
  });

  test(`${name}: a channel's life is as the document says`, async () => {
    const path = `/crm/${name}/actions/watch`;
    const row = { channel_id: "7", events: ["Leads.all", "users.all"], notify_url: receiver.url(), token: "t" };
    await write(`POST ${path} 201`, { watch: [{ ...row, ...conditionOf(name) }] });
    await get(`${path}?page=1`);
    await write(`PUT ${path}`, { watch: [row] });
    await write(`PATCH ${path}`, { watch: [{ channel_id: 7, token: null }] });
    await write(`PATCH ${path}`, { watch: [{ channel_id: "7", events: ["Leads.edit"], _delete_events: true }] });
    const mixed = await ask({ method: "POST", path, body: { watch: [{ ...row, channel_id: "8" }, {}] } });
    assert.equal(mixed.status, versions[name].watchFailure.someFailed);
    await write(`DELETE ${path}?channel_ids=7,8`);
    await get(path, 204);
  });

  test(`${name}: records are written, listed and searched as the document says`, async () => {
    const base = `/crm/${name}/Leads`;
    const id = textAt(
      (await write(`POST ${base} 201`, { data: [{ Last_Name: "Roe", Email: `${name}@acme.example` }] })).body,
      "data",
      0,
      "details",
      "id",
    );
    await write(`PUT ${base}`, { data: [{ id, Company: "Initech" }] });
    await write(`PUT ${base}/${id}`, { data: [{ Company: "Globex" }], trigger: [] });
    await write(`POST ${base}/upsert`, {
      data: [{ Last_Name: "Roe", Email: `${name}@acme.example` }],
      duplicate_check_fields: ["Email"],
    });
    const mixed = await ask({ method: "POST", path: base, body: { data: [{ Last_Name: "Doe" }, {}] } });
    assert.equal(mixed.status, versions[name].recordFailure.someFailed);
    await get(`${base}/${id}`);
    for (const path of [
      "?fields=Last_Name,Owner&per_page=1",
      "/search?word=Roe",
      "/search?criteria=(Last_Name:equals:Roe)",
      "/actions/count",
    ]) {
      await get(`${base}${path}`);
    }
    const note = textAt((await write(`POST ${base}/${id}/Notes 201`, { data: [{ Note_Content: "Hi" }] })).body, "data", 0, "details", "id");
    await get(`${base}/${id}/Notes?fields=Note_Content`);
    await get(`${base}/${id}/Notes/${note}`);
    await write(`PUT ${base}/${id}/Notes/${note}`, { data: [{ Note_Content: "Bye" }] });
    await write(`DELETE ${base}/${id}/Notes?ids=${note}`);
    const campaign = textAt(
      (await write(`POST /crm/${name}/Campaigns 201`, { data: [{ Campaign_Name: "Fair" }] })).body,
      "data",
      0,
      "details",
      "id",
    );
    await write(`PUT /crm/${name}/Campaigns/${campaign}/Leads`, { data: [{ id, Member_Status: "Sent" }] });
    await get(`/crm/${name}/Campaigns/${campaign}/Leads?fields=Last_Name`);
    await write(`DELETE /crm/${name}/Campaigns/${campaign}/Leads/${id}`);
    await write(`DELETE ${base}?ids=${id}`);
    await get(`${base}/deleted`);
  });
}

function conditionOf(name: VersionName): Readonly<Record<string, unknown>> {
  if (!versions[name].takesConditions) return {};
  const members = ["Last_Name", "Company"].map((api_name) => ({ field: { api_name } }));
  const selection = { group_operator: "or", group: members };
  return { notification_condition: [{ type: "field_selection", module: { api_name: "Leads" }, field_selection: selection }] };
}

test("custom fields of every type and custom modules are made, changed and deleted as the document says", async () => {
  const fields = "/crm/v8/settings/fields?module=Inspections";
  const ids: string[] = [];
  for (const dataType of customDataTypes) {
    const more = dataType.endsWith("picklist") ? { pick_list_values: [{ display_value: "A", actual_value: "a" }] } : {};
    const target = dataType === "lookup" ? { lookup: { module: { api_name: "Deals" } } } : {};
    const body = { fields: [{ field_label: `A ${dataType}`, data_type: dataType, ...more, ...target }] };
    ids.push(textAt((await write(`POST ${fields} 201`, body)).body, "fields", 0, "details", "id"));
  }
  for (const name of versionNames) await get(`/crm/${name}/settings/fields?module=Inspections`);
  await write(`PATCH ${fields}`, { fields: [{ id: ids[0], field_label: "Another" }] });
  await write(`PATCH ${fields.replace("?", `/${ids[0] ?? ""}?`)}`, { fields: [{ field_label: "Yet another" }] });
  await write(`DELETE ${fields.replace("?", `/${ids[0] ?? ""}?`)}`);

  const profile = textAt((await get("/crm/v8/settings/profiles")).body, "profiles", 0, "id");
  const body = { modules: [{ singular_label: "Visit", plural_label: "Visits", profiles: [{ id: profile }] }] };
  const id = textAt((await write("POST /crm/v8/settings/modules 201", body)).body, "modules", 0, "details", "id");
  await write("PUT /crm/v8/settings/modules", { modules: [{ id, plural_label: "Calls on people" }] });
  await write(`PATCH /crm/v8/settings/modules/${id}`, { modules: [{ singular_label: "Call on people" }] });
  await get(`/crm/v8/settings/modules/${id}`);
  await write(`DELETE /crm/v8/settings/modules/${id}`);
  assert.equal((await ask({ method: "POST", path: "/crm/v5/settings/modules", body })).status, 400);
});

test("users are written as the document says", async () => {
  const body = { users: [{ email: "new@acme.example", last_name: "New", phone: null }] };
  const id = textAt((await write("POST /crm/v8/users 201", body)).body, "users", 0, "details", "id");
  await write(`PUT /crm/v8/users/${id}`, { users: [{ first_name: "Very" }] });
  await write("PUT /crm/v8/users", { users: [{ id, city: "Trondheim" }] });
  await get(`/crm/v8/users/${id}`);
  await get("/crm/v8/users?type=CurrentUser");
  await write(`DELETE /crm/v8/users/${id}`);
});

test("tokens, the profile, the probes and the admin API answer as the document says", async () => {
  const { clientId, clientSecret, refreshToken } = credentialsOf("acme");
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  });
  await write(`POST /oauth/v2/token?${form.toString()}`);
  await write("POST /oauth/v2/token?grant_type=none");
  await write("POST /oauth/v2/token/revoke?token=none 400");
  await ask({ method: "GET", path: "/oauth/user/info", headers: { Authorization: `Bearer ${accessToken}` } });
  assert.equal((await ask({ method: "GET", path: "/oauth/user/info", headers: { Authorization: "Bearer none" } })).status, 401);
  for (const path of ["/livez", "/readyz", "/"]) await get(path);
  assert.equal((await ask({ method: "GET", path: "/api/v1/channels", headers: { Authorization: "Bearer none" } })).status, 401);
  assert.equal((await ask({ method: "DELETE", path: "/api/v1/channels" })).status, 405);

  await write("POST /crm/v8/actions/watch 201", { watch: [{ channel_id: "9", events: ["Deals.all"], notify_url: receiver.url() }] });
  await write("POST /crm/v8/Deals 201", { data: [{ Deal_Name: "Big one", Stage: "Qualification" }] });
  await write("POST /api/v1/clock", { advance: "0s" });
  await get("/api/v1/clock");
  await write("POST /api/v1/clock 409", { now: "2001-01-01T00:00:00Z" });
  const deliveries = await get("/api/v1/deliveries?module=Deals&limit=1");
  await get(`/api/v1/deliveries/${numberAt(deliveries.body, "deliveries", 0, "id")}`);
  await get("/api/v1/deliveries/0", 404);
  const key = numberAt((await get("/api/v1/channels")).body, "channels", 0, "key");
  await get(`/api/v1/channels/${key}`);
  for (const act of ["pause", "resume"]) await write(`POST /api/v1/channels/${key}/${act}`);
  const until = new Date(app.virtualClock.now() + 86_400_000).toISOString();
  await write(`POST /api/v1/channels/${key}/renew`, { until });
  await write(`POST /api/v1/channels/${key}/renew 400`, { until: "never" });
  await write(`POST /api/v1/channels/${key}/rotate`, { overlap: "1h" });
  await write(`POST /api/v1/channels/${key}/secret 409`);
  await write(`POST /api/v1/channels/${key}/order`, { order: "none" });
  await write(`POST /api/v1/channels/${key}/order 400`, { order: "some" });
  await write(`POST /api/v1/channels/${key}/test 202`);
});

test("answers about the past are those that the document describes", async () => {
  const change = numberAt((await get("/api/v1/changes?module=Deals&limit=1")).body, "changes", 0, "id");
  await get(`/api/v1/changes/${change}`);
  await get("/api/v1/changes/0", 404);
  await get(`/api/v1/changes/${change}/explain`);
  const delivery = numberAt((await get("/api/v1/deliveries?status=delivered&limit=1")).body, "deliveries", 0, "id");
  await write(`POST /api/v1/deliveries/${delivery}/replay 202`);
  await write("POST /api/v1/deliveries/0/replay 404");
  await write(`POST /api/v1/deliveries/${delivery}/skip 409`);
  await write("POST /api/v1/replays 200", { what: "deliveries", dry_run: true });
  const made = await write("POST /api/v1/replays 201", { what: "deliveries", module: "Deals" });
  const id = numberAt(made.body, "replay", "id");
  await get("/api/v1/replays");
  await get(`/api/v1/replays/${id}`);
  await write(`POST /api/v1/replays/${id}/cancel`);
  await write("POST /api/v1/replays/0/cancel 404");
  for (const body of [
    {},
    { what: "all" },
    { what: "missed" },
    { what: "deliveries", rate_per_second: 0 },
    { what: "deliveries", from: "soon" },
  ]) {
    await write("POST /api/v1/replays 400", body);
  }
});

test("access, the audit log, the figures, the inbox and the console's session answer as the document says", async () => {
  const org = textAt((await get("/api/v1/users?limit=1")).body, "users", 0, "org");
  const scope = "ZohoCRM.modules.ALL";
  const made = await write("POST /api/v1/clients 201", { org, name: "App", scope, redirect_uri: "https://app.example/back" });
  await get("/api/v1/clients");
  await write("POST /api/v1/clients 400", { org, name: "App" });
  await write(`POST /api/v1/clients/${textAt(made.body, "client", "client_id")}/revoke`);
  await write("POST /api/v1/clients/none/revoke 404");
  const token = await write("POST /api/v1/tokens 201", { scope });
  await get("/api/v1/tokens");
  await write(`POST /api/v1/tokens/${textAt(token.body, "token", "id")}/revoke`);
  await write("POST /api/v1/tokens/0123456789abcdef/revoke 404");
  await get("/api/v1/audit?limit=3");
  await get("/api/v1/stats?step=60");
  await write("POST /inbox/first", { channel_id: "1" });
  await write("POST /inbox/first?delay=x 400", {});
  await get("/api/v1/inbox");
  await write("POST /api/v1/inbox/clear 204");

  const bare = { Authorization: "" };
  const session = (method: string, headers: Readonly<Record<string, string>>, body?: unknown) =>
    ask({ method, path: "/console/session", headers: { ...bare, ...headers }, body });
  assert.equal((await session("POST", {}, { token: "none" })).status, 401);
  assert.equal((await session("POST", {}, {})).status, 400);
  const signedIn = await session("POST", {}, { token: adminToken });
  assert.equal(signedIn.status, 204);
  const Cookie = signedIn.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  assert.equal(at((await session("GET", { Cookie })).body, "signed_in"), true);
  assert.equal((await session("DELETE", { Cookie })).status, 403);
});

/** A parameter of the document that can be tried out: one of some words, a number in bounds, or a list with an end. */
type Trial = { readonly path: string; readonly name: string; readonly good: readonly string[]; readonly bad: readonly string[] };

/** Enough for any GET of the CRM; a part of a path is that of a record that is there. */
const readablePaths: readonly (readonly [template: string, path: string, query: string])[] = [
  ["/crm/{version}/actions/watch", "/crm/v8/actions/watch", ""],
  ["/crm/{version}/settings/modules", "/crm/v8/settings/modules", ""],
  ["/crm/{version}/settings/fields", "/crm/v8/settings/fields", "module=Leads&"],
  ["/crm/{version}/users", "/crm/v8/users", ""],
  ["/crm/{version}/{module}", "/crm/v8/Accounts", "fields=id&"],
  ["/crm/{version}/{module}/search", "/crm/v8/Accounts/search", "word=Initech&"],
  ["/crm/{version}/{module}/deleted", "/crm/v8/Accounts/deleted", ""],
  ["/api/v1/deliveries", "/api/v1/deliveries", ""],
  ["/api/v1/channels", "/api/v1/channels", ""],
  ["/api/v1/changes", "/api/v1/changes", ""],
  ["/api/v1/replays", "/api/v1/replays", ""],
  ["/api/v1/orgs", "/api/v1/orgs", ""],
  ["/api/v1/users", "/api/v1/users", ""],
  ["/api/v1/tokens", "/api/v1/tokens", ""],
  ["/api/v1/stats", "/api/v1/stats", ""],
];

function trialsOf(): readonly Trial[] {
  return readablePaths.flatMap(([template, path, query]) =>
    api.listAt("paths", template, "get", "parameters").flatMap((parameter) => {
      const name = textAt(parameter, "name");
      const schema = Object(at(parameter, "schema"));
      const others = query.replace(new RegExp(`\\b${name}=[^&]*&`), "");
      const trial = (good: readonly string[], bad: readonly string[]) => [{ path: `${path}?${others}`, name, good, bad }];
      if (Array.isArray(schema.enum)) return trial(schema.enum, ["unicorn"]);
      // A page far out is refused for other reasons, or finds nothing.
      if (schema.type === "integer" && name !== "page" && name !== "cursor") {
        return trial([`${schema.minimum}`, `${schema.maximum}`], ["0", `${schema.maximum + 1}`]);
      }
      if (schema.type === "array") {
        const one = schema.items?.enum?.[0] ?? (name === "fields" ? "id" : "1");
        return trial([listOf(one, schema.maxItems)], [listOf(one, schema.maxItems + 1)]);
      }
      return [];
    }),
  );
}

function listOf(entry: string, count: number): string {
  return Array.from({ length: count }, () => entry).join(",");
}

test("the words, bounds and lengths of parameters are those that the server holds them to", async () => {
  const trials = trialsOf();
  assert.ok(trials.length > 20, `${trials.length}`);
  for (const { path, name, good, bad } of trials) {
    for (const value of good) await get(`${path}${name}=${value}`, 200, 204);
    for (const value of bad) await get(`${path}${name}=${value}`, 400);
  }
});

// The last: it lets the access token of the others end.
test("lifecycle events, orgs and their lifecycle_url are answered as the document says", async () => {
  const path = "/api/v1/orgs/554023000/lifecycle";
  await write(`POST /crm/v8/actions/watch 201`, { watch: [{ channel_id: "70", events: ["Leads.all"], notify_url: receiver.url() }] });
  await write(`POST ${path}`, { url: receiver.url("/ops") });
  const { body } = await get("/api/v1/channels");
  const lifecycle = listAt(body, "channels").find((channel) => textAt(channel, "kind") === "lifecycle");
  const until = new Date(app.virtualClock.now() + 86_400_000).toISOString();
  await write(`POST /api/v1/channels/${numberAt(lifecycle, "key")}/renew 409`, { until });
  await get(`/api/v1/channels/${numberAt(lifecycle, "key")}`);
  await write("POST /api/v1/clock", { advance: "1h" });
  assert.ok(listAt((await get("/api/v1/lifecycle-events")).body, "events").length >= 2);
  await get("/api/v1/lifecycle-events?channel_key=x", 400);
  await get("/api/v1/deliveries?module=lifecycle");
  await get("/api/v1/orgs");
  await get("/api/v1/orgs?limit=0", 400);
  await write(`POST ${path} 400`, { url: "http://10.0.0.1/" });
  await write(`POST ${path} 400`, {});
  await write("POST /api/v1/orgs/7/lifecycle 404", { url: null });
  await write(`POST ${path}`, { url: null });
});
