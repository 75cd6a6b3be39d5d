/**
 * Hands out what is due, in fair turns: orgs one after another, within an org its lanes, from each lane as much as may run at once and as
 * its org and its origin have room for.
 */
import { sql } from "kysely";
import type { Claim } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import { type PassedOver, RoomLeft } from "../../core/claim-room.ts";
import { limits } from "../../core/limits.ts";
import type { OrgKey } from "../../core/org.ts";
import { originOf } from "../../core/origin.ts";
import type { ClaimOrder, DeliveryRows } from "../ports/deliveries.ts";
import { type Database, arg } from "./database.ts";
import type { Lanes } from "./lanes.ts";

/** One claim under way. */
type Taking = {
  readonly order: ClaimOrder;
  readonly room: RoomLeft;
  readonly skipped: ReadonlyMap<OrgKey, readonly number[]>;
  /** The channels looked at, each once. */
  readonly seen: Map<OrgKey, number[]>;
  readonly claims: Claim[];
  readonly passedOver: PassedOver[];
};

export function sqliteClaim(db: Database, lanes: Lanes): Pick<DeliveryRows, "claim" | "nextDueAt" | "releaseAll"> {
  const statements = laneStatements(db);
  // Where the next claim goes on; losing it costs a turn.
  let lastOrg = 0;
  // A channel's origin as it was last seen: it only spares a look at one whose origin has no room.
  const origins = new Map<number, string>();

  function takeFromLane(org: OrgKey, channelKey: number, taking: Taking): void {
    const { order, room, claims, passedOver } = taking;
    const mayTake = Math.min(order.limit - claims.length, room.ofOrg(org), room.ofChannel(channelKey));
    const known = origins.get(channelKey);
    const isVain = known !== undefined && room.ofOrigin(known) <= 0;
    const due = isVain ? [] : statements.due({ org, channelKey, now: order.now, limit: mayTake });
    const origin = isVain ? known : due[0] === undefined ? null : originOf(due[0].notify_url);
    const rows = origin === null ? due : due.slice(0, Math.max(0, room.ofOrigin(origin)));
    if (origin !== null) {
      if (origins.size >= limits.channelOriginsMax) origins.clear();
      origins.set(channelKey, origin);
      room.take({ org, origin, count: rows.length });
      if (isVain || rows.length < due.length) passedOver.push({ org, channelKey, origin });
    }
    for (const row of rows) statements.hold({ org, id: row.id, claimToken: order.claimToken, leaseUntil: order.leaseUntil });
    const first = isVain ? { due_at: order.now, state: "active" } : statements.firstDue({ org, channelKey });
    // A lane that is held is looked at again when it is let go. What is due already waits for the next turn, behind the lanes that wait now.
    lanes.set(org, channelKey, first === null || first.state !== "active" ? null : Math.max(first.due_at ?? 0, order.now));
    claims.push(...rows.map((row) => claimOf(row, order)));
  }

  /** Whether it looked at a lane. */
  function takeFromOrg(org: OrgKey, taking: Taking): boolean {
    const { order, room, claims, passedOver } = taking;
    if (room.ofOrg(org) <= 0) return false;
    const seen = taking.seen.get(org) ?? [];
    taking.seen.set(org, seen);
    const skip = JSON.stringify([...(taking.skipped.get(org) ?? []), ...seen]);
    const due = lanes.due({ org, now: order.now, skip, limit: limits.lanesPerTurnMax });
    for (const channelKey of due) {
      if (claims.length >= order.limit || room.ofOrg(org) <= 0 || passedOver.length >= limits.lanesPassedOverMax) break;
      seen.push(channelKey);
      takeFromLane(org, channelKey, taking);
    }
    return due.length > 0;
  }

  return {
    claim: (order) => {
      const room = new RoomLeft(order.room);
      const taking: Taking = { order, room, skipped: new Map(order.room.skipped), seen: new Map(), claims: [], passedOver: [] };
      const { claims, passedOver } = taking;
      let firstServed: OrgKey | null = null;
      let steps = 0;
      // A turn of all orgs in which nothing was seen ends it.
      for (let quietSince: OrgKey | null = null; claims.length < order.limit && steps < limits.orgsPerClaimMax; steps += 1) {
        if (passedOver.length >= limits.lanesPassedOverMax) break;
        const org = lanes.orgAfter(lastOrg) ?? lanes.orgAfter(0);
        if (org === null || org === quietSince) break;
        lastOrg = org;
        if (takeFromOrg(org, taking)) quietSince = null;
        else quietSince ??= org;
        if (claims.length > 0) firstServed ??= org;
      }
      // Where the limit was not what ended it, orgs may have competed for the room of one origin: the one that was first is last then.
      if (claims.length < order.limit && firstServed !== null) lastOrg = firstServed;
      return { claims, passedOver };
    },
    nextDueAt: ({ orgs, channelKeys }) => lanes.nextDueAt(JSON.stringify(channelKeys), JSON.stringify(orgs)),
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
  const texts = ["d.record_ids", "d.affected_fields", "d.affected_values", "c.notify_url", "c.token", "c.secret"] as const;
  const more = ["c.previous_secret", "c.previous_secret_until", "d.replay_of", "d.is_replay", "d.is_test"] as const;
  return {
    due: db.all(
      q
        .selectFrom("deliveries as d")
        .innerJoin("channels as c", "c.key", "d.channel_key")
        .select([...columns, ...texts, ...more])
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
  readonly replay_of: number | null;
  readonly is_replay: number;
  readonly is_test: number;
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
    notificationId: row.replay_of ?? row.id,
    isReplay: row.is_replay === 1,
    isTest: row.is_test === 1,
  };
}
