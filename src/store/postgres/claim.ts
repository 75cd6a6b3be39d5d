/**
 * Hands out what is due, in fair turns: orgs one after another, within an org its lanes, from each lane as much as may run at once and as
 * its org and its origin have room for. Several processes claim at once: each takes the lanes that no other has, and waits for none.
 */
import type { Claim } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import { type PassedOver, RoomLeft } from "../../core/claim-room.ts";
import { limits } from "../../core/limits.ts";
import type { OrgKey } from "../../core/org.ts";
import { originOf } from "../../core/origin.ts";
import type { ClaimOrder, DeliveryRows } from "../ports/deliveries.ts";
import type { Tables } from "../sql/tables.ts";
import type { ClaimTurn } from "./claim-turn.ts";
import type { PostgresDatabase } from "./database.ts";
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

export function postgresClaim(
  db: PostgresDatabase,
  lanes: Lanes,
  turn: ClaimTurn,
): Pick<DeliveryRows, "claim" | "nextDueAt" | "releaseAll"> {
  const statements = claimStatements(db);

  async function takeFromLane(org: OrgKey, channelKey: number, taking: Taking): Promise<void> {
    const { order, room, claims, passedOver } = taking;
    const mayTake = Math.min(order.limit - claims.length, room.ofOrg(org), room.ofChannel(channelKey));
    const known = turn.originOf(channelKey);
    const isVain = known !== undefined && room.ofOrigin(known) <= 0;
    const due = isVain ? [] : await statements.due(org, channelKey, order.now, Math.max(0, mayTake));
    const origin = isVain ? known : due[0] === undefined ? null : originOf(due[0].notify_url);
    const rows = origin === null ? due : due.slice(0, Math.max(0, room.ofOrigin(origin)));
    if (origin !== null) {
      turn.noteOrigin(channelKey, origin);
      room.take({ org, origin, count: rows.length });
      if (isVain || rows.length < due.length) passedOver.push({ org, channelKey, origin });
    }
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await statements.hold(org, ids, order.claimToken, order.leaseUntil);
    const [first] = isVain ? [{ due_at: order.now, state: "active" }] : await statements.firstDue(org, channelKey);
    // A lane that is held is looked at again when it is let go. What is due already waits for the next turn, behind the lanes that wait now.
    const isHeld = first === undefined || first.state !== "active";
    await lanes.set(org, channelKey, isHeld ? null : Math.max(first.due_at, order.now));
    claims.push(...rows.map((row) => claimOf(row, order)));
  }

  /** Whether it looked at a lane. */
  async function takeFromOrg(org: OrgKey, taking: Taking): Promise<boolean> {
    const { order, room, claims, passedOver } = taking;
    if (room.ofOrg(org) <= 0) return false;
    const seen = taking.seen.get(org) ?? [];
    taking.seen.set(org, seen);
    const skip = [...(taking.skipped.get(org) ?? []), ...seen];
    const due = await lanes.take({ org, now: order.now, skip, limit: limits.lanesPerTurnMax });
    for (const channelKey of due) {
      if (claims.length >= order.limit || room.ofOrg(org) <= 0 || passedOver.length >= limits.lanesPassedOverMax) break;
      seen.push(channelKey);
      await takeFromLane(org, channelKey, taking);
    }
    return due.length > 0;
  }

  return {
    claim: async (order) => {
      const room = new RoomLeft(order.room);
      const taking: Taking = { order, room, skipped: new Map(order.room.skipped), seen: new Map(), claims: [], passedOver: [] };
      const { claims, passedOver } = taking;
      let firstServed: OrgKey | null = null;
      let steps = 0;
      // A turn of all orgs in which nothing was seen ends it.
      for (let quietSince: OrgKey | null = null; claims.length < order.limit && steps < limits.orgsPerClaimMax; steps += 1) {
        if (passedOver.length >= limits.lanesPassedOverMax) break;
        const org = (await lanes.orgAfter(turn.lastOrg)) ?? (await lanes.orgAfter(0));
        if (org === null || org === quietSince) break;
        turn.lastOrg = org;
        if (await takeFromOrg(org, taking)) quietSince = null;
        else quietSince ??= org;
        if (claims.length > 0) firstServed ??= org;
      }
      // Where the limit was not what ended it, orgs may have competed for the room of one origin: the one that was first is last then.
      if (claims.length < order.limit && firstServed !== null) turn.lastOrg = firstServed;
      return { claims, passedOver };
    },
    nextDueAt: ({ orgs, channelKeys }) => lanes.nextDueAt(channelKeys, orgs),
    releaseAll: async (now) => {
      for (const { org, channel_key: channelKey } of await statements.release(now)) await lanes.wake(org, channelKey, now);
    },
  };
}

type Row = Tables["deliveries"];
type DueRow = Pick<Row, "org" | "id" | "attempts" | "committed_at" | "channel_key" | "channel_id" | "module" | "operation" | "record_ids"> &
  Pick<Row, "affected_fields" | "affected_values" | "replay_of" | "is_replay" | "is_test" | "body"> &
  Pick<Tables["channels"], "notify_url" | "token" | "secret" | "previous_secret" | "previous_secret_until">;

const ofChannel = `from deliveries as d join channels as c on c.org = d.org and c.key = d.channel_key where d.org = $1 and d.channel_key = $2`;

function claimStatements(db: PostgresDatabase) {
  return {
    due: db.rows<DueRow>(
      `select d.org, d.id, d.attempts, d.committed_at, d.channel_key, d.channel_id, d.module, d.operation, d.record_ids, d.affected_fields,
         d.affected_values, d.replay_of, d.is_replay, d.is_test, d.body, c.notify_url, c.token, c.secret, c.previous_secret,
         c.previous_secret_until
       ${ofChannel} and d.due_at <= $3 and c.state = 'active'
       order by d.due_at, d.id limit $4 for update of d skip locked`,
    ),
    hold: db.changed(`update deliveries set status = 'claimed', claim_token = $3, due_at = $4 where org = $1 and id = any ($2::bigint[])`),
    firstDue: db.rows<{ due_at: number; state: string }>(
      `select d.due_at, c.state ${ofChannel} and d.due_at is not null order by d.due_at limit 1`,
    ),
    // A claim whose lease has ended is due already; the others are found among what falls due later.
    release: db.rows<{ org: number; channel_key: number }>(
      `with freed as (
         update deliveries set status = 'pending', claim_token = null, due_at = $1 where due_at > $1 and status = 'claimed'
         returning org, channel_key)
       select distinct org, channel_key from freed`,
    ),
  };
}

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
    body: row.body,
  };
}
