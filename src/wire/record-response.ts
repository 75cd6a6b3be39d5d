/**
 * Records as an answer shows them (PROTOCOL F.1): all fields of the module in catalog order, the system keys, then the constant
 * `$` keys. Lookups print as `{name,id}`, users as `{name,id,email}`, times in the org's zone.
 */
import { assert } from "../core/assert.ts";
import type { Field, Module } from "../core/catalog.ts";
import type { Operation } from "../core/channel.ts";
import type { Id } from "../core/ids.ts";
import type { CrmRecord, Value, Values } from "../core/record.ts";
import type { Result } from "../core/result.ts";
import type { Page, WrittenRecord } from "../core/written.ts";
import { writeDateTime } from "./datetime.ts";
import { renderRefusal } from "./error-codes.ts";
import type { Json } from "./json.ts";
import { lookupModuleKey } from "./record-request.ts";
import type { ListInfoKey, Version } from "./versions.ts";
import { writtenDetails } from "./written-record.ts";

export type RenderContext = {
  readonly module: Module;
  /** IANA name. */
  readonly timeZone: string;
  /** The name of a record; null when there is none. `module` is `$se_module` when only the id tells. */
  nameOf(module: string, id: Id): string | null;
  userOf(id: Id): { readonly name: string; readonly id: Id; readonly email: string } | null;
};

export type RecordContext = RenderContext & {
  /** API names; unknown ones are passed over. null: all fields. */
  readonly fields: readonly string[] | null;
  /** Of the org's currency. */
  readonly currencySymbol: string;
};

export type ListContext = {
  readonly version: Version;
  readonly page: Page;
  readonly hasMore: boolean;
  readonly sortBy: string;
  readonly sortOrder: string;
  /** Absent: the list gives no page tokens. */
  readonly pageTokens?: PageTokens;
};

/** The tokens of the pages beside this one, null where there is none, and when they end, null without a token. */
export type PageTokens = { readonly next: string | null; readonly previous: string | null; readonly expiry: string | null };

/** `body` null: an answer without one. */
export type RecordAnswer = { readonly status: number; readonly body: Json | null };

/** The record as a row of `data`; with `fields`, only those and the id. */
export function renderRecord(record: CrmRecord, context: RecordContext): Json {
  const wanted = context.fields === null ? null : new Set(context.fields);
  const row: [string, Json][] = [];
  for (const field of context.module.fields) {
    if (field.apiName === "id" || Object.hasOwn(systemKeys, field.apiName)) continue;
    if (wanted === null || wanted.has(field.apiName)) row.push([field.apiName, renderField(field, record, context)]);
  }
  for (const [key, render] of Object.entries(systemKeys)) {
    if (wanted === null || wanted.has(key)) row.push([key, render(record, context)]);
  }
  row.push(["id", record.id]);
  const dollarKeys = { ...constantKeys, $currency_symbol: context.currencySymbol, ...renderLookupModule(record.values) };
  for (const [key, value] of Object.entries(dollarKeys)) {
    if (wanted === null || wanted.has(key)) row.push([key, value]);
  }
  return Object.fromEntries(row);
}

/** One value as the wire prints it; null for none. */
export function renderValue(field: Field, value: Value, context: RenderContext): Json {
  if (value === null) return null;
  switch (field.dataType) {
    case "lookup":
      return renderLookup(field, value, context);
    case "ownerlookup":
    case "userlookup":
      return renderUserRef(value, context);
    case "datetime":
      return renderInstant(value, context);
    default:
      return value;
  }
}

/** The name that a lookup shows for the record; empty when it has none. */
export function recordName(module: Module, values: Values): string {
  const name = storedValue(values, module.nameField);
  if (typeof name === "string") return name;
  if (typeof name === "number") return String(name);
  return module.nameField === fullNameField ? (fullNameOf(values) ?? "") : "";
}

/** What a write came to, item by item, in the order of the request. */
export function recordAnswer(
  results: readonly Result<WrittenRecord>[],
  context: { readonly operation: Operation; readonly version: Version; readonly timeZone: string },
): RecordAnswer {
  const { operation, version, timeZone } = context;
  const data = results.map((result) =>
    result.ok ? renderWritten(result.value, operation, timeZone) : renderRefusal(result.error, version).body,
  );
  return { status: writeStatus(results, operation, version), body: { data } };
}

/**
 * All well: 201 for an insert, else 200. Failures have the version's own status (DESIGN ruling 2), 412 in every version where all
 * records had been modified since the time given (PROTOCOL F.1).
 */
export function writeStatus(results: readonly Result<unknown>[], operation: Operation, version: Version): number {
  const failed = results.filter((result) => !result.ok).length;
  if (failed === 0) return operation === "insert" ? 201 : 200;
  if (results.every((result) => !result.ok && result.error.code === "already_modified")) return 412;
  return failed === results.length ? version.recordFailure.allFailed : version.recordFailure.someFailed;
}

