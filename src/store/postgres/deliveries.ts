import type { DeliveryStatus } from "../../core/delivery.ts";
import type { Id } from "../../core/ids.ts";
import type { DeliveryRows, NewDelivery } from "../ports/deliveries.ts";
import { writeRecordIds } from "../../wire/callback.ts";
import { type HealthRow, readHealth } from "../sql/channels.ts";
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
    ...settleStatements(db, queues),
    insertAttempt: attemptStatement(db),
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

type HeldRow = HealthRow & { readonly attempts: number; readonly channel_key: number; readonly record_ids: string };

/** The row is locked where the claim is checked: another claim may be taking it, its lease being over. */
function settleStatements(db: PostgresDatabase, { lines, lanes }: Queues): Pick<DeliveryRows, "claimed" | "settle"> {
  const { orgs } = db.session;
  const claimed = db.rows<HeldRow>(
    `select d.attempts, d.channel_key, d.record_ids, c.state, c.cause, c.state_since, c.failing_since
     from deliveries as d join channels as c on c.org = d.org and c.key = d.channel_key
     where d.org = $1 and d.id = $2 and d.claim_token = $3 for update of d`,
  );
  const settle = db.changed(
    `update deliveries set status = $3, attempts = $4, due_at = $5, claim_token = null, settled_at = $6 where org = $1 and id = $2`,
  );
  return {
    claimed: async (org, id, claimToken) => {
      await orgs.hold(org);
      const [row] = await claimed(org, id, claimToken);
      if (row === undefined) return null;
      const recordIds = JSON.parse(row.record_ids) as Id[];
      return { org, id, attempts: row.attempts, channelKey: row.channel_key, recordIds, health: readHealth(row) };
    },
    settle: async (held, next, now) => {
      const { org, id, channelKey, recordIds } = held;
      const { status, attempts, dueAt } = next;
      await orgs.hold(org);
      await settle(org, id, status, attempts, dueAt, dueAt === null ? now : null);
      if (dueAt !== null) {
        await lanes.wake(org, channelKey, dueAt);
        return false;
      }
      const isAnyFree = await lines.leave({ org, channelKey, deliveryId: id, recordIds }, now);
      if (isAnyFree) await lanes.wake(org, channelKey, now);
      return isAnyFree;
    },
  };
}

function attemptStatement(db: PostgresDatabase): DeliveryRows["insertAttempt"] {
  const insert = db.changed(
    `insert into attempts (org, delivery_id, number, started_at, duration_ms, outcome, http_status, error, response_body, response_headers)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
  );
  return async (attempt) => {
    const { org, deliveryId, number, startedAt, durationMs, outcome, httpStatus, error, responseBody, responseHeaders } = attempt;
    const headers = responseHeaders === null ? null : JSON.stringify(responseHeaders);
    await insert(org, deliveryId, number, startedAt, durationMs, outcome, httpStatus, error, responseBody, headers);
  };
}
