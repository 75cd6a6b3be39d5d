/** The refusals of modules, parameters, lists and related records, as `code-cases.ts` has those of items. */
import type { CodeEntry } from "./code-cases.ts";

const unknownId = "554023000199999999";
const hundredAndOne = Array.from({ length: 101 }, (_, index) => String(index + 1)).join(",");

export const listCases = {
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
} as const satisfies Readonly<Record<string, CodeEntry>>;
