/**
 * What a search asks of a record: conditions on fields, joined by and/or (PROTOCOL F.1). The operands have been read by the type of
 * their field before; a value that is none meets no condition.
 */
import { assert, unreachable } from "./assert.ts";
import type { Id } from "./ids.ts";
import type { Value, Values } from "./record.ts";

export const criterionOperators = [
  "equals",
  "not_equal",
  "in",
  "starts_with",
  "greater_than",
  "greater_equal",
  "less_than",
  "less_equal",
  "between",
] as const;
export type CriterionOperator = (typeof criterionOperators)[number];

/**
 * What a value is compared with. `text` is part of a value under `equals`, `choice` all of it, `choices` one of several; `time` is
 * in ms; `lookup` names records or users by id, or else by name. Texts compare without regard to case.
 */
export type Operands =
  | { readonly kind: "text" | "choice"; readonly texts: readonly string[] }
  | { readonly kind: "choices"; readonly texts: readonly string[] }
  | { readonly kind: "number" | "time"; readonly numbers: readonly number[] }
  | { readonly kind: "bigint"; readonly numbers: readonly bigint[] }
  | { readonly kind: "flag"; readonly isSet: boolean }
  | { readonly kind: "lookup"; readonly ids: readonly Id[]; readonly names: readonly string[] };

export type Criterion = {
  readonly kind: "condition";
  /** API name. */
  readonly field: string;
  readonly operator: CriterionOperator;
  /** Never empty; two for `between`. */
  readonly operands: Operands;
};

export type Criteria = Criterion | { readonly kind: "group"; readonly joint: "and" | "or"; readonly members: readonly Criteria[] };

/** A record as a search sees it: its values with those that the server sets, and the names of what it looks up. */
export type Subject = { readonly values: Values; readonly nameOf: (field: string, id: Id) => string | null };

/** Whether the record meets the criteria. */
export function meetsCriteria(criteria: Criteria, subject: Subject): boolean {
  if (criteria.kind === "condition") return meetsCriterion(criteria, subject);
  const isMet = (member: Criteria): boolean => meetsCriteria(member, subject);
  return criteria.joint === "and" ? criteria.members.every(isMet) : criteria.members.some(isMet);
}

/** Whether a condition compares a name that has to be read first. */
export function asksForNames(criteria: Criteria): boolean {
  if (criteria.kind === "group") return criteria.members.some(asksForNames);
  return criteria.operands.kind === "lookup" && criteria.operands.names.length > 0;
}

function meetsCriterion({ field, operator, operands }: Criterion, subject: Subject): boolean {
  const value = Object.hasOwn(subject.values, field) ? (subject.values[field] ?? null) : null;
  // A box that was never ticked is stored as nothing, and is not ticked.
  if (operands.kind === "flag") return ((value ?? false) === operands.isSet) === (operator === "equals");
  if (operands.kind === "choices") return meetsChoices(operator, textsOf(value), operands.texts);
  const text = textOf(value);
  if (text === null) return false;
  switch (operands.kind) {
    case "text":
      return meetsText(operator, text.toLowerCase(), operands.texts);
    case "choice":
      return isAmong(operator, [text.toLowerCase()], operands.texts);
    case "number":
      return meetsOrder(operator, Number(text), operands.numbers);
    case "time":
      return meetsOrder(operator, Date.parse(text), operands.numbers);
    case "bigint":
      return meetsOrder(operator, BigInt(text), operands.numbers);
    case "lookup":
      return meetsLookup(operator, { id: text, name: subject.nameOf(field, text) }, operands);
    default:
      return unreachable(operands);
  }
}

/** `equals` is met by a value that contains the text (PROTOCOL F.1); `not_equal` by one that is not the text. */
function meetsText(operator: CriterionOperator, value: string, texts: readonly string[]): boolean {
  const [text = ""] = texts;
  if (operator === "equals") return value.includes(text);
  if (operator === "starts_with") return value.startsWith(text);
  return isAmong(operator, [value], texts);
}

function meetsChoices(operator: CriterionOperator, values: readonly string[], texts: readonly string[]): boolean {
  const [text = ""] = texts;
  if (operator === "starts_with") return values.some((value) => value.startsWith(text));
  return values.length > 0 && isAmong(operator, values, texts);
}

function meetsLookup(
  operator: CriterionOperator,
  value: { readonly id: Id; readonly name: string | null },
  { ids, names }: { readonly ids: readonly Id[]; readonly names: readonly string[] },
): boolean {
  const isNamed = ids.includes(value.id) || (value.name !== null && names.includes(value.name.toLowerCase()));
  return isNamed === (operator !== "not_equal");
}

/** `equals` and `in` want one of the values among the texts, `not_equal` none. */
function isAmong(operator: CriterionOperator, values: readonly string[], texts: readonly string[]): boolean {
  return values.some((value) => texts.includes(value)) === (operator !== "not_equal");
}

function meetsOrder<T extends number | bigint>(operator: CriterionOperator, value: T, operands: readonly T[]): boolean {
  const [first, second] = operands;
  assert(first !== undefined, "a condition has an operand");
  switch (operator) {
    case "equals":
      return value === first;
    case "not_equal":
      return value !== first;
    case "in":
      return operands.includes(value);
    case "greater_than":
      return value > first;
    case "greater_equal":
      return value >= first;
    case "less_than":
      return value < first;
    case "less_equal":
      return value <= first;
    case "between":
      return second !== undefined && value >= first && value <= second;
    case "starts_with":
      return false;
    default:
      return unreachable(operator);
  }
}

/** null: the value is none, or is no single one. */
function textOf(value: Value): string | null {
  return value === null || typeof value === "object" ? null : String(value);
}

function textsOf(value: Value): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((entry) => typeof entry === "string").map((entry) => entry.toLowerCase());
}
