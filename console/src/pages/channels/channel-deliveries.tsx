import { useQuery } from "@tanstack/react-query";
import type { Channel } from "../../api/channels.ts";
import { listDeliveries } from "../../api/deliveries.ts";
import { useApi, usePollMs } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { DeliveryTable } from "../../parts/delivery-table.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { Link } from "../../routing/link.tsx";

const shownMax = 20;

/** The channel's newest deliveries; the page of deliveries has the rest. */
export function ChannelDeliveries({ channel }: { readonly channel: Channel }) {
  const { client } = useApi();
  const filter = { channel_key: channel.key, limit: shownMax };
  const query = useQuery({
    queryKey: keys.deliveries(filter),
    queryFn: () => listDeliveries(client, filter),
    refetchInterval: usePollMs(),
  });
  return (
    <Loaded query={query} what="deliveries">
      {({ rows, nextCursor }) =>
        rows.length === 0 && nextCursor !== null ? (
          <Link to={`/deliveries?channel_key=${channel.key}`}>None of the newest deliveries went to this channel; look further back</Link>
        ) : rows.length === 0 ? (
          <Empty title="Nothing was owed to this channel yet">Send a test, or change a record of a module it watches.</Empty>
        ) : (
          <>
            <DeliveryTable deliveries={rows} withoutChannel />
            <Link to={`/deliveries?channel_key=${channel.key}`}>All deliveries of this channel, with filters and replay</Link>
          </>
        )
      }
    </Loaded>
  );
}
