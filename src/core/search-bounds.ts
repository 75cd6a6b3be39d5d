/**
 * Between which times a record must have been made and modified for a search to find it, as far as the search says so itself: what it wants
 * of every record, not what it would take among other things. A store finds records by time without a look at the others.
 */
import type { Criteria, Criterion } from "./criteria.ts";
import type { Search } from "./record-search.ts";

/** Instants in ms, each end included; absent: any. */
export type SearchBounds = { readonly modifiedFrom?: number; readonly createdFrom?: number; readonly createdUntil?: number };

export function boundsOfSearch(search: Search): SearchBounds {
  const wanted = search.kind === "criteria" ? wantedOf(search.criteria) : [];
  const modified = rangeOf(wanted, "Modified_Time");
  const created = rangeOf(wanted, "Created_Time");
  return {
    ...(modified.from === -Infinity ? {} : { modifiedFrom: modified.from }),
    ...(created.from === -Infinity ? {} : { createdFrom: created.from }),
    ...(created.until === Infinity ? {} : { createdUntil: created.until }),
  };
}

/** The conditions that every record must meet. */
function wantedOf(criteria: Criteria): readonly Criterion[] {
  if (criteria.kind === "condition") return [criteria];
  return criteria.joint === "and" || criteria.members.length === 1 ? criteria.members.flatMap(wantedOf) : [];
}

type Range = { readonly from: number; readonly until: number };

function rangeOf(wanted: readonly Criterion[], field: string): Range {
  const ranges = wanted.filter((criterion) => criterion.field === field).map(rangeOfOne);
  return { from: Math.max(...ranges.map(({ from }) => from), -Infinity), until: Math.min(...ranges.map(({ until }) => until), Infinity) };
}

const anyTime: Range = { from: -Infinity, until: Infinity };

/** A little wider where the condition leaves an end out: each record is looked at anyway. */
function rangeOfOne({ operator, operands }: Criterion): Range {
  if (operands.kind !== "time") return anyTime;
  const [from, until] = [Math.min(...operands.numbers), Math.max(...operands.numbers)];
  switch (operator) {
    case "equals":
    case "in":
    case "between":
      return { from, until };
    case "greater_than":
    case "greater_equal":
      return { from, until: Infinity };
    case "less_than":
    case "less_equal":
      return { from: -Infinity, until };
    default:
      return anyTime;
  }
}
