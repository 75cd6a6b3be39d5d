/** The names under which answers are kept. The first word is the area: an event of the stream makes whole areas ask anew. */
import type { Query } from "../api/client.ts";

export const keys = {
  session: ["session"],
  stats: ["stats"],
  deliveries: (query: Query) => ["deliveries", "list", query],
  delivery: (id: string) => ["deliveries", "one", id],
  channels: (query: Query) => ["channels", "list", query],
  channel: (key: number) => ["channels", "one", key],
  replays: ["replays"],
  lifecycle: (query: Query) => ["lifecycle", query],
  changes: (query: Query) => ["changes", "list", query],
  explanation: (id: string, cursor: string) => ["changes", "explain", id, cursor],
  inbox: ["inbox"],
  clock: ["clock"],
  orgs: ["orgs"],
  users: (org: string) => ["users", org],
  clients: (query: Query) => ["clients", query],
  tokens: (query: Query) => ["tokens", query],
  audit: (query: Query) => ["audit", query],
  modules: (org: string) => ["metadata", org, "modules"],
  fields: (org: string, module: string) => ["metadata", org, "fields", module],
  records: (org: string, module: string, query: Query) => ["records", org, module, "list", query],
  record: (org: string, module: string, id: string) => ["records", org, module, "one", id],
} as const;

/** Areas to ask anew when an attempt was made, and when something was committed. */
export const areasOfDelivery = ["deliveries", "replays", "inbox", "changes"] as const;
export const areasOfHint = ["deliveries", "changes", "records", "inbox", "clock", "channels"] as const;
