/** What a change leads to on the fake server: deliveries for the channels that match, and one attempt each. */
import type { ChangeDetail, Explanation, Verdict, VerdictReason } from "../src/api/changes.ts";
import type { ConditionNode } from "../src/api/condition.ts";
import type { Operation } from "../src/api/deliveries.ts";
import type { JsonObject } from "../src/api/json.ts";
import type { FakeChannel, FakeDelivery, World } from "./world.ts";
import { isoAt, takeId, zgid } from "./world.ts";

export type Commit = {
  readonly module: string;
  readonly operation: Operation;
  readonly recordId: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly ageMs: number;
};

/** The change and the deliveries it owes. */
export function commit(world: World, { module, operation, recordId, before, after, ageMs }: Commit): readonly FakeDelivery[] {
  const names = Object.keys(after ?? {}).filter((name) => JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null));
  const change: ChangeDetail = {
    id: takeId(world),
    org: zgid,
    module,
    record_id: recordId,
    operation,
    changed_fields: operation === "update" ? names.filter((name) => name !== "Modified_Time") : [],
    at: isoAt(world, ageMs),
    by: "554023000050000001",
    write: takeId(world),
    before,
    after,
  };
  world.changes.unshift(change);
  const matching = world.channels.filter((channel) => judge(world, channel, change).reason === "matched");
  return matching.map((channel) => owe(world, { channel, change, ageMs }));
}

export type Owed = {
  readonly channel: FakeChannel;
  readonly change: ChangeDetail | null;
  readonly ageMs: number;
  readonly replayOf?: FakeDelivery;
};

export function owe(world: World, { channel, change, ageMs, replayOf }: Owed): FakeDelivery {
  const id = takeId(world);
  const subject = change ?? {
    module: replayOf?.module ?? "Deals",
    operation: replayOf?.operation ?? "update",
    record_id: replayOf?.record_ids[0] ?? "1",
  };
  const body = JSON.stringify({
    server_time: Date.parse(isoAt(world, ageMs)),
    query_params: {},
    module: subject.module,
    resource_uri: `${world.baseUrl}/crm/v2/${subject.module}`,
    ids: [subject.record_id],
    affected_fields: [{ [subject.record_id]: change?.changed_fields ?? [] }],
    operation: subject.operation,
    channel_id: channel.channel_id,
    token: channel.has_token ? "inbox" : null,
  });
  const delivery: FakeDelivery = {
    id,
    webhook_id: `msg_${String(id)}`,
    org: zgid,
    channel_id: channel.channel_id,
    channel_key: channel.key,
    module: subject.module,
    operation: subject.operation,
    record_ids: [subject.record_id],
    status: "pending",
    attempts_made: 0,
    committed_at: isoAt(world, ageMs),
    due_at: isoAt(world, ageMs),
    settled_at: null,
    replay_of: replayOf?.id ?? null,
    replayed_as: null,
    is_test: change === null && replayOf === undefined,
    attempts: [],
    request: {
      url: channel.notify_url,
      headers: {
        "content-type": "application/json;charset=UTF-8",
        "user-agent": "Watchpost/0.1.0",
        "webhook-id": `msg_${String(id)}`,
        "webhook-timestamp": String(Math.floor(Date.parse(isoAt(world, ageMs)) / 1000)),
        "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
      },
      body,
    },
    changes: change === null ? (replayOf?.changes ?? []) : [change],
  };
  if (replayOf !== undefined) replayOf.replayed_as = id;
  world.deliveries.unshift(delivery);
  return delivery;
}

