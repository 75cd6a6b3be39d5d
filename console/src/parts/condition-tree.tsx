/** A condition drawn as the tree it is. Judged against a change, each node says whether it was met. */
import type { ConditionNode } from "../api/condition.ts";
import { conditionSentence } from "../api/condition.ts";
import css from "./condition-tree.module.css";

export function ConditionTree({ condition }: { readonly condition: ConditionNode }) {
  return (
    <ul className={css["tree"]} aria-label={`Condition: ${conditionSentence(condition)}`}>
      <TreeNode node={condition} />
    </ul>
  );
}

function TreeNode({ node }: { readonly node: ConditionNode }) {
  const verdict = node.is_met === undefined ? "" : node.is_met ? css["met"] : css["unmet"];
  const mark = node.is_met === undefined ? null : node.is_met ? "✓ met" : "✗ not met";
  if (node.kind === "field") {
    return (
      <li>
        <span className={`${css["node"]} ${verdict}`}>
          <span>
            <span className="wp-mono">{node.field}</span> changed
          </span>
          {mark === null ? null : <span>{mark}</span>}
        </span>
      </li>
    );
  }
  return (
    <li>
      <span className={`${css["node"]} ${css["group"]} ${verdict}`}>
        {node.operator === "and" ? "all of" : "any of"}
        {mark === null ? null : <span>{mark}</span>}
      </span>
      <ul>
        {node.members.map((member, index) => (
          <TreeNode key={index} node={member} />
        ))}
      </ul>
    </li>
  );
}
