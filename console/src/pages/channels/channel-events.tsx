import { useQuery } from "@tanstack/react-query";
import type { Channel } from "../../api/channels.ts";
import { listLifecycleEvents } from "../../api/channels.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { FullTime } from "../../parts/time.tsx";

const words = { "channel.expiring": "about to expire", "channel.expired": "expired", "channel.disabled": "disabled" } as const;

/** What happened to the channel itself. */
export function ChannelEvents({ channel }: { readonly channel: Channel }) {
  const { client } = useApi();
  const filter = { channel_key: channel.key };
  const query = useQuery({ queryKey: keys.lifecycle(filter), queryFn: () => listLifecycleEvents(client, filter) });
  return (
    <Loaded query={query} what="lifecycle events">
      {({ rows }) =>
        rows.length === 0 ? (
          <Empty title="Nothing has happened to this channel">
            It is written down here when the channel is about to expire, has expired, or was disabled. An org&apos;s lifecycle URL, under
            Settings, is told as well.
          </Empty>
        ) : (
          <DataTable
            caption="Lifecycle events"
            rows={rows}
            keyOf={(event) => event.id}
            columns={[
              { name: "When", cell: (event) => <FullTime at={event.at} /> },
              { name: "What", cell: (event) => words[event.event] + (event.before === null ? "" : ` (${event.before} before)`) },
              { name: "Cause", cell: (event) => event.cause ?? "–" },
              { name: "Expiry then", cell: (event) => <FullTime at={event.expires_at} /> },
            ]}
          />
        )
      }
    </Loaded>
  );
}
