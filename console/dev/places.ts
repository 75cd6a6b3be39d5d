/** Every page of the console, with an address at which it shows something, in the fake server's world. */
import type { World } from "./world.ts";

export function placesOf(world: World): Readonly<Record<string, string>> {
  const failing = world.channels.find(({ answers }) => answers === 503)?.key ?? 0;
  const dead = world.deliveries.find(({ status, channel_key: key }) => status === "pending" && key === failing)?.id ?? 0;
  const change = world.changes.find(({ changed_fields: names }) => names.includes("Next_Step"))?.id ?? 0;
  const deal = world.modules.find(({ apiName }) => apiName === "Deals")?.records[0]?.id ?? "";
  return {
    home: "",
    channels: "channels",
    channel: `channels/${String(failing)}`,
    "channel-code": `channels/${String(failing)}?tab=snippets`,
    "channel-deliveries": `channels/${String(failing)}?tab=deliveries`,
    deliveries: "deliveries",
    delivery: `deliveries/${String(dead)}`,
    "why-not": "why-not",
    explanation: `why-not/${String(change)}`,
    records: "records",
    record: `records/Deals/${deal}`,
    "new-record": "records/Deals/new",
    inbox: "inbox",
    clock: "clock",
    settings: "settings",
    "settings-users": "settings?tab=users",
    "settings-clients": "settings?tab=clients",
    "settings-tokens": "settings?tab=tokens",
    "settings-modules": "settings?tab=modules",
    "settings-retention": "settings?tab=retention",
    "settings-audit": "settings?tab=audit",
    nowhere: "nowhere",
  };
}
