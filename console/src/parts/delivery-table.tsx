/** Deliveries as a list shows them. */
import type { Delivery } from "../api/deliveries.ts";
import { Link } from "../routing/link.tsx";
import { Badge, StatusBadge } from "./badge.tsx";
import type { Column } from "./data-table.tsx";
import { DataTable } from "./data-table.tsx";
import { Row } from "./layout.tsx";
import { Time } from "./time.tsx";

export function DeliveryTable({
  deliveries,
  withoutChannel = false,
}: {
  readonly deliveries: readonly Delivery[];
  readonly withoutChannel?: boolean;
}) {
  return (
    <DataTable
      caption="Deliveries"
      rows={deliveries}
      keyOf={({ id }) => id}
      columns={withoutChannel ? columns.filter(({ name }) => name !== "Channel") : columns}
    />
  );
}

const columns: readonly Column<Delivery>[] = [
  {
    name: "Delivery",
    cell: (delivery) => (
      <Row>
        <Link to={`/deliveries/${delivery.id}`}>#{delivery.id}</Link>
        {delivery.is_test ? mark("test") : null}
        {delivery.replay_of === null ? null : mark(`replay of #${delivery.replay_of}`)}
      </Row>
    ),
    kind: "keep",
  },
  { name: "Status", cell: (delivery) => <StatusBadge status={delivery.status} attempts={delivery.attempts_made} /> },
  {
    name: "What",
    cell: (delivery) => (
      <>
        {delivery.module} {delivery.operation} <span className="wp-faint wp-mono">{recordsText(delivery.record_ids)}</span>
      </>
    ),
  },
  { name: "Channel", cell: (delivery) => <Link to={`/channels/${delivery.channel_key}`}>{delivery.channel_id}</Link>, kind: "keep" },
  { name: "Attempts", cell: (delivery) => delivery.attempts_made, kind: "number" },
  { name: "Committed", cell: (delivery) => <Time at={delivery.committed_at} />, kind: "keep" },
  {
    name: "Next or done",
    cell: (delivery) => <Time at={delivery.settled_at ?? (delivery.status === "pending" ? delivery.due_at : null)} />,
    kind: "keep",
  },
];

function mark(text: string) {
  return (
    <Badge tone="idle" hasDot={false}>
      {text}
    </Badge>
  );
}

function recordsText(ids: readonly string[]): string {
  const [first = "", ...others] = ids;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
