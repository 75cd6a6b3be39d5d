/**
 * The versions of the API: one row of data each, built on the row before. Codecs loop over the row; nothing else in the program
 * compares versions.
 */

export const versionNames = ["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"] as const;
export type VersionName = (typeof versionNames)[number];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The HTTP status of an answer in which every item failed, and in which some did. */
export type FailureStatuses = { readonly allFailed: number; readonly someFailed: number };

/** How the metadata names a module: `"Accounts"`, or `{"api_name":"Accounts","id":"…"}`. */
export type ModuleReference = "name" | "object";

/** The keys of an item of `watch`, in the documented order. */
export const watchItemKeys = [
  "channel_id",
  "events",
  "notify_url",
  "token",
  "channel_expiry",
  "return_affected_field_values",
  "notify_on_related_action",
  "notification_condition",
  "_delete_events",
] as const;
export type WatchItemKey = (typeof watchItemKeys)[number];

/** Where a field of lines names the module of its lines. */
export type SubformKey = "subform" | "associated_module";

export type WatchRowKey =
  | "notify_on_related_action"
  | "channel_expiry"
  | "return_affected_field_values"
  | "resource_uri"
  | "resource_id"
  | "notify_url"
  | "resource_name"
  | "fields"
  | "notification_condition"
  | "channel_id"
  | "events"
  | "token";

export type ListInfoKey =
  | "call"
  | "per_page"
  | "next_page_token"
  | "count"
  | "sort_by"
  | "page"
  | "previous_page_token"
  | "page_token_expiry"
  | "sort_order"
  | "email"
  | "more_records";

export type Version = {
  readonly name: VersionName;
  readonly watchFailure: FailureStatuses;
  readonly recordFailure: FailureStatuses;
  /** The expiry of a channel that asked for none, or for one that is past or too far. */
  readonly expiryDefaultMs: number;
  readonly expiryMaxMs: number;
  /** What is understood in an item of `watch`; another key is ignored. */
  readonly watchItemKeys: readonly WatchItemKey[];
  /** Whether `watchItemKeys` has `notification_condition`. */
  readonly takesConditions: boolean;
  /** Whether `watchItemKeys` has `return_affected_field_values`. */
  readonly takesReturnValues: boolean;
  /** The keys of a row of GET /actions/watch, in the order they are printed. */
  readonly watchRowKeys: readonly WatchRowKey[];
  /** In `lookup.module` of a field, and in `module` of a related list. */
  readonly lookupModule: ModuleReference;
  readonly subformKeys: readonly SubformKey[];
  /** Where the linking module of a multi-select lookup stands, in the form of `lookupModule`. */
  readonly linkingModule: "linking_module" | "linking_details";
  /** The form of `pick_list_values[].forecast_category`: an id in digits, or `{"name","id"}`. */
  readonly forecastCategory: "id" | "object";
  /** The form of a layout's `status`: 0, or "active". */
  readonly layoutStatus: "number" | "word";
  /** The form of a layout section's `tab_traversal`: 2, or "left_to_right". */
  readonly tabTraversal: "number" | "word";
  /** Whether a field has the keys that were added in 2025. */
  readonly hasNewFieldKeys: boolean;
  /** Whether custom fields and modules can be made and deleted. */
  readonly writesMetadata: boolean;
  /** Whether a list of records must name its fields. */
  readonly listNeedsFields: boolean;
  /** How many rows pages alone reach; null: all. */
  readonly rowsWithoutPageToken: number | null;
  /** The keys of a record list's `info`, in the order they are printed. */
  readonly listInfoKeys: readonly ListInfoKey[];
  readonly scopeMismatchMessage: string;
};

/** The number of the first version that writes metadata, as `API_NOT_SUPPORTED` tells it (O26). */
export const metadataWritesFromVersion = 6;

/** A row as it is written down: what follows from another column is left out. */
type Row = Omit<Version, "takesConditions" | "takesReturnValues">;

const accepted: FailureStatuses = { allFailed: 202, someFailed: 202 };
const badRequest: FailureStatuses = { allFailed: 400, someFailed: 207 };

const fullRow = [
  "notify_on_related_action",
  "channel_expiry",
  "return_affected_field_values",
  "resource_uri",
  "resource_id",
  "notify_url",
  "resource_name",
  "fields",
  "notification_condition",
  "channel_id",
  "events",
  "token",
] as const satisfies readonly WatchRowKey[];
const rowWithoutCondition = fullRow.filter((key) => key !== "notification_condition" && key !== "fields");
const rowWithoutValues = rowWithoutCondition.filter((key) => key !== "return_affected_field_values");

const itemWithoutCondition = watchItemKeys.filter((key) => key !== "notification_condition");
const itemWithoutValues = itemWithoutCondition.filter((key) => key !== "return_affected_field_values");

const shortInfo = ["per_page", "count", "page", "more_records"] as const satisfies readonly ListInfoKey[];
const fullInfo = [
  "call",
  "per_page",
  "next_page_token",
  "count",
  "sort_by",
  "page",
  "previous_page_token",
  "page_token_expiry",
  "sort_order",
  "email",
  "more_records",
] as const satisfies readonly ListInfoKey[];
const infoWithoutSort = fullInfo.filter((key) => key !== "sort_by" && key !== "sort_order");

