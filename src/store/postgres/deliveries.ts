import type { DeliveryStatus } from "../../core/delivery.ts";
import type { DeliveryRows, NewDelivery } from "../ports/deliveries.ts";
import { writeRecordIds } from "../../wire/callback.ts";
import type { IdSource } from "../sql/database.ts";
import { sqlDeliveryLog } from "../sql/delivery-log.ts";
import { sqlDeliveryScan } from "../sql/delivery-scan.ts";
import type { ClaimTurn } from "./claim-turn.ts";
import { postgresClaim } from "./claim.ts";
import type { PostgresDatabase } from "./database.ts";
import { postgresDeliveryEnds } from "./delivery-ends.ts";
import { type Lanes, postgresLanes } from "./lanes.ts";
import { type RecordLines, postgresRecordLines } from "./record-lines.ts";
import { settleStatement } from "./settle.ts";

/** Deliveries: inserted by writes into the lines of their records, handed out by claims, settled by the claim that holds them. */
export function postgresDeliveries(
  db: PostgresDatabase,
  { ids, turn }: { readonly ids: IdSource; readonly turn: ClaimTurn },
): DeliveryRows {
  const queues = { lines: postgresRecordLines(db), lanes: postgresLanes(db) };
  return {
    insert: insertStatement(db, { ...queues, ids }),
    ...postgresClaim(db, queues.lanes, turn),
    ...settleStatement(db),
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