/** One record that was written, as its item of the answer. */
export function renderWritten(written: WrittenRecord, operation: Operation, timeZone: string): Json {
  const details = operation === "delete" ? { id: written.id } : writtenDetails(written, timeZone);
  return { code: "SUCCESS", details, message: writtenMessages[operation], status: "success" };
}

/** A page of a list, with the keys of `info` that the version knows; an empty one is 204 without a body (PROTOCOL F.1). */
export function listAnswer(rows: readonly Json[], context: ListContext): RecordAnswer {
  if (rows.length === 0) return { status: 204, body: null };
  const info = Object.fromEntries(context.version.listInfoKeys.map((key) => [key, infoValues[key](context, rows.length)]));
  return { status: 200, body: { data: rows, info } };
}

export const writtenMessages: Record<Operation, string> = {
  insert: "record added",
  update: "record updated",
  delete: "record deleted",
};

const infoValues: Record<ListInfoKey, (context: ListContext, count: number) => Json> = {
  call: () => false,
  per_page: ({ page }) => page.perPage,
  next_page_token: ({ pageTokens }) => pageTokens?.next ?? null,
  count: (_, count) => count,
  sort_by: ({ sortBy }) => sortBy,
  page: ({ page }) => page.page,
  previous_page_token: ({ pageTokens }) => pageTokens?.previous ?? null,
  page_token_expiry: ({ pageTokens }) => pageTokens?.expiry ?? null,
  sort_order: ({ sortOrder }) => sortOrder,
  email: () => false,
  more_records: ({ hasMore }) => hasMore,
};

type RenderSystemKey = (record: CrmRecord, context: RenderContext) => Json;

const fullNameField = "Full_Name";

/** Set by the server, in every module, whether its catalog lists them or not. */
const systemKeys: Readonly<Record<string, RenderSystemKey>> = {
  Created_Time: (record, context) => writeDateTime(record.createdAt, context.timeZone),
  Modified_Time: (record, context) => writeDateTime(record.modifiedAt, context.timeZone),
  Created_By: (record, context) => renderUserRef(record.createdBy, context),
  Modified_By: (record, context) => renderUserRef(record.modifiedBy, context),
};

/** What a record shows in these fields while it holds nothing there. */
const derivedFields: Readonly<Record<string, (values: Values) => Json>> = {
  [fullNameField]: fullNameOf,
  Record_Status__s: () => "Available",
  Locked__s: () => false,
};

/** Keys about features that are left out here; clients read some of them without a check. */
const constantKeys = {
  $approval_state: "approved",
  $editable: true,
  $in_merge: false,
  $locked_for_me: false,
  $process_flow: false,
  $sharing_permission: "full_access",
  $field_states: null,
} as const satisfies Record<string, Json>;

function renderField(field: Field, record: CrmRecord, context: RenderContext): Json {
  const value = storedValue(record.values, field.apiName);
  if (value === null) return Object.hasOwn(derivedFields, field.apiName) ? (derivedFields[field.apiName]?.(record.values) ?? null) : null;
  if (field.lookupModule !== lookupModuleKey) return renderValue(field, value, context);
  const module = storedValue(record.values, lookupModuleKey);
  return renderValue(typeof module === "string" ? { ...field, lookupModule: module } : field, value, context);
}

function renderLookup(field: Field, value: Value, context: RenderContext): Json {
  assert(typeof value === "string", "a lookup is stored as an id");
  return { name: field.lookupModule === null ? null : context.nameOf(field.lookupModule, value), id: value };
}

function renderUserRef(value: Value, context: RenderContext): Json {
  assert(typeof value === "string", "a user is stored as an id");
  const user = context.userOf(value);
  return user === null ? { name: null, id: value, email: null } : { name: user.name, id: user.id, email: user.email };
}

function renderInstant(value: Value, context: RenderContext): Json {
  assert(typeof value === "string", "a time is stored as text");
  return writeDateTime(Date.parse(value), context.timeZone);
}

function renderLookupModule(values: Values): Record<string, Json> {
  const module = storedValue(values, lookupModuleKey);
  return module === null ? {} : { [lookupModuleKey]: module };
}

/** First and last name; null when neither is set. */
function fullNameOf(values: Values): string | null {
  const names = [storedValue(values, "First_Name"), storedValue(values, "Last_Name")].filter((name) => typeof name === "string");
  return names.length === 0 ? null : names.join(" ");
}

function storedValue(values: Values, key: string): Value {
  return Object.hasOwn(values, key) ? (values[key] ?? null) : null;
}
