/** What a change did to a record: before and after, field by field, what changed first. */
import { Button } from "@mantine/core";
import { useState } from "react";
import type { JsonObject } from "../api/json.ts";
import type { FieldDiff } from "../format/record-diff.ts";
import { diffRecord, valueText } from "../format/record-diff.ts";
import css from "./change-diff.module.css";
import { Stack } from "./layout.tsx";

export type ChangeDiffProps = {
  readonly change: {
    readonly before: JsonObject | null;
    readonly after: JsonObject | null;
    readonly changed_fields: readonly string[];
  };
};

export function ChangeDiff({ change }: ChangeDiffProps) {
  const [isWhole, setWhole] = useState(false);
  const diffs = diffRecord(change.before, change.after, change.changed_fields);
  const differing = diffs.filter(({ kind, field }) => kind !== "same" || change.changed_fields.includes(field));
  const shown = isWhole ? diffs : differing;
  const hidden = diffs.length - differing.length;
  return (
    <Stack isTight>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((diff) => (
            <DiffRow key={diff.field} diff={diff} />
          ))}
        </tbody>
      </table>
      {shown.length === 0 ? <p className="wp-faint wp-small">No value differs.</p> : null}
      {hidden > 0 ? (
        <div>
          <Button variant="default" size="compact-xs" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? "Only what changed" : `Show ${hidden} fields that stayed the same`}
          </Button>
        </div>
      ) : null}
    </Stack>
  );
}

function DiffRow({ diff }: { readonly diff: FieldDiff }) {
  const isDifferent = diff.kind !== "same";
  return (
    <tr>
      <th scope="row" className="wp-mono">
        {diff.field}
      </th>
      <td className={isDifferent && diff.kind !== "added" ? css["gone"] : ""}>
        <span className={css["value"]}>{valueText(diff.before)}</span>
      </td>
      <td className={isDifferent && diff.kind !== "removed" ? css["come"] : ""}>
        <span className={css["value"]}>{valueText(diff.after)}</span>
      </td>
    </tr>
  );
}
