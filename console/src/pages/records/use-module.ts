/** What the pages of records share: the org they are about, its modules, and a module's fields. */
import { useQuery } from "@tanstack/react-query";
import type { CrmModule } from "../../api/crm.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { useOrgs } from "../../data/use-orgs.ts";

const staleMs = 60_000;

/** The org that the address names, or the first; null until it is known. Empty leaves it to the server, when the orgs cannot be told. */
export function useOrg(named: string): string | null {
  const orgs = useOrgs();
  if (named !== "") return named;
  return orgs.data === undefined && !orgs.isError ? null : (orgs.data?.[0]?.zgid ?? "");
}

export function useModules(org: string | null) {
  const { crmOf } = useApi();
  return useQuery({
    queryKey: keys.modules(org ?? ""),
    queryFn: async () => (await crmOf(org ?? "").modules()).filter(isShown),
    enabled: org !== null,
    staleTime: staleMs,
  });
}

export function useFields(org: string | null, module: string) {
  const { crmOf } = useApi();
  return useQuery({
    queryKey: keys.fields(org ?? "", module),
    queryFn: () => crmOf(org ?? "").fields(module),
    enabled: org !== null,
    staleTime: staleMs,
  });
}

function isShown(module: CrmModule): boolean {
  return module.api_supported && module.viewable && module.creatable;
}
