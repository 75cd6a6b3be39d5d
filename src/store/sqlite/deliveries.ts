import { sql } from "kysely";
import type { AttemptEntry } from "../../core/attempt.ts";
import type { Hand } from "../../core/hand.ts";
import type { Id } from "../../core/ids.ts";
import type { DeliveryRows, EndedClaim, EndingClaim, NewDelivery } from "../ports/deliveries.ts";
import { type Queues, sqliteClaim } from "./claim.ts";
import { renewStatement } from "./renew.ts";
import { sqliteDeliveryEnds } from "./delivery-ends.ts";
import { claimOf, newRow } from "../sql/delivery-row.ts";
import { sqlDeliveryLog } from "../sql/delivery-log.ts";
import { sqlDeliveryScan } from "../sql/delivery-scan.ts";
import type { ChannelTarget } from "./channel-targets.ts";
import { type Database, arg, rowOf } from "./database.ts";
import type { Numbers } from "./numbers.ts";
import type { LineMember } from "./record-lines.ts";

/** Deliveries: inserted by writes into the lines of their records, handed out by claims, settled by the claim that holds them. */
export function sqliteDeliveries(db: Database, numbers: Numbers, queues: Queues): DeliveryRows {
  return {
    insert: insertStatement(db, numbers, queues),
    ...sqliteClaim(db, queues),
    renew: renewStatement(db, queues),
    settle: settleStatements(db, queues),
    ...sqliteDeliveryEnds(db, queues),
    wake: (org, channelKey, now) => queues.lanes.wake(org, channelKey, now),
    ...sqlDeliveryLog(db),
    ...sqlDeliveryScan(db),
  };
}

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
  "is_in_hand",
] as const;

const takenColumns = [
  "org",
  "id",
  "channel_key",
  "channel_id",
  "module",
  "operation",
  "record_ids",
  "affected_fields",
  "due_at",
  "claim_token",
  "committed_at",
  "write",
] as const;

const takenRest = {
  status: sql.lit("claimed"),
  attempts: sql.lit(0),
  blockers: sql.lit(0),
  is_replay: sql.lit(0),
  is_test: sql.lit(0),
  is_in_hand: sql.lit(1),
};

/** Whether a write made it by itself, for a channel that wants no values. */
function isPlain({ affectedValues, body, replay, isTest }: NewDelivery): boolean {
  return affectedValues === null && body === undefined && replay === null && !isTest;
}

function insertStatement(db: Database, numbers: Numbers, { lines, lanes, inHand, targets }: Queues): DeliveryRows["insert"] {
  const insert = db.run(db.builder.insertInto("deliveries").values(rowOf<"deliveries">(columns)));
  // What a write makes and a hand takes is mostly nothing but this; the rest of its row is known beforehand.
  const insertTaken = db.run(db.builder.insertInto("deliveries").values({ ...rowOf<"deliveries">(takenColumns), ...takenRest }));

  /** The target of a delivery that the hand takes as it is made; null: it takes it not. */
  function takenTo({ org, channelKey }: NewDelivery, hand: Hand): ChannelTarget | null {
    const target = targets.get(channelKey);
    return target?.health.state === "active" && hand.takesNew({ org, channelKey, origin: target.origin }) ? target : null;
  }

  function countBlockers({ org, channelKey, recordIds }: NewDelivery): number {
    for (const recordId of recordIds) inHand.writeDownLine(channelKey, recordId);
    return lines.countBefore({ org, channelKey, recordIds });
  }

  return (delivery, hand = null) => {
    const { org, channelKey, recordIds, committedAt, isInOrder } = delivery;
    const id = numbers.next(committedAt);
    const blockers = isInOrder ? countBlockers(delivery) : 0;
    const target = hand === null || blockers > 0 ? null : takenTo(delivery, hand);
    const row = newRow(delivery, { id, blockers });
    const member: LineMember = { org, channelKey, deliveryId: id, recordIds };
    if (hand !== null && target !== null) {
      const { order } = hand;
      const taken = { ...row, claim_token: order.claimToken, due_at: order.leaseUntil };
      if (isPlain(delivery)) insertTaken(taken);
      else insert({ ...taken, status: "claimed", is_in_hand: 1 });
      inHand.add({ ...member, leaseUntil: order.leaseUntil, isInOrder });
      hand.take([claimOf(row, target, order)], target.origin);
      return id;
    }
    insert(row);
    if (isInOrder) lines.join(member);
    if (blockers === 0) lanes.wake(org, channelKey, committedAt);
    return id;
  };
}

function settleStatements(db: Database, { lines, lanes, inHand, targets }: Queues): DeliveryRows["settle"] {
  const insertAttempt = attemptStatement(db);
  const settle = db.run(
    db.builder
      .updateTable("deliveries")
      .set({
        status: arg<string>("status"),
        attempts: arg<number>("attempts"),
        due_at: arg<number | null>("dueAt"),
        claim_token: sql.lit(null),
        settled_at: arg<number | null>("settledAt"),
        is_in_hand: sql.lit(0),
      })
      .where("org", "=", arg<number>("org"))
      .where("id", "=", arg<number>("id"))
      .where("claim_token", "=", arg<string>("claimToken")),
  );

  /** Gives back whether any that waited for it fell due. */
  function moveOn({ org, deliveryId, channelKey, recordIds, next: { dueAt } }: EndingClaim, now: number): boolean {
    if (dueAt !== null) {
      inHand.writeDown(deliveryId);
      lanes.wake(org, channelKey, dueAt);
      return false;
    }
    // Nobody waits behind what is still in hand.
    if (inHand.remove(deliveryId)) return false;
    const isAnyFree = lines.leave({ org, channelKey, deliveryId, recordIds: JSON.parse(recordIds) as Id[] }, now);
    if (isAnyFree) lanes.wake(org, channelKey, now);
    return isAnyFree;
  }

  function end(ending: EndingClaim, now: number): EndedClaim | null {
    const { org, deliveryId, claimToken, channelKey, next, attempt } = ending;
    const { status, attempts, dueAt } = next;
    const target = targets.get(channelKey);
    const settledAt = dueAt === null ? now : null;
    if (target === null || settle({ org, id: deliveryId, claimToken, status, attempts, dueAt, settledAt }) === 0) return null;
    if (attempt !== null) insertAttempt(ending, attempt);
    return { isAnyFree: moveOn(ending, now), health: target.health };
  }

  return (ending, now) => ending.map((each) => end(each, now));
}

function attemptStatement(db: Database): (of: EndingClaim, attempt: AttemptEntry) => void {
  const names = ["org", "delivery_id", "number", "started_at", "duration_ms", "outcome", "http_status", "error"] as const;
  const answer = ["response_body", "response_headers"] as const;
  const insert = db.run(db.builder.insertInto("attempts").values(rowOf<"attempts">([...names, ...answer])));
  return ({ org, deliveryId, next }, attempt) =>
    void insert({
      org,
      delivery_id: deliveryId,
      number: next.attempts,
      started_at: attempt.startedAt,
      duration_ms: attempt.durationMs,
      outcome: attempt.outcome,
      http_status: attempt.httpStatus,
      error: attempt.error,
      response_body: attempt.responseBody,
      response_headers: attempt.responseHeaders,
    });
}
