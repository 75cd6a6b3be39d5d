import type { DeliveryRows } from "../ports/deliveries.ts";
import type { IdSource } from "../sql/database.ts";
import { sqlDeliveryLog } from "../sql/delivery-log.ts";
import { sqlDeliveryScan } from "../sql/delivery-scan.ts";
import type { ClaimTurn } from "./claim-turn.ts";
import { postgresClaim } from "./claim.ts";
import type { PostgresDatabase } from "./database.ts";
import { postgresDeliveryEnds } from "./delivery-ends.ts";
import { postgresRecordLines } from "./record-lines.ts";
import { renewStatement } from "./renew.ts";
import { settleStatement } from "./settle.ts";
import type { Unwritten } from "./unwritten.ts";

type Parts = { readonly ids: IdSource; readonly turn: ClaimTurn; readonly unwritten: Unwritten };

/** Deliveries: inserted by writes into the lines of their records, handed out by claims, settled by the claim that holds them. */
export function postgresDeliveries(db: PostgresDatabase, { ids, turn, unwritten }: Parts): DeliveryRows {
  return {
    insert: async (delivery, hand = null) => {
      const id = await ids.next(delivery.org, delivery.committedAt);
      unwritten.addDelivery({ delivery, id, hand });
      return id;
    },
    ...postgresClaim(db, turn, unwritten),
    ...renewStatement(db),
    ...settleStatement(db),
    ...postgresDeliveryEnds(db, { lines: postgresRecordLines(db), lanes: unwritten }),
    // Nobody kept the lane while it was held: what is due in it may have been so for long.
    wake: (org, channelKey, now) => {
      unwritten.wake(org, channelKey, { dueAt: now, firstAt: 0 });
    },
    ...sqlDeliveryLog(db),
    ...sqlDeliveryScan(db),
  };
}
