/** The temporary channel of `listen`: subscribed over the watch API, kept from expiring, and taken away at the end. */
import { randomInt } from "node:crypto";
import { Complaint } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import type { AdminClient } from "../remote/admin-client.ts";
import type { CrmClient } from "../remote/crm-client.ts";
import { itemsOf } from "../remote/crm-client.ts";
import { objectsAt, textAt } from "../remote/json-values.ts";

export type Wish = {
  readonly events: readonly string[];
  readonly notifyUrl: string;
  /** Comes back in every notification. */
  readonly token: string;
};

export type Subscription = {
  readonly channelId: string;
  readonly channelKey: string;
  readonly secret: string;
  /** In ms, by the server's clock. */
  readonly expiresAt: number;
};

const channelIdMin = 1_000_000_000_000;
const channelIdMax = 200_000_000_000_000;
const channelsMax = 100_000;

export function newChannelId(): string {
  return String(randomInt(channelIdMin, channelIdMax));
}

/** Subscribes the channel, or renews it: a POST of a known channel_id takes the place of what was there. */
export async function subscribe(crm: CrmClient, channelId: string, { events, notifyUrl, token }: Wish): Promise<number> {
  const item = { channel_id: channelId, events, notify_url: notifyUrl, token, return_affected_field_values: true };
  const answered = await crm.send({ method: "POST", path: "/actions/watch", body: { watch: [item] } });
  const [watched] = itemsOf(answered, "watch");
  const expiresAt = Date.parse(textAt(objectsAt(watched, "details", "events")[0], "channel_expiry") ?? "");
  if (!Number.isNaN(expiresAt)) return expiresAt;
  throw new Complaint(exitCodes.serverFault, "the server subscribed the channel without an expiry");
}

/** The channel with its key and its signing secret, which the server shows once. */
export async function open(crm: CrmClient, admin: AdminClient, wish: Wish): Promise<Subscription> {
  const channelId = newChannelId();
  const expiresAt = await subscribe(crm, channelId, wish);
  try {
    const channelKey = await keyOf(admin, channelId);
    const secret = textAt(await admin.post(`/api/v1/channels/${channelKey}/secret`, { what: `channel ${channelKey}` }), "secret");
    if (secret === null) throw new Complaint(exitCodes.serverFault, "the server did not say the channel's secret");
    return { channelId, channelKey, secret, expiresAt };
  } catch (error) {
    await close(crm, channelId);
    throw error;
  }
}

/** Takes the channel away; one that has gone already is none the worse. */
export async function close(crm: CrmClient, channelId: string): Promise<void> {
  await crm.send({ method: "DELETE", path: `/actions/watch?channel_ids=${channelId}` });
}

async function keyOf(admin: AdminClient, channelId: string): Promise<string> {
  const { rows } = await admin.list("/api/v1/channels", { key: "channels", limit: channelsMax, query: { channel: channelId } });
  const key = textAt(
    rows.find((row) => textAt(row, "channel_id") === channelId),
    "key",
  );
  if (key !== null) return key;
  throw new Complaint(exitCodes.serverFault, `the server does not list the channel ${channelId} that it has just subscribed`);
}
