/** The admin API's JSON: snake_case keys, instants as ISO 8601 in UTC. */
import type { AttemptView, DeliveryView } from "../core/attempt.ts";
import type { ChannelView, OrgView } from "../app/commands.ts";
import type { LifecycleEventView } from "../core/lifecycle.ts";
import type { Json } from "../wire/json.ts";

type JsonObject = { readonly [key: string]: Json };

/** A delivery as lists show it; `webhook_id` is what its receiver sees in the `webhook-id` header. */
export function deliveryJson(delivery: DeliveryView): JsonObject {
  return {
    id: delivery.id,
    webhook_id: `msg_${delivery.id}`,
    org: delivery.zgid,
    channel_id: delivery.channelId,
    channel_key: delivery.channelKey,
    module: delivery.module,
    operation: delivery.operation,
    record_ids: delivery.recordIds,
    status: delivery.status,
    attempts_made: delivery.attempts,
    committed_at: isoTime(delivery.committedAt),
    due_at: isoTimeOrNull(delivery.dueAt),
    settled_at: isoTimeOrNull(delivery.settledAt),
  };
}

/** A delivery with its attempt log, the oldest attempt first. */
export function deliveryDetailJson(delivery: DeliveryView, attempts: readonly AttemptView[]): JsonObject {
  return { ...deliveryJson(delivery), attempts: attempts.map(attemptJson) };
}

export function channelJson(channel: ChannelView): JsonObject {
  return {
    key: channel.key,
    org: channel.zgid,
    kind: channel.kind,
    user_id: channel.userId,
    channel_id: channel.channelId,
    notify_url: channel.notifyUrl,
    modules: channel.modules,
    expires_at: isoTime(channel.expiresAt),
    is_secret_shown: channel.isSecretShown,
    previous_secret_until: isoTimeOrNull(channel.previousSecretUntil),
    state: channel.state,
    cause: channel.cause,
    state_since: isoTime(channel.stateSince),
    failing_since: isoTimeOrNull(channel.failingSince),
  };
}

export function lifecycleEventJson(event: LifecycleEventView): JsonObject {
  return {
    id: event.id,
    org: event.zgid,
    channel_key: event.channelKey,
    channel_id: event.channelId,
    event: event.event,
    before: event.before,
    cause: event.cause,
    expires_at: isoTime(event.expiresAt),
    at: isoTime(event.at),
    delivery_id: event.deliveryId,
  };
}

/** `records` is null: counting them would read every module. */
export function orgJson(org: OrgView): JsonObject {
  return {
    zgid: org.zgid,
    name: org.name,
    time_zone: org.timeZone,
    currency: org.currency,
    created_at: isoTime(org.createdAt),
    lifecycle_url: org.lifecycleUrl,
    users: org.users,
    records: null,
  };
}

function attemptJson(attempt: AttemptView): JsonObject {
  return {
    number: attempt.number,
    started_at: isoTime(attempt.startedAt),
    duration_ms: attempt.durationMs,
    outcome: attempt.outcome,
    http_status: attempt.httpStatus,
    error: attempt.error,
    response_body: attempt.responseBody,
  };
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

function isoTimeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : isoTime(atMs);
}
