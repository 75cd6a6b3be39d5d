/**
 * For every refusal, requests that bring it about, each of which is played in every version that can say it. A refusal that no request
 * brings about, or a version that cannot say it, has its reason here instead. The expected bytes are not here: `generate.ts` takes
 * them from the tables of `src/wire`.
 */
import { limits } from "../../src/core/limits.ts";
import type { Refusal, RefusalCode } from "../../src/core/refusal.ts";
import type { Version } from "../../src/wire/versions.ts";
import type { VectorSetup } from "../support/vectors.ts";

/** Where the refusal stands in the answer: alone, or as the only item of a wrapper. */
export type Shape = "bare" | "watch" | "data" | "users";

export type CodeCase = {
  /** A claim, as a test's title. */
  readonly title: string;
  readonly refusal: Omit<Refusal, "code">;
  readonly shape: Shape;
  readonly method: string;
  /** Behind `/crm/{version}`. */
  readonly path: string;
  readonly body?: unknown;
  /** Besides, or in place of, the Authorization header that every request has. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly setup?: Pick<VectorSetup, "scopes" | "tokenAgeMs" | "before" | "records">;
  /** The versions that can say it; all when absent. */
  readonly spokenBy?: (version: Version) => boolean;
};

export type CodeEntry = {
  readonly source: string;
  readonly cases: readonly CodeCase[];
  /** Why a version says none of the cases, or why no request brings the refusal about. */
  readonly unspoken?: string;
};

const channel = { channel_id: "1000000068002", events: ["Deals.edit"], notify_url: "https://www.zoho.com/callback" };
const unknownId = "554023000199999999";

function watching(more: Readonly<Record<string, unknown>>): unknown {
  return { watch: [{ ...channel, ...more }] };
}

function withCondition(condition: Readonly<Record<string, unknown>>): unknown {
  return watching({ notification_condition: [condition] });
}

const condition = ["watch", 0, "notification_condition", 0] as const;
const takesConditions = ({ takesConditions: takes }: Version): boolean => takes;
const bigBodyBytes = String(limits.requestBodyBytesMax + 1);
const hundredAndOne = Array.from({ length: 101 }, (_, index) => String(index + 1)).join(",");

