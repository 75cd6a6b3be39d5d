/** The parameters that several routes share, with the limits that the server holds them to. */
import { limits } from "../core/limits.ts";
import type { Parameter } from "./description.ts";
import type { Schema } from "./schema.ts";
import { count, id, idGiven, integer, list, text, time, versionsThat, word } from "./schema.ts";
import { versionNames } from "../wire/versions.ts";

export function query(name: string, schema: Schema, about: string): Parameter {
  return { name, in: "query", schema, about };
}

export function required(parameter: Parameter): Parameter {
  return { ...parameter, isRequired: true };
}

/** One of several words; the first is meant when the parameter is absent. */
export function choice(name: string, values: readonly string[], about: string): Parameter {
  return query(name, { ...word(...values), default: values[0] ?? "" }, about);
}

export const pageParameters: readonly Parameter[] = [
  query("page", { ...count({ min: 1, max: limits.pageMax }), default: 1 }, "Which page, from 1 on."),
  query("per_page", { ...count({ min: 1, max: limits.rowsPerPageMax }), default: limits.rowsPerPageMax }, "Rows a page."),
];

const sortColumns = ["id", "Created_Time", "Modified_Time"];
export const orderParameters: readonly Parameter[] = [
  choice("sort_by", sortColumns, "The order of the rows."),
  choice("sort_order", ["desc", "asc"], "The direction of the order."),
  query("cvid", id, "A custom view. There are none here: any is INVALID_DATA, and AMBIGUITY_DURING_PROCESSING beside sort_by."),
];

export const fieldsParameter = query("fields", list(text(), { max: limits.fieldsPerListMax }), "API names of the fields to show.");

/** `fields` of lists, which some versions ask for. */
export const listFieldsParameter: Parameter = {
  ...fieldsParameter,
  about: `${fieldsParameter.about} Must be there in ${versionsThat((version) => version.listNeedsFields).join(", ")}.`,
};

export const idsParameter = query("ids", list(idGiven, { max: limits.recordIdsPerRequestMax }), "Ids of records.");

export const moduleParameter = required(
  query("module", text(), "The API name of the module, without regard to case; modules can be named by id too."),
);

export const modifiedSince: Parameter = {
  name: "If-Modified-Since",
  in: "header",
  schema: text(),
  about: "An ISO time or an HTTP date. What is neither is passed over.",
};

export const unmodifiedSince: Parameter = {
  ...modifiedSince,
  name: "If-Unmodified-Since",
  about: "An ISO time or an HTTP date: records that were modified later are left as they are (ALREADY_MODIFIED).",
};

export const recordFilters: readonly Parameter[] = [
  query("page_token", text(), "From the info of another page; not beside page. Lives for 24 hours."),
  choice("converted", ["false", "true", "both"], "No record is converted here: true finds none."),
  choice("approved", ["both", "true", "false"], "No record waits for approval here: false finds none."),
  choice("include_child", ["false", "true"], "Read, and changes nothing."),
  query("territory_id", id, "No record is in a territory here: any finds none."),
  query("uid", id, "Read, and changes nothing."),
  query("startDateTime", time, "Only records made at or after this instant."),
  query("endDateTime", time, "Only records made before this instant."),
];

const partOfPath = text(limits.pathParamCharsMax);

/** The named parts of the paths of the CRM. */
export const crmPathParts: Readonly<Record<string, { readonly schema: Schema; readonly about: string }>> = {
  version: { schema: word(...versionNames), about: "The version of the API." },
  module: { schema: partOfPath, about: "The API name of the module, without regard to case." },
  name: { schema: partOfPath, about: "The API name of the module, without regard to case, or its id." },
  id: { schema: id, about: "The id." },
  list: { schema: partOfPath, about: "The API name of the related list, without regard to case and underscores." },
  relatedId: { schema: id, about: "The id of the related record." },
  action: { schema: partOfPath, about: "The name of the action." },
  job: { schema: partOfPath, about: "read or write." },
};

/** Those of the admin API. */
export const ownPathParts: Readonly<Record<string, { readonly schema: Schema; readonly about: string }>> = {
  id: { schema: { type: "string", pattern: "^(msg_)?\\d{1,16}$" }, about: "The number of the delivery, or its webhook-id." },
  key: { schema: integer, about: "The number of the channel." },
  zgid: { schema: partOfPath, about: "The zgid of the org." },
  clientId: { schema: partOfPath, about: "The id of the client." },
  tokenId: { schema: { type: "string", pattern: "^[0-9a-f]{16}$" }, about: "The id of the token, not the token." },
  path: { schema: text(), about: "The rest of the path, with its slashes." },
};
