/** The refusals of bodies, callers, URLs, limits and settings, as `code-cases.ts` has those of items. */
import { limits } from "../../src/core/limits.ts";
import type { CodeEntry } from "./code-cases.ts";

const unknownId = "554023000199999999";
const bigBodyBytes = String(limits.requestBodyBytesMax + 1);

const oneChannel = {
  watch: [{ channel_id: "1000000068002", events: ["Deals.edit"], notify_url: "https://www.zoho.com/callback" }],
};

export const requestCases = {
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
        body: oneChannel,
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
        body: oneChannel,
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
} as const satisfies Readonly<Record<string, CodeEntry>>;
