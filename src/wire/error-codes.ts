/**
 * The wire form of every refusal: code, message, `details` and the HTTP status of an answer that consists of it alone. An item's
 * refusal stands in its wrapper, whose status is the version's (PROTOCOL A.6, E.5, F.1; v2.1 seed; v6 seed).
 *
 * In `details` the limit that was broken stands first, as in the recorded answer to a token that is too long; `details` is an
 * object even when there is nothing to say.
 */
import { limits } from "../core/limits.ts";
import type { Path, Refusal, RefusalCode } from "../core/refusal.ts";
import type { Json } from "./json.ts";
import { lastKey, writePath } from "./json-path.ts";
import type { Version } from "./versions.ts";
import { writtenDetails } from "./written-record.ts";

export type ErrorBody = {
  readonly code: string;
  readonly details: { readonly [key: string]: Json };
  readonly message: string;
  readonly status: "error";
};

/** How a refusal is told. `message` is a text, or depends on the version or the refusal. */
type Rendering = {
  readonly code: string;
  readonly message: string | ((version: Version, refusal: Refusal) => string);
  readonly httpStatus: number;
  readonly details: (refusal: Refusal) => { readonly [key: string]: Json };
};

const invalidData = { code: "INVALID_DATA", message: "invalid data", httpStatus: 400 } as const;
const invalidQuery = { code: "INVALID_QUERY", message: "Invalid query formed", httpStatus: 400 } as const;
const tooMany = {
  code: "TOO_MANY_REQUESTS",
  message: "too many requests. please try again after some time",
  httpStatus: 429,
} as const;

