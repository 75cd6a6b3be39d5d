import type { Claim } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import type { DeliveryStatus } from "../../core/delivery.ts";
import type { ClaimOrder, DeliveryRows, NewDelivery } from "../ports/deliveries.ts";
import { sqliteDeliveryLog } from "./delivery-log.ts";
import { type Database, arg, rowOf } from "./database.ts";
import type { Numbers } from "./numbers.ts";
import { sql } from "kysely";

/** Deliveries: inserted by writes, handed out by claims, settled by the claim that holds them. */
export function sqliteDeliveries(db: Database, numbers: Numbers): DeliveryRows {
  return {
    insert: insertStatement(db, numbers),
    ...claimStatements(db),
    ...settleStatements(db),
    ...cancelStatement(db),
    ...sqliteDeliveryLog(db),
  };
}

function insertStatement(db: Database, numbers: Numbers): (delivery: NewDelivery) => number {
  const insert = db.run(
    db.builder
      .insertInto("deliveries")
      .values(
        rowOf<"deliveries">([
          "org",
          "id",
          "channel_key",
          "channel_id",
          "module",
          "operation",
          "record_ids",
          "affected_fields",
          "affected_values",
          "status",
          "attempts",
          "due_at",
          "claim_token",
          "committed_at",
          "settled_at",
        ]),
      ),
  );
  return (delivery) => {
    const id = numbers.next(delivery.committedAt);
    insert({
      org: delivery.org,
      id,
      channel_key: delivery.channelKey,
      channel_id: delivery.channelId,
      module: delivery.module,
      operation: delivery.operation,
      record_ids: delivery.recordIds,
      affected_fields: delivery.affectedFields,
      affected_values: delivery.affectedValues,
      status: "pending" satisfies DeliveryStatus,
      attempts: 0,
      due_at: delivery.committedAt,
      claim_token: null,
      committed_at: delivery.committedAt,
      settled_at: null,
    });
    return id;
  };
}

function claimStatements(db: Database): Pick<DeliveryRows, "claim" | "nextDueAt" | "releaseAll"> {
  const q = db.builder;
  const isSkipped = sql<boolean>`channel_key in (select value from json_each(${arg<string>("skip")}))`;
  const due = db.all(
    q
      .selectFrom("deliveries as d")
      .innerJoin("channels as c", "c.key", "d.channel_key")
      .select([
        "d.org",
        "d.id",
        "d.attempts",
        "d.committed_at",
        "d.channel_key",
        "d.channel_id",
        "c.notify_url",
        "c.token",
        "c.secret",
        "d.module",
        "d.operation",
        "d.record_ids",
        "d.affected_fields",
        "d.affected_values",
      ])
      .where("d.due_at", "<=", arg<number>("now"))
      .where((row) => row.not(isSkipped))
      .orderBy("d.due_at")
      .orderBy("d.id")
      .limit(arg<number>("limit")),
  );
  const hold = db.run(
    q
      .updateTable("deliveries")
      .set({ status: sql.lit("claimed"), claim_token: arg<string>("claimToken"), due_at: arg<number>("leaseUntil") })
      .where("org", "=", arg<number>("org"))
      .where("id", "=", arg<number>("id")),
  );
  const next = db.first(
    q
      .selectFrom("deliveries")
      .select("due_at")
      .where("due_at", "is not", null)
      .where((row) => row.not(isSkipped))
      .orderBy("due_at")
      .limit(sql.lit(1)),
  );
  const releaseAll = db.run(
    q
      .updateTable("deliveries")
      .set({ status: sql.lit("pending"), claim_token: sql.lit(null), due_at: arg<number>("now") })
      .where("due_at", "is not", null)
      .where("status", "=", sql.lit("claimed")),
  );
  return {
    claim: (order) => {
      const rows = due({ now: order.now, limit: order.limit, skip: JSON.stringify(order.skipChannelKeys) });
      for (const row of rows) hold({ org: row.org, id: row.id, claimToken: order.claimToken, leaseUntil: order.leaseUntil });
      return rows.map((row) => claimOf(row, order));
    },
    nextDueAt: (skipChannelKeys) => next({ skip: JSON.stringify(skipChannelKeys) })?.due_at ?? null,
    releaseAll: (now) => void releaseAll({ now }),
  };
}

