/** One delivery: what changed, why it is owed, how each attempt went, and what was sent and answered. */
import { useQuery } from "@tanstack/react-query";
import type { DeliveryDetail } from "../../api/deliveries.ts";
import { showDelivery } from "../../api/deliveries.ts";
import { useApi, usePollMs } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { Badge, StatusBadge } from "../../parts/badge.tsx";
import { Card, Columns, Facts, PageHeader, Row, Stack } from "../../parts/layout.tsx";
import { Loaded } from "../../parts/states.tsx";
import { FullTime } from "../../parts/time.tsx";
import { Link } from "../../routing/link.tsx";
import type { PathParams } from "../../routing/match-path.ts";
import { Attempts } from "./attempts.tsx";
import { ChangeList } from "./change-list.tsx";
import { DeliveryActions } from "./delivery-actions.tsx";
import { RequestSent } from "./request-sent.tsx";

const parent = { to: "/deliveries", label: "Deliveries" };

export function DeliveryPage({ params }: { readonly params: PathParams }) {
  const { client } = useApi();
  const id = params["id"] ?? "";
  const query = useQuery({ queryKey: keys.delivery(id), queryFn: () => showDelivery(client, id), refetchInterval: usePollMs() });
  const delivery = query.data;
  return (
    <>
      <PageHeader
        title={`Delivery ${id}`}
        heading={
          <Row>
            <span>Delivery #{id}</span>
            {delivery === undefined ? null : <StatusBadge status={delivery.status} attempts={delivery.attempts_made} />}
            {delivery?.is_test === true ? <Badge tone="idle">test</Badge> : null}
          </Row>
        }
        parent={parent}
        {...(delivery === undefined ? {} : { actions: <DeliveryActions delivery={delivery} /> })}
      />
      <Loaded query={query} what="the delivery">
        {(detail) => <Detail delivery={detail} />}
      </Loaded>
    </>
  );
}

function Detail({ delivery }: { readonly delivery: DeliveryDetail }) {
  return (
    <Stack>
      <Columns>
        <Card title="What it is">
          <DeliveryFacts delivery={delivery} />
        </Card>
        <Card title="Attempts">
          <Attempts delivery={delivery} />
        </Card>
      </Columns>
      <ChangeList delivery={delivery} />
      <RequestSent delivery={delivery} />
    </Stack>
  );
}

function DeliveryFacts({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { replay_of: replayOf, replayed_as: replayedAs } = delivery;
  return (
    <Facts
      facts={[
        ["Channel", <Link to={`/channels/${delivery.channel_key}`}>{delivery.channel_id}</Link>],
        ["Module", `${delivery.module}, ${delivery.operation}`],
        ["Records", <RecordLinks delivery={delivery} />],
        ["Committed", <FullTime at={delivery.committed_at} />],
        ["Settled", delivery.settled_at === null ? null : <FullTime at={delivery.settled_at} />],
        ["webhook-id", <span className="wp-mono">{delivery.webhook_id}</span>],
        ["Replay of", replayOf === null ? null : <Link to={`/deliveries/${replayOf}`}>#{replayOf}</Link>],
        ["Replayed as", replayedAs === null ? null : <Link to={`/deliveries/${replayedAs}`}>#{replayedAs}</Link>],
        ["Org", delivery.org],
        ["Command line", <span className="wp-mono">npm run -s watchpost -- deliveries show {delivery.id}</span>],
      ]}
    />
  );
}

const linksMax = 5;

function RecordLinks({ delivery }: { readonly delivery: DeliveryDetail }) {
  const more = delivery.record_ids.length - linksMax;
  return (
    <Stack isTight>
      {delivery.record_ids.slice(0, linksMax).map((id) => (
        <Link key={id} to={`/records/${encodeURIComponent(delivery.module)}/${id}`}>
          {id}
        </Link>
      ))}
      {more > 0 ? <span className="wp-faint">and {more} more</span> : null}
    </Stack>
  );
}