const renderings: Record<RefusalCode, Rendering> = {
  mandatory_missing: { code: "MANDATORY_NOT_FOUND", message: "required field not found", httpStatus: 400, details: atPath },
  value_invalid: { ...invalidData, details: limitAtPath },
  one_of_missing: {
    code: "EXPECTED_FIELD_MISSING",
    message: "Specify atleast one field",
    httpStatus: 400,
    details: ({ paths = [] }) => ({ expected_fields: paths.map(place) }),
  },
  ambiguous: {
    code: "AMBIGUITY_DURING_PROCESSING",
    message: "AMBIGUITY_DURING_PROCESSING",
    httpStatus: 400,
    details: ({ paths = [] }) => ({ ambiguity_due_to: paths.map(place) }),
  },
  dependent_missing: {
    code: "DEPENDENT_FIELD_MISSING",
    // A record's is told in the words of the public v8 description.
    message: (_version, { path = [] }) => (path[0] === "data" ? "Dependent Field missing" : "DEPENDENT_FIELD_MISSING"),
    httpStatus: 400,
    details: (refusal) => ({ ...atPath(refusal), ...(refusal.dependee === undefined ? {} : { dependee: place(refusal.dependee) }) }),
  },
  not_subscribed: {
    code: "NOT_SUBSCRIBED",
    message: "Not subscribed for actions-watch of the given channel",
    httpStatus: 400,
    details: nothing,
  },
  record_unknown: { ...invalidData, message: "the id given seems to be invalid", details: idOrPathIndex },
  record_not_deleted: { ...invalidData, message: "record not deleted", details: idOrPathIndex },
  id_unknown_in_path: { ...invalidData, message: "the id given seems to be invalid", details: idOrPathIndex },
  id_malformed_in_path: { ...invalidData, message: "invalid record id", details: idOrPathIndex },
  duplicate: {
    code: "DUPLICATE_DATA",
    message: "duplicate data",
    httpStatus: 400,
    details: duplicateAtPath,
  },
  module_invalid: {
    code: "INVALID_MODULE",
    message: "the module name given seems to be invalid",
    httpStatus: 400,
    details: paramOrPathIndex,
  },
  module_not_supported: {
    code: "INVALID_MODULE",
    message: "the given module is not supported in api",
    httpStatus: 400,
    details: paramOrPathIndex,
  },
  param_missing: {
    code: "REQUIRED_PARAM_MISSING",
    // A list of records without `fields` has words of its own (PROTOCOL F.1).
    message: (_version, { param }) => (param === "fields" ? "required param is missing" : "One of the expected parameter is missing"),
    httpStatus: 400,
    details: paramOrPathIndex,
  },
  param_invalid: { ...invalidData, details: valuesOfParam },
  param_pattern: {
    code: "PATTERN_NOT_MATCHED",
    message: "Please check whether the input values are correct",
    httpStatus: 400,
    details: paramOrPathIndex,
  },
  param_limit: {
    code: "LIMIT_EXCEEDED",
    message: "limit exceeded",
    httpStatus: 400,
    details: ({ limit, param }) => ({ ...(limit === undefined ? {} : { limit }), ...(param === undefined ? {} : { param_name: param }) }),
  },
  too_many_items: {
    code: "LIMIT_EXCEEDED",
    message: "count of records in your request exceeds the limit",
    httpStatus: 400,
    details: ({ limit, path = [] }) => ({ ...(limit === undefined ? {} : { maximum_length: limit }), api_name: lastKey(path) }),
  },
  page_limit: {
    code: "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
    message: "You can only get the first 2000 records without using page_token param",
    httpStatus: 400,
    details: ({ limit }) => (limit === undefined ? {} : { limit }),
  },
  page_token_mismatch: {
    code: "TOKEN_BOUND_DATA_MISMATCH",
    message: "The page_token given seems to be invalid or input param is added or altered or deleted",
    httpStatus: 400,
    details: paramOrPathIndex,
  },
  page_token_expired: { code: "EXPIRED_VALUE", message: "Page token expired", httpStatus: 400, details: atPath },
  page_token_limit: {
    code: "PAGINATION_LIMIT_EXCEEDED",
    message: "You can only get the first 100000 records using page_token param",
    httpStatus: 400,
    details: paramOrPathIndex,
  },
  already_modified: {
    code: "ALREADY_MODIFIED",
    message: "the record was modified after the time given in If-Unmodified-Since",
    httpStatus: 412,
    details: ({ record }) => (record === undefined ? {} : writtenDetails(record.written, record.timeZone)),
  },
  relation_invalid: { ...invalidData, message: "the relation name given seems to be invalid", details: paramOrPathIndex },
  related_unknown: { ...invalidData, message: "the related id given seems to be invalid", details: idOrPathIndex },
  one_param_missing: {
    code: "EXPECTED_PARAM_MISSING",
    message: "mandatory param missing",
    httpStatus: 400,
    details: ({ params = [] }) => ({ param_names: params }),
  },
  query_invalid: { ...invalidQuery, details: faultOfQuery },
  query_values_limit: {
    ...invalidQuery,
    message: (_version, { limit = limits.criterionValuesMax }) => `Only ${limit} values are allowed in "IN" criteria`,
    details: ({ field = "" }) => ({ api_name: field, param_name: "criteria" }),
  },
  criteria_limit: {
    code: "CRITERIA_LIMIT_EXCEEDED",
    message: (_version, { limit = limits.criteriaConditionsMax }) => `no of criterium that can be given exceed the limit ${limit}`,
    httpStatus: 400,
    details: nothing,
  },
  search_limit: {
    code: "LIMIT_REACHED",
    message: "maximum response iteration limit reached",
    httpStatus: 400,
    // A text, in the public v8 description.
    details: ({ limit }) => (limit === undefined ? {} : { limit: String(limit) }),
  },
  // Live answers to a body that is no object carry this message and this type.
  body_malformed: { ...invalidData, message: "body", details: () => ({ expected_data_type: "jsonobject" }) },
  body_too_large: {
    ...invalidData,
    message: "body",
    httpStatus: 413,
    details: ({ limit }) => (limit === undefined ? {} : { maximum_length: limit }),
  },
  body_coded: {
    ...invalidData,
    message: "body",
    httpStatus: 415,
    details: () => ({ supported_values: ["identity"], param_name: "Content-Encoding" }),
  },
  not_permitted: { code: "NO_PERMISSION", message: "permission denied", httpStatus: 403, details: nothing },
  unauthenticated: { code: "AUTHENTICATION_FAILURE", message: "Authentication failed", httpStatus: 401, details: nothing },
  token_invalid: { code: "INVALID_TOKEN", message: "invalid oauth token", httpStatus: 401, details: nothing },
  scope_mismatch: {
    code: "OAUTH_SCOPE_MISMATCH",
    message: (version) => version.scopeMismatchMessage,
    httpStatus: 401,
    details: nothing,
  },
  method_invalid: {
    code: "INVALID_REQUEST_METHOD",
    message: "The http request method type is not a valid one",
    httpStatus: 400,
    details: nothing,
  },
  url_invalid: {
    code: "INVALID_URL_PATTERN",
    message: "Please check if the URL trying to access is a correct one",
    httpStatus: 404,
    details: nothing,
  },
  not_supported: { code: "NOT_SUPPORTED", message: "not supported by this server", httpStatus: 400, details: anywhere },
  version_unsupported: {
    code: "API_NOT_SUPPORTED",
    message: "api version is not supported",
    httpStatus: 400,
    details: ({ supportedVersion }) => (supportedVersion === undefined ? {} : { supported_version: supportedVersion }),
  },
  change_not_allowed: { code: "NOT_ALLOWED", message: "the change is not allowed", httpStatus: 400, details: anywhere },
  limit_reached: {
    code: "LIMIT_REACHED",
    message: "the limit of the organization is reached",
    httpStatus: 400,
    details: ({ limit }) => (limit === undefined ? {} : { limit }),
  },
  // Running out of credits and too many requests at once are told alike: 429 is documented for both, and no other code is for either.
  too_many_requests: { ...tooMany, details: nothing },
  credits_exhausted: { ...tooMany, details: nothing },
  overloaded: { code: "SERVICE_UNAVAILABLE", message: "the server cannot take more work now", httpStatus: 503, details: nothing },
  internal: { code: "INTERNAL_ERROR", message: "Internal Server Error", httpStatus: 500, details: nothing },
};

