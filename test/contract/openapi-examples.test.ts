/**
 * The public v8 examples (PROTOCOL A, C, D, F.1) under the OpenAPI document. Two are left out on purpose: a PATCH without `watch` around it,
 * which no client sends, and RATE_LIMIT_EXCEEDED, which one page has where all others have TOO_MANY_REQUESTS.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ApiDocument } from "../support/api-document.ts";

const api = new ApiDocument();
const watch = "/crm/v8/actions/watch";
const leads = "/crm/v8/Leads";

const resource = {
  resource_uri: "https://www.zohoapis.com/crm/v8/Leads",
  resource_id: "4876876000000002175",
  resource_name: "Leads",
  channel_id: "1000000068001",
};
const subscribed = {
  code: "SUCCESS",
  details: { events: [{ channel_expiry: "2025-12-09T16:51:03-11:00", ...resource }] },
  message: "Successfully subscribed for actions-watch of the given module",
  status: "success",
};
const deals = { api_name: "Deals", id: "554023000000000131" };
const leaf = (api_name: string, id: string) => ({ field: { api_name, id } });
const condition = {
  type: "field_selection",
  module: deals,
  field_selection: {
    group_operator: "or",
    group: [
      leaf("Stage", "554023000000000525"),
      { group_operator: "and", group: [leaf("Account_Name", "554023000000000523"), leaf("Lead_Source", "554023000000000535")] },
    ],
  },
};

describe("requests", () => {
  const item = {
    channel_id: 1000000068002,
    events: ["Deals.all", "Contacts.create"],
    channel_expiry: "2025-02-02T10:30:00+05:30",
    token: "TOKEN_FOR_VERIFICATION_OF_1000000068002",
    return_affected_field_values: true,
    notify_url: "https://www.acme.example/callback?authorization=Zoho-oauthtoken 1000.23&key1=val1",
    notification_condition: [condition],
  };
  const taken: readonly [title: string, method: string, path: string, body: unknown][] = [
    ["a channel with a nested condition", "POST", watch, { watch: [item] }],
    ["a channel is replaced", "PUT", watch, { watch: [item] }],
    [
      "some keys are changed",
      "PATCH",
      watch,
      { watch: [{ channel_id: "1000000068002", events: ["Deals.create"], notify_on_related_action: false }] },
    ],
    ["events are removed", "PATCH", watch, { watch: [{ channel_id: "1000000068002", events: ["Deals.create"], _delete_events: true }] }],
    [
      "a condition on one field",
      "POST",
      watch,
      { watch: [{ ...item, notification_condition: [{ ...condition, field_selection: leaf("Stage", "1") }] }] },
    ],
    ["records are made", "POST", leads, { data: [{ Last_Name: "Roe", Owner: { id: "1" } }], trigger: ["workflow", "approval"] }],
    ["records are upserted", "POST", `${leads}/upsert`, { data: [{ Last_Name: "Roe" }], duplicate_check_fields: ["Email"], trigger: [] }],
    ["records are linked", "PUT", "/crm/v8/Campaigns/1/Leads", { data: [{ id: "2", Member_Status: "Sent" }] }],
  ];
  for (const [title, method, path, body] of taken) test(title, () => api.assertRequest({ method, path }, body));

  const refused: readonly [title: string, body: unknown][] = [
    ["no channel_id", { watch: [{ ...item, channel_id: undefined }] }],
    ["no item", { watch: [] }],
    ["a token that is too long", { watch: [{ ...item, token: "x".repeat(51) }] }],
    ["an event without an operation", { watch: [{ ...item, events: ["Deals"] }] }],
    [
      "three in a group",
      { watch: [{ ...item, notification_condition: [{ ...condition, field_selection: { group_operator: "or", group: [1, 2, 3] } }] }] },
    ],
  ];
  for (const [title, body] of refused) {
    test(`not taken: ${title}`, () => {
      assert.throws(() => api.assertRequest({ method: "POST", path: watch }, JSON.parse(JSON.stringify(body))), assert.AssertionError);
    });
  }
});

describe("answers", () => {
  const error = (code: string, message: string, details: object) => ({ code, details, message, status: "error" });
  const missing = error("MANDATORY_NOT_FOUND", "required field not found", { api_name: "channel_id", json_path: "$.watch[1].channel_id" });
  const info = { per_page: 200, count: 3, page: 1, more_records: false };
  const row = {
    notify_on_related_action: false,
    channel_expiry: "2023-08-02T16:51:03-11:00",
    return_affected_field_values: false,
    ...resource,
    notify_url: "https://www.acme.example/2c9xxx0fa9",
    fields: null,
    notification_condition: [
      {
        field_selection: {
          group_operator: "and",
          group: ["Last_Name", "Full_Name"].map((api_name) => ({
            field: { api_name, id: "554023000000000559" },
            group_operator: null,
            group: null,
          })),
        },
        module: { api_name: "Leads", id: "554023000000000125" },
        type: "field_selection",
      },
    ],
    events: ["Leads.edit", "Leads.create", "Leads.delete"],
    token: "xyz",
  };
  const person = { name: "Ada Owner", id: "554023000000235011" };
  const written = {
    Modified_Time: "2025-05-03T20:27:17+05:30",
    Modified_By: person,
    Created_Time: "2025-05-03T20:27:17+05:30",
    id: "554023000000527002",
    Created_By: person,
  };
  const done = (message: string, details: object) => ({ code: "SUCCESS", details, message, status: "success" });
  const removed = { ...subscribed, details: { events: [resource] }, message: "Successfully removed the subscribe details" };
  const disabled = { resource_uri: resource.resource_uri, resource_id: resource.resource_id, channel_id: "10000" };
  const listInfo = {
    call: false,
    per_page: 200,
    next_page_token: null,
    count: 1,
    sort_by: "id",
    page: 1,
    previous_page_token: null,
    page_token_expiry: null,
    sort_order: "desc",
    email: false,
    more_records: false,
  };
  const deleted = {
    deleted_by: person,
    id: "554023000000527002",
    display_name: "Roe",
    type: "recycle",
    created_by: person,
    deleted_time: "2025-05-03T20:27:17+05:30",
  };
  const duplicate = {
    api_name: "Email",
    id: "554023000000527002",
    duplicate_record: { Owner: { ...person, zuid: "1" }, module: { api_name: "Leads", id: "1" }, id: "554023000000527002" },
    json_path: "$.data[0].Email",
    more_records: false,
  };

  const answers: readonly [title: string, method: string, path: string, status: number, body: unknown][] = [
    ["a channel was made", "POST", watch, 201, { watch: [subscribed] }],
    ["one of two was not", "POST", watch, 207, { watch: [subscribed, missing] }],
    ["none was", "POST", watch, 400, { watch: [missing] }],
    ["the caller lacks the scope", "POST", watch, 401, error("OAUTH_SCOPE_MISMATCH", "Unauthorized", {})],
    ["a fault", "POST", watch, 500, error("INTERNAL_ERROR", "Internal Server Error", {})],
    ["channels are listed", "GET", watch, 200, { watch: [row], info }],
    ["there are no channels", "GET", watch, 204, undefined],
    ["a channel was changed", "PATCH", watch, 200, { watch: [{ ...subscribed, message: "Successfully updated the subscribe details" }] }],
    ["events were removed", "PATCH", watch, 200, { watch: [removed] }],
    [
      "a channel that has ended",
      "PATCH",
      watch,
      400,
      { watch: [error("NOT_SUBSCRIBED", "Not subscribed for actions-watch of the given channel", {})] },
    ],
    ["a channel was disabled", "DELETE", watch, 200, { watch: [done("Successfully un-subscribed from actions-watch", disabled)] }],
    [
      "channel_ids are missing",
      "DELETE",
      watch,
      400,
      error("REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", { param_name: "channel_ids" }),
    ],
    ["records were made", "POST", leads, 201, { data: [done("record added", written)] }],
    ["a record was a duplicate", "POST", leads, 400, { data: [error("DUPLICATE_DATA", "duplicate data", duplicate)] }],
    ["some were made", "POST", leads, 207, { data: [done("record added", written), missing] }],
    ["records were changed", "PUT", leads, 200, { data: [done("record updated", written)] }],
    [
      "all had been modified",
      "PUT",
      leads,
      412,
      { data: [error("ALREADY_MODIFIED", "record updated time has already passed if-unmodified-since time", written)] },
    ],
    [
      "records were upserted",
      "POST",
      `${leads}/upsert`,
      200,
      { data: [{ ...done("record updated", written), action: "update", duplicate_field: "Email" }] },
    ],
    ["records were deleted", "DELETE", leads, 200, { data: [done("record deleted", { id: "554023000000527002" })] }],
    ["an unknown id in the path", "DELETE", `${leads}/1`, 400, error("INVALID_DATA", "record not deleted", { resource_path_index: 1 })],
    ["a page of records", "GET", leads, 200, { data: [{ Last_Name: "Roe", id: "554023000000527002" }], info: listInfo }],
    [
      "an unknown module",
      "GET",
      leads,
      400,
      error("INVALID_MODULE", "the module name given seems to be invalid", { resource_path_index: 0 }),
    ],
    [
      "deleted records",
      "GET",
      `${leads}/deleted`,
      200,
      { data: [deleted, { ...deleted, deleted_by: null, created_by: null, display_name: null }], info },
    ],
    ["a count", "GET", `${leads}/actions/count`, 200, { count: 8 }],
    ["a link", "PUT", "/crm/v8/Campaigns/1/Leads", 200, { data: [done("relation added", { id: "554023000000527002" })] }],
    ["a user was added", "POST", "/crm/v8/users", 201, { users: [done("User added", { id: "554023000000527002" })] }],
  ];
  for (const [title, method, path, status, body] of answers) test(title, () => api.assertAnswer({ method, path }, { status, body }));

  test("none of them may have a key or a code that the document does not know", () => {
    const strange = [{ ...subscribed, since: 1 }, { ...subscribed, code: "DONE" }, error("NO_SUCH_CODE", "", {})];
    for (const item of strange) {
      const answer = { status: 207, body: { watch: [item] } };
      assert.throws(() => api.assertAnswer({ method: "POST", path: watch }, answer), assert.AssertionError);
    }
  });
});

describe("the details of refusals", () => {
  const path = "$.watch[0].notification_condition[0]";
  const at = (api_name: string, json_path: string, more: object = {}) => ({ api_name, json_path, ...more });
  const both = [at("api_name", `${path}.module.api_name`), at("id", `${path}.module.id`)];
  const told: readonly [code: string, details: object][] = [
    ["INVALID_DATA", at("token", "$.watch[0].token", { maximum_length: 50 })],
    ["INVALID_DATA", { api_name: "events" }],
    ["INVALID_DATA", at("notification_condition", "$.watch[0].notification_condition")],
    ["INVALID_DATA", at("module", `${path}.module`, { expected_data_type: "jsonobject" })],
    ["INVALID_DATA", at("group_operator", `${path}.field_selection.group_operator`, { supported_values: ["or", "and"] })],
    ["EXPECTED_FIELD_MISSING", { expected_fields: both }],
    ["AMBIGUITY_DURING_PROCESSING", { ambiguity_due_to: both }],
    ["DEPENDENT_FIELD_MISSING", at("field_selection", `${path}.field_selection`, { dependee: at("type", `${path}.type`) })],
    ["LIMIT_EXCEEDED", { limit: 50, param_name: "fields" }],
    ["LIMIT_EXCEEDED", { maximum_length: 100, api_name: "data" }],
    ["TOKEN_BOUND_DATA_MISMATCH", { param_name: "page_token" }],
    ["EXPIRED_VALUE", at("page_token", "$.query.page_token")],
    ["DISCRETE_PAGINATION_LIMIT_EXCEEDED", { limit: 2000 }],
    ["PAGINATION_LIMIT_EXCEEDED", { param_name: "page_token" }],
    ["PATTERN_NOT_MATCHED", { param_name: "type" }],
    ["NO_PERMISSION", { permissions: ["Crm_Implied_View_Leads"] }],
    ["API_NOT_SUPPORTED", { supported_version: 6 }],
  ];
  for (const [index, [code, details]] of told.entries()) {
    test(`${code}, example ${index}`, () => {
      assert.equal(api.faultOf("Refusal", { code, details, message: "", status: "error" }), null);
    });
  }
});

describe("notifications", () => {
  const id = "5725767000003093005";
  const common = {
    server_time: 1719309544639,
    query_params: {},
    module: "Deals",
    resource_uri: "https://www.zohoapis.com/crm/v2/Deals",
    ids: [id],
    affected_fields: [{ [id]: ["Stage", "Probability"] }],
    operation: "update",
    channel_id: "1000000068002",
    token: "TOKEN_FOR_VERIFICATION_OF_1000000068001",
  };
  const params = { key1: "val1", key2: "val2", "?authorization": "Zoho-oauthtoken 1000.23" };
  const gone = { Modified_By: { name: "Ada", id: "1", email: "a@acme.example" }, Record_Status__s: 0 };
  const bodies: readonly [title: string, body: unknown][] = [
    ["an update with its values", { ...common, query_params: params, affected_values: [{ record_id: id, values: { Probability: 75 } }] }],
    ["an insert", { ...common, affected_fields: [], operation: "insert" }],
    ["a delete", { ...common, operation: "delete", token: null, affected_values: [{ record_id: id, values: gone }] }],
  ];
  for (const [title, body] of bodies) test(title, () => assert.equal(api.faultOf("Notification", body), null));
});
