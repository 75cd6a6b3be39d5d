/** What the database has when all nodes have ended. */
import type { Notification } from "../load/load-receiver.ts";
import { query } from "../support/postgres.ts";

export type StoredDelivery = {
  readonly id: string;
  readonly channelKey: number;
  readonly status: string;
  readonly settledAt: number | null;
};

/** By module and id. */
export async function storedRecords(url: string): Promise<ReadonlyMap<string, { readonly value: number; readonly isDeleted: boolean }>> {
  const rows = await query(url, "select module, id::text as id, data, deleted_at from records");
  return new Map(
    rows.map((row) => {
      const data: unknown = JSON.parse(String(row["data"]));
      const value = Number(Reflect.get(Object(data), "Description"));
      return [`${String(row["module"])} ${String(row["id"])}`, { value, isDeleted: row["deleted_at"] !== null }];
    }),
  );
}

/** When each channel ends, by its client's id. */
export async function storedChannels(url: string): Promise<ReadonlyMap<string, number>> {
  const rows = await query(url, "select channel_id, expires_at from channels");
  return new Map(rows.map((row) => [String(row["channel_id"]), Number(row["expires_at"])]));
}

/** By webhook id. */
export async function storedDeliveries(url: string): Promise<ReadonlyMap<string, StoredDelivery>> {
  const rows = await query(url, "select id::text as id, channel_key, status, settled_at from deliveries");
  return new Map(
    rows.map((row) => {
      const id = `msg_${String(row["id"])}`;
      const settledAt = row["settled_at"] === null ? null : Number(row["settled_at"]);
      return [id, { id, channelKey: Number(row["channel_key"]), status: String(row["status"]), settledAt }];
    }),
  );
}

/** How many are not settled. */
export async function countOwed(url: string): Promise<number> {
  const [row] = await query(url, "select count(*)::int as count from deliveries where settled_at is null");
  return Number(row?.["count"]);
}

/** What of the deliveries is not as it was sent: nothing is settled that never came, and what came is settled. */
export function deliveryFaults(
  deliveries: ReadonlyMap<string, StoredDelivery>,
  notifications: ReadonlyMap<string, Notification>,
): readonly string[] {
  const faults: string[] = [];
  for (const { id, status } of deliveries.values()) {
    const isTaken = notifications.get(id)?.posts.some(({ end }) => end === "good") ?? false;
    if (status === "delivered" && !isTaken) faults.push(`${id} stands as delivered, and its receiver never took it`);
    else if (status !== "delivered" && status !== "cancelled") faults.push(`${id} is ${status} at the end`);
  }
  for (const id of notifications.keys()) if (!deliveries.has(id)) faults.push(`${id} came, and is not in the database`);
  return faults;
}

/** What keeps the oldest that is owed, for whoever has to find out: its deliveries, the nodes, and who waits for whom in the database. */
export async function diagnosis(url: string): Promise<string> {
  const parts = [
    `select org, status, channel_id, attempts, blockers, count(*)::int as count, min(committed_at) as committed_at, min(due_at) as due_at,
       min(claim_token) as claim_token, min(id) as first_id from deliveries where settled_at is null group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5 limit 40`,
    "select org, key, channel_id, state, cause, expires_at from channels as c where exists (select 1 from deliveries as d where d.org = c.org and d.channel_key = c.key and d.settled_at is null)",
    "select * from lanes order by org, channel_key",
    "select id, roles, beats from nodes order by id",
    `select pid, state, wait_event_type, wait_event, pg_blocking_pids(pid) as blocked_by, now() - xact_start as xact_age, left(query, 120) as query
       from pg_stat_activity where backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid() order by xact_start`,
  ];
  const lines = [`now ${String(Date.now())}`];
  for (const part of parts) lines.push(...(await query(url, part)).map((row) => JSON.stringify(row)));
  return lines.join("\n");
}