/*
 * The evidence stands at the cell, by the tags of PROTOCOL 0: S21 and S6 are the seeds, D2 to D8 pages of that version, SDK2.0 to SDK8.0
 * the models of the official SDKs, W what their code did in a run (CLIENTS 4), O25 and O26 the public description of v8, L- what was seen live.
 * "Ruled" is a ruling of DESIGN 6 where the evidence is thin or missing.
 */

const v2: Row = {
  name: "v2",
  // S21 is v2.1; v2 ruled to be equal (ruling 2).
  watchFailure: accepted,
  // Ruled with watchFailure; PROTOCOL F.1 has it as general knowledge only.
  recordFailure: accepted,
  // S21: an answer of 14:57:17Z to a request of 12:57:17Z (ruling 3).
  expiryDefaultMs: 2 * hourMs,
  // D2, D3.
  expiryMaxMs: dayMs,
  // SDK2.0 and SDK2.1 have neither return_affected_field_values nor notification_condition; the others are in all SDKs.
  watchItemKeys: itemWithoutValues,
  // D2: rows without fields, notification_condition and return_affected_field_values.
  watchRowKeys: rowWithoutValues,
  // W (SDK2.0, SDK2.1): an object makes them ask for a module of the name [object Object].
  lookupModule: "name",
  // SDK2.1: `subform.module`, a text.
  subformKeys: ["subform"],
  // SDK2.1: a text.
  linkingModule: "linking_module",
  // W (SDK2.1): an object crashes it; its model has a long.
  forecastCategory: "id",
  // SDK2.1: integers.
  layoutStatus: "number",
  tabTraversal: "number",
  hasNewFieldKeys: false,
  // O26: "supported_version": 6; SDK2.1 has no such methods.
  writesMetadata: false,
  // n8n, run against a recording stand-in (CLIENTS 5), lists without fields.
  listNeedsFields: false,
  // The page token begins with v3 (SDK2.0, SDK2.1 have none).
  rowsWithoutPageToken: null,
  // SDK2.0, SDK2.1.
  listInfoKeys: shortInfo,
  // S21.
  scopeMismatchMessage: "invalid oauth scope to access this URL",
};
/** S21 is of this version: the statuses, the messages and the two hours are its own. */
const v21: Row = { ...v2, name: "v2.1" };
const v3: Row = {
  ...v2,
  name: "v3",
  // watchFailure: no evidence for v3 and v4; ruled to stay (ruling 2). recordFailure: PROTOCOL F.1, "v3+?".
  recordFailure: badRequest,
  // D3 has return_affected_field_values; SDK3.0 has it not.
  watchItemKeys: itemWithoutCondition,
  // No row was seen for v3 to v6; printed is what can be set.
  watchRowKeys: rowWithoutCondition,
  // SDK3.0: lookup.module, linking_module and a related list's module are objects.
  lookupModule: "object",
  // SDK3.0 and SDK4.0 read `subform.module`, SDK6.0 `associated_module.module`: between them both are given.
  subformKeys: ["subform", "associated_module"],
  // SDK3.0: an object of its own.
  forecastCategory: "object",
  // SDK3.0: a layout's status is a text, its tab_traversal still an integer.
  layoutStatus: "word",
  // General knowledge; D7 for v7.
  listNeedsFields: true,
  // O26 has the limit of 2,000; the keys of page tokens are in SDK3.0.
  rowsWithoutPageToken: 2_000,
  listInfoKeys: infoWithoutSort,
};
const v4: Row = {
  ...v3,
  name: "v4",
  // S6, D7: one hour; the two hours of S21 are of v2.1. D4: one week.
  expiryDefaultMs: hourMs,
  expiryMaxMs: 7 * dayMs,
};
const v5: Row = {
  ...v4,
  name: "v5",
  // D5 lists 400 for disabling events; mixed ruled to be 207 (ruling 2).
  watchFailure: badRequest,
  // SDK5.0.
  listInfoKeys: fullInfo,
};
const v6: Row = {
  ...v5,
  name: "v6",
  // S6.
  watchItemKeys,
  // D7 shows a row in full.
  watchRowKeys: fullRow,
  // W (SDK6.0): a text crashes it; it reads associated_module.module.
  subformKeys: ["associated_module"],
  // SDK6.0: a text.
  tabTraversal: "word",
  // O26: "supported_version": 6; SDK6.0 makes, changes and deletes fields.
  writesMetadata: true,
};
/** D7 is of this version; nothing in it differs from v6. */
const v7: Row = { ...v6, name: "v7" };
const v8: Row = {
  ...v7,
  name: "v8",
  // watchFailure: L-frigg saw 400, O26 has 207 for a mixed answer; O25 still said 202.
  // SDK8.0: `linking_details.module`.
  linkingModule: "linking_details",
  // O26.
  hasNewFieldKeys: true,
  // O26.
  scopeMismatchMessage: "Unauthorized",
};

export const versions: Record<VersionName, Version> = {
  v2: complete(v2),
  "v2.1": complete(v21),
  v3: complete(v3),
  v4: complete(v4),
  v5: complete(v5),
  v6: complete(v6),
  v7: complete(v7),
  v8: complete(v8),
};

/** The version a path names (`v2.1`), or undefined. */
export function versionNamed(name: string): Version | undefined {
  return Object.hasOwn(versions, name) ? versions[name as VersionName] : undefined;
}

function complete(row: Row): Version {
  return {
    ...row,
    takesConditions: row.watchItemKeys.includes("notification_condition"),
    takesReturnValues: row.watchItemKeys.includes("return_affected_field_values"),
  };
}
