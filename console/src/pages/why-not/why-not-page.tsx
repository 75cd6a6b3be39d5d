/** Which change? From here to the page that says, channel by channel, who was told of it and why. */
import { useQuery } from "@tanstack/react-query";
import type { Change } from "../../api/changes.ts";
import { listChanges } from "../../api/changes.ts";
import { useApi, usePollMs } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { orgChoices, useOrgs } from "../../data/use-orgs.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { ChoiceFilter, FilterBar, InstantFilter, TextFilter, choicesOf } from "../../parts/filter-bar.tsx";
import { KeptFor } from "../../parts/kept-for.tsx";
import { PageHeader, Stack } from "../../parts/layout.tsx";
import { NoneSoFar, Pager } from "../../parts/pager.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { Link } from "../../routing/link.tsx";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";

const none = { org: "", module: "", record: "", operation: "", from: "", until: "" };
const codec = queryCodec({ ...none, cursor: "" });

export function WhyNotPage() {
  const { client } = useApi();
  const { state, set, path } = useQueryState(codec);
  const orgs = orgChoices(useOrgs().data);
  const query = useQuery({
    queryKey: keys.changes(state),
    queryFn: () => listChanges(client, state),
    refetchInterval: usePollMs(),
    placeholderData: (before) => before,
  });
  const isFiltered = codec.write("", { ...state, cursor: "" }) !== "";
  const filter = (change: Partial<typeof none>): void => set({ ...change, cursor: "" });
  return (
    <>
      <PageHeader
        title="Why not"
        lead="Why was I not notified? Pick the change, or type the id of its record: channel by channel you see the rule that decided."
      />
      <Stack>
        <FilterBar label="Find a change" onClear={isFiltered ? () => filter(none) : null}>
          <TextFilter label="Record id" value={state.record} onChange={(value) => filter({ record: value })} />
          <TextFilter label="Module" value={state.module} placeholder="Deals" onChange={(value) => filter({ module: value })} />
          <ChoiceFilter
            label="Operation"
            value={state.operation}
            choices={choicesOf(["insert", "update", "delete"])}
            onChange={(value) => filter({ operation: value })}
          />
          <InstantFilter label="From" value={state.from} onChange={(value) => filter({ from: value })} />
          <InstantFilter label="Until" value={state.until} onChange={(value) => filter({ until: value })} />
          {orgs.length === 0 ? null : (
            <ChoiceFilter label="Org" value={state.org} choices={orgs} onChange={(value) => filter({ org: value })} />
          )}
        </FilterBar>
        <Loaded query={query} what="changes">
          {({ rows, nextCursor }) =>
            rows.length === 0 && nextCursor !== null ? (
              <NoneSoFar cursor={state.cursor} nextCursor={nextCursor} placeAt={(cursor) => path + codec.write("", { ...state, cursor })} />
            ) : rows.length === 0 ? (
              <NoChanges isFiltered={isFiltered} />
            ) : (
              <>
                <ChangeTable changes={rows} />
                <Pager cursor={state.cursor} nextCursor={nextCursor} placeAt={(cursor) => path + codec.write("", { ...state, cursor })} />
              </>
            )
          }
        </Loaded>
      </Stack>
    </>
  );
}

function NoChanges({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <Empty title={isFiltered ? "No change is like that" : "No record has changed yet"} action={<Link to="/records">Change a record</Link>}>
      {isFiltered
        ? "If the record is the right one, it was not changed in that time: a write that sets a field to what it already holds is no change. "
        : null}
      Changes are kept for <KeptFor />.
    </Empty>
  );
}

function ChangeTable({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <DataTable
      caption="Changes"
      rows={changes}
      keyOf={(change) => change.id}
      columns={[
        {
          name: "Change",
          cell: (change) => (
            <Link to={`/why-not/${change.id}`}>
              {change.module} {change.operation} #{change.id}
            </Link>
          ),
        },
        { name: "Record", cell: (change) => <span className="wp-mono">{change.record_id}</span>, kind: "keep" },
        { name: "Changed fields", cell: (change) => (change.changed_fields.length === 0 ? "–" : change.changed_fields.join(", ")) },
        { name: "When", cell: (change) => <Time at={change.at} />, kind: "keep" },
      ]}
    />
  );
}
