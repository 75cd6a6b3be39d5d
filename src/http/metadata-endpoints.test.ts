import assert from "node:assert/strict";
import { test } from "node:test";
import { versionNames, versions } from "../wire/versions.ts";
import type { Handlers, UnderTest } from "./server-under-test.ts";
import { goodToken, principal, serverUnderTest, startMs } from "./server-under-test.ts";

const caller = { org: principal.org, userId: principal.userId };
const asked = { caller, version: "v8" };
const since = { ...goodToken, "if-modified-since": "2026-01-01T00:00:00Z" };
const done: Handlers = {
  "metadata.writeFields": () => ({ ok: true, value: [{ ok: true, value: { id: "9" } }] }),
  "metadata.writeModules": () => ({ ok: true, value: [{ ok: true, value: { id: "9" } }] }),
};

type Row = {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly handlers?: Handlers;
  readonly status: number;
  readonly answer?: RegExp;
  readonly asked?: unknown;
};

const rows: readonly Row[] = [
  {
    path: "/settings/modules?status=visible,user_hidden&",
    handlers: { "metadata.modules": () => [{ id: "1" }] },
    status: 200,
    answer: /^{"modules":\[{"id":"1"}\]}$/,
    asked: { ...asked, statuses: ["visible", "user_hidden"], modifiedSince: null },
  },
  {
    path: "/settings/modules",
    headers: since,
    handlers: { "metadata.modules": () => null },
    status: 304,
    asked: { ...asked, statuses: null, modifiedSince: startMs },
  },
  {
    path: "/settings/modules?status=hidden",
    status: 400,
    answer: /"details":{"supported_values":\["visible","user_hidden","system_hidden","scheduled_for_deletion"\],"param_name":"status"}/,
  },
  { path: "/settings/modules/Deals", headers: since, handlers: { "metadata.module": () => ({ ok: true, value: null }) }, status: 304 },
  {
    path: "/settings/fields?module=deals&type=unused&include=allowed_permissions_to_update",
    handlers: { "metadata.fields": () => ({ ok: true, value: [] }) },
    status: 204,
    asked: { ...asked, module: "deals", type: "unused" },
  },
  { path: "/settings/fields?module=Deals&type=some", status: 400, answer: /"param_name":"type"/ },
  {
    path: "/settings/layouts?module=Deals",
    headers: since,
    handlers: { "metadata.layouts": () => ({ ok: true, value: [{ id: "3" }] }) },
    status: 200,
    answer: /^{"layouts":\[{"id":"3"}\]}$/,
    asked: { ...asked, module: "Deals", id: null, modifiedSince: startMs },
  },
  {
    path: "/settings/layouts/3?module=Deals",
    handlers: { "metadata.layouts": () => ({ ok: true, value: null }) },
    status: 304,
    asked: { ...asked, module: "Deals", id: "3", modifiedSince: null },
  },
  { path: "/settings/layouts", status: 400, answer: /"REQUIRED_PARAM_MISSING","details":{"param_name":"module"}/ },
  {
    path: "/settings/related_lists?module=Deals&layout_id=7",
    handlers: { "metadata.relatedLists": () => ({ ok: true, value: [{ id: "4" }] }) },
    status: 200,
    answer: /^{"related_lists":\[{"id":"4"}\]}$/,
    asked: { ...asked, module: "Deals", id: null },
  },
  { path: "/settings/related_lists?module=Deals&layout_id=x", status: 400, answer: /"param_name":"layout_id"/ },
  { path: "/settings/profiles", status: 200, answer: /^{"profiles":\[{"name":"Administrator","id":"554023000000000103",/ },
  { path: "/settings/profiles/554023000000000103", status: 200, answer: /^{"profiles":\[{"name":"Administrator"/ },
  { path: "/settings/profiles/1", status: 204 },
  { path: "/settings/roles", status: 200, answer: /^{"roles":\[{"name":"CEO","id":"554023000000000102",/ },
  { path: "/settings/roles/1", status: 204 },

  {
    path: "/settings/fields?module=Deals",
    method: "POST",
    body: { fields: [{ field_label: "A" }] },
    handlers: done,
    status: 201,
    answer: /^{"fields":\[{"code":"SUCCESS","details":{"id":"9"},"message":"field created","status":"success"}\]}$/,
    asked: { caller, module: "Deals", operation: "insert", items: [{ field_label: "A" }], idInPath: null },
  },
  { path: "/settings/fields", method: "POST", body: { fields: [{}] }, status: 400, answer: /"param_name":"module"/ },
  { path: "/settings/fields?module=Deals", method: "POST", body: { fields: [] }, status: 400, answer: /"MANDATORY_NOT_FOUND"/ },
  {
    path: "/settings/fields?module=Deals",
    method: "PATCH",
    body: { fields: [{}, {}, {}, {}, {}, {}] },
    status: 400,
    answer: /"LIMIT_EXCEEDED","details":{"maximum_length":5,"api_name":"fields"}/,
  },
  {
    path: "/settings/fields/9?module=Deals",
    method: "PATCH",
    body: { fields: [{ length: 3 }] },
    handlers: done,
    status: 200,
    answer: /"field updated"/,
    asked: { caller, module: "Deals", operation: "update", items: [{ length: 3 }], idInPath: "9" },
  },
  {
    path: "/settings/fields/9?module=Deals",
    method: "DELETE",
    handlers: done,
    status: 200,
    answer: /"field deleted"/,
    asked: { caller, module: "Deals", operation: "delete", items: ["9"], idInPath: "9" },
  },
  {
    path: "/settings/fields/9?module=Deals",
    method: "DELETE",
    handlers: { "metadata.writeFields": () => ({ ok: true, value: [{ ok: false, error: { code: "id_unknown_in_path", pathIndex: 2 } }] }) },
    status: 400,
    answer: /^{"code":"INVALID_DATA","details":{"resource_path_index":2}/,
  },
  {
    path: "/settings/modules",
    method: "POST",
    body: { modules: [{}] },
    handlers: done,
    status: 201,
    answer: /"module created successfully"/,
    asked: { caller, operation: "insert", items: [{}], nameInPath: null },
  },
  ...["PUT", "PATCH"].flatMap((method): readonly Row[] => [
    {
      path: "/settings/modules/Visits",
      method,
      body: { modules: [{}] },
      handlers: done,
      status: 200,
      answer: /"module updated successfully"/,
      asked: { caller, operation: "update", items: [{}], nameInPath: "Visits" },
    },
    { path: "/settings/modules", method, body: {}, status: 400, answer: /"MANDATORY_NOT_FOUND"/ },
  ]),
  {
    path: "/settings/modules/Visits",
    method: "DELETE",
    handlers: done,
    status: 200,
    answer: /"module deleted successfully"/,
    asked: { caller, operation: "delete", items: ["Visits"], nameInPath: "Visits" },
  },
];

for (const row of rows) {
  const { path, method = "GET", headers = goodToken, status, answer = /^$/ } = row;
  const told = "if-modified-since" in headers ? " if modified" : "";
  const sent = row.body === undefined ? "" : ` ${JSON.stringify(row.body)}`;
  test(`${method} ${path}${told}${sent} answers ${status} ${answer.source.slice(0, 60)}`, async () => {
    await using server = await serverUnderTest(row.handlers ?? {});
    const response = await ask(server, path, row);
    assert.equal(response.status, status);
    assert.match(await response.text(), answer);
    if (row.asked !== undefined) assert.deepEqual(server.asked[0]?.input, row.asked);
    assert.deepEqual(server.faults, []);
  });
}

test("fields and modules are made and deleted from v6 on; earlier versions are told so, and change labels of modules all the same", async () => {
  await using server = await serverUnderTest(done);
  for (const version of versionNames) {
    const body = JSON.stringify({ fields: [{}], modules: [{}] });
    const statusOf = async (method: string, path: string) =>
      (await fetch(`${server.baseUrl}/crm/${version}${path}`, { method, headers: goodToken, ...(method === "DELETE" ? {} : { body }) }))
        .status;
    const writes = versions[version].writesMetadata;
    assert.equal(await statusOf("POST", "/settings/fields?module=Deals"), writes ? 201 : 400, version);
    assert.equal(await statusOf("DELETE", "/settings/fields/9?module=Deals"), writes ? 200 : 400, version);
    assert.equal(await statusOf("POST", "/settings/modules"), writes ? 201 : 400, version);
    assert.equal(await statusOf("DELETE", "/settings/modules/Visits"), writes ? 200 : 400, version);
    assert.equal(await statusOf("PUT", "/settings/modules/Visits"), 200, version);
  }
});

function ask(server: UnderTest, path: string, { method = "GET", headers = goodToken, body }: Row): Promise<Response> {
  return fetch(`${server.baseUrl}/crm/v8${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}
