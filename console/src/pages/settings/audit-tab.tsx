import { useQuery } from "@tanstack/react-query";
import { listAudit } from "../../api/access.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { Badge } from "../../parts/badge.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { Pager } from "../../parts/pager.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { FullTime } from "../../parts/time.tsx";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";

const codec = queryCodec({ tab: "org", cursor: "" });

/** Who did what through the admin API. */
export function AuditTab() {
  const { client } = useApi();
  const { state } = useQueryState(codec);
  const query = useQuery({ queryKey: keys.audit(state), queryFn: () => listAudit(client, { cursor: state.cursor }) });
  return (
    <Loaded query={query} what="the audit log">
      {({ rows, nextCursor }) =>
        rows.length === 0 ? (
          <Empty title="Nothing was done yet">
            Every act through the admin API is written down here: pauses, replays, credentials made and revoked.
          </Empty>
        ) : (
          <>
            <DataTable
              caption="Audit log"
              rows={rows}
              keyOf={(entry) => entry.id}
              columns={[
                { name: "When", cell: (entry) => <FullTime at={entry.at} /> },
                { name: "By", cell: (entry) => (entry.actor === "console" ? "the console" : "the admin token") },
                { name: "What", cell: (entry) => entry.summary },
                {
                  name: "Request",
                  cell: (entry) => (
                    <span className="wp-mono">
                      {entry.method} {entry.path}
                    </span>
                  ),
                },
                { name: "Answer", cell: (entry) => <Badge tone={entry.status < 400 ? "ok" : "bad"}>{entry.status}</Badge> },
              ]}
            />
            <Pager
              cursor={state.cursor}
              nextCursor={nextCursor}
              placeAt={(cursor) => `/settings${codec.write("", { ...state, cursor })}`}
            />
          </>
        )
      }
    </Loaded>
  );
}
