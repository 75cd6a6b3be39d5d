/** The delivery log: find any delivery, send many again, watch replays run. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { deliveryStatuses, listDeliveries } from "../../api/deliveries.ts";
import type { ReplayOrder } from "../../api/replays.ts";
import { useApi, usePollMs } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { orgChoices, useOrgs } from "../../data/use-orgs.ts";
import { DeliveryTable } from "../../parts/delivery-table.tsx";
import { ChoiceFilter, FilterBar, InstantFilter, TextFilter, choicesOf } from "../../parts/filter-bar.tsx";
import { PageHeader, Stack } from "../../parts/layout.tsx";
import { NoneSoFar, Pager } from "../../parts/pager.tsx";
import { ReplayDialog } from "../../parts/replay-dialog.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { Link } from "../../routing/link.tsx";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { replayOf } from "./replay-order.ts";
import { ReplayList } from "./replay-list.tsx";

const none = { org: "", channel_key: "", channel: "", module: "", record: "", status: "", from: "", until: "" };
const codec = queryCodec({ ...none, cursor: "" });

export function DeliveriesPage() {
  const { client } = useApi();
  const { state, set, path } = useQueryState(codec);
  const orgs = orgChoices(useOrgs().data);
  const [order, setOrder] = useState<ReplayOrder | null>(null);
  const query = useQuery({
    queryKey: keys.deliveries(state),
    queryFn: () => listDeliveries(client, state),
    refetchInterval: usePollMs(),
    placeholderData: (before) => before,
  });
  const isFiltered = codec.write("", { ...state, cursor: "" }) !== "";
  const filter = (change: Partial<typeof none>): void => set({ ...change, cursor: "" });
  return (
    <>
      <PageHeader
        title="Deliveries"
        lead="Each is one POST that is owed: what one write did in one module, for one channel."
        actions={
          <Button variant="default" size="xs" onClick={() => setOrder(replayOf(state))}>
            {isFiltered ? "Replay all that match" : "Replay many"}
          </Button>
        }
      />
      <Stack>
        <ReplayList />
        <FilterBar label="Filter deliveries" onClear={isFiltered ? () => filter(none) : null}>
          <ChoiceFilter
            label="Status"
            value={state.status}
            choices={choicesOf(deliveryStatuses)}
            onChange={(value) => filter({ status: value })}
          />
          <TextFilter label="Channel id" value={state.channel} onChange={(value) => filter({ channel: value })} />
          <TextFilter label="Channel key" value={state.channel_key} onChange={(value) => filter({ channel_key: value })} />
          <TextFilter label="Module" value={state.module} placeholder="Deals" onChange={(value) => filter({ module: value })} />
          <TextFilter label="Record id" value={state.record} onChange={(value) => filter({ record: value })} />
          <InstantFilter label="Committed from" value={state.from} onChange={(value) => filter({ from: value })} />
          <InstantFilter label="Committed until" value={state.until} onChange={(value) => filter({ until: value })} />
          {orgs.length === 0 ? null : (
            <ChoiceFilter label="Org" value={state.org} choices={orgs} onChange={(value) => filter({ org: value })} />
          )}
        </FilterBar>
        <Loaded query={query} what="deliveries">
          {({ rows, nextCursor }) =>
            rows.length === 0 && nextCursor !== null ? (
              <NoneSoFar cursor={state.cursor} nextCursor={nextCursor} placeAt={(cursor) => path + codec.write("", { ...state, cursor })} />
            ) : rows.length === 0 ? (
              <NoDeliveries isFiltered={isFiltered} />
            ) : (
              <>
                <DeliveryTable deliveries={rows} />
                <Pager cursor={state.cursor} nextCursor={nextCursor} placeAt={(cursor) => path + codec.write("", { ...state, cursor })} />
              </>
            )
          }
        </Loaded>
      </Stack>
      <ReplayDialog order={order} onClose={() => setOrder(null)} />
    </>
  );
}

function NoDeliveries({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <Empty title="No delivery is like that" action={<Link to="/why-not">Why was I not notified?</Link>}>
        Clear a filter to see more. If you expected one here, the page Why not tells channel by channel why a change led to none.
      </Empty>
    );
  }
  return (
    <Empty title="Nothing has been owed yet" action={<Link to="/records">Change a record</Link>}>
      A delivery comes to be when a record changes that a channel watches.
    </Empty>
  );
}
