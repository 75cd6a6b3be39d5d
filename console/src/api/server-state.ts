/** How the server is: its health and figures, its clock, and the inbox of `dev`. */
import type { Client } from "./client.ts";
import type { Attempt, Headers, Operation } from "./deliveries.ts";

export type SeriesPoint = {
  readonly at: string;
  readonly changes: number;
  readonly delivered: number;
  readonly failed: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
};

export type Stats = {
  readonly now: string;
  readonly health: { readonly status: "ok" | "degraded" | "down"; readonly sentence: string; readonly causes: readonly unknown[] };
  readonly backlog: { readonly waiting: number; readonly pending: number; readonly claimed: number; readonly dead: number };
  readonly oldest_pending_at: string | null;
  readonly channels: { readonly active: number; readonly paused: number; readonly disabled: number };
  readonly expiring: readonly {
    readonly channel_key: number;
    readonly channel_id: string;
    readonly org: string;
    readonly expires_at: string;
  }[];
  /** What `--keep-history`, `--keep-dead` and `--disable-after` say. */
  readonly retention: { readonly history_ms: number; readonly dead_ms: number; readonly disable_after_ms: number };
  readonly series: { readonly step_seconds: number; readonly points: readonly SeriesPoint[] };
};

/** An attempt that was just made, as the stream tells of it. */
export type DeliveryEvent = {
  readonly id: number;
  readonly channel_key: number;
  readonly channel_id: string;
  readonly module: string;
  readonly operation: Operation;
  readonly outcome: Attempt["outcome"];
  readonly http_status: number | null;
  readonly attempt: number;
  readonly duration_ms: number;
  readonly at: string;
};

export type Clock = {
  readonly now: string;
  readonly offset_ms: number;
  readonly is_virtual: boolean;
  readonly next_due: readonly string[];
};

export type InboxMessage = {
  readonly id: number | string;
  readonly received_at: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
  readonly checks: {
    readonly signature: "ok" | "wrong" | "absent" | "unknown_channel";
    readonly token: "ok" | "wrong" | "absent";
    readonly id_seen_before: boolean;
  };
};

export type Inbox = { readonly url: string; readonly messages: readonly InboxMessage[] };

export function showStats(client: Client): Promise<Stats> {
  return client.get("/api/v1/stats");
}

export function showClock(client: Client): Promise<Clock> {
  return client.get("/api/v1/clock");
}

export function moveClock(client: Client, move: { readonly advance: string } | { readonly now: string }): Promise<Clock> {
  return client.post("/api/v1/clock", move);
}

export function showInbox(client: Client): Promise<Inbox> {
  return client.get("/api/v1/inbox");
}

export async function clearInbox(client: Client): Promise<void> {
  await client.post("/api/v1/inbox/clear");
}
