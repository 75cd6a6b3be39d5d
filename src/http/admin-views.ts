/** The admin API's JSON: snake_case keys, instants as ISO 8601 in UTC. */
import type { AttemptView, DeliveryView } from "../core/attempt.ts";
import type { ChangeView, ChannelView, ExplainedChannel, OrgView, ReplayView } from "../app/commands.ts";
import type { Subscription } from "../core/channel.ts";
import type { Condition, JudgedCondition } from "../core/condition.ts";
import type { LifecycleEventView } from "../core/lifecycle.ts";
import type { Json } from "../wire/json.ts";
import { reasonText } from "./reason-text.ts";

type JsonObject = { readonly [key: string]: Json };

/** A delivery as lists show it; `webhook_id` is what its receiver sees in the `webhook-id` header: of a replay, that of the first one. */
export function deliveryJson(delivery: DeliveryView): JsonObject {
  return {
    id: delivery.id,
    webhook_id: `msg_${delivery.replayOf ?? delivery.id}`,
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
    replay_of: delivery.replayOf,
    replayed_as: delivery.replayedAs,
    is_replay: delivery.isReplay,
    is_test: delivery.isTest,
  };
}

/** A delivery with its attempt log, the oldest attempt first, what is sent, and the changes that it tells of. */
export function deliveryDetailJson(
  delivery: DeliveryView,
  more: { readonly attempts: readonly AttemptView[]; readonly request: JsonObject | null; readonly changes: readonly ChangeView[] },
): JsonObject {
  return {
    ...deliveryJson(delivery),
    attempts: more.attempts.map(attemptJson),
    request: more.request,
    changes: more.changes.map(changeDetailJson),
  };
}

export function changeJson(change: ChangeView): JsonObject {
  return {
    id: change.id,
    org: change.zgid,
    module: change.module,
    record_id: change.recordId,
    operation: change.operation,
    changed_fields: change.changedFields,
    at: isoTime(change.at),
    by: change.by,
    write: change.write,
  };
}

/** With what the fields that differ held before and after. */
export function changeDetailJson(change: ChangeView): JsonObject {
  return { ...changeJson(change), before: change.before, after: change.after };
}

export function explainedJson(channel: ExplainedChannel): JsonObject {
  return {
    channel_key: channel.channelKey,
    channel_id: channel.channelId,
    user_id: channel.userId,
    module: channel.module,
    is_related: channel.isRelated,
    is_matched: channel.reason === "matched",
    reason: channel.reason,
    detail: reasonText(channel),
    expires_at: isoTime(channel.expiresAt),
    condition: channel.condition === null ? null : judgedJson(channel.condition),
    deliveries: channel.deliveries.map(({ id, status, isReplay }) => ({ id, status, is_replay: isReplay })),
  };
}

export function replayJson(replay: ReplayView): JsonObject {
  const { filter } = replay;
  return {
    id: replay.id,
    what: replay.what,
    org: replay.zgid,
    channel_key: filter.channelKey,
    channel_id: filter.channelId,
    module: filter.module,
    record: filter.recordId,
    status: filter.status,
    from: isoTimeOrNull(filter.from),
    until: isoTime(filter.until),
    rate_per_second: replay.ratePerSecond,
    state: replay.state,
    total: replay.state === "counting" ? null : replay.counted,
    counted: replay.counted,
    sent: replay.sent,
    skipped: replay.skipped,
    created_at: isoTime(replay.createdAt),
    finished_at: isoTimeOrNull(replay.finishedAt),
  };
}

/** What a channel missed, with the body that asks for a replay of it; null: nothing. */
export function missedJson(channel: ChannelView, missed: { readonly from: number; readonly until: number } | null): JsonObject | null {
  if (missed === null) return null;
  const range = { from: isoTime(missed.from), until: isoTime(missed.until) };
  return { ...range, replay: { what: "missed", channel_key: channel.key, ...range } };
}

export function channelJson(channel: ChannelView): JsonObject {
  return {
    key: channel.key,
    org: channel.zgid,
    kind: channel.kind,
    user_id: channel.userId,
    channel_id: channel.channelId,
    notify_url: channel.notifyUrl,
    has_token: channel.hasToken,
    modules: channel.modules,
    subscriptions: channel.subscriptions.map(subscriptionJson),
    returns_values: channel.returnsValues,
    notifies_related: channel.notifiesRelated,
    order: channel.order,
    created_at: isoTime(channel.createdAt),
    modified_at: isoTime(channel.modifiedAt),
    expires_at: isoTime(channel.expiresAt),
    is_secret_shown: channel.isSecretShown,
    previous_secret_until: isoTimeOrNull(channel.previousSecretUntil),
    state: channel.state,
    cause: channel.cause,
    state_since: isoTime(channel.stateSince),
    failing_since: isoTimeOrNull(channel.failingSince),
  };
}

function subscriptionJson({ module, moduleId, operations, condition }: Subscription): JsonObject {
  return { module, module_id: moduleId, operations, condition: condition === null ? null : conditionJson(condition) };
}

function conditionJson(condition: Condition): JsonObject {
  if (condition.kind === "field") return { kind: "field", field: condition.field.apiName };
  return { kind: "group", operator: condition.operator, members: condition.members.map(conditionJson) };
}

function judgedJson(condition: JudgedCondition): JsonObject {
  if (condition.kind === "field") return { kind: "field", field: condition.field.apiName, is_met: condition.isMet };
  return { kind: "group", operator: condition.operator, is_met: condition.isMet, members: condition.members.map(judgedJson) };
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
    response_headers: attempt.responseHeaders,
  };
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

function isoTimeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : isoTime(atMs);
}
