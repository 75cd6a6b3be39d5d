/** The refusals of a search, as `code-cases.ts` has those of the rest. */
import type { CodeEntry } from "./code-cases.ts";

const hundredAndOneIds = Array.from({ length: 101 }, (_, index) => String(index + 1)).join(",");

export const searchCases = {
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
        path: `/Leads/search?criteria=(Company:in:${hundredAndOneIds})`,
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
} as const satisfies Readonly<Record<string, CodeEntry>>;
