/** Hands out what is due, in fair turns: orgs one after another, within an org its lanes, from each lane as much as may run at once. */
import { sql } from "kysely";
import type { Claim } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import { limits } from "../../core/limits.ts";
import type { OrgKey } from "../../core/org.ts";
import type { ClaimOrder, DeliveryRows } from "../ports/deliveries.ts";
import { type Database, arg } from "./database.ts";
import type { Lanes } from "./lanes.ts";

export function sqliteClaim(db: Database, lanes: Lanes): Pick<DeliveryRows, "claim" | "nextDueAt" | "releaseAll"> {
  const statements = laneStatements(db);
  // Where the last claim ended; losing it costs a turn.
  let lastOrg = 0;

  function takeFromLane(org: OrgKey, channelKey: number, order: ClaimOrder & { room: number }): readonly Claim[] {
    const limit = Math.min(order.room, limits.deliveriesInFlightPerChannelMax);
    const rows = statements.due({ org, channelKey, now: order.now, limit });
    for (const row of rows) statements.hold({ org, id: row.id, claimToken: order.claimToken, leaseUntil: order.leaseUntil });
    const first = statements.firstDue({ org, channelKey });
    // A lane that is held is looked at again when it is let go. What is due already waits for the next turn, behind the lanes that wait now.
    lanes.set(org, channelKey, first === null || first.state !== "active" ? null : Math.max(first.due_at ?? 0, order.now));
    return rows.map((row) => claimOf(row, order));
  }

  function takeFromOrg(org: OrgKey, order: ClaimOrder & { room: number }, seen: Set<number>): readonly Claim[] {
    const skip = JSON.stringify([...order.skipChannelKeys, ...seen]);
    const taken: Claim[] = [];
    for (const channelKey of lanes.due({ org, now: order.now, skip, limit: limits.lanesPerTurnMax })) {
      const room = order.room - taken.length;
      if (room <= 0) break;
      seen.add(channelKey);
      taken.push(...takeFromLane(org, channelKey, { ...order, room }));
    }
    return taken;
  }

  return {
    claim: (order) => {
      const taken: Claim[] = [];
      const seen = new Set<number>();
      let steps = 0;
      // A turn of all orgs in which nothing was seen ends it.
      for (let quietSince: OrgKey | null = null; taken.length < order.limit && steps < limits.orgsPerClaimMax; steps += 1) {
        const org = lanes.orgAfter(lastOrg) ?? lanes.orgAfter(0);
        if (org === null || org === quietSince) break;
        lastOrg = org;
        const seenBefore = seen.size;
        taken.push(...takeFromOrg(org, { ...order, room: order.limit - taken.length }, seen));
        if (seen.size > seenBefore) quietSince = null;
        else quietSince ??= org;
      }
      return taken;
    },
    nextDueAt: (skipChannelKeys) => lanes.nextDueAt(JSON.stringify(skipChannelKeys)),
    releaseAll: (now) => {
      // A channel that is held may have claims and no lane.
      for (const { org, channel_key: channelKey } of [...statements.allLanes({}), ...statements.allHeld({})]) {
        if (statements.release({ org, channelKey, now }) > 0) lanes.wake(org, channelKey, now);
      }
    },
  };
}

function laneStatements(db: Database) {
  const q = db.builder;
  const columns = ["d.org", "d.id", "d.attempts", "d.committed_at", "d.channel_key", "d.channel_id", "d.module", "d.operation"] as const;
  const texts = ["d.record_ids", "d.affected_fields", "d.affected_values", "d.body", "c.notify_url", "c.token", "c.secret"] as const;
  const previous = ["c.previous_secret", "c.previous_secret_until"] as const;
  return {
    due: db.all(
      q
        .selectFrom("deliveries as d")
        .innerJoin("channels as c", "c.key", "d.channel_key")
        .select([...columns, ...texts, ...previous])
        .where("d.org", "=", arg<number>("org"))
        .where("d.channel_key", "=", arg<number>("channelKey"))
        .where("d.due_at", "<=", arg<number>("now"))
        .where("c.state", "=", sql.lit("active"))
        .orderBy("d.due_at")
        .orderBy("d.id")
        .limit(arg<number>("limit")),
    ),
    hold: db.run(
      q
        .updateTable("deliveries")
        .set({ status: sql.lit("claimed"), claim_token: arg<string>("claimToken"), due_at: arg<number>("leaseUntil") })
        .where("org", "=", arg<number>("org"))
        .where("id", "=", arg<number>("id")),
    ),
    firstDue: db.first(
      q
        .selectFrom("deliveries as d")
        .innerJoin("channels as c", "c.key", "d.channel_key")
        .select(["d.due_at", "c.state"])
        .where("d.org", "=", arg<number>("org"))
        .where("d.channel_key", "=", arg<number>("channelKey"))
        .where("d.due_at", "is not", null)
        .orderBy("d.due_at")
        .limit(sql.lit(1)),
    ),
    allLanes: db.all(q.selectFrom("lanes").select(["org", "channel_key"])),
    allHeld: db.all(q.selectFrom("channels").select(["org", "key as channel_key"]).where("state", "<>", sql.lit("active"))),
    // A claim whose lease has ended is due already; the others are found among what falls due later.
    release: db.run(
      q
        .updateTable("deliveries")
        .set({ status: sql.lit("pending"), claim_token: sql.lit(null), due_at: arg<number>("now") })
        .where("org", "=", arg<number>("org"))
        .where("channel_key", "=", arg<number>("channelKey"))
        .where("due_at", ">", arg<number>("now"))
        .where("status", "=", sql.lit("claimed")),
    ),
  };
}

type DueRow = {
  readonly org: number;
  readonly id: number;
  readonly attempts: number;
  readonly committed_at: number;
  readonly channel_key: number;
  readonly channel_id: string;
  readonly notify_url: string;
  readonly token: string | null;
  readonly secret: string;
  readonly previous_secret: string | null;
  readonly previous_secret_until: number | null;
  readonly module: string;
  readonly operation: string;
  readonly record_ids: string;
  readonly affected_fields: string;
  readonly affected_values: string | null;
  readonly body: string | null;
};

function claimOf(row: DueRow, order: ClaimOrder): Claim {
  return {
    org: row.org,
    deliveryId: row.id,
    claimToken: order.claimToken,
    leaseUntil: order.leaseUntil,
    attemptsMade: row.attempts,
    committedAt: row.committed_at,
    channelKey: row.channel_key,
    channelId: row.channel_id,
    notifyUrl: row.notify_url,
    token: row.token,
    secret: row.secret,
    previousSecret: (row.previous_secret_until ?? 0) > order.now ? row.previous_secret : null,
    module: row.module,
    operation: row.operation as Operation,
    recordIds: row.record_ids,
    affectedFields: row.affected_fields,
    affectedValues: row.affected_values,
    body: row.body,
  };
}
