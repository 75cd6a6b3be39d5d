/**
 * For every refusal, requests that bring it about, each of which is played in every version that can say it. A refusal that no request
 * brings about, or a version that cannot say it, has its reason here instead. The expected bytes are not here: `generate.ts` takes
 * them from the tables of `src/wire`.
 */
import type { Refusal, RefusalCode } from "../../src/core/refusal.ts";
import type { Version } from "../../src/wire/versions.ts";
import type { VectorSetup } from "../support/vectors.ts";
import { listCases } from "./list-cases.ts";
import { requestCases } from "./request-cases.ts";
import { searchCases } from "./search-cases.ts";

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
    unspoken: "conditions and the making of fields begin with v6, and nothing else asks for one of several keys",
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
    source: "PROTOCOL A.6 and F.1; v6 seed",
    cases: [
      {
        title: "a page has a number or a token",
        refusal: {
          paths: [
            ["query", "page"],
            ["query", "page_token"],
          ],
        },
        shape: "bare",
        method: "GET",
        path: "/Leads?fields=id&page=2&page_token=none",
      },
      {
        title: "a custom view has an order of its own",
        refusal: {
          paths: [
            ["query", "cvid"],
            ["query", "sort_by"],
          ],
        },
        shape: "bare",
        method: "GET",
        path: "/Leads?fields=id&cvid=1&sort_by=id",
      },
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
  ...listCases,
  ...searchCases,
  ...requestCases,
};

/** Why no vector shows that this version says the refusal; null when one does. */
export function unspokenReason(code: RefusalCode, version: Version): string | null {
  const { cases, unspoken } = codeCases[code];
  return cases.some(({ spokenBy }) => spokenBy?.(version) ?? true) ? null : (unspoken ?? null);
}
