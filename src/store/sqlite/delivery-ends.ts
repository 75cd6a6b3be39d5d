import { sql } from "kysely";
import type { Id } from "../../core/ids.ts";
import type { DeliveryRows } from "../ports/deliveries.ts";
import { type Database, arg } from "./database.ts";
import type { Queues } from "./claim.ts";

/** What ends a delivery, or its place in the order, without an attempt. */
export function sqliteDeliveryEnds(db: Database, queues: Queues): Pick<DeliveryRows, "cancel" | "skip" | "dropOrder" | "markReplayed"> {
  const q = db.builder;
  const markReplayed = db.run(
    q
      .updateTable("deliveries")
      .set({ replayed_as: arg<number>("replayedAs") })
      .where("org", "=", arg<number>("org"))
      .where("id", "=", arg<number>("id")),
  );
  return {
    ...cancelStatement(db, queues),
    ...skipStatement(db, queues),
    ...orderStatements(db, queues),
    markReplayed: (org, id, replayedAs) => void markReplayed({ org, id, replayedAs }),
  };
}

const cancelled = {
  status: sql.lit("cancelled"),
  due_at: sql.lit(null),
  claim_token: sql.lit(null),
  blockers: sql.lit(0),
  settled_at: arg<number>("now"),
};

function lineOfChannel(db: Database) {
  return db.builder
    .selectFrom("record_lines")
    .select("delivery_id as id")
    .where("org", "=", arg<number>("org"))
    .where("channel_key", "=", arg<number>("channelKey"));
}

/** A record belongs to one module, so a line is cancelled whole and nobody behind it is left to go. What is due may stand in no line. */
function cancelStatement(db: Database, { inHand }: Queues): Pick<DeliveryRows, "cancel"> {
  const q = db.builder;
  const due = q
    .selectFrom("deliveries as due")
    .select("due.id")
    .where("due.org", "=", arg<number>("org"))
    .where("due.channel_key", "=", arg<number>("channelKey"))
    .where("due.due_at", "is not", null)
    .where("due.is_in_hand", "=", sql.lit(0));
  const cancel = db.run(
    q
      .updateTable("deliveries")
      .set(cancelled)
      .where("org", "=", arg<number>("org"))
      .where("id", "in", lineOfChannel(db).union(due))
      .where((row) => row.or([row(arg<string | null>("module"), "is", null), row("module", "=", arg<string | null>("module"))])),
  );
  const leave = db.run(
    q
      .deleteFrom("record_lines")
      .where("org", "=", arg<number>("org"))
      .where("channel_key", "=", arg<number>("channelKey"))
      .where("delivery_id", "in", (row) =>
        row
          .selectFrom("deliveries")
          .select("id")
          .where("org", "=", arg<number>("org"))
          .where("settled_at", "is not", null)
          .where("id", "in", lineOfChannel(db)),
      ),
  );
  return {
    cancel: ({ org, channelKey, module, now }) => {
      inHand.writeDownChannel(channelKey);
      inHand.disturb(channelKey);
      const count = cancel({ org, channelKey, module, now });
      leave({ org, channelKey });
      return count;
    },
  };
}

function skipStatement(db: Database, { lines, lanes, inHand }: Queues): Pick<DeliveryRows, "skip"> {
  const skip = db.first(
    db.builder
      .updateTable("deliveries")
      .set(cancelled)
      .where("org", "=", arg<number>("org"))
      .where("id", "=", arg<number>("id"))
      .where("settled_at", "is", null)
      .returning(["channel_key", "record_ids"]),
  );
  return {
    skip: (org, id, now) => {
      inHand.writeDown(id);
      const row = skip({ org, id, now });
      if (row === null) return { isSkipped: false, isAnyFree: false };
      inHand.disturb(row.channel_key);
      const recordIds = JSON.parse(row.record_ids) as Id[];
      const isAnyFree = lines.leave({ org, channelKey: row.channel_key, deliveryId: id, recordIds }, now);
      if (isAnyFree) lanes.wake(org, row.channel_key, now);
      return { isSkipped: true, isAnyFree };
    },
  };
}

function orderStatements(db: Database, { lanes, inHand }: Queues): Pick<DeliveryRows, "dropOrder"> {
  const q = db.builder;
  const free = db.run(
    q
      .updateTable("deliveries")
      .set({ status: sql.lit("pending"), due_at: arg<number>("now"), blockers: sql.lit(0) })
      .where("org", "=", arg<number>("org"))
      .where("status", "=", sql.lit("waiting"))
      .where("id", "in", lineOfChannel(db)),
  );
  const forget = db.run(
    q.deleteFrom("record_lines").where("org", "=", arg<number>("org")).where("channel_key", "=", arg<number>("channelKey")),
  );
  return {
    dropOrder: (org, channelKey, now) => {
      inHand.writeDownChannel(channelKey);
      if (free({ org, channelKey, now }) > 0) lanes.wake(org, channelKey, now);
      forget({ org, channelKey });
    },
  };
}
