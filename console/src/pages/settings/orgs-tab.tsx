import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Org } from "../../api/access.ts";
import { setLifecycle } from "../../api/access.ts";
import { useApi } from "../../data/api-context.ts";
import { useAct } from "../../data/use-act.ts";
import { useOrgs } from "../../data/use-orgs.ts";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { Card, Columns, Facts, Row, Stack } from "../../parts/layout.tsx";
import { SecretDialog } from "../../parts/secret-dialog.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { FullTime } from "../../parts/time.tsx";

/** The orgs, and where each is told of the lifecycle of its channels. */
export function OrgsTab() {
  const query = useOrgs();
  return (
    <Loaded query={query} what="orgs">
      {(orgs) =>
        orgs.length === 0 ? (
          <Empty title="There is no org">Start the server with --seed FILE: docs/seed-file.md says what stands in it.</Empty>
        ) : (
          <Stack>
            {orgs.map((org) => (
              <OrgCard key={org.zgid} org={org} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}

function OrgCard({ org }: { readonly org: Org }) {
  return (
    <Card title={org.name}>
      <Columns>
        <Facts
          facts={[
            ["zgid", <span className="wp-mono">{org.zgid}</span>],
            ["Time zone", org.time_zone],
            ["Currency", org.currency],
            ["Users", org.users.toLocaleString("en")],
            ["Made", <FullTime at={org.created_at} />],
          ]}
        />
        <LifecycleForm org={org} />
      </Columns>
    </Card>
  );
}

function LifecycleForm({ org }: { readonly org: Org }) {
  const { client } = useApi();
  const [url, setUrl] = useState(org.lifecycle_url ?? "");
  const [secret, setSecret] = useState<string | null>(null);
  const set = useAct<string | null, Awaited<ReturnType<typeof setLifecycle>>>({
    run: (next) => setLifecycle(client, org.zgid, next),
    done: ({ org: changed }) =>
      changed.lifecycle_url === null ? "No lifecycle notifications any more." : "Lifecycle notifications go there from now on.",
    areas: ["orgs", "channels"],
    andThen: ({ secret: made }) => setSecret(made),
  });
  return (
    <Stack isTight>
      <TextInput
        type="url"
        label="Lifecycle URL"
        description="Told, signed, when a channel is about to expire (24 h, 1 h, 5 min before), has expired, or was disabled."
        placeholder="https://hooks.example.com/watchpost"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Row>
        <Button
          size="xs"
          disabled={url.trim() === "" || url === org.lifecycle_url}
          loading={set.isPending}
          onClick={() => set.mutate(url.trim())}
        >
          Save
        </Button>
        {org.lifecycle_url === null ? null : (
          <ConfirmButton label="Remove" title="Remove the lifecycle URL?" action="Remove it" isDangerous onConfirm={() => set.mutate(null)}>
            Nobody is told any more when a channel of {org.name} is about to end. Its secret is forgotten.
          </ConfirmButton>
        )}
      </Row>
      <SecretDialog
        title="The secret that signs lifecycle notifications"
        secrets={secret === null ? null : { Secret: secret }}
        onClose={() => setSecret(null)}
      />
    </Stack>
  );
}
