/** What hangs on a record (PROTOCOL F.1, Related records). */
import { success } from "./common-schemas.ts";
import type { Descriptions } from "./description.ts";
import { nothingFound, notNewer } from "./description.ts";
import { idsParameter, listFieldsParameter, modifiedSince, orderParameters, pageParameters, required } from "./parameters.ts";
import { oneRecord, recordFailures, recordPage, recordsBody } from "./records.ts";
import { itemAnswers } from "./refusals.ts";
import type { Properties } from "./schema.ts";
import { either, id, ref, shape, word } from "./schema.ts";

export const relatedSchemas: Properties = {
  Linked: success(word("relation added"), shape({ id })),
  Unlinked: success(word("relation removed"), shape({ id })),
};

const changed = itemAnswers("data", either(ref("Linked"), ref("RecordWritten")), { allGood: 200, failures: recordFailures });
const removed = itemAnswers("data", either(ref("Unlinked"), ref("RecordDeleted")), { allGood: 200, failures: recordFailures });
const scopes = "What is shown needs the scope of its own module too; notes are written under theirs.";

export const relatedDescriptions = {
  "/crm/:version/:module/:id/:list": {
    GET: {
      id: "listRelated",
      tag: "Related records",
      summary: "A page of a related list",
      about: scopes,
      parameters: [listFieldsParameter, ...orderParameters, ...pageParameters, modifiedSince],
      answers: { 200: recordPage, ...nothingFound, ...notNewer },
    },
    POST: {
      id: "addRelated",
      tag: "Related records",
      summary: "Makes notes of the record",
      about: `${scopes} Lists other than Notes are NOT_SUPPORTED.`,
      body: recordsBody,
      answers: itemAnswers("data", ref("RecordWritten"), { allGood: 201, failures: recordFailures }),
    },
    PUT: {
      id: "updateRelated",
      tag: "Related records",
      summary: "Links records, or changes notes",
      about: scopes,
      body: recordsBody,
      answers: changed,
    },
    DELETE: {
      id: "removeRelated",
      tag: "Related records",
      summary: "Unlinks records, or deletes notes",
      about: scopes,
      parameters: [required(idsParameter)],
      answers: removed,
    },
  },
  "/crm/:version/:module/:id/:list/:relatedId": {
    GET: {
      id: "showRelated",
      tag: "Related records",
      summary: "One related record",
      about: scopes,
      parameters: [modifiedSince],
      answers: oneRecord,
    },
    PUT: {
      id: "updateOneRelated",
      tag: "Related records",
      summary: "Links one record, or changes one note",
      about: scopes,
      body: recordsBody,
      answers: changed,
    },
    DELETE: {
      id: "removeOneRelated",
      tag: "Related records",
      summary: "Unlinks one record, or deletes one note",
      about: scopes,
      answers: removed,
    },
  },
} satisfies Descriptions;
