/** A delivery's row as a write makes it, and the claim that a row and its channel's target come to. */
import type { Claim } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import type { ClaimOrder } from "../../core/hand.ts";
import { writeRecordIds } from "../../wire/callback.ts";
import type { ChannelRow } from "../ports/channels.ts";
import type { NewDelivery } from "../ports/deliveries.ts";
import type { Tables } from "./tables.ts";

type Row = Tables["deliveries"];

/** The delivery as nobody has claimed it. */
export function newRow(delivery: NewDelivery, { id, blockers }: { readonly id: number; readonly blockers: number }): Row {
  return {
    org: delivery.org,
    id,
    channel_key: delivery.channelKey,
    channel_id: delivery.channelId,
    module: delivery.module,
    operation: delivery.operation,
    record_ids: writeRecordIds(delivery.recordIds),
    affected_fields: delivery.affectedFields,
    affected_values: delivery.affectedValues,
    body: delivery.body ?? null,
    status: blockers === 0 ? "pending" : "waiting",
    attempts: 0,
    blockers,
    due_at: blockers === 0 ? delivery.committedAt : null,
    claim_token: null,
    committed_at: delivery.committedAt,
    settled_at: null,
    write: delivery.write,
    replay_of: delivery.replay?.of ?? null,
    replayed_as: null,
    is_replay: Number(delivery.replay !== null),
    is_test: Number(delivery.isTest),
    is_in_hand: 0,
  };
}

export type DueRow = Pick<Row, "org" | "id" | "attempts" | "committed_at" | "channel_key" | "channel_id" | "module" | "operation"> &
  Pick<Row, "record_ids" | "affected_fields" | "affected_values" | "replay_of" | "is_replay" | "is_test" | "body">;

/** Where a channel delivers to. `orgEpoch`: under which that was read; absent: nobody else changes it. */
export type Aim = Pick<ChannelRow, "notifyUrl" | "token" | "secret" | "previousSecret"> & { readonly orgEpoch?: number };

export function claimOf(row: DueRow, aim: Aim, order: ClaimOrder): Claim {
  const { previousSecret } = aim;
  return {
    org: row.org,
    deliveryId: row.id,
    claimToken: order.claimToken,
    leaseUntil: order.leaseUntil,
    attemptsMade: row.attempts,
    committedAt: row.committed_at,
    channelKey: row.channel_key,
    channelId: row.channel_id,
    orgEpoch: aim.orgEpoch ?? 0,
    notifyUrl: aim.notifyUrl,
    token: aim.token,
    secret: aim.secret,
    previousSecret: previousSecret !== null && previousSecret.until > order.now ? previousSecret.secret : null,
    module: row.module,
    operation: row.operation as Operation,
    recordIds: row.record_ids,
    affectedFields: row.affected_fields,
    affectedValues: row.affected_values,
    notificationId: row.replay_of ?? row.id,
    isReplay: row.is_replay === 1,
    isTest: row.is_test === 1,
    body: row.body,
  };
}
