/** One change, and for each channel the rule that decided whether it was told. */
import { useQuery } from "@tanstack/react-query";
import type { Explanation, Verdict } from "../../api/changes.ts";
import { explainChange } from "../../api/changes.ts";
import { unmetSentence } from "../../api/condition.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { Badge, StatusBadge } from "../../parts/badge.tsx";
import { ChangeDiff } from "../../parts/change-diff.tsx";
import { ConditionTree } from "../../parts/condition-tree.tsx";
import { Card, Facts, PageHeader, Row, Stack } from "../../parts/layout.tsx";
import { Pager } from "../../parts/pager.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { FullTime } from "../../parts/time.tsx";
import { Link } from "../../routing/link.tsx";
import type { PathParams } from "../../routing/match-path.ts";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";

const codec = queryCodec({ cursor: "" });

export function ExplanationPage({ params }: { readonly params: PathParams }) {
  const { client } = useApi();
  const id = params["id"] ?? "";
  const { state, path } = useQueryState(codec);
  const query = useQuery({
    queryKey: keys.explanation(id, state.cursor),
    queryFn: () => explainChange(client, id, state.cursor),
  });
  return (
    <>
      <PageHeader
        title={`Why not: change ${id}`}
        heading={`Change #${id}: who was told, and why`}
        parent={{ to: "/why-not", label: "Why not" }}
      />
      <Loaded query={query} what="the explanation">
        {(explanation) => (
          <Stack>
            <Detail explanation={explanation} />
            <Pager
              cursor={state.cursor}
              nextCursor={explanation.next_cursor}
              placeAt={(cursor) => path + codec.write("", { cursor })}
              words={{ first: "First channels", next: "More channels" }}
            />
          </Stack>
        )}
      </Loaded>
    </>
  );
}

function Detail({ explanation }: { readonly explanation: Explanation }) {
  const { change, channels } = explanation;
  // A channel can stand here more than once: for the record itself, and for records that point to each other.
  const concerned = new Set(channels.map(({ channel_key: key }) => key));
  const told = new Set(channels.filter(({ is_matched: isMatched }) => isMatched).map(({ channel_key: key }) => key));
  const othersFirst = channels.toSorted((one, other) => Number(one.is_matched) - Number(other.is_matched));
  return (
    <Stack>
      <p role="status">
        <strong>
          {told.size} of {concerned.size} {concerned.size === 1 ? "channel" : "channels"} that it concerns{" "}
          {told.size === 1 ? "was" : "were"} owed a notification.
        </strong>
      </p>
      <Card title="The change">
        <Facts
          facts={[
            ["What", `${change.module}, ${change.operation}`],
            [
              "Record",
              <Link to={`/records/${encodeURIComponent(change.module)}/${change.record_id}`}>
                <span className="wp-mono">{change.record_id}</span>
              </Link>,
            ],
            ["When", <FullTime at={change.at} />],
            ["By", change.by],
          ]}
        />
        <ChangeDiff change={change} />
      </Card>
      {channels.length === 0 ? (
        <Empty title={`No channel watches ${change.module}`} action={<Link to="/channels">Channels</Link>}>
          None had subscribed to {change.module} when this changed, so nobody was told.
        </Empty>
      ) : null}
      {othersFirst.map((verdict, index) => (
        <VerdictCard key={index} verdict={verdict} />
      ))}
    </Stack>
  );
}

function VerdictCard({ verdict }: { readonly verdict: Verdict }) {
  const unmet = verdict.condition === null ? null : unmetSentence(verdict.condition);
  return (
    <Card
      title={`Channel ${verdict.channel_id}`}
      actions={
        <Badge tone={verdict.is_matched ? "ok" : "bad"}>{verdict.is_matched ? "notified" : verdict.reason.replaceAll("_", " ")}</Badge>
      }
    >
      <p>{verdict.detail}</p>
      {verdict.is_related ? (
        <p className="wp-faint">By a related record: the changed record points to one that this channel watches.</p>
      ) : null}
      {verdict.condition === null ? null : <ConditionTree condition={verdict.condition} />}
      {unmet === null ? null : <p className="wp-faint">{unmet}.</p>}
      <Row>
        {verdict.deliveries.map((delivery) => (
          <Row key={delivery.id}>
            <Link to={`/deliveries/${delivery.id}`}>Delivery #{delivery.id}</Link> <StatusBadge status={delivery.status} />
          </Row>
        ))}
        <Link to={`/channels/${verdict.channel_key}`}>The channel</Link>
      </Row>
    </Card>
  );
}
