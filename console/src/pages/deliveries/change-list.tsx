/** The changes that the delivery tells of, and the rule by which this channel was owed them. */
import { useQuery } from "@tanstack/react-query";
import type { DeliveryChange, DeliveryDetail } from "../../api/deliveries.ts";
import { explainChange } from "../../api/changes.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { ChangeDiff } from "../../parts/change-diff.tsx";
import { ConditionTree } from "../../parts/condition-tree.tsx";
import { KeptFor } from "../../parts/kept-for.tsx";
import { Card, Stack } from "../../parts/layout.tsx";
import { Link } from "../../routing/link.tsx";

const shownMax = 10;

export function ChangeList({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { changes } = delivery;
  if (delivery.is_test) {
    return (
      <Card title="What changed">
        <p className="wp-faint">Nothing: this is a test that an operator asked for.</p>
      </Card>
    );
  }
  if (changes.length === 0) {
    return (
      <Card title="What changed">
        <p className="wp-faint">
          The change is not kept any more; changes are kept for <KeptFor />.
        </p>
      </Card>
    );
  }
  return (
    <>
      {changes.slice(0, shownMax).map((change) => (
        <Card key={change.id} title={`What changed: record ${change.record_id}`}>
          <ChangeDiff change={change} />
          <Rule delivery={delivery} change={change} />
        </Card>
      ))}
      {changes.length > shownMax ? <p className="wp-faint">And {changes.length - shownMax} more records of the same write.</p> : null}
    </>
  );
}

/** Why this channel was told. */
function Rule({ delivery, change }: { readonly delivery: DeliveryDetail; readonly change: DeliveryChange }) {
  const { client } = useApi();
  const id = String(change.id);
  // The page of the channels that begins with this one.
  const cursor = String(delivery.channel_key - 1);
  const query = useQuery({
    queryKey: keys.explanation(id, cursor),
    queryFn: () => explainChange(client, id, cursor),
    staleTime: 60_000,
  });
  const verdict = query.data?.channels.find(({ channel_key: key, is_matched: isMatched }) => key === delivery.channel_key && isMatched);
  return (
    <Stack isTight>
      {verdict === undefined ? null : <p className="wp-faint">{verdict.detail}</p>}
      {verdict === undefined || verdict.condition === null ? null : <ConditionTree condition={verdict.condition} />}
      <Link to={`/why-not/${id}`}>Who else was told of this change, and who not</Link>
    </Stack>
  );
}
