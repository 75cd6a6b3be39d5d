import assert from "node:assert/strict";
import { test } from "node:test";
import type { Handlers } from "./server-under-test.ts";
import { goodToken, principal, serverUnderTest, startMs } from "./server-under-test.ts";

const caller = { org: principal.org, userId: principal.userId };
const firstPage = { page: 1, perPage: 200 };
const filter = { modifiedSince: null, createdFrom: null, createdUntil: null, isNone: false };
const order = { sortBy: "id", sortOrder: "desc" } as const;
const lists = { caller, module: "Deals", fields: ["a"], ids: null, ...order, page: firstPage, pageToken: null, filter };
const path = { module: "Accounts", id: "7", list: "Contacts" };
const nothing = { rows: [], hasMore: false };
const one = { rows: [{ id: "1" }], hasMore: true };
const isoHeader = { "If-Modified-Since": "2026-01-01T05:30:00+05:30" };

/** A list that gives these rows, and a token on either side. */
function listing(page: typeof one | typeof nothing): Handlers {
  const tokens = { page: 3, nextPageToken: "n", previousPageToken: "p", pageTokensExpireAt: startMs };
  return { "records.list": () => ({ ok: true, value: { ...page, ...tokens } }) };
}

type Row = {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly handlers?: Handlers;
  readonly status: number;
  readonly answer: RegExp;
  readonly asked?: unknown;
};