type DueRow = {
  readonly org: number;
  readonly id: number;
  readonly attempts: number;
  readonly committed_at: number;
  readonly channel_key: number;
  readonly channel_id: string;
  readonly notify_url: string;
  readonly token: string | null;
  readonly secret: string;
  readonly module: string;
  readonly operation: string;
  readonly record_ids: string;
  readonly affected_fields: string;
  readonly affected_values: string | null;
};

function claimOf(row: DueRow, order: ClaimOrder): Claim {
  return {
    org: row.org,
    deliveryId: row.id,
    claimToken: order.claimToken,
    leaseUntil: order.leaseUntil,
    attemptsMade: row.attempts,
    committedAt: row.committed_at,
    channelKey: row.channel_key,
    channelId: row.channel_id,
    notifyUrl: row.notify_url,
    token: row.token,
    secret: row.secret,
    module: row.module,
    operation: row.operation as Operation,
    recordIds: row.record_ids,
    affectedFields: row.affected_fields,
    affectedValues: row.affected_values,
  };
}

function settleStatements(db: Database): Pick<DeliveryRows, "claimed" | "settle" | "insertAttempt"> {
  const q = db.builder;
  const claimed = db.first(
    q
      .selectFrom("deliveries")
      .select("attempts")
      .where("org", "=", arg<number>("org"))
      .where("id", "=", arg<number>("id"))
      .where("claim_token", "=", arg<string>("claimToken")),
  );
  const settle = db.run(
    q
      .updateTable("deliveries")
      .set({
        status: arg<string>("status"),
        attempts: arg<number>("attempts"),
        due_at: arg<number | null>("dueAt"),
        claim_token: sql.lit(null),
        settled_at: arg<number | null>("settledAt"),
      })
      .where("org", "=", arg<number>("org"))
      .where("id", "=", arg<number>("id")),
  );
  const insertAttempt = db.run(
    q
      .insertInto("attempts")
      .values(
        rowOf<"attempts">([
          "org",
          "delivery_id",
          "number",
          "started_at",
          "duration_ms",
          "outcome",
          "http_status",
          "error",
          "response_body",
        ]),
      ),
  );
  return {
    claimed: (org, id, claimToken) => claimed({ org, id, claimToken }),
    settle: ({ org, id, next, now }) =>
      void settle({
        org,
        id,
        status: next.status,
        attempts: next.attempts,
        dueAt: next.dueAt,
        settledAt: next.dueAt === null ? now : null,
      }),
    insertAttempt: (attempt) =>
      void insertAttempt({
        org: attempt.org,
        delivery_id: attempt.deliveryId,
        number: attempt.number,
        started_at: attempt.startedAt,
        duration_ms: attempt.durationMs,
        outcome: attempt.outcome,
        http_status: attempt.httpStatus,
        error: attempt.error,
        response_body: attempt.responseBody,
      }),
  };
}

function cancelStatement(db: Database): Pick<DeliveryRows, "cancel"> {
  const cancel = db.run(
    db.builder
      .updateTable("deliveries")
      .set({ status: sql.lit("cancelled"), due_at: sql.lit(null), claim_token: sql.lit(null), settled_at: arg<number>("now") })
      .where("due_at", "is not", null)
      .where("org", "=", arg<number>("org"))
      .where("channel_key", "=", arg<number>("channelKey"))
      .where((row) => row.or([row(arg<string | null>("module"), "is", null), row("module", "=", arg<string | null>("module"))])),
  );
  return { cancel: ({ org, channelKey, module, now }) => void cancel({ org, channelKey, module, now }) };
}
