/** Changes of records, and why each channel was or was not told of one. */
import type { Client, Page, Query } from "./client.ts";
import type { ConditionNode } from "./condition.ts";
import type { DeliveryStatus, Operation } from "./deliveries.ts";
import type { JsonObject } from "./json.ts";

export type Change = {
  readonly id: number;
  readonly org: string;
  readonly module: string;
  readonly record_id: string;
  readonly operation: Operation;
  readonly changed_fields: readonly string[];
  readonly at: string;
  readonly by: string | null;
  readonly write: number | string | null;
};

export type ChangeDetail = Change & { readonly before: JsonObject | null; readonly after: JsonObject | null };

export type VerdictReason =
  | "matched"
  | "expired"
  | "disabled"
  | "paused"
  | "operation_not_subscribed"
  | "condition_not_met"
  | "related_not_wanted"
  | "related_needs_no_condition";

export type Verdict = {
  readonly channel_key: number;
  readonly channel_id: string;
  readonly user_id: string;
  readonly is_matched: boolean;
  readonly is_related: boolean;
  readonly reason: VerdictReason;
  readonly detail: string;
  readonly condition: ConditionNode | null;
  readonly deliveries: readonly { readonly id: number; readonly status: DeliveryStatus }[];
};

export type Explanation = { readonly change: ChangeDetail; readonly channels: readonly Verdict[]; readonly next_cursor: string | null };

export async function listChanges(client: Client, query: Query): Promise<Page<Change>> {
  const { changes, next_cursor } = await client.get<{ changes: readonly Change[]; next_cursor: string | null }>("/api/v1/changes", query);
  return { rows: changes, nextCursor: next_cursor };
}

/** The channels by ascending key, a page of them. */
export function explainChange(client: Client, id: string, cursor: string): Promise<Explanation> {
  return client.get(`/api/v1/changes/${encodeURIComponent(id)}/explain`, { cursor });
}
