import type { RetentionRows } from "../ports/retention.ts";
import { sqlRetention } from "../sql/retention.ts";
import type { PostgresDatabase } from "./database.ts";
import { partitionStep } from "./partitions.ts";

/** History is removed without holding its org, for nobody changes it any more; a channel is, for somebody may watch anew. */
export function postgresRetention(db: PostgresDatabase): RetentionRows {
  const shared = sqlRetention(db.unheld);
  const hasExpired = db.rows("select 1 from channels where org = $1 and expires_at < $2 limit 1");
  return {
    ...shared,
    arrange: partitionStep(db),
    purgeChannels: async (order) => {
      if ((await hasExpired(order.org, order.before)).length === 0) return [];
      await db.session.orgs.hold(order.org);
      return shared.purgeChannels(order);
    },
  };
}