/** One attempt, answered as its channel's target answers. */
export function attemptNow(world: World, delivery: FakeDelivery, ageMs = 0): void {
  const channel = world.channels.find(({ key }) => key === delivery.channel_key);
  if (channel === undefined || channel.state !== "active" || delivery.status === "cancelled") return;
  const isInbox = delivery.request.url.startsWith(`${world.baseUrl}/inbox/`) && world.baseUrl !== "";
  if (isInbox) takeIntoInbox(world, delivery);
  const isGood = channel.answers < 300;
  const startedAt = isoAt(world, ageMs);
  delivery.attempts.push({
    number: delivery.attempts.length + 1,
    started_at: startedAt,
    duration_ms: 11.8,
    outcome: isGood ? "delivered" : "retryable",
    http_status: channel.answers,
    error: null,
    response_body: isGood ? '{"received":true}' : "Service Unavailable",
    response_headers: { "content-type": isGood ? "application/json" : "text/plain", "content-length": "17" },
  });
  delivery.attempts_made = delivery.attempts.length;
  delivery.status = isGood ? "delivered" : "pending";
  delivery.settled_at = isGood ? isoAt(world, ageMs - 12) : null;
  delivery.due_at = isGood ? null : isoAt(world, ageMs - 5_000);
  world.attempts.push({ atMs: Date.parse(startedAt), isGood, ms: 11.8 });
  world.emit("delivery", {
    id: delivery.id,
    channel_key: channel.key,
    channel_id: channel.channel_id,
    module: delivery.module,
    operation: delivery.operation,
    outcome: isGood ? "delivered" : "retryable",
    http_status: channel.answers,
    attempt: delivery.attempts_made,
    duration_ms: 11.8,
    at: startedAt,
  });
}

function takeIntoInbox(world: World, delivery: FakeDelivery): void {
  const { url, headers, body } = delivery.request;
  world.inbox.unshift({
    id: takeId(world),
    received_at: isoAt(world),
    method: "POST",
    path: new URL(url).pathname,
    headers,
    body,
    checks: { signature: "ok", token: body.includes('"token":null') ? "absent" : "ok", id_seen_before: false },
  });
}

type Judgement = { readonly reason: VerdictReason; readonly detail: string; readonly condition: ConditionNode | null };

export function judge(world: World, channel: FakeChannel, change: ChangeDetail): Judgement {
  const subscription = channel.subscriptions.find(({ module }) => module === change.module);
  const condition =
    subscription === undefined || subscription.condition === null
      ? null
      : judgeTree(subscription.condition, new Set(change.changed_fields));
  const verdict = (reason: VerdictReason, detail: string): Judgement => ({ reason, detail, condition });
  if (Date.parse(channel.expires_at) <= Date.parse(isoAt(world))) return verdict("expired", "The channel had ended before the change.");
  if (channel.state === "paused") return verdict("paused", "The channel was paused: what changes meanwhile is not owed to it.");
  if (channel.state === "disabled") return verdict("disabled", "The channel was disabled, since its target answered 410.");
  if (subscription === undefined) return verdict("operation_not_subscribed", `The channel does not watch ${change.module}.`);
  if (!subscription.operations.includes(change.operation)) {
    return verdict("operation_not_subscribed", `The channel watches ${change.module}, but not its ${change.operation}s.`);
  }
  if (condition?.is_met === false && change.operation === "update") {
    return verdict("condition_not_met", "The channel's condition was not met by what changed.");
  }
  return verdict(
    "matched",
    condition === null ? `The channel watches every ${change.operation} of ${change.module}.` : "The channel's condition was met.",
  );
}

export function judgeTree(node: ConditionNode, changed: ReadonlySet<string>): ConditionNode & { readonly is_met: boolean } {
  if (node.kind === "field") return { ...node, is_met: changed.has(node.field) };
  const members = node.members.map((member) => judgeTree(member, changed));
  return {
    ...node,
    members,
    is_met: node.operator === "and" ? members.every((member) => member.is_met) : members.some((member) => member.is_met),
  };
}

export function explain(world: World, change: ChangeDetail): Explanation {
  const channels = world.channels.map((channel): Verdict => {
    const { reason, detail, condition } = judge(world, channel, change);
    const deliveries = world.deliveries.filter(
      ({ channel_key: key, changes }) => key === channel.key && changes.some(({ id }) => id === change.id),
    );
    return {
      channel_key: channel.key,
      channel_id: channel.channel_id,
      user_id: channel.user_id,
      is_matched: deliveries.length > 0,
      is_related: false,
      reason: deliveries.length > 0 ? "matched" : reason,
      detail: deliveries.length > 0 && reason !== "matched" ? "The channel watched this when the change was made." : detail,
      condition,
      deliveries: deliveries.map(({ id, status }) => ({ id, status })),
    };
  });
  return { change, channels, next_cursor: null };
}
