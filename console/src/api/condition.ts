/** A condition as a tree. `is_met` is there when it was judged against a change. */
export type ConditionGroup = {
  readonly kind: "group";
  readonly operator: "and" | "or";
  readonly members: readonly ConditionNode[];
  readonly is_met?: boolean;
};
export type ConditionField = { readonly kind: "field"; readonly field: string; readonly is_met?: boolean };
export type ConditionNode = ConditionGroup | ConditionField;

/** The condition in one line of words: `Stage and (Amount or Owner)`. */
export function conditionSentence(node: ConditionNode): string {
  if (node.kind === "field") return node.field;
  const parts = node.members.map((member) =>
    member.kind === "group" && member.members.length > 1 ? `(${conditionSentence(member)})` : conditionSentence(member),
  );
  return parts.join(` ${node.operator} `);
}

/** The fields that the condition names, each once, in its order. */
export function fieldsOf(node: ConditionNode): readonly string[] {
  const fields = node.kind === "field" ? [node.field] : node.members.flatMap(fieldsOf);
  return [...new Set(fields)];
}

/** Why the tree was not met, in words: which fields would have had to change. Null when it was met, or not judged. */
export function unmetSentence(node: ConditionNode): string | null {
  if (node.is_met !== false) return null;
  if (node.kind === "field") return `${node.field} was not among the changed fields`;
  const unmet = node.members.filter((member) => member.is_met === false);
  const reasons = unmet.map((member) => unmetSentence(member)).filter((reason) => reason !== null);
  return reasons.join(node.operator === "and" ? "; " : ", and ");
}
