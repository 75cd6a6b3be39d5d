/** A claim, from the row that was claimed and the channel's target. */
import type { Claim } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import type { ClaimOrder } from "../../core/hand.ts";
import type { Tables } from "../sql/tables.ts";

type Row = Tables["deliveries"];

export type DueRow = Pick<Row, "org" | "id" | "attempts" | "committed_at" | "channel_key" | "channel_id" | "module" | "operation"> &
  Pick<Row, "record_ids" | "affected_fields" | "affected_values" | "replay_of" | "is_replay" | "is_test" | "body">;

export type TargetRow = Pick<Tables["channels"], "notify_url" | "token" | "secret" | "previous_secret" | "previous_secret_until">;

/** `epoch`: the org's, under which the target was read. */
export function claimOf(row: DueRow, target: TargetRow & { readonly epoch: number }, order: ClaimOrder): Claim {
  return {
    org: row.org,
    deliveryId: row.id,
    claimToken: order.claimToken,
    leaseUntil: order.leaseUntil,
    attemptsMade: row.attempts,
    committedAt: row.committed_at,
    channelKey: row.channel_key,
    channelId: row.channel_id,
    orgEpoch: target.epoch,
    notifyUrl: target.notify_url,
    token: target.token,
    secret: target.secret,
    previousSecret: (target.previous_secret_until ?? 0) > order.now ? target.previous_secret : null,
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