const rows: readonly Row[] = [
  // Page tokens.
  {
    path: "/crm/v6/Deals?fields=a&page_token=x",
    handlers: listing(one),
    status: 200,
    answer:
      /"next_page_token":"n","count":1,"sort_by":"id","page":3,"previous_page_token":"p","page_token_expiry":"2026-01-01T05:30:00\+05:30","sort_order":"desc".*"more_records":true/,
    asked: { ...lists, pageToken: "x" },
  },
  {
    path: "/crm/v2/Deals",
    handlers: listing(one),
    status: 200,
    answer: /"info":{"per_page":200,"count":1,"page":3,"more_records":true}}$/,
  },
  {
    path: "/crm/v6/Deals?fields=a&page=2&page_token=x",
    status: 400,
    answer:
      /"AMBIGUITY_DURING_PROCESSING","details":{"ambiguity_due_to":\[{"api_name":"page","json_path":"\$\.query\.page"},{"api_name":"page_token"/,
  },
  {
    path: "/crm/v6/Deals?fields=a&page_token=x",
    handlers: { "records.list": () => ({ ok: false, error: { code: "page_token_mismatch", param: "page_token" } }) },
    status: 400,
    answer: /^{"code":"TOKEN_BOUND_DATA_MISMATCH","details":{"param_name":"page_token"},"message":"The page_token given seems/,
  },
  {
    path: "/crm/v6/Deals?fields=a&page_token=x",
    handlers: { "records.list": () => ({ ok: false, error: { code: "page_token_expired", path: ["query", "page_token"] } }) },
    status: 400,
    answer:
      /^{"code":"EXPIRED_VALUE","details":{"api_name":"page_token","json_path":"\$\.query\.page_token"},"message":"Page token expired"/,
  },

  // Filters.
  {
    path: "/crm/v6/Deals?fields=a&startDateTime=2026-01-01T05:30:00%2B05:30&endDateTime=2026-01-01T00:00:01Z&uid=5&include_child=true",
    handlers: listing(one),
    status: 200,
    answer: /"data"/,
    asked: { ...lists, filter: { ...filter, createdFrom: startMs, createdUntil: startMs + 1_000 } },
  },
  ...["converted=true", "approved=false", "territory_id=9"].map((query) => ({
    path: `/crm/v6/Deals?fields=a&${query}`,
    handlers: listing(nothing),
    status: 204,
    answer: /^$/,
    asked: { ...lists, filter: { ...filter, isNone: true } },
  })),
  ...["converted=x", "approved=x", "include_child=x", "territory_id=x", "uid=x", "startDateTime=x", "endDateTime=x", "cvid=9"].map(
    (query) => ({
      path: `/crm/v6/Deals?fields=a&${query}`,
      status: 400,
      answer: new RegExp(`"INVALID_DATA","details":{"param_name":"${query.split("=")[0]}"}`),
    }),
  ),
  {
    path: "/crm/v6/Deals?fields=a&cvid=9&sort_by=id",
    status: 400,
    answer: /"AMBIGUITY_DURING_PROCESSING","details":{"ambiguity_due_to":\[{"api_name":"cvid"/,
  },

  // Conditions.
  {
    path: "/crm/v6/Deals?fields=a",
    headers: isoHeader,
    handlers: listing(one),
    status: 200,
    answer: /"data"/,
    asked: { ...lists, filter: { ...filter, modifiedSince: startMs } },
  },
  { path: "/crm/v6/Deals?fields=a", headers: isoHeader, handlers: listing(nothing), status: 304, answer: /^$/ },
  { path: "/crm/v6/Deals?fields=a", headers: { "If-Modified-Since": "soon" }, handlers: listing(nothing), status: 204, answer: /^$/ },
  {
    path: "/crm/v6/Deals/7",
    headers: isoHeader,
    handlers: { "records.get": () => ({ ok: true, value: { row: { id: "7" }, modifiedAt: startMs + 999 } }) },
    status: 304,
    answer: /^$/,
  },
  {
    path: "/crm/v6/Deals/7",
    headers: isoHeader,
    handlers: { "records.get": () => ({ ok: true, value: { row: { id: "7" }, modifiedAt: startMs + 1_000 } }) },
    status: 200,
    answer: /^{"data":\[{"id":"7"}\]}$/,
  },
  {
    path: "/crm/v2/Deals/7",
    method: "PUT",
    headers: { "If-Unmodified-Since": "Thu, 01 Jan 2026 00:00:00 GMT" },
    body: { data: [{}] },
    handlers: {
      "records.write": () => ({ ok: true, value: { module: "Deals", results: [{ ok: false, error: { code: "already_modified" } }] } }),
    },
    status: 412,
    answer: /^{"data":\[{"code":"ALREADY_MODIFIED"/,
    asked: { caller, module: "Deals", operation: "update", items: [{}], idInPath: "7", unmodifiedSince: startMs },
  },

  // Count and deleted.
  {
    path: "/crm/v6/Deals/actions/count",
    handlers: { "records.count": () => ({ ok: true, value: 12 }) },
    status: 200,
    answer: /^{"count":12}$/,
    asked: { caller, module: "Deals" },
  },
  { path: "/crm/v6/Deals/actions/count?cvid=9", status: 400, answer: /"INVALID_DATA","details":{"param_name":"cvid"}/ },
  { path: "/crm/v6/Deals/actions/count?word=a", status: 400, answer: /"NOT_SUPPORTED","details":{"param_name":"word"}/ },
  {
    path: "/crm/v6/Deals/deleted?type=recycle&page=2&per_page=1",
    headers: isoHeader,
    handlers: { "records.deleted": () => ({ ok: true, value: one }) },
    status: 200,
    answer: /^{"data":\[{"id":"1"}\],"info":{"per_page":1,"count":1,"page":2,"more_records":true}}$/,
    asked: { caller, module: "Deals", type: "recycle", page: { page: 2, perPage: 1 }, modifiedSince: startMs },
  },
  {
    path: "/crm/v6/Deals/deleted",
    handlers: { "records.deleted": () => ({ ok: true, value: nothing }) },
    status: 204,
    answer: /^$/,
    asked: { caller, module: "Deals", type: "all", page: firstPage, modifiedSince: null },
  },
  {
    path: "/crm/v6/Deals/deleted",
    headers: isoHeader,
    handlers: { "records.deleted": () => ({ ok: true, value: nothing }) },
    status: 304,
    answer: /^$/,
  },
  {
    path: "/crm/v6/Deals/deleted?type=some",
    status: 400,
    answer: /^{"code":"PATTERN_NOT_MATCHED","details":{"param_name":"type"},"message":"Please check whether the input values are correct"/,
  },

  // Related records.
  {
    path: "/crm/v6/Accounts/7/Contacts?fields=Last_Name",
    handlers: { "related.list": () => ({ ok: true, value: { ...one, module: "Contacts" } }) },
    status: 200,
    answer: /^{"data":\[{"id":"1"}\],"info":{"call":false,"per_page":200,"next_page_token":null/,
    asked: { caller, path, fields: ["Last_Name"], ...order, page: firstPage, modifiedSince: null },
  },
  { path: "/crm/v6/Accounts/7/Contacts", status: 400, answer: /"REQUIRED_PARAM_MISSING","details":{"param_name":"fields"}/ },
  {
    path: "/crm/v2/Accounts/7/Contacts",
    headers: isoHeader,
    handlers: { "related.list": () => ({ ok: true, value: { ...nothing, module: "Contacts" } }) },
    status: 304,
    answer: /^$/,
  },
  {
    path: "/crm/v2/Accounts/7/Nothing",
    handlers: { "related.list": () => ({ ok: false, error: { code: "relation_invalid", pathIndex: 2 } }) },
    status: 400,
    answer: /"INVALID_DATA","details":{"resource_path_index":2},"message":"the relation name given seems to be invalid"/,
  },
  {
    path: "/crm/v6/Accounts/7/Contacts/8",
    handlers: { "related.get": () => ({ ok: true, value: { row: { id: "8" }, modifiedAt: startMs, module: "Contacts" } }) },
    status: 200,
    answer: /^{"data":\[{"id":"8"}\]}$/,
    asked: { caller, path, relatedId: "8" },
  },
  { path: "/crm/v6/Accounts/7/Contacts/8", handlers: { "related.get": () => ({ ok: true, value: null }) }, status: 204, answer: /^$/ },
  {
    path: "/crm/v6/Campaigns/7/Leads/8",
    method: "PUT",
    body: { data: [{ Member_Status: "Active" }] },
    handlers: { "related.write": () => ({ ok: true, value: { kind: "links", results: [{ ok: true, value: { id: "8" } }] } }) },
    status: 200,
    answer: /^{"data":\[{"code":"SUCCESS","details":{"id":"8"},"message":"relation added","status":"success"}\]}$/,
    asked: {
      caller,
      path: { module: "Campaigns", id: "7", list: "Leads" },
      operation: "update",
      items: [{ Member_Status: "Active" }],
      idInPath: "8",
    },
  },
  {
    path: "/crm/v6/Campaigns/7/Leads?ids=8,9",
    method: "DELETE",
    handlers: {
      "related.write": () => ({
        ok: true,
        value: {
          kind: "links",
          results: [
            { ok: true, value: { id: "8" } },
            { ok: false, error: { code: "related_unknown", id: "9" } },
          ],
        },
      }),
    },
    status: 207,
    answer: /"relation removed".+"INVALID_DATA","details":{"id":"9"},"message":"the related id given seems to be invalid"/,
    asked: { caller, path: { module: "Campaigns", id: "7", list: "Leads" }, operation: "delete", items: ["8", "9"], idInPath: null },
  },
  { path: "/crm/v6/Campaigns/7/Leads", method: "DELETE", status: 400, answer: /"REQUIRED_PARAM_MISSING","details":{"param_name":"ids"}/ },
  {
    path: "/crm/v6/Campaigns/7/Leads/8",
    method: "DELETE",
    handlers: {
      "related.write": () => ({
        ok: true,
        value: { kind: "links", results: [{ ok: false, error: { code: "related_unknown", pathIndex: 3 } }] },
      }),
    },
    status: 400,
    answer: /^{"code":"INVALID_DATA","details":{"resource_path_index":3}/,
    asked: { caller, path: { module: "Campaigns", id: "7", list: "Leads" }, operation: "delete", items: ["8"], idInPath: "8" },
  },
];

for (const { path: target, method = "GET", headers = {}, body, handlers = {}, status, answer, asked } of rows) {
  test(`${method} ${target} ${JSON.stringify(headers)} answers ${status} ${answer.source.slice(0, 60)}`, async () => {
    await using server = await serverUnderTest(handlers);
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${server.baseUrl}${target}`, { method, headers: { ...goodToken, ...headers }, ...sent });
    assert.equal(response.status, status);
    assert.match(await response.text(), answer);
    assert.equal(response.headers.has("content-type"), status !== 204 && status !== 304);
    if (asked !== undefined) assert.deepEqual(server.asked[0]?.input, asked);
    else if (status === 400) assert.equal(server.asked.length, Object.keys(handlers).length);
    assert.deepEqual(server.faults, []);
  });
}

const scopedRows: readonly {
  readonly scopes: readonly string[];
  readonly method: string;
  readonly path: string;
  readonly status: number;
}[] = [
  { scopes: ["accounts.READ"], method: "GET", path: "/Accounts/7/Contacts", status: 401 },
  { scopes: ["contacts.READ"], method: "GET", path: "/Accounts/7/Contacts", status: 401 },
  { scopes: ["accounts.READ", "contacts.READ"], method: "GET", path: "/Accounts/7/Contacts", status: 200 },
  { scopes: ["accounts.READ"], method: "GET", path: "/Accounts/7/Contacts/8", status: 401 },
  { scopes: ["accounts.ALL"], method: "POST", path: "/Accounts/7/Notes", status: 401 },
  { scopes: ["notes.CREATE"], method: "POST", path: "/Accounts/7/Notes", status: 200 },
  { scopes: ["products.READ"], method: "DELETE", path: "/Products/7/Leads/8", status: 401 },
  { scopes: ["products.DELETE"], method: "DELETE", path: "/Products/7/Leads/8", status: 200 },
];

for (const { scopes, method, path: target, status } of scopedRows) {
  test(`${method} ${target} with a scope for ${scopes.join()} answers ${status}`, async () => {
    const names = scopes.map((scope) => `ZohoCRM.modules.${scope}`);
    const links: { ok: true; value: { kind: "links"; results: [] } } = { ok: true, value: { kind: "links", results: [] } };
    await using server = await serverUnderTest({
      "auth.principal": () => ({ ...principal, scopes: names }),
      "related.list": () => ({ ok: true, value: { ...one, module: "Contacts" } }),
      "related.get": () => ({ ok: true, value: { row: { id: "8" }, modifiedAt: startMs, module: "Contacts" } }),
      "related.write": () => links,
    });
    const body = method === "POST" ? { body: '{"data":[{}]}' } : {};
    const response = await fetch(`${server.baseUrl}/crm/v2${target}`, { method, headers: goodToken, ...body });
    assert.equal(response.status, status, await response.text());
  });
}
