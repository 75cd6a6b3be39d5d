/** Every channel, with what an operator wants to see at once: does it run, what does it watch, when does it end. */
import { useQuery } from "@tanstack/react-query";
import type { Channel } from "../../api/channels.ts";
import { channelStates, listChannels } from "../../api/channels.ts";
import { useApi, usePollMs } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { orgChoices, useOrgs } from "../../data/use-orgs.ts";
import { Badge, StateBadge } from "../../parts/badge.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { ChoiceFilter, FilterBar, TextFilter, choicesOf } from "../../parts/filter-bar.tsx";
import { PageHeader, Row, Stack } from "../../parts/layout.tsx";
import { NoneSoFar, Pager } from "../../parts/pager.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { SubscribeInbox } from "../../parts/subscribe-inbox.tsx";
import { Time } from "../../parts/time.tsx";
import { Link } from "../../routing/link.tsx";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { Expiry } from "./expiry.tsx";

const none = { org: "", state: "", kind: "", module: "", channel: "" };
const codec = queryCodec({ ...none, cursor: "" });

export function ChannelsPage() {
  const { client, session } = useApi();
  const { state, set, path } = useQueryState(codec);
  const orgs = orgChoices(useOrgs().data);
  const query = useQuery({
    queryKey: keys.channels(state),
    queryFn: () => listChannels(client, state),
    refetchInterval: usePollMs(),
    placeholderData: (before) => before,
  });
  const isFiltered = codec.write("", { ...state, cursor: "" }) !== "";
  const filter = (change: Partial<typeof none>): void => set({ ...change, cursor: "" });
  return (
    <>
      <PageHeader title="Channels" lead="Who is told of what: each channel watches modules and POSTs to its target." />
      <Stack>
        <FilterBar label="Filter channels" onClear={isFiltered ? () => filter(none) : null}>
          <ChoiceFilter
            label="State"
            value={state.state}
            choices={choicesOf(channelStates)}
            onChange={(value) => filter({ state: value })}
          />
          <TextFilter label="Module" value={state.module} placeholder="Deals" onChange={(value) => filter({ module: value })} />
          <TextFilter label="Channel id" value={state.channel} onChange={(value) => filter({ channel: value })} />
          <ChoiceFilter
            label="Kind"
            value={state.kind}
            choices={choicesOf(["client", "lifecycle"])}
            onChange={(value) => filter({ kind: value })}
          />
          {orgs.length === 0 ? null : (
            <ChoiceFilter label="Org" value={state.org} choices={orgs} onChange={(value) => filter({ org: value })} />
          )}
        </FilterBar>
        <Loaded query={query} what="channels">
          {({ rows, nextCursor }) =>
            rows.length === 0 && nextCursor !== null ? (
              <NoneSoFar
                cursor={state.cursor}
                nextCursor={nextCursor}
                placeAt={(cursor) => path + codec.write("", { ...state, cursor })}
                words={{ first: "First", next: "More" }}
              />
            ) : rows.length === 0 ? (
              <NoChannels isFiltered={isFiltered} isDev={session.is_dev} />
            ) : (
              <>
                <ChannelTable channels={rows} />
                <Pager
                  cursor={state.cursor}
                  nextCursor={nextCursor}
                  placeAt={(cursor) => path + codec.write("", { ...state, cursor })}
                  words={{ first: "First", next: "More" }}
                />
              </>
            )
          }
        </Loaded>
      </Stack>
    </>
  );
}

function NoChannels({ isFiltered, isDev }: { readonly isFiltered: boolean; readonly isDev: boolean }) {
  if (isFiltered) return <Empty title="No channel is like that">Clear a filter to see more.</Empty>;
  return (
    <Empty title="Nobody has subscribed yet" action={isDev ? <SubscribeInbox /> : null}>
      A client subscribes with POST /crm/v8/actions/watch.{" "}
      {isDev ? "Or let the built-in inbox be the first:" : "Make credentials for one under Settings."}
    </Empty>
  );
}

function ChannelTable({ channels }: { readonly channels: readonly Channel[] }) {
  return (
    <DataTable
      caption="Channels"
      rows={channels}
      keyOf={(channel) => channel.key}
      columns={[
        {
          name: "Channel",
          cell: (channel) => (
            <Row>
              <Link to={`/channels/${channel.key}`}>{channel.channel_id}</Link>
              {channel.kind === "lifecycle" ? (
                <Badge tone="idle" hasDot={false}>
                  lifecycle
                </Badge>
              ) : null}
            </Row>
          ),
        },
        { name: "State", cell: (channel) => <ChannelStanding channel={channel} /> },
        { name: "Watches", cell: (channel) => modulesText(channel.modules) },
        { name: "Target", cell: (channel) => <span className="wp-mono">{channel.notify_url}</span> },
        { name: "Ends", cell: (channel) => <Expiry at={channel.expires_at} />, kind: "keep" },
      ]}
    />
  );
}

const modulesShown = 5;

function modulesText(modules: readonly string[]): string {
  const more = modules.length - modulesShown;
  // "and 1 more" would be as long as the name itself.
  return more > 1 ? `${modules.slice(0, modulesShown).join(", ")} and ${more} more` : modules.join(", ");
}

function ChannelStanding({ channel }: { readonly channel: Channel }) {
  return (
    <Stack isTight>
      <span>
        <StateBadge state={channel.state} />
      </span>
      {channel.state === "active" && channel.failing_since !== null ? (
        <span className="wp-small">
          failing since <Time at={channel.failing_since} />
        </span>
      ) : null}
    </Stack>
  );
}
