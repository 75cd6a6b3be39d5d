import type { Id } from "../../core/ids.ts";
import type { DeliveryRows } from "../ports/deliveries.ts";
import type { PostgresDatabase } from "./database.ts";
import type { RecordLines } from "./record-lines.ts";
import type { Unwritten } from "./unwritten.ts";

type Queues = { readonly lines: RecordLines; readonly lanes: Pick<Unwritten, "wake"> };

const cancelled = `status = 'cancelled', due_at = null, claim_token = null, blockers = 0`;
const lineOfChannel = `select delivery_id from record_lines where org = $1 and channel_key = $2`;

/** What ends a delivery, or its place in the order, without an attempt. */
export function postgresDeliveryEnds(
  db: PostgresDatabase,
  { lines, lanes }: Queues,
): Pick<DeliveryRows, "cancel" | "skip" | "dropOrder" | "markReplayed"> {
  const { orgs } = db.session;
  const statements = endStatements(db);
  return {
    cancel: async ({ org, channelKey, module, now }) => {
      await orgs.hold(org);
      const count = await statements.cancel(org, channelKey, module, now);
      await statements.leave(org, channelKey);
      return count;
    },
    skip: async (org, id, now) => {
      await orgs.hold(org);
      const [row] = await statements.skip(org, id, now);
      if (row === undefined) return { isSkipped: false, isAnyFree: false };
      const recordIds = JSON.parse(row.record_ids) as Id[];
      const isAnyFree = await lines.leave({ org, channelKey: row.channel_key, deliveryId: id, recordIds }, now);
      if (isAnyFree) lanes.wake(org, row.channel_key, { dueAt: now });
      return { isSkipped: true, isAnyFree };
    },
    dropOrder: async (org, channelKey, now) => {
      await orgs.hold(org);
      if ((await statements.free(org, channelKey, now)) > 0) lanes.wake(org, channelKey, { dueAt: now });
      await statements.forget(org, channelKey);
    },
    markReplayed: async (org, id, replayedAs) => {
      await orgs.hold(org);
      await statements.markReplayed(org, id, replayedAs);
    },
  };
}

function endStatements(db: PostgresDatabase) {
  return {
    // A record belongs to one module, so a line is cancelled whole and nobody behind it is left to go. What is due may stand in no line.
    cancel: db.changed(
      `update deliveries set ${cancelled}, settled_at = $4
       where org = $1 and ($3::text is null or module = $3) and id in (
         ${lineOfChannel} union select id from deliveries where org = $1 and channel_key = $2 and due_at is not null)`,
    ),
    leave: db.changed(
      `delete from record_lines as l using deliveries as d
       where l.org = $1 and l.channel_key = $2 and d.org = $1 and d.id = l.delivery_id and d.settled_at is not null`,
    ),
    skip: db.rows<{ channel_key: number; record_ids: string }>(
      `update deliveries set ${cancelled}, settled_at = $3 where org = $1 and id = $2 and settled_at is null
       returning channel_key, record_ids`,
    ),
    free: db.changed(
      `update deliveries set status = 'pending', due_at = $3, blockers = 0
       where org = $1 and status = 'waiting' and id in (${lineOfChannel})`,
    ),
    forget: db.changed("delete from record_lines where org = $1 and channel_key = $2"),
    markReplayed: db.changed("update deliveries set replayed_as = $3 where org = $1 and id = $2"),
  };
}
