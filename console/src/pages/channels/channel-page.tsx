/** One channel: how it stands, what it watches, what it was sent, and how to make one like it. */
import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Channel } from "../../api/channels.ts";
import { showChannel } from "../../api/channels.ts";
import { useApi, usePollMs } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { StateBadge } from "../../parts/badge.tsx";
import { PageHeader, Row, Stack } from "../../parts/layout.tsx";
import { Loaded } from "../../parts/states.tsx";
import type { PathParams } from "../../routing/match-path.ts";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { ChannelActions } from "./channel-actions.tsx";
import { ChannelDeliveries } from "./channel-deliveries.tsx";
import { ChannelEvents } from "./channel-events.tsx";
import { ChannelFacts } from "./channel-facts.tsx";
import { ChannelSnippets } from "./channel-snippets.tsx";
import { ChannelSubscriptions } from "./channel-subscriptions.tsx";

const codec = queryCodec({ tab: "overview" });
const parent = { to: "/channels", label: "Channels" };

export function ChannelPage({ params }: { readonly params: PathParams }) {
  const { client } = useApi();
  const key = Number(params["key"]);
  const query = useQuery({ queryKey: keys.channel(key), queryFn: () => showChannel(client, key), refetchInterval: usePollMs() });
  if (query.data === undefined) {
    return (
      <>
        <PageHeader title={`Channel ${params["key"] ?? ""}`} parent={parent} />
        <Loaded query={query} what="the channel">
          {() => null}
        </Loaded>
      </>
    );
  }
  const channel = query.data;
  return (
    <>
      <PageHeader
        title={`Channel ${channel.channel_id}`}
        heading={
          <Row>
            <span>Channel {channel.channel_id}</span> <StateBadge state={channel.state} />
          </Row>
        }
        lead={<span className="wp-mono">{channel.notify_url}</span>}
        parent={parent}
      />
      <Stack>
        <ChannelActions channel={channel} />
        <ChannelTabs channel={channel} />
      </Stack>
    </>
  );
}

function ChannelTabs({ channel }: { readonly channel: Channel }) {
  const { state, set } = useQueryState(codec);
  return (
    <Tabs value={state.tab} onChange={(tab) => set({ tab: tab ?? "overview" })} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="overview">Overview</Tabs.Tab>
        <Tabs.Tab value="deliveries">Deliveries</Tabs.Tab>
        <Tabs.Tab value="events">Lifecycle</Tabs.Tab>
        <Tabs.Tab value="snippets">Code</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="overview">
        <Stack>
          <ChannelFacts channel={channel} />
          <ChannelSubscriptions channel={channel} />
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="deliveries">
        <ChannelDeliveries channel={channel} />
      </Tabs.Panel>
      <Tabs.Panel value="events">
        <ChannelEvents channel={channel} />
      </Tabs.Panel>
      <Tabs.Panel value="snippets">
        <ChannelSnippets channel={channel} />
      </Tabs.Panel>
    </Tabs>
  );
}