/** Every refusal. */
export const refusalCodes: readonly RefusalCode[] = Object.keys(renderings).filter(isRefusalCode);

/** The refusal as an item or as a whole answer; `httpStatus` is for the latter. */
export function renderRefusal(refusal: Refusal, version: Version): { readonly body: ErrorBody; readonly httpStatus: number } {
  const { code, message, httpStatus, details } = renderings[refusal.code];
  const text = typeof message === "string" ? message : message(version, refusal);
  return { body: { code, details: details(refusal), message: text, status: "error" }, httpStatus };
}

function isRefusalCode(name: string): name is RefusalCode {
  return Object.hasOwn(renderings, name);
}

function nothing(): { readonly [key: string]: Json } {
  return {};
}

function place(path: Path): { readonly api_name: string; readonly json_path: string } {
  return { api_name: lastKey(path), json_path: writePath(path) };
}

function atPath({ path }: Refusal): { readonly [key: string]: Json } {
  return path === undefined ? {} : place(path);
}

function limitAtPath(refusal: Refusal): { readonly [key: string]: Json } {
  return {
    ...(refusal.expectedType === undefined ? {} : { expected_data_type: refusal.expectedType }),
    ...(refusal.maximumLength === undefined ? {} : { maximum_length: refusal.maximumLength }),
    ...(refusal.supportedValues === undefined ? {} : { supported_values: refusal.supportedValues }),
    ...atPath(refusal),
  };
}

function duplicateAtPath({ path = [], id, duplicate }: Refusal): { readonly [key: string]: Json } {
  const place = { api_name: lastKey(path), ...(id === undefined ? {} : { id }) };
  if (duplicate === undefined || id === undefined) return { ...place, json_path: writePath(path) };
  const { owner, module, hasMore } = duplicate;
  const record = {
    Owner: owner === null ? null : { name: owner.name, id: owner.id, zuid: owner.id },
    module: { api_name: module.apiName, id: module.id },
    id,
  };
  return { ...place, duplicate_record: record, json_path: writePath(path), more_records: hasMore };
}

function faultOfQuery({ field = "", reason = "", operator, expectedType, value }: Refusal): { readonly [key: string]: Json } {
  return {
    ...(expectedType === undefined ? {} : { expected_data_type: expectedType }),
    ...(operator === undefined ? {} : { operator }),
    reason,
    api_name: field,
    ...(value === undefined ? {} : { value }),
  };
}

function idOrPathIndex({ id, pathIndex }: Refusal): { readonly [key: string]: Json } {
  if (id !== undefined) return { id };
  return pathIndex === undefined ? {} : { resource_path_index: pathIndex };
}

function paramOrPathIndex({ param, pathIndex }: Refusal): { readonly [key: string]: Json } {
  if (param !== undefined) return { param_name: param };
  return pathIndex === undefined ? {} : { resource_path_index: pathIndex };
}

function valuesOfParam(refusal: Refusal): { readonly [key: string]: Json } {
  const { supportedValues } = refusal;
  return { ...(supportedValues === undefined ? {} : { supported_values: supportedValues }), ...paramOrPathIndex(refusal) };
}

function anywhere(refusal: Refusal): { readonly [key: string]: Json } {
  return { ...atPath(refusal), ...paramOrPathIndex(refusal) };
}
