/** Lets in whoever has a session; shows the sign-in to everyone else, at whatever address they came to. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { Session } from "../api/access.ts";
import { showSession, signIn } from "../api/access.ts";
import { createClient } from "../api/client.ts";
import type { Crm } from "../api/crm.ts";
import { createCrm } from "../api/crm.ts";
import type { Client } from "../api/client.ts";
import { type Api, ApiContext } from "../data/api-context.ts";
import { browserFetch } from "../data/browser.ts";
import { keys } from "../data/keys.ts";
import { useLive } from "../data/use-live.ts";
import { SignInPage } from "../pages/sign-in/sign-in-page.tsx";
import { Failed, Loading } from "../parts/states.tsx";
import { ToastList } from "../parts/toast-list.tsx";
import css from "./frame.module.css";
import { Frame } from "./frame.tsx";
import { takeTokenFromAddress } from "./token-in-address.ts";

export function SessionGate() {
  const queries = useQueryClient();
  const client = useMemo(
    () =>
      createClient({
        fetch: browserFetch,
        csrf: () => queries.getQueryData<Session>(keys.session)?.csrf ?? null,
        onSignedOut: () =>
          queries.setQueryData<Session>(keys.session, (session) => session && { ...session, signed_in: false, csrf: null }),
      }),
    [queries],
  );
  const session = useQuery({
    queryKey: keys.session,
    queryFn: async () => {
      const token = takeTokenFromAddress();
      // A token that is not good leads to the sign-in, which says so when it is typed.
      if (token !== null) await signIn(client, token).catch(() => undefined);
      return showSession(client);
    },
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  return (
    <>
      {session.data === undefined ? (
        <main className={css["alone"]}>
          {session.isError ? (
            <Failed error={session.error} retry={() => void session.refetch()} />
          ) : (
            <Loading what="the console" rows={3} />
          )}
        </main>
      ) : session.data.signed_in ? (
        <SignedIn client={client} session={session.data} />
      ) : (
        <SignInPage client={client} session={session.data} />
      )}
      <ToastList />
    </>
  );
}

function SignedIn({ client, session }: { readonly client: Client; readonly session: Session }) {
  const { live, tail } = useLive();
  const queries = useQueryClient();
  const [crms] = useState(() => new Map<string, Crm>());
  const api = useMemo<Api>(() => {
    const crmOf = (org: string): Crm => {
      const crm = crms.get(org) ?? createCrm(client, org);
      crms.set(org, crm);
      return crm;
    };
    return { client, session, live, tail, crmOf };
  }, [client, session, live, tail, crms]);
  // Nothing of a session that is over stays behind for the next one.
  useEffect(() => () => queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] }), [queries]);
  return (
    <ApiContext value={api}>
      <Frame />
    </ApiContext>
  );
}
