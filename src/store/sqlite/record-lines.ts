/**
 * Order: a channel hears of a record in the order of the commits. Each open delivery stands in the line of each of its records, and
 * may go when it is the first in all of them. `blockers` counts the lines in which another stands before it, so that leaving a line
 * touches one successor and nobody looks through lines.
 */
import { sql } from "kysely";
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import { type Database, arg, rowOf } from "./database.ts";

/** A delivery's place in the lines of its channel. */
export type LineMember = {
  readonly org: OrgKey;
  readonly channelKey: number;
  readonly deliveryId: number;
  readonly recordIds: readonly Id[];
};

export type RecordLines = {
  /** In how many of its lines others stand before a delivery that is about to join. */
  countBefore(member: Omit<LineMember, "deliveryId">): number;
  /** Puts the delivery at the end of its records' lines; it may stand there already. */
  join(member: LineMember): void;
  /** Takes the delivery out of its lines. Whoever is now the first in all of theirs falls due at `now`; gives back whether anyone is. */
  leave(member: LineMember, now: number): boolean;
};

export function sqliteRecordLines(db: Database): RecordLines {
  const { first, insert, remove, unblock } = lineStatements(db);
  return {
    countBefore: ({ org, channelKey, recordIds }) =>
      recordIds.reduce((count, recordId) => (first({ org, channelKey, recordId }) === null ? count : count + 1), 0),
    join: ({ org, channelKey, deliveryId, recordIds }) => {
      for (const recordId of recordIds) insert({ org, channel_key: channelKey, record_id: recordId, delivery_id: deliveryId });
    },
    leave: ({ org, channelKey, deliveryId, recordIds }, now) => {
      let isAnyFree = false;
      for (const recordId of recordIds) {
        const wasFirst = first({ org, channelKey, recordId })?.delivery_id === deliveryId;
        remove({ org, channelKey, recordId, deliveryId });
        const next = wasFirst ? first({ org, channelKey, recordId }) : null;
        if (next !== null && unblock({ org, deliveryId: next.delivery_id, now })?.blockers === 0) isAnyFree = true;
      }
      return isAnyFree;
    },
  };
}

function lineStatements(db: Database) {
  const q = db.builder;
  const line = q
    .selectFrom("record_lines")
    .select("delivery_id")
    .where("org", "=", arg<number>("org"))
    .where("channel_key", "=", arg<number>("channelKey"))
    .where("record_id", "=", arg<string>("recordId"))
    .orderBy("delivery_id")
    .limit(sql.lit(1));
  const isLast = sql<boolean>`blockers = 1`;
  return {
    first: db.first(line),
    insert: db.run(
      q
        .insertInto("record_lines")
        .values(rowOf<"record_lines">(["org", "channel_key", "record_id", "delivery_id"]))
        .onConflict((conflict) => conflict.doNothing()),
    ),
    remove: db.run(
      q
        .deleteFrom("record_lines")
        .where("org", "=", arg<number>("org"))
        .where("channel_key", "=", arg<number>("channelKey"))
        .where("record_id", "=", arg<string>("recordId"))
        .where("delivery_id", "=", arg<number>("deliveryId")),
    ),
    unblock: db.first(
      q
        .updateTable("deliveries")
        .set((row) => ({
          blockers: row("blockers", "-", sql.lit(1)),
          status: sql`case when ${isLast} then ${sql.lit("pending")} else status end`,
          due_at: sql`case when ${isLast} then ${arg<number>("now")} else due_at end`,
        }))
        .where("org", "=", arg<number>("org"))
        .where("id", "=", arg<number>("deliveryId"))
        .returning("blockers"),
    ),
  };
}
