/**
 * The text of a search's criteria (PROTOCOL F.1): `((Last_Name:equals:x)and(Email:starts_with:y))`.
 *
 *     or        := and ("or" and)*          `and` binds the tighter where a group has both
 *     and       := term ("and" term)*
 *     term      := "(" or ")" | condition
 *     condition := field ":" operator ":" value ("," value)*
 *
 * In a value `\(`, `\)`, `\,` and `\\` stand for the character itself; any other backslash for itself. A value may have colons.
 * Blanks around brackets, fields and operators mean nothing. One condition needs no brackets.
 */
import { limits } from "../core/limits.ts";
import type { Refusal } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";

/** A condition as it was written; whether the field knows the operator and the values is not said. */
export type WrittenCriterion = {
  readonly kind: "condition";
  readonly field: string;
  readonly operator: string;
  /** Split at commas, unescaped; never none, but perhaps an empty one. */
  readonly values: readonly string[];
};

export type WrittenCriteria =
  WrittenCriterion | { readonly kind: "group"; readonly joint: "and" | "or"; readonly members: readonly WrittenCriteria[] };

/** Reads the whole text. Refusals: `query_invalid`, and `criteria_limit` beyond ten conditions. */
export function parseCriteria(text: string): Result<WrittenCriteria> {
  const cursor: Cursor = { text, at: 0 };
  const criteria = readJoined(cursor, "or", 0);
  if (!criteria.ok) return criteria;
  skipBlanks(cursor);
  if (cursor.at < text.length) return unreadable(cursor);
  const limit = limits.criteriaConditionsMax;
  return countConditions(criteria.value) > limit ? refuse({ code: "criteria_limit", limit }) : criteria;
}

/** The text that `parseCriteria` reads as this. */
export function printCriteria(criteria: WrittenCriteria): string {
  if (criteria.kind === "group") return `(${criteria.members.map(printCriteria).join(criteria.joint)})`;
  const values = criteria.values.map((value) => value.replaceAll(/[\\(),]/g, String.raw`\$&`));
  return `(${criteria.field}:${criteria.operator}:${values.join(",")})`;
}

/** The refusal of criteria that cannot be read at all. */
export function unreadableAt(position: number): Refusal {
  return { code: "query_invalid", field: "criteria", reason: `the criteria cannot be read from character ${position} on` };
}

type Cursor = { readonly text: string; at: number };

function readJoined(cursor: Cursor, joint: "and" | "or", depth: number): Result<WrittenCriteria> {
  const members: WrittenCriteria[] = [];
  do {
    const member = joint === "or" ? readJoined(cursor, "and", depth) : readTerm(cursor, depth);
    if (!member.ok) return member;
    members.push(member.value);
  } while (takeJoint(cursor, joint));
  const [only] = members;
  return ok(members.length === 1 && only !== undefined ? only : { kind: "group", joint, members });
}

function readTerm(cursor: Cursor, depth: number): Result<WrittenCriteria> {
  skipBlanks(cursor);
  if (cursor.text[cursor.at] !== "(") return readCondition(cursor);
  if (depth === limits.criteriaDepthMax) return unreadable(cursor);
  cursor.at += 1;
  const inner = readJoined(cursor, "or", depth + 1);
  if (!inner.ok) return inner;
  skipBlanks(cursor);
  if (cursor.text[cursor.at] !== ")") return unreadable(cursor);
  cursor.at += 1;
  return inner;
}

function readCondition(cursor: Cursor): Result<WrittenCriteria> {
  const head = /\s*([A-Za-z_$][\w$.]*)\s*:\s*(\w+)\s*:/y;
  head.lastIndex = cursor.at;
  const match = head.exec(cursor.text);
  if (match === null) return unreadable(cursor);
  const [, field = "", operator = ""] = match;
  cursor.at = head.lastIndex;
  return ok({ kind: "condition", field, operator, values: readValues(cursor) });
}

/** Reads up to a bracket that is not escaped, or to the end. */
function readValues(cursor: Cursor): readonly string[] {
  const values: string[] = [];
  let value = "";
  for (; cursor.at < cursor.text.length; cursor.at += 1) {
    const char = cursor.text[cursor.at] ?? "";
    const next = cursor.text[cursor.at + 1] ?? "";
    if (char === "(" || char === ")") break;
    if (char === ",") {
      values.push(value);
      value = "";
    } else if (char === "\\" && next !== "" && "\\(),".includes(next)) {
      value += next;
      cursor.at += 1;
    } else {
      value += char;
    }
  }
  return [...values, value];
}

/** Whether the joint stands here, in either case; if so, the cursor goes behind it. */
function takeJoint(cursor: Cursor, joint: "and" | "or"): boolean {
  skipBlanks(cursor);
  if (cursor.text.slice(cursor.at, cursor.at + joint.length).toLowerCase() !== joint) return false;
  cursor.at += joint.length;
  return true;
}

function skipBlanks(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? "")) cursor.at += 1;
}

function countConditions(criteria: WrittenCriteria): number {
  return criteria.kind === "condition" ? 1 : criteria.members.reduce((count, member) => count + countConditions(member), 0);
}

function unreadable(cursor: Cursor): Result<never> {
  return refuse(unreadableAt(cursor.at + 1));
}
