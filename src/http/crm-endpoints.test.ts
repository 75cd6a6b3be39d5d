import assert from "node:assert/strict";
import { test } from "node:test";
import type { WrittenRecord } from "../core/written.ts";
import { limits } from "../core/limits.ts";
import type { Handlers, UnderTest } from "./server-under-test.ts";
import { goodToken, principal, serverUnderTest, startMs } from "./server-under-test.ts";

const caller = { org: principal.org, userId: principal.userId };
const by = { id: principal.userId, name: "Ada Owner" };
const written: WrittenRecord = { id: "7", createdAt: startMs, createdBy: by, modifiedAt: startMs, modifiedBy: by };
const expiresAt = startMs + 1_000;
const resource = { id: "554023000000000131", name: "Deals" };

/** Asks with a valid token, unless `init` brings headers of its own. */
function ask(server: UnderTest, path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${server.baseUrl}${path}`, { headers: goodToken, ...init });
}

type Row = {
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly handlers?: Handlers;
  readonly status: number;
  readonly answer: RegExp;
  readonly asked?: unknown;
};

const page = { page: 1, perPage: 200 };
const filter = { modifiedSince: null, createdFrom: null, createdUntil: null, isNone: false };
const sorted = { sortBy: "id", sortOrder: "desc" } as const;
const listed = { caller, module: "Deals", fields: null, ids: null, ...sorted, page, pageToken: null, filter };
const noTokens = { page: 1, nextPageToken: null, previousPageToken: null, pageTokensExpireAt: null };
const noRecords: Handlers = { "records.list": () => ({ ok: true, value: { rows: [], hasMore: false, ...noTokens } }) };
const writes: Handlers = { "records.write": () => ({ ok: true, value: { module: "Deals", results: [{ ok: true, value: written }] } }) };
const writesUsers: Handlers = { "users.write": () => ({ ok: true, value: [{ ok: true, value: { id: "9" } }] }) };

const rows: readonly Row[] = [
  // Watch.
  {
    path: "/crm/v6/actions/watch",
    handlers: { "watch.list": () => ({ rows: [{ channel_id: "1" }], hasMore: true }) },
    status: 200,
    answer: /^{"watch":\[{"channel_id":"1"}\],"info":{"per_page":200,"count":1,"page":1,"more_records":true}}$/,
  },
  { path: "/crm/v6/actions/watch?page=0", status: 400, answer: /"details":{"param_name":"page"}/ },
  { path: "/crm/v6/actions/watch?per_page=201", status: 400, answer: /"details":{"param_name":"per_page"}/ },
  { path: "/crm/v6/actions/watch?channel_id=x", status: 400, answer: /"details":{"param_name":"channel_id"}/ },
  { path: "/crm/v6/actions/watch?module=a%2Fb", status: 400, answer: /"INVALID_MODULE","details":{"param_name":"module"}/ },
  {
    path: "/crm/v6/actions/watch",
    method: "DELETE",
    status: 400,
    answer: /"REQUIRED_PARAM_MISSING","details":{"param_name":"channel_ids"}/,
  },
  { path: "/crm/v6/actions/watch?channel_ids=,&", method: "DELETE", status: 400, answer: /"REQUIRED_PARAM_MISSING"/ },
  {
    path: `/crm/v6/actions/watch?channel_ids=${Array.from({ length: limits.deleteChannelIdsMax + 1 }, () => 1).join()}`,
    method: "DELETE",
    status: 400,
    answer: /"LIMIT_EXCEEDED"/,
  },
  {
    path: "/crm/v6/actions/watch?channel_ids=1%2C%20-2&channel_ids=3",
    method: "DELETE",
    handlers: {
      "watch.disable": () => [
        { ok: true, value: { channelId: "1", resources: [resource] } },
        { ok: false, error: { code: "not_subscribed" } },
      ],
    },
    status: 207,
    answer: /"channel_id":"1"}.+"NOT_SUBSCRIBED"/,
    asked: { caller, channelIds: ["1", "-2", "3"] },
  },
  {
    path: "/crm/v2.1/actions/watch",
    method: "POST",
    body: { watch: [{ channel_id: "5" }] },
    handlers: { "watch.write": () => [{ ok: true, value: { kind: "subscribed", channelId: "5", expiresAt, resources: [resource] } }] },
    status: 201,
    answer: /"channel_expiry":"2026-01-01T05:30:01\+05:30"/,
    asked: { caller, version: "v2.1", mode: "enable", items: [{ channel_id: "5" }] },
  },
  {
    path: "/crm/v2.1/actions/watch",
    method: "PATCH",
    body: { watch: [{}] },
    handlers: { "watch.write": () => [{ ok: false, error: { code: "mandatory_missing", path: ["watch", 0, "channel_id"] } }] },
    status: 202,
    answer: /"MANDATORY_NOT_FOUND"/,
    asked: { caller, version: "v2.1", mode: "merge", items: [{}] },
  },
  { path: "/crm/v6/actions/watch", method: "PUT", body: {}, status: 400, answer: /"json_path":"\$\.watch"/ },

  // Records.
  { path: "/crm/v6/Deals", status: 400, answer: /"REQUIRED_PARAM_MISSING","details":{"param_name":"fields"}/ },
  { path: "/crm/v2/deals", handlers: noRecords, status: 204, answer: /^$/, asked: { ...listed, module: "deals" } },
  {
    path: "/crm/v6/Deals?fields=Stage,Amount&ids=1,2&sort_by=Modified_Time&sort_order=asc&page=2&per_page=10",
    handlers: { "records.list": () => ({ ok: true, value: { rows: [{ id: "1" }], hasMore: false, ...noTokens } }) },
    status: 200,
    answer: /^{"data":\[{"id":"1"}\],"info":{.*"sort_by":"Modified_Time"/,
    asked: {
      ...listed,
      fields: ["Stage", "Amount"],
      ids: ["1", "2"],
      sortBy: "Modified_Time",
      sortOrder: "asc",
      page: { page: 2, perPage: 10 },
    },
  },
  { path: `/crm/v6/Deals?fields=${"a,".repeat(51)}`, status: 400, answer: /"LIMIT_EXCEEDED","details":{"limit":50,"param_name":"fields"}/ },
  { path: "/crm/v6/Deals?fields=a&sort_by=Stage", status: 400, answer: /"param_name":"sort_by"/ },
  { path: "/crm/v6/Deals?fields=a&page=11", status: 400, answer: /"DISCRETE_PAGINATION_LIMIT_EXCEEDED","details":{"limit":2000}/ },
  { path: "/crm/v2/Deals?page=11", handlers: noRecords, status: 204, answer: /^$/ },
  { path: "/crm/v6/Deals/7", handlers: { "records.get": () => ({ ok: true, value: null }) }, status: 204, answer: /^$/ },
  {
    path: "/crm/v6/Deals/7",
    handlers: { "records.get": () => ({ ok: true, value: { row: { id: "7" }, modifiedAt: startMs } }) },
    status: 200,
    answer: /^{"data":\[{"id":"7"}\]}$/,
    asked: { caller, module: "Deals", id: "7" },
  },
  {
    path: "/crm/v6/Nothing/7",
    handlers: { "records.get": () => ({ ok: false, error: { code: "module_invalid", pathIndex: 0 } }) },
    status: 400,
    answer: /"INVALID_MODULE","details":{"resource_path_index":0}/,
  },
  {
    path: "/crm/v6/Deals/7",
    method: "PUT",
    body: { data: [{ Stage: "Won" }], trigger: ["workflow"] },
    handlers: writes,
    status: 200,
    answer: /"Modified_Time":"2026-01-01T05:30:00\+05:30".+"record updated"/,
    asked: { caller, module: "Deals", operation: "update", items: [{ Stage: "Won" }], idInPath: "7" },
  },
  { path: "/crm/v6/Deals", method: "POST", body: { data: [{}] }, handlers: writes, status: 201, answer: /"record added"/ },
  { path: "/crm/v6/Deals", method: "POST", body: { data: {} }, status: 400, answer: /"json_path":"\$\.data"/ },
  { path: "/crm/v6/Deals", method: "DELETE", status: 400, answer: /"REQUIRED_PARAM_MISSING","details":{"param_name":"ids"}/ },
  {
    path: "/crm/v6/Deals?ids=7,8&wf_trigger=false",
    method: "DELETE",
    handlers: writes,
    status: 200,
    answer: /^{"data":\[{"code":"SUCCESS","details":{"id":"7"},"message":"record deleted","status":"success"}\]}$/,
    asked: { caller, module: "Deals", operation: "delete", items: ["7", "8"], idInPath: null },
  },
  {
    path: "/crm/v6/Deals/7",
    method: "DELETE",
    handlers: {
      "records.write": () => ({
        ok: true,
        value: { module: "Deals", results: [{ ok: false, error: { code: "record_not_deleted", pathIndex: 1 } }] },
      }),
    },
    status: 400,
    answer: /^{"code":"INVALID_DATA","details":{"resource_path_index":1},"message":"record not deleted"/,
    asked: { caller, module: "Deals", operation: "delete", items: ["7"], idInPath: "7" },
  },

  // Metadata, users, org.
  {
    path: "/crm/v6/settings/modules/Deals",
    handlers: { "metadata.module": () => ({ ok: true, value: { api_name: "Deals" } }) },
    status: 200,
    answer: /^{"modules":\[{"api_name":"Deals"}\]}$/,
    asked: { caller, version: "v6", module: "Deals", modifiedSince: null },
  },
  {
    path: "/crm/v6/settings/modules",
    handlers: { "metadata.modules": () => [{ id: "1" }] },
    status: 200,
    answer: /^{"modules":\[{"id":"1"}\]}$/,
  },
  { path: "/crm/v6/settings/fields", status: 400, answer: /"param_name":"module"/ },
  {
    path: "/crm/v6/settings/fields/3?module=Deals",
    handlers: { "metadata.field": () => ({ ok: true, value: null }) },
    status: 204,
    answer: /^$/,
    asked: { caller, version: "v6", module: "Deals", id: "3" },
  },
  {
    path: "/crm/v6/users?type=CurrentUser",
    handlers: { "users.list": () => ({ ok: true, value: { rows: [{ email: "a" }], hasMore: false } }) },
    status: 200,
    answer: /^{"users":\[{"email":"a"}\],"info":{"per_page":200,"count":1,"page":1,"more_records":false}}$/,
    asked: { caller, type: "CurrentUser", ids: null, page },
  },
  {
    path: "/crm/v6/users/9",
    handlers: { "users.get": () => ({ ok: true, value: { id: "9" } }) },
    status: 200,
    answer: /^{"users":\[{"id":"9"}\]}$/,
  },
  {
    path: "/crm/v6/users",
    method: "POST",
    body: { users: [{ email: "a@b.example" }] },
    handlers: writesUsers,
    status: 201,
    answer: /"details":{"id":"9"}/,
    asked: { caller, operation: "insert", items: [{ email: "a@b.example" }], idInPath: null },
  },
  {
    path: "/crm/v6/users/9",
    method: "DELETE",
    handlers: writesUsers,
    status: 200,
    answer: /"SUCCESS"/,
    asked: { caller, operation: "delete", items: ["9"], idInPath: "9" },
  },
  { path: "/crm/v6/org", handlers: { "org.get": () => ({ zgid: "1" }) }, status: 200, answer: /^{"org":\[{"zgid":"1"}\]}$/ },
];

for (const { path, method = "GET", body, handlers = {}, status, answer, asked } of rows) {
  const sent = body === undefined ? "" : ` ${JSON.stringify(body)}`;
  test(`${method} ${path.slice(0, 80)}${sent} answers ${status} ${answer.source.slice(0, 60)}`, async () => {
    await using server = await serverUnderTest(handlers);
    const response = await ask(server, path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    assert.equal(response.status, status);
    assert.match(await response.text(), answer);
    assert.equal(response.headers.has("content-type"), status !== 204);
    if (asked !== undefined) assert.deepEqual(server.asked[0]?.input, asked);
    else if (status === 400) assert.equal(server.asked.length, Object.keys(handlers).length);
    assert.deepEqual(server.faults, []);
  });
}
