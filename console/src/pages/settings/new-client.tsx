import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { useState } from "react";
import type { MadeClient } from "../../api/access.ts";
import { createAccessClient } from "../../api/access.ts";
import { useApi } from "../../data/api-context.ts";
import { useAct } from "../../data/use-act.ts";
import { useOrgs } from "../../data/use-orgs.ts";
import { Dialog } from "../../parts/confirm.tsx";
import { Row, Stack } from "../../parts/layout.tsx";
import { SecretDialog } from "../../parts/secret-dialog.tsx";

const scopes = [
  "ZohoCRM.notifications.ALL",
  "ZohoCRM.modules.ALL",
  "ZohoCRM.settings.ALL",
  "ZohoCRM.users.ALL",
  "ZohoCRM.org.ALL",
  "ZohoSearch.securesearch.READ",
] as const;

/** Makes credentials for a program; they are shown once. */
export function NewClientButton() {
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<MadeClient | null>(null);
  return (
    <Row>
      <Button size="xs" onClick={() => setOpen(true)}>
        New client
      </Button>
      <Dialog title="New client" isOpen={isOpen} onClose={() => setOpen(false)}>
        <NewClientForm
          onMade={(client) => {
            setOpen(false);
            setMade(client);
          }}
        />
      </Dialog>
      <SecretDialog title="The client's credentials" secrets={made === null ? null : secretsOf(made)} onClose={() => setMade(null)} />
    </Row>
  );
}

function secretsOf({ client, client_secret: secret, refresh_token: refreshToken }: MadeClient) {
  return { "Client id": client.client_id, "Client secret": secret, ...(refreshToken === null ? {} : { "Refresh token": refreshToken }) };
}

function NewClientForm({ onMade }: { readonly onMade: (made: MadeClient) => void }) {
  const { client } = useApi();
  const orgs = useOrgs().data ?? [];
  const [org, setOrg] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [redirect, setRedirect] = useState("");
  const [chosen, setChosen] = useState<string[]>(["ZohoCRM.notifications.ALL", "ZohoCRM.modules.ALL"]);
  const create = useAct<void, MadeClient>({
    run: () =>
      createAccessClient(client, {
        org: org === "" ? (orgs[0]?.zgid ?? "") : org,
        name: name.trim(),
        scope: chosen.join(","),
        ...(email.trim() === "" ? {} : { user_email: email.trim() }),
        ...(redirect.trim() === "" ? {} : { redirect_uri: redirect.trim() }),
      }),
    done: () => null,
    areas: ["clients"],
    andThen: onMade,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label="Name" required value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        {orgs.length < 2 ? null : (
          <NativeSelect
            label="Org"
            value={org}
            data={orgs.map(({ zgid, name: label }) => ({ value: zgid, label }))}
            onChange={(event) => setOrg(event.currentTarget.value)}
          />
        )}
        <Checkbox.Group label="Scopes" description="What it may do at most." value={chosen} onChange={setChosen}>
          {scopes.map((scope) => (
            <Checkbox key={scope} value={scope} label={scope} mt={4} />
          ))}
        </Checkbox.Group>
        <TextInput
          label="Acts for the user"
          description="By e-mail address; then a refresh token comes with it. Empty: its users sign in."
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label="Redirect URI"
          description="Where its users come back to after they signed in."
          type="url"
          value={redirect}
          onChange={(event) => setRedirect(event.currentTarget.value)}
        />
        <Row>
          <Button type="submit" disabled={name.trim() === "" || chosen.length === 0} loading={create.isPending}>
            Make it
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
