/** Channels, as operators see and steer them. */
import type { Client, Page, Query } from "./client.ts";
import type { ConditionNode } from "./condition.ts";
import type { Delivery, Operation } from "./deliveries.ts";
import type { ReplayOrder } from "./replays.ts";

export const channelStates = ["active", "paused", "disabled"] as const;
export type ChannelState = (typeof channelStates)[number];

export type Subscription = {
  readonly module: string;
  readonly module_id: string;
  readonly operations: readonly Operation[];
  readonly condition: ConditionNode | null;
};

export type Channel = {
  readonly key: number;
  readonly org: string;
  readonly user_id: string;
  readonly channel_id: string;
  readonly notify_url: string;
  readonly modules: readonly string[];
  readonly expires_at: string;
  readonly is_secret_shown: boolean;
  readonly previous_secret_until: string | null;
  readonly state: ChannelState;
  readonly cause: "gone" | "failing" | null;
  readonly state_since: string;
  readonly failing_since: string | null;
  readonly kind: "client" | "lifecycle";
  readonly order: "record" | "none";
  readonly has_token: boolean;
  readonly returns_values: boolean;
  readonly notifies_related: boolean;
  readonly created_at: string;
  readonly modified_at: string;
  readonly subscriptions: readonly Subscription[];
};

export type Missed = { readonly from: string; readonly until: string; readonly replay: ReplayOrder };

export type LifecycleEvent = {
  readonly id: number;
  readonly org: string;
  readonly channel_key: number;
  readonly channel_id: string;
  readonly event: "channel.expiring" | "channel.expired" | "channel.disabled";
  readonly before: "24h" | "1h" | "5m" | null;
  readonly cause: string | null;
  readonly expires_at: string;
  readonly at: string;
};

export async function listChannels(client: Client, query: Query): Promise<Page<Channel>> {
  const { channels, next_cursor } = await client.get<{ channels: readonly Channel[]; next_cursor: string | null }>(
    "/api/v1/channels",
    query,
  );
  return { rows: channels, nextCursor: next_cursor };
}

export async function showChannel(client: Client, key: number): Promise<Channel> {
  return (await client.get<{ channel: Channel }>(`/api/v1/channels/${key}`)).channel;
}

export async function pauseChannel(client: Client, key: number): Promise<Channel> {
  return (await client.post<{ channel: Channel }>(`/api/v1/channels/${key}/pause`)).channel;
}

export function resumeChannel(client: Client, key: number): Promise<{ readonly channel: Channel; readonly missed?: Missed | null }> {
  return client.post(`/api/v1/channels/${key}/resume`);
}

export async function renewChannel(client: Client, key: number, until: string): Promise<Channel> {
  return (await client.post<{ channel: Channel }>(`/api/v1/channels/${key}/renew`, { until })).channel;
}

export function rotateSecret(
  client: Client,
  key: number,
  overlap: string,
): Promise<{ readonly channel: Channel; readonly secret: string }> {
  return client.post(`/api/v1/channels/${key}/rotate`, { overlap });
}

export async function revealSecret(client: Client, key: number): Promise<string> {
  return (await client.post<{ secret: string }>(`/api/v1/channels/${key}/secret`)).secret;
}

export async function orderChannel(client: Client, key: number, order: Channel["order"]): Promise<Channel> {
  return (await client.post<{ channel: Channel }>(`/api/v1/channels/${key}/order`, { order })).channel;
}

export async function testChannel(client: Client, key: number): Promise<Delivery> {
  return (await client.post<{ delivery: Delivery }>(`/api/v1/channels/${key}/test`)).delivery;
}

export async function listLifecycleEvents(client: Client, query: Query): Promise<Page<LifecycleEvent>> {
  const { events, next_cursor } = await client.get<{ events: readonly LifecycleEvent[]; next_cursor?: string | null }>(
    "/api/v1/lifecycle-events",
    query,
  );
  return { rows: events, nextCursor: next_cursor ?? null };
}
