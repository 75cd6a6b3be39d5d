/** The filters of the lists. */
import type { FakeDelivery, World } from "./world.ts";

/** Whether the row has what the query asks for; `names` says which parameter is which key. */
export function isLike(row: object, query: URLSearchParams, names: Readonly<Record<string, string>>): boolean {
  const values = new Map<string, unknown>(Object.entries(row));
  return Object.entries(names).every(([param, key]) => query.get(param) === null || String(values.get(key)) === query.get(param));
}

export function selectDeliveries(world: World, query: URLSearchParams): readonly FakeDelivery[] {
  return world.deliveries.filter(
    (delivery) =>
      isLike(delivery, query, { channel: "channel_id", channel_key: "channel_key", module: "module", status: "status" }) &&
      (query.get("record") === null || delivery.record_ids.includes(query.get("record") ?? "")) &&
      (query.get("from") === null || delivery.committed_at >= (query.get("from") ?? "")) &&
      (query.get("until") === null || delivery.committed_at < (query.get("until") ?? "")),
  );
}
