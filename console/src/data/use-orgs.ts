/** The orgs of the server. Most have one, and then nobody is asked which. */
import { useQuery } from "@tanstack/react-query";
import type { Org } from "../api/access.ts";
import { listOrgs } from "../api/access.ts";
import { useApi } from "./api-context.ts";
import { keys } from "./keys.ts";

export function useOrgs() {
  const { client } = useApi();
  return useQuery({ queryKey: keys.orgs, queryFn: () => listOrgs(client), staleTime: 60_000 });
}

/** Choices for a filter; none when there is one org. */
export function orgChoices(orgs: readonly Org[] | undefined): readonly { readonly value: string; readonly label: string }[] {
  return orgs === undefined || orgs.length < 2 ? [] : orgs.map(({ zgid, name }) => ({ value: zgid, label: `${name} (${zgid})` }));
}
