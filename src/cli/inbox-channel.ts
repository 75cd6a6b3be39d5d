/** The first channel of a newcomer: it leads to the inbox, so that the console shows a notification without any code. */
import type { Engine } from "../app/commands.ts";
import { limits } from "../core/limits.ts";
import type { Caller } from "../core/principal.ts";

const channelId = "1";
const token = "first-channel";
const inboxPath = "/inbox/first";

/** The modules in which a newcomer may try something. */
const modules: readonly string[] = [
  "Leads",
  "Contacts",
  "Accounts",
  "Deals",
  "Tasks",
  "Events",
  "Calls",
  "Products",
  "Quotes",
  "Sales_Orders",
  "Purchase_Orders",
  "Invoices",
  "Campaigns",
  "Vendors",
  "Price_Books",
  "Cases",
  "Solutions",
];

export type InboxOrder = {
  readonly caller: Caller;
  /** The server's origin, as the server itself reaches it. */
  readonly localUrl: string;
  readonly now: number;
};

/**
 * Subscribes the caller's channel 1 to the inbox for a week, or renews it. Gives the inbox's address, or null: the caller has a channel 1
 * that leads elsewhere, or the address is none that may be notified.
 */
export async function subscribeInbox(engine: Engine, { caller, localUrl, now }: InboxOrder): Promise<string | null> {
  const notifyUrl = `${localUrl}${inboxPath}`;
  const [known] = await targetsOf(engine, caller);
  if (known !== undefined && !known.endsWith(inboxPath)) return null;
  const expiry = new Date(now + limits.inboxChannelMs).toISOString().replace(/\.\d+Z$/, "+00:00");
  const item = {
    channel_id: channelId,
    events: modules.map((module) => `${module}.all`),
    notify_url: notifyUrl,
    token,
    channel_expiry: expiry,
  };
  const [result] = await engine.run("watch.write", { caller, version: "v8", mode: "enable", items: [item] });
  return result?.ok === true ? notifyUrl : null;
}

/** Where the caller's channel 1 leads. */
async function targetsOf(engine: Engine, caller: Caller): Promise<readonly string[]> {
  const { rows } = await engine.run("watch.list", {
    caller,
    version: "v8",
    timeZone: "UTC",
    baseUrl: "",
    channelId,
    module: null,
    page: { page: 1, perPage: 1 },
  });
  return rows
    .map((row) => (typeof row === "object" && row !== null && "notify_url" in row ? row.notify_url : null))
    .filter((target) => typeof target === "string");
}
