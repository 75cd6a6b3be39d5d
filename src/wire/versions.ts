/**
 * The versions of the API: one row of data each. Codecs loop over the row; nothing else in the program compares versions.
 * Sources: PROTOCOL A.6 and G, CLIENTS 4 and 5, DESIGN rulings 2 and 3.
 */

export const versionNames = ["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"] as const;
export type VersionName = (typeof versionNames)[number];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The HTTP status of an answer in which every item failed, and in which some did. */
export type FailureStatuses = { readonly allFailed: number; readonly someFailed: number };

/** How a lookup in the field metadata names its module: `"Accounts"`, or `{"api_name":"Accounts","id":"…"}`. */
export type ModuleReference = "name" | "object";

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
  readonly takesConditions: boolean;
  readonly takesReturnValues: boolean;
  /** The keys of a row of GET /actions/watch, in the order they are printed. */
  readonly watchRowKeys: readonly WatchRowKey[];
  readonly lookupModule: ModuleReference;
  /** Where the linking module of a multi-select lookup stands. */
  readonly linkingModule: "linking_module" | "linking_details";
  /** Whether a list of records must name its fields. */
  readonly listNeedsFields: boolean;
  /** How many rows pages alone reach; null: all. */
  readonly rowsWithoutPageToken: number | null;
  /** The keys of a record list's `info`, in the order they are printed. */
  readonly listInfoKeys: readonly ListInfoKey[];
  readonly scopeMismatchMessage: string;
};

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

const v2: Version = {
  name: "v2",
  watchFailure: accepted,
  recordFailure: accepted,
  expiryDefaultMs: 2 * hourMs,
  expiryMaxMs: dayMs,
  takesConditions: false,
  takesReturnValues: false,
  watchRowKeys: rowWithoutValues,
  lookupModule: "name",
  linkingModule: "linking_module",
  listNeedsFields: false,
  rowsWithoutPageToken: null,
  listInfoKeys: shortInfo,
  scopeMismatchMessage: "invalid oauth scope to access this URL",
};
const v3: Version = {
  ...v2,
  name: "v3",
  recordFailure: badRequest,
  takesReturnValues: true,
  watchRowKeys: rowWithoutCondition,
  lookupModule: "object",
  listNeedsFields: true,
  rowsWithoutPageToken: 2_000,
  listInfoKeys: infoWithoutSort,
};
const v4: Version = { ...v3, name: "v4", expiryDefaultMs: hourMs, expiryMaxMs: 7 * dayMs };
const v5: Version = { ...v4, name: "v5", watchFailure: badRequest, listInfoKeys: fullInfo };
const v6: Version = { ...v5, name: "v6", takesConditions: true, watchRowKeys: fullRow };

export const versions: Record<VersionName, Version> = {
  v2,
  "v2.1": { ...v2, name: "v2.1" },
  v3,
  v4,
  v5,
  v6,
  v7: { ...v6, name: "v7" },
  v8: { ...v6, name: "v8", linkingModule: "linking_details", scopeMismatchMessage: "Unauthorized" },
};

/** The version a path names (`v2.1`), or undefined. */
export function versionNamed(name: string): Version | undefined {
  return Object.hasOwn(versions, name) ? versions[name as VersionName] : undefined;
}
