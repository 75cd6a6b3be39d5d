/** A condition drawn as a tree; where it was evaluated, each part says whether it was met. */
import { plainText } from "../print/plain-text.ts";
import type { Frame } from "../print/table.ts";
import { objectsAt, textAt, valueAt } from "../remote/json-values.ts";

export function conditionLines(node: unknown, frame: Frame): readonly string[] {
  const head = `${nameOf(node)}${verdictOf(node, frame)}`;
  const members = objectsAt(node, "members");
  const below = members.flatMap((member, at) => {
    const isLast = at === members.length - 1;
    const [first = "", ...rest] = conditionLines(member, frame);
    return [`${isLast ? "└─" : "├─"} ${first}`, ...rest.map((line) => `${isLast ? "  " : "│ "} ${line}`)];
  });
  return [head, ...below];
}

function nameOf(node: unknown): string {
  if (textAt(node, "kind") === "group") return textAt(node, "operator") === "or" ? "any of" : "all of";
  return plainText(textAt(node, "field") ?? "?");
}

function verdictOf(node: unknown, frame: Frame): string {
  const isMet = valueAt(node, "is_met");
  if (typeof isMet !== "boolean") return "";
  const word = textAt(node, "kind") === "group" ? "met" : "changed";
  return isMet ? frame.style("green", `  ${word}`) : frame.style("red", `  not ${word}`);
}
