/** A channel as a row, and back. */
import type { ChannelHealth, ChannelKind, ChannelOrder, ChannelState, DisableCause, Subscription } from "../../core/channel.ts";
import type { ChannelRow } from "../ports/channels.ts";
import type { Tables } from "./tables.ts";

export function writeChannel(channel: ChannelRow): Tables["channels"] {
  return {
    org: channel.org,
    key: channel.key,
    kind: channel.kind,
    user_id: channel.userId,
    channel_id: channel.channelId,
    notify_url: channel.notifyUrl,
    token: channel.token,
    secret: channel.secret,
    is_secret_shown: Number(channel.isSecretShown),
    previous_secret: channel.previousSecret?.secret ?? null,
    previous_secret_until: channel.previousSecret?.until ?? null,
    ...writeHealth(channel),
    expires_at: channel.expiresAt,
    next_notice_at: channel.nextNoticeAt,
    returns_values: Number(channel.returnsValues),
    notifies_related: Number(channel.notifiesRelated),
    ordering: channel.order,
    subscriptions: JSON.stringify(channel.subscriptions),
    created_at: channel.createdAt,
    modified_at: channel.modifiedAt,
  };
}

export type HealthRow = Pick<Tables["channels"], "state" | "cause" | "state_since" | "failing_since">;

export function readHealth(row: HealthRow): ChannelHealth {
  return {
    state: row.state as ChannelState,
    cause: row.cause as DisableCause | null,
    stateSince: row.state_since,
    failingSince: row.failing_since,
  };
}

export function writeHealth(health: ChannelHealth): HealthRow {
  return { state: health.state, cause: health.cause, state_since: health.stateSince, failing_since: health.failingSince };
}

export function readChannel(row: Tables["channels"]): ChannelRow {
  return {
    org: row.org,
    key: row.key,
    kind: row.kind as ChannelKind,
    userId: row.user_id,
    channelId: row.channel_id,
    notifyUrl: row.notify_url,
    token: row.token,
    secret: row.secret,
    isSecretShown: row.is_secret_shown === 1,
    previousSecret:
      row.previous_secret === null || row.previous_secret_until === null
        ? null
        : { secret: row.previous_secret, until: row.previous_secret_until },
    ...readHealth(row),
    expiresAt: row.expires_at,
    nextNoticeAt: row.next_notice_at,
    returnsValues: row.returns_values === 1,
    notifiesRelated: row.notifies_related === 1,
    order: row.ordering as ChannelOrder,
    subscriptions: JSON.parse(row.subscriptions) as Subscription[],
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
