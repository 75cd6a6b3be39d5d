/**
 * Order, as over SQLite: each open delivery stands in the line of each of its records, and may go when it is the first in all of them. Whoever
 * joins or leaves a line holds the org, so a line does not change under another's eyes.
 */
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { PostgresDatabase } from "./database.ts";

/** A delivery's place in the lines of its channel. */
export type LineMember = {
  readonly org: OrgKey;
  readonly channelKey: number;
  readonly deliveryId: number;
  readonly recordIds: readonly Id[];
};

export type RecordLines = {
  /** Takes the delivery out of its lines. Whoever is now the first in all of theirs falls due at `now`; gives back whether anyone is. */
  leave(member: LineMember, now: number): Promise<boolean>;
};

export function postgresRecordLines(db: PostgresDatabase): RecordLines {
  const first = db.rows<{ delivery_id: number }>(
    `select delivery_id from record_lines where org = $1 and channel_key = $2 and record_id = $3 order by delivery_id limit 1`,
  );
  const remove = db.changed("delete from record_lines where org = $1 and channel_key = $2 and record_id = $3 and delivery_id = $4");
  const unblock = db.rows<{ blockers: number }>(
    `update deliveries set blockers = blockers - 1, status = case when blockers = 1 then 'pending' else status end,
       due_at = case when blockers = 1 then $3::bigint else due_at end
     where org = $1 and id = $2 returning blockers`,
  );
  return {
    leave: async ({ org, channelKey, deliveryId, recordIds }, now) => {
      let isAnyFree = false;
      for (const recordId of recordIds) {
        const [before] = await first(org, channelKey, recordId);
        await remove(org, channelKey, recordId, deliveryId);
        const [next] = before?.delivery_id === deliveryId ? await first(org, channelKey, recordId) : [];
        if (next === undefined) continue;
        const [unblocked] = await unblock(org, next.delivery_id, now);
        if (unblocked?.blockers === 0) isAnyFree = true;
      }
      return isAnyFree;
    },
  };
}