export const codeCases: Readonly<Record<RefusalCode, CodeEntry>> = {
  mandatory_missing: {
    source: "PROTOCOL A.6 and F.1; v2.1 seed",
    cases: [
      {
        title: "an item without events is refused",
        refusal: { path: ["watch", 0, "events"] },
        shape: "watch",
        method: "POST",
        path: "/actions/watch",
        body: { watch: [{ channel_id: channel.channel_id, notify_url: channel.notify_url }] },
      },
      {
        title: "a record without its mandatory field is refused",
        refusal: { path: ["data", 0, "Last_Name"] },
        shape: "data",
        method: "POST",
        path: "/Leads",
        body: { data: [{ First_Name: "Bill" }] },
      },
    ],
  },
  value_invalid: {
    source: "PROTOCOL A.6 and F.1; v2.1 seed",
    cases: [
      {
        title: "a token of 51 characters is refused",
        refusal: { path: ["watch", 0, "token"], maximumLength: 50 },
        shape: "watch",
        method: "POST",
        path: "/actions/watch",
        body: watching({ token: "x".repeat(51) }),
      },
      {
        title: "an event of a module that is not there is refused",
        refusal: { path: ["watch", 0, "events", 1] },
        shape: "watch",
        method: "PUT",
        path: "/actions/watch",
        body: watching({ events: ["Deals.edit", "Unicorns.edit"] }),
      },
      {
        title: "_delete_events that is no boolean is refused",
        refusal: { path: ["watch", 0, "_delete_events"], expectedType: "boolean" },
        shape: "watch",
        method: "PATCH",
        path: "/actions/watch",
        body: watching({ _delete_events: "true" }),
      },
      {
        title: "a field that is too long is refused",
        refusal: { path: ["data", 0, "Last_Name"], maximumLength: 80 },
        shape: "data",
        method: "POST",
        path: "/Leads",
        body: { data: [{ Last_Name: "x".repeat(81) }] },
      },
      {
        title: "a field of the wrong type is refused",
        refusal: { path: ["data", 0, "Amount"], expectedType: "double" },
        shape: "data",
        method: "POST",
        path: "/Deals",
        body: { data: [{ Deal_Name: "Big one", Stage: "Qualification", Amount: { a: 1 } }] },
      },
    ],
  },
  one_of_missing: {
    source: "PROTOCOL A.6; v6 seed",
    unspoken: "conditions begin with v6, and nothing else asks for one of several keys",
    cases: [
      {
        title: "a module reference needs a name or an id",
        refusal: {
          paths: [
            [...condition, "module", "api_name"],
            [...condition, "module", "id"],
          ],
        },
        shape: "watch",
        method: "POST",
        path: "/actions/watch",
        body: withCondition({ type: "field_selection", module: {}, field_selection: { field: { api_name: "Stage" } } }),
        spokenBy: takesConditions,
      },
    ],
  },
  ambiguous: {
    source: "PROTOCOL A.6; v6 seed",
    unspoken: "conditions begin with v6, and nothing else may contradict itself",
    cases: [
      {
        title: "a module's name and id must agree",
        refusal: {
          paths: [
            [...condition, "module", "api_name"],
            [...condition, "module", "id"],
          ],
        },
        shape: "watch",
        method: "POST",
        path: "/actions/watch",
        body: withCondition({
          type: "field_selection",
          module: { api_name: "Deals", id: "554023000000000125" },
          field_selection: { field: { api_name: "Stage" } },
        }),
        spokenBy: takesConditions,
      },
    ],
  },
  dependent_missing: {
    source: "PROTOCOL A.6 and F.1; v6 seed",
    cases: [
      {
        title: "an appointment at the client's address needs the address",
        refusal: { path: ["data", 0, "Address"], dependee: ["data", 0, "Location"] },
        shape: "data",
        method: "POST",
        path: "/Appointments__s",
        body: {
          data: [
            {
              Service_Name: { id: unknownId },
              Appointment_Name: "Visit",
              Appointment_For: { id: unknownId },
              Owner: { id: unknownId },
              Appointment_Start_Time: "2023-08-03T02:59:50Z",
              Location: "Client Address",
            },
          ],
        },
      },
      {
        title: "field_selection depends on type",
        refusal: { path: [...condition, "field_selection"], dependee: [...condition, "type"] },
        shape: "watch",
        method: "POST",
        path: "/actions/watch",
        body: withCondition({ module: { api_name: "Deals" }, field_selection: { field: { api_name: "Stage" } } }),
        spokenBy: takesConditions,
      },
    ],
  },
  not_subscribed: {
    source: "PROTOCOL A.4 and A.6",
    cases: (["PUT", "PATCH"] as const)
      .map((method): CodeCase => {
        const title = `${method} of a channel that is not there is refused`;
        return { title, refusal: {}, shape: "watch", method, path: "/actions/watch", body: watching({}) };
      })
      .concat({
        title: "DELETE of a channel that is not there is refused",
        refusal: {},
        shape: "watch",
        method: "DELETE",
        path: "/actions/watch?channel_ids=404",
      }),
  },
  record_unknown: {
    source: "PROTOCOL F.1",
    cases: [
      {
        title: "an update of a record that is not there is refused",
        refusal: { id: unknownId },
        shape: "data",
        method: "PUT",
        path: "/Leads",
        body: { data: [{ id: unknownId, Last_Name: "Lumbergh" }] },
      },
    ],
  },
  record_not_deleted: {
    source: "PROTOCOL F.1",
    cases: [
      {
        title: "a delete in a list of a record that is not there is refused",
        refusal: { id: unknownId },
        shape: "data",
        method: "DELETE",
        path: `/Leads?ids=${unknownId}`,
      },
    ],
  },
  id_unknown_in_path: {
    source: "PROTOCOL F.1",
    cases: [
      {
        title: "a delete of a record that is not there is refused",
        refusal: { pathIndex: 1 },
        shape: "bare",
        method: "DELETE",
        path: `/Leads/${unknownId}`,
      },
    ],
  },
  id_malformed_in_path: {
    source: "PROTOCOL F.1",
    cases: [
      { title: "a record's id is a number", refusal: { pathIndex: 1 }, shape: "bare", method: "GET", path: "/Leads/first" },
      { title: "a deleted record's id is a number", refusal: { pathIndex: 1 }, shape: "bare", method: "DELETE", path: "/Leads/first" },
    ],
  },
  duplicate: {
    source: "PROTOCOL F.1",
    cases: [
      {
        title: "two users cannot have one address",
        refusal: { path: ["users", 0, "email"] },
        shape: "users",
        method: "POST",
        path: "/users",
        body: { users: [{ first_name: "Peter", last_name: "Gibbons", email: "{user_email}" }] },
      },
    ],
  },
  module_invalid: {
    source: "PROTOCOL E.5",
    cases: [
      {
        title: "a module in the path that is not there is refused",
        refusal: { pathIndex: 0 },
        shape: "bare",
        method: "GET",
        path: "/Unicorns?fields=id",
      },
      {
        title: "a module in the query that is not there is refused",
        refusal: { param: "module" },
        shape: "bare",
        method: "GET",
        path: "/settings/fields?module=Unicorns",
      },
    ],
  },
  module_not_supported: {
    source: "PROTOCOL F.2",
    cases: [
      {
        title: "a module of the user interface has no records here",
        refusal: { pathIndex: 0 },
        shape: "bare",
        method: "GET",
        path: "/Forecasts?fields=id",
      },
    ],
  },
  param_missing: {
    source: "PROTOCOL A.5, E.5 and F.1",
    cases: [
      {
        title: "a delete of channels names them",
        refusal: { param: "channel_ids" },
        shape: "bare",
        method: "DELETE",
        path: "/actions/watch",
      },
      {
        title: "a list of records names its fields",
        refusal: { param: "fields" },
        shape: "bare",
        method: "GET",
        path: "/Leads",
        spokenBy: ({ listNeedsFields }) => listNeedsFields,
      },
    ],
  },
  param_invalid: {
    source: "PROTOCOL F.1",
    cases: [
      { title: "pages count from 1", refusal: { param: "page" }, shape: "bare", method: "GET", path: "/Leads?fields=id&page=0" },
      {
        title: "a channel's id in the query is a number",
        refusal: { param: "channel_id" },
        shape: "bare",
        method: "GET",
        path: "/actions/watch?channel_id=first",
      },
    ],
  },
  param_limit: {
    source: "PROTOCOL F.1",
    cases: [
      {
        title: "no more than a hundred records are deleted at once",
        refusal: { param: "ids", limit: 100 },
        shape: "bare",
        method: "DELETE",
        path: `/Leads?ids=${hundredAndOne}`,
      },
    ],
  },
  too_many_items: {
    source: "PROTOCOL F.1",
    cases: [
      {
        title: "no more than a hundred records are written at once",
        refusal: { path: ["data"], limit: 100 },
        shape: "bare",
        method: "POST",
        path: "/Leads",
        body: { data: Array.from({ length: 101 }, () => ({})) },
      },
      {
        title: "no more than fifty channels are written at once",
        refusal: { path: ["watch"], limit: 50 },
        shape: "bare",
        method: "POST",
        path: "/actions/watch",
        body: { watch: Array.from({ length: 51 }, () => ({})) },
      },
    ],
  },
  page_limit: {
    source: "PROTOCOL F.1",
    unspoken: "pages reach every row there",
    cases: [
      {
        title: "pages alone do not reach beyond 2,000 rows",
        refusal: { limit: 2_000 },
        shape: "bare",
        method: "GET",
        path: "/Leads?fields=id&page=11",
        spokenBy: ({ rowsWithoutPageToken }) => rowsWithoutPageToken !== null,
      },
    ],
  },
  param_pattern: {
    source: "PROTOCOL F.1, Deleted records",
    cases: [
      {
        title: "deleted records of a type that there is not are refused",
        refusal: { param: "type" },
        shape: "bare",
        method: "GET",
        path: "/Leads/deleted?type=some",
      },
    ],
  },
  page_token_mismatch: {
    source: "PROTOCOL F.1, GET list",
    cases: [
      {
        title: "a page token that was not given is refused",
        refusal: { param: "page_token" },
        shape: "bare",
        method: "GET",
        path: "/Leads?fields=Last_Name&page_token=eyJhIjoxfQ.c2lnbmVk",
      },
    ],
  },
  page_token_expired: {
    source: "PROTOCOL F.1, GET list",
    cases: [],
    unspoken: "a token is signed by the running server; test/contract/record-lists.test.ts plays it",
  },
  page_token_limit: {
    source: "PROTOCOL F.1, GET list",
    cases: [],
    unspoken: "only the page behind 100,000 rows says it; src/app/page-token.test.ts plays it",
  },
  already_modified: {
    source: "PROTOCOL F.1, Writes",
    cases: [],
    unspoken: "it has a status of its own; the vectors of record-lists.json say it",
  },
  relation_invalid: {
    source: "PROTOCOL F.1, Related records",
    cases: [
      {
        title: "a related list that there is not is refused",
        refusal: { pathIndex: 2 },
        shape: "bare",
        method: "GET",
        path: "/Leads/554023000100000001/Nothing?fields=id",
      },
    ],
  },
  related_unknown: {
    source: "PROTOCOL F.1, Related records",
    cases: [
      {
        title: "a record that is not there has no related ones",
        refusal: { pathIndex: 1 },
        shape: "bare",
        method: "GET",
        path: `/Leads/${unknownId}/Notes?fields=id`,
      },
    ],
  },
  one_param_missing: {
    source: "PROTOCOL F.1 (search)",
    cases: [
      {
        title: "a search says by what",
        refusal: { params: ["criteria", "email", "phone", "word"] },
        shape: "bare",
        method: "GET",
        path: "/Leads/search?fields=id&",
      },
    ],
  },
  query_invalid: {
    source: "PROTOCOL F.1 (search)",
    cases: [
      {
        title: "a field that is not there is not searched",
        refusal: { field: "Unicorn", reason: "the field is not available for search" },
        shape: "bare",
        method: "GET",
        path: "/Leads/search?criteria=(Unicorn:equals:x)",
      },
      {
        title: "an operator that the field's type does not know is refused",
        refusal: { field: "Stage", operator: "starts_with", reason: "invalid operator found" },
        shape: "bare",
        method: "GET",
        path: "/Deals/search?criteria=(Stage:starts_with:Closed)",
      },
      {
        title: "a value that is not of the field's type is refused",
        refusal: { field: "Amount", expectedType: "currency", reason: "invalid value for search" },
        shape: "bare",
        method: "GET",
        path: "/Deals/search?criteria=(Amount:greater_than:much)",
      },
      {
        title: "a condition without a value is refused",
        refusal: { field: "Company", value: "", reason: "invalid value for search" },
        shape: "bare",
        method: "GET",
        path: "/Leads/search?criteria=(Company:equals:)",
      },
      {
        title: "criteria whose brackets do not close are refused",
        refusal: { field: "criteria", reason: "the criteria cannot be read from character 18 on" },
        shape: "bare",
        method: "GET",
        path: "/Leads/search?criteria=(Company:equals:x",
      },
    ],
  },
  query_values_limit: {
    source: "PROTOCOL F.1 (search)",
    cases: [
      {
        title: "a condition takes a hundred values",
        refusal: { field: "Company", limit: 100 },
        shape: "bare",
        method: "GET",
        path: `/Leads/search?criteria=(Company:in:${hundredAndOne})`,
      },
    ],
  },
  criteria_limit: {
    source: "PROTOCOL F.1 (search)",
    cases: [
      {
        title: "criteria have ten conditions",
        refusal: { limit: 10 },
        shape: "bare",
        method: "GET",
        path: `/Leads/search?criteria=${Array.from({ length: 11 }, () => "(Company:equals:x)").join("or")}`,
      },
    ],
  },
  search_limit: {
    source: "PROTOCOL F.1 (search)",
    cases: [
      {
        title: "a search reaches two thousand records",
        refusal: { limit: 2_000 },
        shape: "bare",
        method: "GET",
        path: "/Leads/search?word=abc&page=11&per_page=200",
      },
    ],
  },
  body_malformed: {
    source: "PROTOCOL F.1",
    cases: [
      { title: "half a body is refused", refusal: {}, shape: "bare", method: "POST", path: "/actions/watch", body: '{"watch":[{"cha' },
      { title: "a body that is a list is refused", refusal: {}, shape: "bare", method: "POST", path: "/Leads", body: [{}] },
    ],
  },
  body_too_large: {
    source: "docs/wire.md; the limit is our own",
    cases: [
      {
        title: "a body over the limit is refused before it arrives",
        refusal: { limit: limits.requestBodyBytesMax },
        shape: "bare",
        method: "POST",
        path: "/actions/watch",
        headers: { "Content-Length": bigBodyBytes },
      },
    ],
  },
  body_coded: {
    source: "docs/wire.md; PROTOCOL E.5 has the status",
    cases: [
      {
        title: "a compressed body is refused",
        refusal: {},
        shape: "bare",
        method: "POST",
        path: "/actions/watch",
        headers: { "Content-Encoding": "gzip" },
        body: watching({}),
      },
    ],
  },
  not_permitted: {
    source: "PROTOCOL E.5",
    cases: [],
    unspoken: "every user may do everything that a token's scopes allow; the code is kept for profiles",
  },
  unauthenticated: {
    source: "PROTOCOL E.5; v2.1 seed",
    cases: [
      {
        title: "a request without a token is refused",
        refusal: {},
        shape: "bare",
        method: "GET",
        path: "/actions/watch",
        headers: { Authorization: null },
      },
    ],
  },
  token_invalid: {
    source: "PROTOCOL E.5",
    cases: [
      {
        title: "a token that nobody gave is refused",
        refusal: {},
        shape: "bare",
        method: "POST",
        path: "/actions/watch",
        headers: { Authorization: "Bearer 1000.00000000000000000000000000000000.00000000000000000000000000000000" },
        body: watching({}),
      },
      {
        title: "a token is refused an hour after it was given",
        refusal: {},
        shape: "bare",
        method: "GET",
        path: "/org",
        setup: { tokenAgeMs: 3_600_000 },
      },
    ],
  },
  scope_mismatch: {
    source: "PROTOCOL E.1 and E.5; v2.1 seed",
    cases: [
      {
        title: "a token without the scope is refused",
        refusal: {},
        shape: "bare",
        method: "DELETE",
        path: "/actions/watch?channel_ids=1",
        setup: { scopes: ["ZohoCRM.notifications.READ"] },
      },
    ],
  },
  method_invalid: {
    source: "PROTOCOL E.5; v2.1 seed",
    cases: [
      { title: "a method that the path does not take is refused", refusal: {}, shape: "bare", method: "COPY", path: "/actions/watch" },
      { title: "a known method in the wrong place is refused", refusal: {}, shape: "bare", method: "PATCH", path: "/org" },
    ],
  },
  url_invalid: {
    source: "PROTOCOL E.5",
    cases: [{ title: "a path that is not there is refused", refusal: {}, shape: "bare", method: "GET", path: "/actions/dance" }],
  },
  not_supported: {
    source: "docs/wire.md",
    cases: [
      { title: "a query in COQL is left out", refusal: { pathIndex: 0 }, shape: "bare", method: "POST", path: "/coql" },
      { title: "a mass update is left out", refusal: { pathIndex: 2 }, shape: "bare", method: "POST", path: "/Leads/actions/mass_update" },
      {
        title: "a conversion is left out",
        refusal: { pathIndex: 3 },
        shape: "bare",
        method: "POST",
        path: `/Leads/${unknownId}/actions/convert`,
      },
    ],
  },
  too_many_requests: {
    source: "PROTOCOL E.5 and E.6",
    cases: [],
    unspoken: "only a server with a limit on requests under way says it; src/http/quota-answers.test.ts plays it",
  },
  credits_exhausted: {
    source: "PROTOCOL E.5 and E.6",
    cases: [],
    unspoken: "only a server with a limit on credits says it; src/http/quota-answers.test.ts plays it",
  },
  version_unsupported: {
    source: "O26, createModules",
    unspoken: "the version makes custom fields and modules",
    cases: [
      {
        title: "a field cannot be made in a version before v6",
        refusal: { supportedVersion: 6 },
        shape: "bare",
        method: "POST",
        path: "/settings/fields?module=Leads",
        body: { fields: [{ field_label: "Score", data_type: "integer" }] },
        spokenBy: ({ writesMetadata }) => !writesMetadata,
      },
    ],
  },
  change_not_allowed: {
    source: "O26, updateModuleByApiName",
    unspoken: "custom fields and modules are made and deleted from v6 on",
    cases: [
      {
        title: "a field that came with the org is not deleted",
        refusal: { pathIndex: 2 },
        shape: "bare",
        method: "DELETE",
        path: "/settings/fields/554023000000000525?module=Deals",
        spokenBy: ({ writesMetadata }) => writesMetadata,
      },
      {
        title: "a module that came with the org is not deleted",
        refusal: { pathIndex: 2 },
        shape: "bare",
        method: "DELETE",
        path: "/settings/modules/Leads",
        spokenBy: ({ writesMetadata }) => writesMetadata,
      },
    ],
  },
  limit_reached: {
    source: "docs/wire.md",
    cases: [],
    unspoken: "only an org with 500 custom fields in a module or 500 custom modules says it; src/app/change-fields.test.ts plays it",
  },
  overloaded: {
    source: "docs/wire.md",
    cases: [],
    unspoken: "only a queue of 20,000 commands says it, which one request does not fill; src/http/server.test.ts plays it on a full engine",
  },
  internal: {
    source: "PROTOCOL A.6 and E.5",
    cases: [],
    unspoken: "only a fault of ours says it, which no request may bring about; src/http/server.test.ts plays it on a broken engine",
  },
};

/** Why no vector shows that this version says the refusal; null when one does. */
export function unspokenReason(code: RefusalCode, version: Version): string | null {
  const { cases, unspoken } = codeCases[code];
  return cases.some(({ spokenBy }) => spokenBy?.(version) ?? true) ? null : (unspoken ?? null);
}
