import assert from "node:assert/strict";
import { test } from "node:test";
import { buildDocument } from "./document.ts";

const server = { baseUrl: "https://crm.example", version: "1.2.3" };
const org = { surface: "crm", path: "/crm/:version/org", needs: { GET: { service: "org", part: null, operation: "READ" } } } as const;

function text(value: unknown): string {
  return JSON.stringify(value);
}

test("a route appears under its template, with its named parts as parameters and its scopes as alternatives", () => {
  const { paths } = buildDocument([org], server);
  const path = Object(paths)["/crm/{version}/org"];
  assert.deepEqual(Object.keys(Object(paths)), ["/crm/{version}/org"]);
  assert.deepEqual([path.parameters[0].name, path.parameters[0].in, path.parameters[0].required], ["version", "path", true]);
  assert.deepEqual(path.get["x-scopes"], [["ZohoCRM.org.ALL"], ["ZohoCRM.org.READ"]]);
  assert.ok(text(path.get.security).includes(text({ zohoOauthtoken: ["ZohoCRM.org.READ"] })));
});

test("the scopes of a module's records name the module in the path", () => {
  const needs = { POST: { service: "modules", part: "leads", operation: "CREATE" } } as const;
  const { paths } = buildDocument([{ surface: "crm", path: "/crm/:version/:module/upsert", needs }], server);
  const { post } = Object(paths)["/crm/{version}/{module}/upsert"];
  assert.ok(text(post["x-scopes"]).includes("ZohoCRM.modules.{module}.CREATE"));
  assert.ok(!text(post.security).includes("{module}"));
});

test("the admin API needs the admin token, a probe nothing", () => {
  const admin = { surface: "admin", path: "/api/v1/clock", needs: { GET: null } } as const;
  const probe = { surface: "open", path: "/livez", needs: { GET: null } } as const;
  const { paths } = buildDocument([admin, probe], server);
  assert.deepEqual(Object(paths)["/api/v1/clock"].get.security, [{ adminToken: [] }, { consoleSession: [] }]);
  assert.deepEqual(Object(paths)["/livez"].get.security, []);
});

test("the server's own address and version are in it", () => {
  const document = buildDocument([org], server);
  assert.deepEqual([Object(document.info).version, document.servers], ["1.2.3", [{ url: "https://crm.example" }]]);
});
