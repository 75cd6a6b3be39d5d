/** Who may do what, what there is to be changed, and who did what. */
import { Tabs } from "@mantine/core";
import { PageHeader } from "../../parts/layout.tsx";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { AuditTab } from "./audit-tab.tsx";
import { ClientsTab } from "./clients-tab.tsx";
import { MetadataTab } from "./metadata-tab.tsx";
import { OrgsTab } from "./orgs-tab.tsx";
import { RetentionTab } from "./retention-tab.tsx";
import { TokensTab } from "./tokens-tab.tsx";
import { UsersTab } from "./users-tab.tsx";

const codec = queryCodec({ tab: "org" });

const tabs = [
  { value: "org", label: "Org", Tab: OrgsTab },
  { value: "users", label: "Users", Tab: UsersTab },
  { value: "clients", label: "Clients", Tab: ClientsTab },
  { value: "tokens", label: "Access tokens", Tab: TokensTab },
  { value: "modules", label: "Modules and fields", Tab: MetadataTab },
  { value: "retention", label: "Retention", Tab: RetentionTab },
  { value: "audit", label: "Audit log", Tab: AuditTab },
] as const;

export function SettingsPage() {
  const { state, set } = useQueryState(codec);
  return (
    <>
      <PageHeader title="Settings" />
      <Tabs value={state.tab} onChange={(tab) => set({ tab: tab ?? "org" })} keepMounted={false}>
        <Tabs.List mb="md">
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ value, Tab }) => (
          <Tabs.Panel key={value} value={value}>
            <Tab />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
