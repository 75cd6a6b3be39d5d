/**
 * A condition is an and/or tree over fields, evaluated on the set of fields that one write changed:
 * a leaf holds when its field is in the set (DESIGN ruling 8; the wire's `notification_condition`).
 */
import type { Id } from "./ids.ts";

export type FieldRef = { readonly apiName: string; readonly id: Id };

export type Condition =
  | { readonly kind: "field"; readonly field: FieldRef }
  | { readonly kind: "group"; readonly operator: "and" | "or"; readonly members: readonly Condition[] };

/** Whether the write that changed `changedFields` (API names) meets the condition. */
export function isMet(condition: Condition, changedFields: ReadonlySet<string>): boolean {
  if (condition.kind === "field") return changedFields.has(condition.field.apiName);
  if (condition.operator === "and") return condition.members.every((member) => isMet(member, changedFields));
  return condition.members.some((member) => isMet(member, changedFields));
}

/**
 * Fields of which one at least has changed wherever the condition is met; null: it is met whatever has changed. Of an `or` that takes the fields
 * of every member, of an `and` those of the member that weighs least.
 */
export function necessaryFields(condition: Condition, weightOf: (apiName: string) => number): readonly string[] | null {
  if (condition.kind === "field") return [condition.field.apiName];
  const ofMembers = condition.members.map((member) => necessaryFields(member, weightOf));
  const bound = ofMembers.filter((fields) => fields !== null);
  if (condition.operator === "or") return bound.length < ofMembers.length ? null : [...new Set(bound.flat())];
  const weigh = (fields: readonly string[]): number => fields.reduce((sum, field) => sum + weightOf(field), 0);
  return bound.reduce<readonly string[] | null>((least, fields) => (least === null || weigh(fields) < weigh(least) ? fields : least), null);
}

/** The tree with what each part of it came to. */
export type JudgedCondition =
  | { readonly kind: "field"; readonly field: FieldRef; readonly isMet: boolean }
  | { readonly kind: "group"; readonly operator: "and" | "or"; readonly isMet: boolean; readonly members: readonly JudgedCondition[] };

/** As `isMet`, telling of every leaf. */
export function judge(condition: Condition, changedFields: ReadonlySet<string>): JudgedCondition {
  const met = isMet(condition, changedFields);
  if (condition.kind === "field") return { ...condition, isMet: met };
  return { ...condition, isMet: met, members: condition.members.map((member) => judge(member, changedFields)) };
}

/**
 * The tree without the leaves whose field is gone: such a leaf holds no more, even when a later field has its name. The very same tree when all
 * are there.
 */
export function withLiveFields(condition: Condition, isLive: (field: FieldRef) => boolean): Condition {
  if (condition.kind === "field") return isLive(condition.field) ? condition : never;
  const members = condition.members.map((member) => withLiveFields(member, isLive));
  return members.every((member, index) => member === condition.members[index]) ? condition : { ...condition, members };
}

/** Holds for no write. */
const never: Condition = { kind: "group", operator: "or", members: [] };

/** How many fields the tree names, a repeated one each time. */
export function countFields(condition: Condition): number {
  if (condition.kind === "field") return 1;
  return condition.members.reduce((sum, member) => sum + countFields(member), 0);
}
