/** The refusals of the CRM's surface, from the table of their wire forms: one list of codes, and one answer a status. */
import { limits } from "../core/limits.ts";
import type { Refusal, RefusalCode } from "../core/refusal.ts";
import { refusalCodes, renderRefusal } from "../wire/error-codes.ts";
import { versions } from "../wire/versions.ts";
import type { Answers, Body } from "./description.ts";
import { jsonAnswer, jsonType } from "./description.ts";
import type { Properties, Schema } from "./schema.ts";
import { anything, integer, list, ref, shape, text, word } from "./schema.ts";

/** The version that the examples are told in. */
const newest = versions.v8;

/** What the examples are about, where a refusal without particulars would tell little. */
const particulars: Partial<Record<RefusalCode, Omit<Refusal, "code">>> = {
  mandatory_missing: { path: ["watch", 0, "channel_id"] },
  value_invalid: { path: ["watch", 0, "token"], maximumLength: limits.tokenCharsMax },
  param_missing: { param: "channel_ids" },
  param_invalid: { param: "per_page" },
  param_pattern: { param: "type" },
  param_limit: { param: "ids", limit: limits.recordIdsPerRequestMax },
  too_many_items: { path: ["data"], limit: limits.recordsPerWriteMax },
  page_limit: { limit: 2_000 },
  page_token_mismatch: { param: "page_token" },
  page_token_expired: { path: ["query", "page_token"] },
  page_token_limit: { param: "page_token" },
  module_invalid: { pathIndex: 0 },
  module_not_supported: { pathIndex: 0 },
  id_unknown_in_path: { pathIndex: 1 },
  id_malformed_in_path: { pathIndex: 1 },
  relation_invalid: { pathIndex: 2 },
  related_unknown: { pathIndex: 1 },
  one_param_missing: { params: ["criteria", "email", "phone", "word"] },
  query_invalid: { field: "Unicorn", reason: "the field is not available for search" },
  query_values_limit: { field: "Company", limit: limits.criterionValuesMax },
  criteria_limit: { limit: limits.criteriaConditionsMax },
  search_limit: { limit: limits.searchRowsMax },
  body_too_large: { limit: limits.requestBodyBytesMax },
  not_supported: { pathIndex: 0 },
  version_unsupported: { supportedVersion: 6 },
  change_not_allowed: { pathIndex: 2 },
  limit_reached: { limit: limits.customFieldsPerModuleMax },
};

type Form = { readonly refusal: RefusalCode; readonly code: string; readonly httpStatus: number; readonly body: Schema };

const forms: readonly Form[] = refusalCodes.map((refusal) => {
  const { body, httpStatus } = renderRefusal({ code: refusal, ...particulars[refusal] }, newest);
  return { refusal, code: body.code, httpStatus, body };
});

const wireCodes = [...new Set(forms.map(({ code }) => code))].toSorted();

/** What `details` may hold; a refusal has those of its kind. */
const detailKeys: Properties = {
  api_name: text(),
  json_path: text(),
  expected_data_type: text(),
  maximum_length: integer,
  supported_values: list(text()),
  expected_fields: list(ref("Place")),
  ambiguity_due_to: list(ref("Place")),
  dependee: ref("Place"),
  id: text(),
  resource_path_index: integer,
  param_name: text(),
  param_names: list(text()),
  limit: { type: ["integer", "string"] },
  supported_version: integer,
  operator: text(),
  reason: text(),
  value: text(),
  duplicate_record: { type: "object" },
  more_records: { type: "boolean" },
  Modified_Time: text(),
  Modified_By: ref("NamedRef"),
  Created_Time: text(),
  Created_By: ref("NamedRef"),
};

export const refusalSchemas: Properties = {
  ErrorCode: { type: "string", enum: wireCodes },
  Place: { ...shape({ api_name: text(), json_path: text() }), description: "Where in the request a fault lies." },
  ErrorDetails: { type: "object", properties: detailKeys, additionalProperties: anything },
  Refusal: {
    ...shape({ code: ref("ErrorCode"), details: ref("ErrorDetails"), message: text(), status: word("error") }),
    description: "What cannot be done, and why: an answer by itself, or in the place of an item.",
  },
};

