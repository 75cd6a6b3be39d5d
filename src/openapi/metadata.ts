/** Modules, fields, layouts and related lists: to look up, and the custom ones to write (PROTOCOL F.2, F.3, F.5; O26). */
import { limits } from "../core/limits.ts";
import { moduleStatuses } from "../wire/metadata-module.ts";
import type { Version } from "../wire/versions.ts";
import type { Answer, Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody, nothingFound, notNewer } from "./description.ts";
import { choice, modifiedSince, moduleParameter, query } from "./parameters.ts";
import { recordFailures } from "./records.ts";
import { itemAnswers } from "./refusals.ts";
import { given, id, list, ref, shape, word } from "./schema.ts";

const writesMetadata = (version: Version): boolean => version.writesMetadata;
const rows = (key: string, schema: string): Answer => jsonAnswer("The rows.", shape({ [key]: list(ref(schema), { min: 1 }) }));
const one = (key: string, schema: string): Answer => jsonAnswer("It.", shape({ [key]: list(ref(schema), { min: 1, max: 1 }) }));
const moduleWritten = (allGood: number) => itemAnswers("modules", ref("ModuleWritten"), { allGood, failures: recordFailures });
const fieldWritten = (allGood: number) => itemAnswers("fields", ref("FieldWritten"), { allGood, failures: recordFailures });
const modulesBody = (item: string) =>
  jsonBody(given({ modules: list(ref(item), { min: 1, max: limits.customModulesPerWriteMax }) }, ["modules"]));
const fieldsBody = (item: string) =>
  jsonBody(given({ fields: list(ref(item), { min: 1, max: limits.customFieldsPerWriteMax }) }, ["fields"]));

export const moduleDescriptions = {
  "/crm/:version/settings/modules": {
    GET: {
      id: "listModules",
      tag: "Metadata",
      summary: "All modules, or those of some states, or those that changed",
      parameters: [
        query("status", list(word(...moduleStatuses), { max: moduleStatuses.length }), "Only modules of these states."),
        modifiedSince,
      ],
      answers: { 200: rows("modules", "Module"), ...nothingFound, ...notNewer },
    },
    POST: {
      id: "makeModules",
      tag: "Metadata",
      summary: "Makes custom modules",
      body: modulesBody("NewModule"),
      answers: moduleWritten(201),
      spokenBy: writesMetadata,
    },
    PUT: {
      id: "changeModules",
      tag: "Metadata",
      summary: "Changes the labels of custom modules, each named by its id",
      body: modulesBody("ModuleChange"),
      answers: moduleWritten(200),
    },
    PATCH: {
      id: "patchModules",
      tag: "Metadata",
      summary: "As PUT",
      body: modulesBody("ModuleChange"),
      answers: moduleWritten(200),
    },
  },
  "/crm/:version/settings/modules/:name": {
    GET: {
      id: "showModule",
      tag: "Metadata",
      summary: "One module with its fields, layouts and related lists",
      parameters: [modifiedSince],
      answers: { 200: one("modules", "ModuleDetail"), ...notNewer },
    },
    PUT: {
      id: "changeModule",
      tag: "Metadata",
      summary: "Changes the labels of one custom module",
      body: modulesBody("ModuleChange"),
      answers: moduleWritten(200),
    },
    PATCH: {
      id: "patchModule",
      tag: "Metadata",
      summary: "As PUT",
      body: modulesBody("ModuleChange"),
      answers: moduleWritten(200),
    },
    DELETE: {
      id: "deleteModule",
      tag: "Metadata",
      summary: "Deletes a custom module",
      answers: moduleWritten(200),
      spokenBy: writesMetadata,
    },
  },
} satisfies Descriptions;

export const fieldDescriptions = {
  "/crm/:version/settings/fields": {
    GET: {
      id: "listFields",
      tag: "Metadata",
      summary: "The fields of a module",
      parameters: [moduleParameter, choice("type", ["all", "used", "unused"], "Every field is in the layout: unused finds none.")],
      answers: { 200: rows("fields", "Field"), ...nothingFound },
    },
    POST: {
      id: "makeFields",
      tag: "Metadata",
      summary: "Makes custom fields",
      parameters: [moduleParameter],
      body: fieldsBody("NewField"),
      answers: fieldWritten(201),
      spokenBy: writesMetadata,
    },
    PATCH: {
      id: "changeFields",
      tag: "Metadata",
      summary: "Changes custom fields, each named by its id",
      parameters: [moduleParameter],
      body: fieldsBody("FieldChange"),
      answers: fieldWritten(200),
      spokenBy: writesMetadata,
    },
  },
  "/crm/:version/settings/fields/:id": {
    GET: {
      id: "showField",
      tag: "Metadata",
      summary: "One field",
      parameters: [moduleParameter],
      answers: { 200: one("fields", "Field"), ...nothingFound },
    },
    PATCH: {
      id: "changeField",
      tag: "Metadata",
      summary: "Changes one custom field",
      parameters: [moduleParameter],
      body: fieldsBody("FieldChange"),
      answers: fieldWritten(200),
      spokenBy: writesMetadata,
    },
    DELETE: {
      id: "deleteField",
      tag: "Metadata",
      summary: "Deletes a custom field",
      parameters: [moduleParameter],
      answers: fieldWritten(200),
      spokenBy: writesMetadata,
    },
  },
} satisfies Descriptions;

const layoutParameter = query("layout_id", id, "Read, and changes nothing: a module has one layout.");

export const layoutDescriptions = {
  "/crm/:version/settings/layouts": {
    GET: {
      id: "listLayouts",
      tag: "Metadata",
      summary: "The layout of a module",
      parameters: [moduleParameter, modifiedSince],
      answers: { 200: rows("layouts", "Layout"), ...nothingFound, ...notNewer },
    },
  },
  "/crm/:version/settings/layouts/:id": {
    GET: {
      id: "showLayout",
      tag: "Metadata",
      summary: "The layout with this id",
      parameters: [moduleParameter, modifiedSince],
      answers: { 200: one("layouts", "Layout"), ...nothingFound, ...notNewer },
    },
  },
  "/crm/:version/settings/related_lists": {
    GET: {
      id: "listRelatedLists",
      tag: "Metadata",
      summary: "The related lists of a module",
      parameters: [moduleParameter, layoutParameter],
      answers: { 200: rows("related_lists", "RelatedList"), ...nothingFound },
    },
  },
  "/crm/:version/settings/related_lists/:id": {
    GET: {
      id: "showRelatedList",
      tag: "Metadata",
      summary: "The related list with this id",
      parameters: [moduleParameter, layoutParameter],
      answers: { 200: one("related_lists", "RelatedList"), ...nothingFound },
    },
  },
} satisfies Descriptions;
