import type { AttemptEntry } from "../../core/attempt.ts";
import type { DeliveryStatus } from "../../core/delivery.ts";
import type { Id } from "../../core/ids.ts";
import type { DeliveryRows, EndedClaim, EndingClaim, NewDelivery } from "../ports/deliveries.ts";
import { writeRecordIds } from "../../wire/callback.ts";
import { type HealthRow, readHealth } from "../sql/channel-row.ts";
import type { IdSource } from "../sql/database.ts";
import { sqlDeliveryLog } from "../sql/delivery-log.ts";
import { sqlDeliveryScan } from "../sql/delivery-scan.ts";
import type { ClaimTurn } from "./claim-turn.ts";
import { postgresClaim } from "./claim.ts";
import type { PostgresDatabase } from "./database.ts";
import { postgresDeliveryEnds } from "./delivery-ends.ts";
import { type Lanes, postgresLanes } from "./lanes.ts";
import { type RecordLines, postgresRecordLines } from "./record-lines.ts";

/** Deliveries: inserted by writes into the lines of their records, handed out by claims, settled by the claim that holds them. */
export function postgresDeliveries(
  db: PostgresDatabase,
  { ids, turn }: { readonly ids: IdSource; readonly turn: ClaimTurn },
): DeliveryRows {
  const queues = { lines: postgresRecordLines(db), lanes: postgresLanes(db) };
  return {
    insert: insertStatement(db, { ...queues, ids }),
    ...postgresClaim(db, queues.lanes, turn),
    settle: settleStatement(db, queues),
    ...postgresDeliveryEnds(db, queues),
    wake: (org, channelKey, now) => queues.lanes.wake(org, channelKey, now),
    ...sqlDeliveryLog(db),
    ...sqlDeliveryScan(db),
  };
}

type Queues = { readonly lines: RecordLines; readonly lanes: Lanes };

function insertStatement(db: PostgresDatabase, { ids, lines, lanes }: Queues & { readonly ids: IdSource }) {
  const insert = db.changed(
    `insert into deliveries (org, id, channel_key, channel_id, module, operation, record_ids, affected_fields, affected_values, body,
       status, attempts, blockers, due_at, committed_at, write, replay_of, is_replay, is_test)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14, $15, $16, $17, $18)`,
  );
  return async (delivery: NewDelivery): Promise<number> => {
    const { org, channelKey, channelId, module, operation, recordIds, affectedFields, affectedValues, committedAt } = delivery;
    const id = await ids.next(org, committedAt);
    const blockers = delivery.isInOrder ? await lines.join({ org, channelKey, deliveryId: id, recordIds }) : 0;
    const status: DeliveryStatus = blockers === 0 ? "pending" : "waiting";
    const dueAt = status === "pending" ? committedAt : null;
    const what = [org, id, channelKey, channelId, module, operation, writeRecordIds(recordIds), affectedFields, affectedValues];
    const state = [status, blockers, dueAt, committedAt, delivery.write];
    const { replay, isTest } = delivery;
    await insert(...what, delivery.body ?? null, ...state, replay?.of ?? null, Number(replay !== null), Number(isTest));
    if (status === "pending") await lanes.wake(org, channelKey, committedAt);
    return id;
  };
}

/** The update looks at the token on the row's last state: another claim may just have taken the delivery, its lease being over. */
function settleStatement(db: PostgresDatabase, { lines, lanes }: Queues): DeliveryRows["settle"] {
  const { orgs } = db.session;
  const insertAttempt = attemptStatement(db);
  const settle = db.rows<HealthRow>(
    `update deliveries as d set status = $4, attempts = $5, due_at = $6, claim_token = null, settled_at = $7
     from channels as c
     where d.org = $1 and d.id = $2 and d.claim_token = $3 and c.org = d.org and c.key = d.channel_key
     returning c.state, c.cause, c.state_since, c.failing_since`,
  );

  /** Gives back whether any that waited for it fell due. */
  async function moveOn({ org, deliveryId, channelKey, recordIds, next: { dueAt } }: EndingClaim, now: number): Promise<boolean> {
    if (dueAt !== null) {
      await lanes.wake(org, channelKey, dueAt);
      return false;
    }
    const isAnyFree = await lines.leave({ org, channelKey, deliveryId, recordIds: JSON.parse(recordIds) as Id[] }, now);
    if (isAnyFree) await lanes.wake(org, channelKey, now);
    return isAnyFree;
  }

  async function end(ending: EndingClaim, now: number): Promise<EndedClaim | null> {
    const { org, deliveryId, claimToken, next, attempt } = ending;
    const { status, attempts, dueAt } = next;
    const [health] = await settle(org, deliveryId, claimToken, status, attempts, dueAt, dueAt === null ? now : null);
    if (health === undefined) return null;
    if (attempt !== null) await insertAttempt(ending, attempt);
    return { isAnyFree: await moveOn(ending, now), health: readHealth(health) };
  }

  return async (ending, now) => {
    await orgs.holdAll(ending.map(({ org }) => org));
    const ended: (EndedClaim | null)[] = [];
    for (const each of ending) ended.push(await end(each, now));
    return ended;
  };
}

function attemptStatement(db: PostgresDatabase): (of: EndingClaim, attempt: AttemptEntry) => Promise<void> {
  const insert = db.changed(
    `insert into attempts (org, delivery_id, number, started_at, duration_ms, outcome, http_status, error, response_body, response_headers)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
  );
  return async ({ org, deliveryId, next }, { startedAt, durationMs, outcome, httpStatus, error, responseBody, responseHeaders }) => {
    const headers = responseHeaders === null ? null : JSON.stringify(responseHeaders);
    await insert(org, deliveryId, next.attempts, startedAt, durationMs, outcome, httpStatus, error, responseBody, headers);
  };
}
