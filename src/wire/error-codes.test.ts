import assert from "node:assert/strict";
import { test } from "node:test";
import type { Refusal } from "../core/refusal.ts";
import { refusalCodes, renderRefusal } from "./error-codes.ts";
import type { VersionName } from "./versions.ts";
import { versions } from "./versions.ts";

const module0 = ["watch", 0, "notification_condition", 0] as const;

type Row = { readonly refusal: Refusal; readonly version?: VersionName; readonly httpStatus: number; readonly text: string };

const rows: readonly Row[] = [
  {
    refusal: { code: "value_invalid", path: ["watch", 0, "token"], maximumLength: 50 },
    version: "v2.1",
    httpStatus: 400,
    text: '{"code":"INVALID_DATA","details":{"maximum_length":50,"api_name":"token","json_path":"$.watch[0].token"},"message":"invalid data","status":"error"}',
  },
  {
    refusal: { code: "mandatory_missing", path: ["watch", 0, "channel_id"] },
    version: "v2.1",
    httpStatus: 400,
    text: '{"code":"MANDATORY_NOT_FOUND","details":{"api_name":"channel_id","json_path":"$.watch[0].channel_id"},"message":"required field not found","status":"error"}',
  },
  {
    refusal: { code: "scope_mismatch" },
    version: "v2.1",
    httpStatus: 401,
    text: '{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"invalid oauth scope to access this URL","status":"error"}',
  },
  {
    refusal: { code: "scope_mismatch" },
    version: "v8",
    httpStatus: 401,
    text: '{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"Unauthorized","status":"error"}',
  },
  {
    refusal: { code: "version_unsupported", supportedVersion: 6 },
    version: "v2.1",
    httpStatus: 400,
    text: '{"code":"API_NOT_SUPPORTED","details":{"supported_version":6},"message":"api version is not supported","status":"error"}',
  },
  {
    refusal: { code: "change_not_allowed", path: ["fields", 0, "data_type"] },
    httpStatus: 400,
    text: '{"code":"NOT_ALLOWED","details":{"api_name":"data_type","json_path":"$.fields[0].data_type"},"message":"the change is not allowed","status":"error"}',
  },
  {
    refusal: { code: "limit_reached", limit: 500 },
    httpStatus: 400,
    text: '{"code":"LIMIT_REACHED","details":{"limit":500},"message":"the limit of the organization is reached","status":"error"}',
  },
  {
    refusal: { code: "unauthenticated" },
    httpStatus: 401,
    text: '{"code":"AUTHENTICATION_FAILURE","details":{},"message":"Authentication failed","status":"error"}',
  },
  {
    refusal: { code: "token_invalid" },
    httpStatus: 401,
    text: '{"code":"INVALID_TOKEN","details":{},"message":"invalid oauth token","status":"error"}',
  },
  {
    refusal: { code: "too_many_requests" },
    httpStatus: 429,
    text: '{"code":"TOO_MANY_REQUESTS","details":{},"message":"too many requests. please try again after some time","status":"error"}',
  },
  {
    refusal: { code: "credits_exhausted" },
    httpStatus: 429,
    text: '{"code":"TOO_MANY_REQUESTS","details":{},"message":"too many requests. please try again after some time","status":"error"}',
  },
  {
    refusal: { code: "body_coded" },
    httpStatus: 415,
    text: '{"code":"INVALID_DATA","details":{"supported_values":["identity"],"param_name":"Content-Encoding"},"message":"body","status":"error"}',
  },
  {
    refusal: { code: "method_invalid" },
    httpStatus: 400,
    text: '{"code":"INVALID_REQUEST_METHOD","details":{},"message":"The http request method type is not a valid one","status":"error"}',
  },
  {
    refusal: { code: "url_invalid" },
    httpStatus: 404,
    text: '{"code":"INVALID_URL_PATTERN","details":{},"message":"Please check if the URL trying to access is a correct one","status":"error"}',
  },
  {
    refusal: { code: "value_invalid", path: [...module0, "module"], expectedType: "jsonobject" },
    httpStatus: 400,
    text: '{"code":"INVALID_DATA","details":{"expected_data_type":"jsonobject","api_name":"module","json_path":"$.watch[0].notification_condition[0].module"},"message":"invalid data","status":"error"}',
  },
  {
    refusal: { code: "value_invalid", path: [...module0, "type"], supportedValues: ["field_selection"] },
    httpStatus: 400,
    text: '{"code":"INVALID_DATA","details":{"supported_values":["field_selection"],"api_name":"type","json_path":"$.watch[0].notification_condition[0].type"},"message":"invalid data","status":"error"}',
  },
  {
    refusal: {
      code: "one_of_missing",
      paths: [
        [...module0, "module", "api_name"],
        [...module0, "module", "id"],
      ],
    },
    httpStatus: 400,
    text: '{"code":"EXPECTED_FIELD_MISSING","details":{"expected_fields":[{"api_name":"api_name","json_path":"$.watch[0].notification_condition[0].module.api_name"},{"api_name":"id","json_path":"$.watch[0].notification_condition[0].module.id"}]},"message":"Specify atleast one field","status":"error"}',
  },
  {
    refusal: {
      code: "ambiguous",
      paths: [
        [...module0, "module", "api_name"],
        [...module0, "module", "id"],
      ],
    },
    httpStatus: 400,
    text: '{"code":"AMBIGUITY_DURING_PROCESSING","details":{"ambiguity_due_to":[{"api_name":"api_name","json_path":"$.watch[0].notification_condition[0].module.api_name"},{"api_name":"id","json_path":"$.watch[0].notification_condition[0].module.id"}]},"message":"AMBIGUITY_DURING_PROCESSING","status":"error"}',
  },
  {
    refusal: { code: "dependent_missing", path: [...module0, "field_selection"], dependee: [...module0, "type"] },
    httpStatus: 400,
    text: '{"code":"DEPENDENT_FIELD_MISSING","details":{"api_name":"field_selection","json_path":"$.watch[0].notification_condition[0].field_selection","dependee":{"api_name":"type","json_path":"$.watch[0].notification_condition[0].type"}},"message":"DEPENDENT_FIELD_MISSING","status":"error"}',
  },
  {
    refusal: { code: "not_subscribed" },
    httpStatus: 400,
    text: '{"code":"NOT_SUBSCRIBED","details":{},"message":"Not subscribed for actions-watch of the given channel","status":"error"}',
  },
  {
    refusal: { code: "record_unknown", id: "12" },
    httpStatus: 400,
    text: '{"code":"INVALID_DATA","details":{"id":"12"},"message":"the id given seems to be invalid","status":"error"}',
  },
  {
    refusal: { code: "record_not_deleted", id: "12" },
    httpStatus: 400,
    text: '{"code":"INVALID_DATA","details":{"id":"12"},"message":"record not deleted","status":"error"}',
  },
  {
    refusal: { code: "id_malformed_in_path", pathIndex: 1 },
    httpStatus: 400,
    text: '{"code":"INVALID_DATA","details":{"resource_path_index":1},"message":"invalid record id","status":"error"}',
  },
  {
    refusal: { code: "duplicate", path: ["data", 0, "Email"], id: "7" },
    httpStatus: 400,
    text: '{"code":"DUPLICATE_DATA","details":{"api_name":"Email","id":"7","json_path":"$.data[0].Email"},"message":"duplicate data","status":"error"}',
  },
  {
    refusal: {
      code: "duplicate",
      path: ["data", 0, "Badge"],
      id: "7",
      duplicate: { owner: { id: "5", name: "Ada Owner" }, module: { id: "9", apiName: "Leads" }, hasMore: true },
    },
    httpStatus: 400,
    text: '{"code":"DUPLICATE_DATA","details":{"api_name":"Badge","id":"7","duplicate_record":{"Owner":{"name":"Ada Owner","id":"5","zuid":"5"},"module":{"api_name":"Leads","id":"9"},"id":"7"},"json_path":"$.data[0].Badge","more_records":true},"message":"duplicate data","status":"error"}',
  },
  {
    refusal: {
      code: "duplicate",
      path: ["data", 0, "Badge"],
      id: "7",
      duplicate: { owner: null, module: { id: "9", apiName: "Leads" }, hasMore: false },
    },
    httpStatus: 400,
    text: '{"code":"DUPLICATE_DATA","details":{"api_name":"Badge","id":"7","duplicate_record":{"Owner":null,"module":{"api_name":"Leads","id":"9"},"id":"7"},"json_path":"$.data[0].Badge","more_records":false},"message":"duplicate data","status":"error"}',
  },
  {
    refusal: { code: "dependent_missing", path: ["data", 0, "Address"], dependee: ["data", 0, "Location"] },
    httpStatus: 400,
    text: '{"code":"DEPENDENT_FIELD_MISSING","details":{"api_name":"Address","json_path":"$.data[0].Address","dependee":{"api_name":"Location","json_path":"$.data[0].Location"}},"message":"Dependent Field missing","status":"error"}',
  },
  {
    refusal: { code: "one_param_missing", params: ["criteria", "email"] },
    httpStatus: 400,
    text: '{"code":"EXPECTED_PARAM_MISSING","details":{"param_names":["criteria","email"]},"message":"mandatory param missing","status":"error"}',
  },
  {
    refusal: { code: "query_invalid", field: "Stage", operator: "starts_with", reason: "invalid operator found" },
    httpStatus: 400,
    text: '{"code":"INVALID_QUERY","details":{"operator":"starts_with","reason":"invalid operator found","api_name":"Stage"},"message":"Invalid query formed","status":"error"}',
  },
  {
    refusal: { code: "query_invalid", field: "Amount", expectedType: "double", reason: "invalid value for search" },
    httpStatus: 400,
    text: '{"code":"INVALID_QUERY","details":{"expected_data_type":"double","reason":"invalid value for search","api_name":"Amount"},"message":"Invalid query formed","status":"error"}',
  },
  {
    refusal: { code: "query_invalid", field: "Company", value: "", reason: "invalid value for search" },
    httpStatus: 400,
    text: '{"code":"INVALID_QUERY","details":{"reason":"invalid value for search","api_name":"Company","value":""},"message":"Invalid query formed","status":"error"}',
  },
  {
    refusal: { code: "query_values_limit", field: "Company", limit: 100 },
    httpStatus: 400,
    text: '{"code":"INVALID_QUERY","details":{"api_name":"Company","param_name":"criteria"},"message":"Only 100 values are allowed in \\"IN\\" criteria","status":"error"}',
  },
  {
    refusal: { code: "criteria_limit", limit: 10 },
    httpStatus: 400,
    text: '{"code":"CRITERIA_LIMIT_EXCEEDED","details":{},"message":"no of criterium that can be given exceed the limit 10","status":"error"}',
  },
  {
    refusal: { code: "search_limit", limit: 2_000 },
    httpStatus: 400,
    text: '{"code":"LIMIT_REACHED","details":{"limit":"2000"},"message":"maximum response iteration limit reached","status":"error"}',
  },
  {
    refusal: { code: "module_invalid", pathIndex: 0 },
    httpStatus: 400,
    text: '{"code":"INVALID_MODULE","details":{"resource_path_index":0},"message":"the module name given seems to be invalid","status":"error"}',
  },
  {
    refusal: { code: "module_invalid", param: "module" },
    httpStatus: 400,
    text: '{"code":"INVALID_MODULE","details":{"param_name":"module"},"message":"the module name given seems to be invalid","status":"error"}',
  },
  {
    refusal: { code: "param_missing", param: "channel_ids" },
    httpStatus: 400,
    text: '{"code":"REQUIRED_PARAM_MISSING","details":{"param_name":"channel_ids"},"message":"One of the expected parameter is missing","status":"error"}',
  },
  {
    refusal: { code: "param_missing", param: "fields" },
    httpStatus: 400,
    text: '{"code":"REQUIRED_PARAM_MISSING","details":{"param_name":"fields"},"message":"required param is missing","status":"error"}',
  },
  {
    refusal: { code: "param_limit", param: "fields", limit: 50 },
    httpStatus: 400,
    text: '{"code":"LIMIT_EXCEEDED","details":{"limit":50,"param_name":"fields"},"message":"limit exceeded","status":"error"}',
  },
  {
    refusal: { code: "too_many_items", path: ["data"], limit: 100 },
    httpStatus: 400,
    text: '{"code":"LIMIT_EXCEEDED","details":{"maximum_length":100,"api_name":"data"},"message":"count of records in your request exceeds the limit","status":"error"}',
  },
  {
    refusal: { code: "page_limit", limit: 2000 },
    httpStatus: 400,
    text: '{"code":"DISCRETE_PAGINATION_LIMIT_EXCEEDED","details":{"limit":2000},"message":"You can only get the first 2000 records without using page_token param","status":"error"}',
  },
  {
    refusal: { code: "page_token_mismatch", param: "page_token" },
    httpStatus: 400,
    text: '{"code":"TOKEN_BOUND_DATA_MISMATCH","details":{"param_name":"page_token"},"message":"The page_token given seems to be invalid or input param is added or altered or deleted","status":"error"}',
  },
  {
    refusal: { code: "page_token_expired", path: ["query", "page_token"] },
    httpStatus: 400,
    text: '{"code":"EXPIRED_VALUE","details":{"api_name":"page_token","json_path":"$.query.page_token"},"message":"Page token expired","status":"error"}',
  },
  {
    refusal: { code: "page_token_limit", param: "page_token" },
    httpStatus: 400,
    text: '{"code":"PAGINATION_LIMIT_EXCEEDED","details":{"param_name":"page_token"},"message":"You can only get the first 100000 records using page_token param","status":"error"}',
  },
  {
    refusal: { code: "param_pattern", param: "type" },
    httpStatus: 400,
    text: '{"code":"PATTERN_NOT_MATCHED","details":{"param_name":"type"},"message":"Please check whether the input values are correct","status":"error"}',
  },
  {
    refusal: {
      code: "already_modified",
      record: {
        timeZone: "UTC",
        written: { id: "7", createdAt: 0, createdBy: { id: "5", name: "Ada" }, modifiedAt: 1_000, modifiedBy: { id: "6", name: "Bob" } },
      },
    },
    httpStatus: 412,
    text: '{"code":"ALREADY_MODIFIED","details":{"Modified_Time":"1970-01-01T00:00:01+00:00","Modified_By":{"name":"Bob","id":"6"},"Created_Time":"1970-01-01T00:00:00+00:00","id":"7","Created_By":{"name":"Ada","id":"5"}},"message":"the record was modified after the time given in If-Unmodified-Since","status":"error"}',
  },
  {
    refusal: { code: "relation_invalid", pathIndex: 2 },
    httpStatus: 400,
    text: '{"code":"INVALID_DATA","details":{"resource_path_index":2},"message":"the relation name given seems to be invalid","status":"error"}',
  },
  {
    refusal: { code: "related_unknown", id: "7" },
    httpStatus: 400,
    text: '{"code":"INVALID_DATA","details":{"id":"7"},"message":"the related id given seems to be invalid","status":"error"}',
  },
  {
    refusal: { code: "body_malformed" },
    httpStatus: 400,
    text: '{"code":"INVALID_DATA","details":{"expected_data_type":"jsonobject"},"message":"body","status":"error"}',
  },
  {
    refusal: { code: "body_too_large", limit: 9 },
    httpStatus: 413,
    text: '{"code":"INVALID_DATA","details":{"maximum_length":9},"message":"body","status":"error"}',
  },
  {
    refusal: { code: "not_permitted" },
    httpStatus: 403,
    text: '{"code":"NO_PERMISSION","details":{},"message":"permission denied","status":"error"}',
  },
  {
    refusal: { code: "overloaded" },
    httpStatus: 503,
    text: '{"code":"SERVICE_UNAVAILABLE","details":{},"message":"the server cannot take more work now","status":"error"}',
  },
  {
    refusal: { code: "internal" },
    httpStatus: 500,
    text: '{"code":"INTERNAL_ERROR","details":{},"message":"Internal Server Error","status":"error"}',
  },
];

for (const { refusal, version = "v6", httpStatus, text } of rows) {
  test(`${refusal.code} in ${version} is told as documented: ${JSON.stringify(refusal).slice(0, 90)}`, () => {
    const rendered = renderRefusal(refusal, versions[version]);
    assert.equal(JSON.stringify(rendered.body), text);
    assert.equal(rendered.httpStatus, httpStatus);
  });
}

test("details is an object even when the refusal names no place", () => {
  assert.deepEqual(renderRefusal({ code: "value_invalid" }, versions.v6).body.details, {});
  assert.deepEqual(renderRefusal({ code: "module_not_supported" }, versions.v6).body.details, {});
  assert.deepEqual(renderRefusal({ code: "not_supported", param: "page_token" }, versions.v6).body.details, { param_name: "page_token" });
});

test("every refusal is listed once, and can be told without particulars", () => {
  assert.equal(new Set(refusalCodes).size, refusalCodes.length);
  for (const code of refusalCodes) assert.match(renderRefusal({ code }, versions.v8).body.code, /^[A-Z_]+$/);
});
