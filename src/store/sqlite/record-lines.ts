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
  /** Puts the delivery at the end of its records' lines; gives the number of lines in which it is not the first. */
  join(member: LineMember): number;
  /** Takes the delivery out of its lines. Whoever is now the first in all of theirs falls due at `now`; gives back whether anyone is. */
  leave(member: LineMember, now: number): boolean;
};

export function sqliteRecordLines(db: Database): RecordLines {
  const q = db.builder;
  const line = q
    .selectFrom("record_lines")
    .select("delivery_id")
    .where("org", "=", arg<number>("org"))
    .where("channel_key", "=", arg<number>("channelKey"))
    .where("record_id", "=", arg<string>("recordId"))
    .orderBy("delivery_id")
    .limit(sql.lit(1));
  const first = db.first(line);
  const insert = db.run(q.insertInto("record_lines").values(rowOf<"record_lines">(["org", "channel_key", "record_id", "delivery_id"])));
  const remove = db.run(
    q
      .deleteFrom("record_lines")
      .where("org", "=", arg<number>("org"))
      .where("channel_key", "=", arg<number>("channelKey"))
      .where("record_id", "=", arg<string>("recordId"))
      .where("delivery_id", "=", arg<number>("deliveryId")),
  );
  const isLast = sql<boolean>`blockers = 1`;
  const unblock = db.first(
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
  );
  return {
    join: ({ org, channelKey, deliveryId, recordIds }) => {
      let blockers = 0;
      for (const recordId of recordIds) {
        if (first({ org, channelKey, recordId }) !== null) blockers += 1;
        insert({ org, channel_key: channelKey, record_id: recordId, delivery_id: deliveryId });
      }
      return blockers;
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
