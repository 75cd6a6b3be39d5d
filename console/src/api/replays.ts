/** Replays of many deliveries at once. */
import type { Client, Page, Query } from "./client.ts";

export type ReplayOrder = {
  readonly what: "deliveries" | "missed";
  readonly org?: string | undefined;
  readonly channel_key?: number | undefined;
  readonly channel?: string | undefined;
  readonly module?: string | undefined;
  readonly record?: string | undefined;
  readonly status?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly rate_per_second?: number | undefined;
};

export type Replay = {
  readonly id: number;
  readonly what: "deliveries" | "missed";
  readonly org: string | null;
  readonly channel_key: number | null;
  readonly channel_id: string | null;
  readonly module: string | null;
  readonly record: string | null;
  readonly status: string | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly rate_per_second: number;
  readonly state: "counting" | "running" | "done" | "cancelled";
  /** Null while it is being counted. */
  readonly total: number | null;
  readonly sent: number;
  readonly created_at: string;
  readonly finished_at: string | null;
};

export async function listReplays(client: Client, query: Query = {}): Promise<Page<Replay>> {
  const { replays, next_cursor } = await client.get<{ replays: readonly Replay[]; next_cursor?: string | null }>("/api/v1/replays", query);
  return { rows: replays, nextCursor: next_cursor ?? null };
}

/** How many deliveries the order would send. */
export async function countReplay(client: Client, order: ReplayOrder): Promise<number> {
  return (await client.post<{ count: number }>("/api/v1/replays", { ...order, dry_run: true })).count;
}

export async function startReplay(client: Client, order: ReplayOrder): Promise<Replay> {
  return (await client.post<{ replay: Replay }>("/api/v1/replays", order)).replay;
}

export async function cancelReplay(client: Client, id: number): Promise<Replay> {
  return (await client.post<{ replay: Replay }>(`/api/v1/replays/${id}/cancel`)).replay;
}

export function isUnderWay(replay: Replay): boolean {
  return replay.state === "counting" || replay.state === "running";
}
