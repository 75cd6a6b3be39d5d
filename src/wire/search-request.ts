/**
 * A search as a request gives it: one of four parameters, of which the first that is there counts (PROTOCOL F.1). The values of criteria
 * are read by the type of their field; which type knows which operators is a table.
 */
import type { DataType, Field, Module } from "../core/catalog.ts";
import type { Criteria, CriterionOperator, Operands } from "../core/criteria.ts";
import { readId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Search } from "../core/record-search.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import type { WrittenCriteria, WrittenCriterion } from "./criteria.ts";
import { parseCriteria } from "./criteria.ts";
import { readDate, readRecordDateTime } from "./datetime.ts";

/** The parameters, the one that counts first. */
export const searchParams = ["criteria", "email", "phone", "word"] as const;
export type SearchParam = (typeof searchParams)[number];

/** Reads what the parameter says. Refusals: `query_invalid`, `query_values_limit`, `criteria_limit`, `param_invalid`. */
export function readSearch({ by, text }: { readonly by: SearchParam; readonly text: string }, module: Module): Result<Search> {
  if (by === "criteria") {
    const written = parseCriteria(text);
    if (!written.ok) return written;
    const criteria = bindCriteria(written.value, module);
    return criteria.ok ? ok({ kind: "criteria", criteria: criteria.value }) : criteria;
  }
  if (text.length < limits.searchCharsMin) return refuse({ code: "param_invalid", param: by });
  return ok({ kind: by, text: text.toLowerCase() });
}

const ordered: readonly CriterionOperator[] = [
  "equals",
  "not_equal",
  "greater_than",
  "greater_equal",
  "less_than",
  "less_equal",
  "between",
  "in",
];
const texts: readonly CriterionOperator[] = ["equals", "not_equal", "starts_with", "in"];
const choices: readonly CriterionOperator[] = ["equals", "not_equal", "in"];

type Kind = Operands["kind"];
type Searchable = { readonly kind: Kind; readonly operators: readonly CriterionOperator[] };

/** Types that are not here cannot be searched. */
const searchables: Partial<Record<DataType, Searchable>> = {
  text: { kind: "text", operators: texts },
  email: { kind: "text", operators: texts },
  phone: { kind: "text", operators: texts },
  website: { kind: "text", operators: texts },
  // Of which type a formula's value is, the catalog does not say.
  formula: { kind: "text", operators: texts },
  textarea: { kind: "text", operators: ["equals", "not_equal", "starts_with"] },
  picklist: { kind: "choice", operators: choices },
  autonumber: { kind: "choice", operators: choices },
  multiselectpicklist: { kind: "choices", operators: texts },
  integer: { kind: "number", operators: ordered },
  double: { kind: "number", operators: ordered },
  currency: { kind: "number", operators: ordered },
  percent: { kind: "number", operators: ordered },
  bigint: { kind: "bigint", operators: ordered },
  date: { kind: "time", operators: ordered },
  datetime: { kind: "time", operators: ordered },
  boolean: { kind: "flag", operators: ["equals", "not_equal"] },
  lookup: { kind: "lookup", operators: choices },
  ownerlookup: { kind: "lookup", operators: choices },
  userlookup: { kind: "lookup", operators: choices },
};

/** Lets a lookup be named by `Account_Name.id`, which takes ids only. */
const idSuffix = ".id";

function bindCriteria(written: WrittenCriteria, module: Module): Result<Criteria> {
  if (written.kind === "condition") return bindCondition(written, module);
  const members: Criteria[] = [];
  for (const member of written.members) {
    const bound = bindCriteria(member, module);
    if (!bound.ok) return bound;
    members.push(bound.value);
  }
  return ok({ kind: "group", joint: written.joint, members });
}

function bindCondition(written: WrittenCriterion, module: Module): Result<Criteria> {
  const { field: named, operator: said } = written;
  const asId = module.fields.find((field) => `${field.apiName}${idSuffix}` === named);
  const field = module.fields.find(({ apiName }) => apiName === named) ?? asId;
  const searchable = field === undefined ? undefined : searchables[field.dataType];
  if (field === undefined || searchable === undefined || (asId !== undefined && searchable.kind !== "lookup")) {
    return refuse({ code: "query_invalid", field: named, reason: "the field is not available for search" });
  }
  const operator = searchable.operators.find((known) => known === said);
  if (operator === undefined) {
    return refuse({ code: "query_invalid", field: named, operator: said, reason: "invalid operator found" });
  }
  const values = valuesFor(operator, written.values);
  if (values.length > limits.criterionValuesMax) {
    return refuse({ code: "query_values_limit", field: named, limit: limits.criterionValuesMax });
  }
  const isCountRight = operator !== "between" || values.length === 2;
  const operands = isCountRight && !values.includes("") ? readOperands(searchable.kind, field, values) : null;
  if (operands === null || (asId !== undefined && operands.kind === "lookup" && operands.names.length > 0)) {
    return refuse({ code: "query_invalid", field: named, ...faultOf(field, written), reason: "invalid value for search" });
  }
  return ok({ kind: "condition", field: field.apiName, operator, operands });
}

/** Only `in` and `between` take several; for the others a comma is part of the value, escaped or not. */
function valuesFor(operator: CriterionOperator, values: readonly string[]): readonly string[] {
  return (operator === "in" || operator === "between" ? values : [values.join(",")]).map((value) => value.trim());
}

/** null: one of the values is not of the type. */
function readOperands(kind: Kind, field: Field, values: readonly string[]): Operands | null {
  const lowered = values.map((value) => value.toLowerCase());
  switch (kind) {
    case "text":
    case "choice":
    case "choices":
      return { kind, texts: lowered };
    case "number": {
      const numbers = values.map((value) => (/^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : Number.NaN));
      return numbers.some(Number.isNaN) ? null : { kind, numbers };
    }
    case "time": {
      const numbers = values.map((value) => timeOf(field, value));
      return numbers.some(Number.isNaN) ? null : { kind, numbers };
    }
    case "bigint": {
      const ids = values.flatMap((value) => readId(value) ?? []);
      return ids.length < values.length ? null : { kind, numbers: ids.map(BigInt) };
    }
    case "flag": {
      const [flag] = lowered;
      return flag === "true" || flag === "false" ? { kind, isSet: flag === "true" } : null;
    }
    case "lookup": {
      const ids = values.flatMap((value) => readId(value) ?? []);
      return { kind, ids, names: lowered.filter((value) => readId(value) === null) };
    }
  }
}

/** In ms; NaN for what is no time of the field's type. */
function timeOf(field: Field, value: string): number {
  if (field.dataType === "date") return Date.parse(readDate(value) ?? "");
  return readRecordDateTime(value) ?? Number.NaN;
}

/** What a refusal tells of a value: the type it had to be of, where there is more to it than text. */
function faultOf(field: Field, { values }: WrittenCriterion): { readonly expectedType?: string; readonly value?: string } {
  const kind = searchables[field.dataType]?.kind;
  const hasForm = kind !== "text" && kind !== "choice" && kind !== "choices" && kind !== "lookup";
  return hasForm ? { expectedType: field.dataType } : { value: values.join(",") };
}