const meanings: Readonly<Record<number, string>> = {
  400: "The request cannot be done.",
  401: "The caller is not known, or lacks the scope.",
  403: "The caller may not do this.",
  404: "There is no such path or version.",
  413: "The body is too large.",
  415: "The body is coded.",
  429: "The org's limits are reached. Retry-After is there when too many requests are under way.",
  500: "A fault of the server.",
  503: "The server cannot take more work now.",
};

/** The answers that consist of a refusal, by their status. */
export const refusalResponses: Readonly<Record<string, Schema>> = Object.fromEntries(
  statusesOf(forms).map((status) => [responseName(status), responseOf(status)]),
);

/** Statuses that only some routes answer: those whose body is read, and those that say so themselves. */
const ofBodies: readonly number[] = [413, 415];
const ofConditions: readonly number[] = [412];

/** Statuses with which any route of the CRM may refuse, besides those of its own. */
export function commonStatuses(body: Body | undefined): readonly number[] {
  return statusesOf(forms).filter((status) => !ofConditions.includes(status) && (body !== undefined || !ofBodies.includes(status)));
}

export function refusalResponse(status: number): Schema {
  return { $ref: `#/components/responses/${responseName(status)}` };
}

/** A refusal of the whole request, with one of the codes that the status goes with. */
export function refusalOf(status: number): Schema {
  const codes = [...new Set(forms.filter(({ httpStatus }) => httpStatus === status).map(({ code }) => code))].toSorted();
  return { allOf: [ref("Refusal"), { type: "object", properties: { code: word(...codes) } }] };
}

/** The answers to a write of items, of which some may fail: each has a result of its own under `key`. */
export function itemAnswers(
  key: string,
  success: Schema,
  statuses: { readonly allGood: number; readonly failures: readonly { readonly allFailed: number; readonly someFailed: number }[] },
): Answers {
  const refusal = ref("Refusal");
  const results = (item: Schema): Schema => shape({ [key]: list(item, { min: 1 }) });
  const allFailed = new Set(statuses.failures.map((failure) => failure.allFailed));
  const someFailed = new Set(statuses.failures.map((failure) => failure.someFailed));
  const answers: [number, Answers[number]][] = [[statuses.allGood, jsonAnswer("Every item went well.", results(success))]];
  for (const status of new Set([...allFailed, ...someFailed])) {
    const [about, item] = allFailed.has(status)
      ? someFailed.has(status)
        ? (["Some items failed, or all.", { anyOf: [success, refusal] }] as const)
        : (["Every item failed.", refusal] as const)
      : (["Some items failed.", { anyOf: [success, refusal] }] as const);
    const isBareToo = forms.some(({ httpStatus }) => httpStatus === status);
    const schema = isBareToo ? { anyOf: [results(item), refusalOf(status)] } : results(item);
    answers.push([status, jsonAnswer(isBareToo ? `${about} Or the request was refused as a whole.` : about, schema)]);
  }
  return Object.fromEntries(answers);
}

function responseOf(status: number): Schema {
  const examples = forms
    .filter(({ httpStatus }) => httpStatus === status)
    .map(({ refusal, body }): [string, Schema] => [refusal, { value: body }]);
  return {
    description: meanings[status] ?? "The request was refused.",
    ...(isRetried(status) ? { headers: { "Retry-After": { description: "In seconds.", schema: integer } } } : {}),
    content: { [jsonType]: { schema: refusalOf(status), examples: Object.fromEntries(examples) } },
  };
}

function isRetried(status: number): boolean {
  return status === 429 || status === 503;
}

function statusesOf(of: readonly Form[]): readonly number[] {
  return [...new Set(of.map(({ httpStatus }) => httpStatus))].toSorted((one, other) => one - other);
}

function responseName(status: number): string {
  return `Refused${status}`;
}
