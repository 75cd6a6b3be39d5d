/** Channels that end within a day. */
import type { Stats } from "../../api/server-state.ts";
import { Time } from "../../parts/time.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { Link } from "../../routing/link.tsx";

export function Expiring({ channels }: { readonly channels: Stats["expiring"] }) {
  if (channels.length === 0) return <p className="wp-faint">None ends within a day.</p>;
  return (
    <DataTable
      caption="Channels that end within a day"
      rows={channels}
      keyOf={(channel) => channel.channel_key}
      columns={[
        { name: "Channel", cell: (channel) => <Link to={`/channels/${channel.channel_key}`}>{channel.channel_id}</Link> },
        { name: "Org", cell: (channel) => channel.org },
        { name: "Ends", cell: (channel) => <Time at={channel.expires_at} />, kind: "keep" },
      ]}
    />
  );
}
