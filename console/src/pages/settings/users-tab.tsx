import { useQuery } from "@tanstack/react-query";
import { listUsers } from "../../api/access.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { Badge } from "../../parts/badge.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";

/** The users of every org. They are made by the seed file and by the CRM's own API. */
export function UsersTab() {
  const { client } = useApi();
  const query = useQuery({ queryKey: keys.users(""), queryFn: () => listUsers(client, { limit: 200 }) });
  return (
    <Loaded query={query} what="users">
      {({ rows }) =>
        rows.length === 0 ? (
          <Empty title="There is no user">Add users to the seed file, or with POST /crm/v8/users.</Empty>
        ) : (
          <DataTable
            caption="Users"
            rows={rows}
            keyOf={(user) => `${user.org} ${user.id}`}
            columns={[
              { name: "Name", cell: (user) => [user.first_name, user.last_name].filter(Boolean).join(" ") || "–" },
              { name: "E-mail", cell: (user) => user.email },
              { name: "Status", cell: (user) => <Badge tone={user.status === "active" ? "ok" : "idle"}>{user.status}</Badge> },
              { name: "Org", cell: (user) => user.org },
              { name: "Id", cell: (user) => <span className="wp-mono">{user.id}</span> },
            ]}
          />
        )
      }
    </Loaded>
  );
}
