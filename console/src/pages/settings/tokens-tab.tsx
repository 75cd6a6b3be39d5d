import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Token } from "../../api/access.ts";
import { createToken, listTokens, revokeToken } from "../../api/access.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { useAct } from "../../data/use-act.ts";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { Row, Stack } from "../../parts/layout.tsx";
import { Pager } from "../../parts/pager.tsx";
import { SecretDialog } from "../../parts/secret-dialog.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { ScopeList } from "./scope-list.tsx";

const codec = queryCodec({ tab: "org", cursor: "" });

/** The access tokens that are good now. */
export function TokensTab() {
  const { client } = useApi();
  const { state } = useQueryState(codec);
  const query = useQuery({ queryKey: keys.tokens(state), queryFn: () => listTokens(client, { cursor: state.cursor }) });
  return (
    <Stack>
      <NewTokenButton />
      <Loaded query={query} what="access tokens">
        {({ rows, nextCursor }) =>
          rows.length === 0 ? (
            <Empty title="No access token is in use">
              Make one to try a request by hand; a client gets its own with its refresh token.
            </Empty>
          ) : (
            <>
              <DataTable
                caption="Access tokens"
                rows={rows}
                keyOf={(token) => token.id}
                columns={[
                  { name: "Token", cell: (token) => <span className="wp-mono">{token.id}…</span> },
                  { name: "Client", cell: (token) => <span className="wp-mono">{token.client_id ?? "an operator"}</span> },
                  { name: "Scopes", cell: (token) => <ScopeList scopes={token.scopes} /> },
                  { name: "Made", cell: (token) => <Time at={token.issued_at} /> },
                  { name: "Ends", cell: (token) => <Time at={token.expires_at} /> },
                  { name: "Revoke", cell: (token) => <RevokeButton token={token} /> },
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
    </Stack>
  );
}

function NewTokenButton() {
  const { client } = useApi();
  const [secret, setSecret] = useState<string | null>(null);
  const create = useAct({
    run: () => createToken(client, {}),
    done: () => null,
    areas: ["tokens"],
    andThen: (made) => setSecret(made.access_token),
  });
  return (
    <Row>
      <Button size="xs" loading={create.isPending} onClick={() => create.mutate(undefined)}>
        New access token
      </Button>
      <span className="wp-faint">Good for an hour, for the first user of the org.</span>
      <SecretDialog
        title="The access token"
        secrets={secret === null ? null : { "Access token": secret }}
        onClose={() => setSecret(null)}
      />
    </Row>
  );
}

function RevokeButton({ token }: { readonly token: Token }) {
  const { client } = useApi();
  const revoke = useAct({ run: () => revokeToken(client, token.id), done: () => "The access token is void.", areas: ["tokens"] });
  return (
    <ConfirmButton
      label="Revoke"
      title="Revoke this access token?"
      action="Revoke it"
      isDangerous
      size="compact-xs"
      isBusy={revoke.isPending}
      onConfirm={() => revoke.mutate(undefined)}
    >
      Whoever uses it is refused from now on, and needs a new one. The client&apos;s refresh token stays good.
    </ConfirmButton>
  );
}
