import { useQuery } from "@tanstack/react-query";
import type { AccessClient } from "../../api/access.ts";
import { listClients, revokeClient } from "../../api/access.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { useAct } from "../../data/use-act.ts";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { Stack } from "../../parts/layout.tsx";
import { Pager } from "../../parts/pager.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { NewClientButton } from "./new-client.tsx";
import { ScopeList } from "./scope-list.tsx";

const codec = queryCodec({ tab: "org", cursor: "" });

/** The programs that may ask for access, and with which scopes. */
export function ClientsTab() {
  const { client } = useApi();
  const { state } = useQueryState(codec);
  const query = useQuery({ queryKey: keys.clients(state), queryFn: () => listClients(client, { cursor: state.cursor }) });
  return (
    <Stack>
      <NewClientButton />
      <Loaded query={query} what="clients">
        {({ rows, nextCursor }) =>
          rows.length === 0 ? (
            <Empty title="No program has credentials yet">
              Make a client: its id, secret and refresh token are what an SDK is configured with.
            </Empty>
          ) : (
            <>
              <ClientTable clients={rows} />
              <Pager
                cursor={state.cursor}
                nextCursor={nextCursor}
                placeAt={(cursor) => `/settings${codec.write("", { ...state, cursor })}`}
              />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function ClientTable({ clients }: { readonly clients: readonly AccessClient[] }) {
  return (
    <DataTable
      caption="Clients"
      rows={clients}
      keyOf={(client) => client.client_id}
      columns={[
        { name: "Name", cell: (client) => client.name },
        { name: "Client id", cell: (client) => <span className="wp-mono">{client.client_id}</span> },
        { name: "Scopes", cell: (client) => <ScopeList scopes={client.scopes} /> },
        { name: "Org", cell: (client) => client.org, kind: "keep" },
        { name: "Comes back to", cell: (client) => client.redirect_uri ?? "–" },
        { name: "Revoke", cell: (client) => <RevokeButton shown={client} /> },
      ]}
    />
  );
}

function RevokeButton({ shown }: { readonly shown: AccessClient }) {
  const { client } = useApi();
  const revoke = useAct({
    run: () => revokeClient(client, shown.client_id),
    done: () => `${shown.name} has no access any more.`,
    areas: ["clients", "tokens"],
  });
  return (
    <ConfirmButton
      label="Revoke"
      title={`Revoke ${shown.name}?`}
      action="Revoke it"
      isDangerous
      size="compact-xs"
      isBusy={revoke.isPending}
      onConfirm={() => revoke.mutate(undefined)}
    >
      Its access tokens and refresh tokens end at once, and it gets no new ones. This cannot be taken back. Its channels go on until they
      expire.
    </ConfirmButton>
  );
}
