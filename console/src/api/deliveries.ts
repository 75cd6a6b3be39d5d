/** The delivery log of the admin API: docs/operations.md, "Admin API". */
import type { Client, Page, Query } from "./client.ts";
import type { JsonObject } from "./json.ts";

export const deliveryStatuses = ["waiting", "pending", "claimed", "delivered", "dead", "cancelled"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export type Operation = "insert" | "update" | "delete";

export type Delivery = {
  readonly id: number;
  readonly webhook_id: string;
  readonly org: string;
  readonly channel_id: string;
  readonly channel_key: number;
  readonly module: string;
  readonly operation: Operation;
  readonly record_ids: readonly string[];
  readonly status: DeliveryStatus;
  readonly attempts_made: number;
  readonly committed_at: string;
  readonly due_at: string | null;
  readonly settled_at: string | null;
  readonly replay_of: number | null;
  readonly replayed_as: number | null;
  readonly is_test: boolean;
};

export type Headers = Readonly<Record<string, string>>;

export type Attempt = {
  readonly number: number;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly outcome: "delivered" | "retryable" | "gone" | "rejected" | "unreachable" | "refused_target" | "released";
  readonly http_status: number | null;
  readonly error: string | null;
  readonly response_body: string | null;
  readonly response_headers: Headers | null;
};

export type DeliveryRequest = { readonly url: string; readonly headers: Headers; readonly body: string };

export type DeliveryChange = {
  readonly id: number;
  readonly record_id: string;
  readonly operation: Operation;
  readonly changed_fields: readonly string[];
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
};

export type DeliveryDetail = Delivery & {
  readonly attempts: readonly Attempt[];
  readonly request: DeliveryRequest;
  readonly changes: readonly DeliveryChange[];
};

export async function listDeliveries(client: Client, query: Query): Promise<Page<Delivery>> {
  const { deliveries, next_cursor } = await client.get<{ deliveries: readonly Delivery[]; next_cursor: string | null }>(
    "/api/v1/deliveries",
    query,
  );
  return { rows: deliveries, nextCursor: next_cursor };
}

export async function showDelivery(client: Client, id: string): Promise<DeliveryDetail> {
  return (await client.get<{ delivery: DeliveryDetail }>(`/api/v1/deliveries/${encodeURIComponent(id)}`)).delivery;
}

export async function replayDelivery(client: Client, id: number): Promise<Delivery> {
  return (await client.post<{ delivery: Delivery }>(`/api/v1/deliveries/${id}/replay`)).delivery;
}

export async function skipDelivery(client: Client, id: number): Promise<Delivery> {
  return (await client.post<{ delivery: Delivery }>(`/api/v1/deliveries/${id}/skip`)).delivery;
}
