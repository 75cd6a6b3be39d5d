import { sql } from "kysely";
import type { DeliveryStatus } from "../../core/delivery.ts";
import type { Id } from "../../core/ids.ts";
import type { DeliveryRows, NewDelivery } from "../ports/deliveries.ts";
import { writeRecordIds } from "../../wire/callback.ts";
import { readHealth } from "../sql/channels.ts";
import { sqliteClaim } from "./claim.ts";
import { sqliteDeliveryEnds } from "./delivery-ends.ts";
import { sqlDeliveryLog } from "../sql/delivery-log.ts";
import { sqlDeliveryScan } from "../sql/delivery-scan.ts";
import { type Database, arg, rowOf } from "./database.ts";
import { type Lanes, sqliteLanes } from "./lanes.ts";
import type { Numbers } from "./numbers.ts";
import { type RecordLines, sqliteRecordLines } from "./record-lines.ts";

/** Deliveries: inserted by writes into the lines of their records, handed out by claims, settled by the claim that holds them. */
export function sqliteDeliveries(db: Database, numbers: Numbers): DeliveryRows {
  const lines = sqliteRecordLines(db);
  const lanes = sqliteLanes(db);
  return {
    insert: insertStatement(db, { numbers, lines, lanes }),
    ...sqliteClaim(db, lanes),
    ...settleStatements(db, { lines, lanes }),
    ...sqliteDeliveryEnds(db, { lines, lanes }),
    wake: (org, channelKey, now) => lanes.wake(org, channelKey, now),
    ...sqlDeliveryLog(db),
    ...sqlDeliveryScan(db),
  };
}

type Queues = { readonly lines: RecordLines; readonly lanes: Lanes };

const columns = [
  "org",
  "id",
  "channel_key",
  "channel_id",
  "module",
  "operation",
  "record_ids",
  "affected_fields",
  "affected_values",
  "body",
  "status",
  "attempts",
  "blockers",
  "due_at",
  "claim_token",
  "committed_at",
  "settled_at",
  "write",
  "replay_of",
  "replayed_as",
  "is_replay",
  "is_test",
] as const;

function insertStatement(
  db: Database,
  { numbers, lines, lanes }: Queues & { readonly numbers: Numbers },
): (delivery: NewDelivery) => number {
  const insert = db.run(db.builder.insertInto("deliveries").values(rowOf<"deliveries">(columns)));
  return (delivery) => {
    const { org, channelKey, recordIds, committedAt } = delivery;
    const id = numbers.next(committedAt);
    const blockers = delivery.isInOrder ? lines.join({ org, channelKey, deliveryId: id, recordIds }) : 0;
    const status: DeliveryStatus = blockers === 0 ? "pending" : "waiting";
    insert({
      org,
      id,
      channel_key: channelKey,
      channel_id: delivery.channelId,
      module: delivery.module,
      operation: delivery.operation,
      record_ids: writeRecordIds(recordIds),
      affected_fields: delivery.affectedFields,
      affected_values: delivery.affectedValues,
      body: delivery.body ?? null,
      status,
      attempts: 0,
      blockers,
      due_at: status === "pending" ? committedAt : null,
      claim_token: null,
      committed_at: committedAt,
      settled_at: null,
      write: delivery.write,
      replay_of: delivery.replay?.of ?? null,
      replayed_as: null,
      is_replay: Number(delivery.replay !== null),
      is_test: Number(delivery.isTest),
    });
    if (status === "pending") lanes.wake(org, channelKey, committedAt);
    return id;
  };
}

function settleStatements(db: Database, { lines, lanes }: Queues): Pick<DeliveryRows, "claimed" | "settle" | "insertAttempt"> {
  const q = db.builder;
  const claimed = db.first(
    q
      .selectFrom("deliveries as d")
      .innerJoin("channels as c", "c.key", "d.channel_key")
      .select(["d.attempts", "d.channel_key", "d.record_ids", "c.state", "c.cause", "c.state_since", "c.failing_since"])
      .where("d.org", "=", arg<number>("org"))
      .where("d.id", "=", arg<number>("id"))
      .where("d.claim_token", "=", arg<string>("claimToken")),
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
  return {
    claimed: (org, id, claimToken) => {
      const row = claimed({ org, id, claimToken });
      if (row === null) return null;
      const recordIds = JSON.parse(row.record_ids) as Id[];
      return { org, id, attempts: row.attempts, channelKey: row.channel_key, recordIds, health: readHealth(row) };
    },
    settle: (held, next, now) => {
      const { org, id, channelKey, recordIds } = held;
      const { status, attempts, dueAt } = next;
      settle({ org, id, status, attempts, dueAt, settledAt: dueAt === null ? now : null });
      if (dueAt !== null) {
        lanes.wake(org, channelKey, dueAt);
        return false;
      }
      const isAnyFree = lines.leave({ org, channelKey, deliveryId: id, recordIds }, now);
      if (isAnyFree) lanes.wake(org, channelKey, now);
      return isAnyFree;
    },
    insertAttempt: attemptStatement(db),
  };
}

function attemptStatement(db: Database): DeliveryRows["insertAttempt"] {
  const names = ["org", "delivery_id", "number", "started_at", "duration_ms", "outcome", "http_status", "error"] as const;
  const answer = ["response_body", "response_headers"] as const;
  const insert = db.run(db.builder.insertInto("attempts").values(rowOf<"attempts">([...names, ...answer])));
  return (attempt) =>
    void insert({
      org: attempt.org,
      delivery_id: attempt.deliveryId,
      number: attempt.number,
      started_at: attempt.startedAt,
      duration_ms: attempt.durationMs,
      outcome: attempt.outcome,
      http_status: attempt.httpStatus,
      error: attempt.error,
      response_body: attempt.responseBody,
      response_headers: attempt.responseHeaders === null ? null : JSON.stringify(attempt.responseHeaders),
    });
}
