/** Records: written one by one or in lists, upserted, listed, searched and counted (PROTOCOL F.1). */
import { limits } from "../core/limits.ts";
import { writtenMessages } from "../wire/record-response.ts";
import { versionNames, versions } from "../wire/versions.ts";
import { success } from "./common-schemas.ts";
import type { Answers, Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody, nothingFound, notNewer } from "./description.ts";
import {
  choice,
  fieldsParameter,
  idsParameter,
  listFieldsParameter,
  modifiedSince,
  orderParameters,
  pageParameters,
  query,
  recordFilters,
  required,
  unmodifiedSince,
} from "./parameters.ts";
import { itemAnswers } from "./refusals.ts";
import type { Properties } from "./schema.ts";
import { anything, flag, given, id, list, noted, orNull, ref, shape, text, time, word } from "./schema.ts";

const writtenDetails = shape({
  Modified_Time: time,
  Modified_By: ref("NamedRef"),
  Created_Time: time,
  id,
  Created_By: ref("NamedRef"),
});

const user = orNull(shape({ name: orNull(text()), id, email: orNull(text()) }));

export const recordSchemas: Properties = {
  Record: {
    type: "object",
    description:
      "The fields asked for, or all: lookups as {name, id}, users as {name, id, email}, times in the org's zone. /settings/fields says which there are.",
    properties: {
      id,
      Created_Time: time,
      Modified_Time: time,
      Created_By: user,
      Modified_By: user,
      $approval_state: text(),
      $editable: flag,
      $in_merge: flag,
      $locked_for_me: flag,
      $process_flow: flag,
      $sharing_permission: text(),
      $field_states: { type: "null" },
      $currency_symbol: text(),
      $se_module: text(),
    },
    required: ["id"],
    additionalProperties: anything,
  },
  RecordGiven: noted(
    given({ id: noted(ref("IdGiven"), "Which record is changed; not of an insert.") }),
    "API names of fields with their values.",
  ),
  RecordWritten: success(word(writtenMessages.insert, writtenMessages.update), writtenDetails),
  RecordDeleted: success(word(writtenMessages.delete), shape({ id })),
  RecordUpserted: shape({
    code: word("SUCCESS"),
    duplicate_field: noted(orNull(text()), "The field by which the record was found."),
    action: word("insert", "update"),
    details: writtenDetails,
    message: word(writtenMessages.insert, writtenMessages.update),
    status: word("success"),
  }),
  DeletedRecord: shape({
    deleted_by: orNull(ref("NamedRef")),
    id,
    display_name: orNull(text()),
    type: word("recycle", "permanent"),
    created_by: orNull(ref("NamedRef")),
    deleted_time: time,
  }),
};

export const recordFailures = versionNames.map((name) => versions[name].recordFailure);

const items = list(ref("RecordGiven"), { min: 1, max: limits.recordsPerWriteMax });
const ignored = { trigger: noted(orNull(list(text())), "Taken, and has no effect here.") };
/** `{"data":[…]}`. */
export const recordsBody = jsonBody(given({ data: items, ...ignored }, ["data"]));
const upsertBody = jsonBody(given({ data: items, duplicate_check_fields: orNull(list(text())), ...ignored }, ["data"]));

const record = jsonAnswer("The record.", shape({ data: list(ref("Record"), { min: 1, max: 1 }) }));
export const recordPage = jsonAnswer("A page of records.", shape({ data: list(ref("Record"), { min: 1 }), info: ref("ListInfo") }));
export const oneRecord: Answers = { 200: record, ...nothingFound, ...notNewer };

const inserted = itemAnswers("data", ref("RecordWritten"), { allGood: 201, failures: recordFailures });
const written = itemAnswers("data", ref("RecordWritten"), { allGood: 200, failures: recordFailures });
const deleted = itemAnswers("data", ref("RecordDeleted"), { allGood: 200, failures: recordFailures });
const overtaken: Answers = {
  412: jsonAnswer("Every record was modified after If-Unmodified-Since.", shape({ data: list(ref("Refusal"), { min: 1 }) })),
};

export const recordDescriptions = {
  "/crm/:version/:module": {
    GET: {
      id: "listRecords",
      tag: "Records",
      summary: "A page of a module's records",
      about: `By page alone ${limits.rowsWithoutPageTokenMax} rows are reached where a version has page tokens, with page_token ${limits.rowsWithPageTokenMax}.`,
      parameters: [listFieldsParameter, idsParameter, ...orderParameters, ...pageParameters, ...recordFilters, modifiedSince],
      answers: { 200: recordPage, ...nothingFound, ...notNewer },
    },
    POST: { id: "insertRecords", tag: "Records", summary: "Makes records", body: recordsBody, answers: inserted },
    PUT: {
      id: "updateRecords",
      tag: "Records",
      summary: "Changes records, each named by its id",
      parameters: [unmodifiedSince],
      body: recordsBody,
      answers: { ...written, ...overtaken },
    },
    DELETE: {
      id: "deleteRecords",
      tag: "Records",
      summary: "Deletes records",
      parameters: [required(idsParameter)],
      answers: deleted,
    },
  },
  "/crm/:version/:module/upsert": {
    POST: {
      id: "upsertRecords",
      tag: "Records",
      summary: "Changes the records that are there, makes the others",
      parameters: [unmodifiedSince],
      body: upsertBody,
      answers: { ...itemAnswers("data", ref("RecordUpserted"), { allGood: 200, failures: recordFailures }), ...overtaken },
    },
  },
  "/crm/:version/:module/search": {
    GET: {
      id: "searchRecords",
      tag: "Records",
      summary: "Records that fit criteria, an address, a number or a word",
      about: `The first of criteria, email, phone and word that is there counts. Pages reach ${limits.searchRowsMax} rows.`,
      parameters: [
        query(
          "criteria",
          text(),
          `Such as ((Last_Name:equals:Roe)and(Email:starts_with:a)), of at most ${limits.criteriaConditionsMax} conditions.`,
        ),
        ...["email", "phone", "word"].map((name) =>
          query(name, { type: "string", minLength: limits.searchCharsMin }, "Found in any field of its kind."),
        ),
        fieldsParameter,
        ...pageParameters,
      ],
      answers: { 200: recordPage, ...nothingFound },
    },
  },
  "/crm/:version/:module/deleted": {
    GET: {
      id: "listDeletedRecords",
      tag: "Records",
      summary: "Records that were deleted, the last first",
      parameters: [choice("type", ["all", "recycle", "permanent"], "In the bin, gone from it, or both."), ...pageParameters, modifiedSince],
      answers: {
        200: jsonAnswer("A page of deletions.", shape({ data: list(ref("DeletedRecord"), { min: 1 }), info: ref("PageInfo") })),
        ...nothingFound,
        ...notNewer,
      },
    },
  },
  "/crm/:version/:module/actions/count": {
    GET: {
      id: "countRecords",
      tag: "Records",
      summary: "How many records the module has",
      answers: { 200: jsonAnswer("The number.", shape({ count: { type: "integer", minimum: 0 } })) },
    },
  },
  "/crm/:version/:module/:id": {
    GET: { id: "showRecord", tag: "Records", summary: "One record", parameters: [modifiedSince], answers: oneRecord },
    PUT: {
      id: "updateRecord",
      tag: "Records",
      summary: "Changes one record",
      parameters: [unmodifiedSince],
      body: recordsBody,
      answers: { ...written, ...overtaken },
    },
    DELETE: { id: "deleteRecord", tag: "Records", summary: "Deletes one record", answers: deleted },
  },
} satisfies Descriptions;
