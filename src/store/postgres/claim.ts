/**
 * Hands out what is due, in fair turns: orgs one after another, within an org its lanes, from each lane as much as may run at once and as
 * its org and its origin have room for. Several processes claim at once: each takes the lanes that no other has, and waits for none.
 */
import type { Claim } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import type { PassedOver } from "../../core/claim-room.ts";
import type { ClaimOrder, Hand } from "../../core/hand.ts";
import { limits } from "../../core/limits.ts";
import type { OrgKey } from "../../core/org.ts";
import { originOf } from "../../core/origin.ts";
import type { DeliveryRows } from "../ports/deliveries.ts";
import type { Tables } from "../sql/tables.ts";
import type { ClaimTurn } from "./claim-turn.ts";
import type { PostgresDatabase } from "./database.ts";
import type { Lanes } from "./lanes.ts";

/** One claim under way. */
type Taking = {
  readonly hand: Hand;
  readonly skipped: ReadonlyMap<OrgKey, readonly number[]>;
  /** The channels looked at, each once. */
  readonly seen: Map<OrgKey, number[]>;
  readonly passedOver: PassedOver[];
};

export function postgresClaim(
  db: PostgresDatabase,
  lanes: Lanes,
  turn: ClaimTurn,
): Pick<DeliveryRows, "claim" | "nextDueAt" | "releaseAll"> {
  const statements = claimStatements(db);

  async function takeFromLane(org: OrgKey, channelKey: number, { hand, passedOver }: Taking): Promise<void> {
    const { order, room } = hand;
    const [target] = await statements.target(org, channelKey);
    // A lane that is held is looked at again when it is let go.
    if (target?.state !== "active") {
      await lanes.set(org, channelKey, null);
      return;
    }
    const origin = originOf(target.notify_url);
    const left = Math.min(hand.left, room.ofOrg(org), room.ofChannel(channelKey), limits.claimsPerTurnMax);
    const ofOrigin = room.ofOrigin(origin);
    const isVain = ofOrigin <= 0;
    const due = isVain ? [] : await statements.due(org, channelKey, order.now, Math.max(0, left));
    const rows = due.slice(0, ofOrigin);
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await statements.hold(org, ids, order.claimToken, order.leaseUntil);
    hand.take(
      rows.map((row) => claimOf(row, target, order)),
      origin,
    );
    if (isVain || rows.length < due.length) passedOver.push({ org, channelKey, origin });
    const first = isVain ? order.now : ((await statements.firstDue(org, channelKey))[0]?.due_at ?? null);
    // What is due already waits for the next turn, behind the lanes that wait now.
    await lanes.set(org, channelKey, first === null ? null : Math.max(first, order.now));
  }

  /** Whether it looked at a lane. */
  async function takeFromOrg(org: OrgKey, taking: Taking): Promise<boolean> {
    const { hand, passedOver } = taking;
    if (hand.room.ofOrg(org) <= 0) return false;
    const seen = taking.seen.get(org) ?? [];
    taking.seen.set(org, seen);
    const skip = [...(taking.skipped.get(org) ?? []), ...seen];
    const due = await lanes.take({ org, now: hand.order.now, skip, limit: limits.lanesPerTurnMax });
    for (const channelKey of due) {
      if (hand.left <= 0 || hand.room.ofOrg(org) <= 0 || passedOver.length >= limits.lanesPassedOverMax) break;
      seen.push(channelKey);
      await takeFromLane(org, channelKey, taking);
    }
    return due.length > 0;
  }

  return {
    claim: async (hand) => {
      const taking: Taking = { hand, skipped: new Map(hand.order.room.skipped), seen: new Map(), passedOver: [] };
      const { passedOver } = taking;
      let firstServed: OrgKey | null = null;
      let steps = 0;
      // A turn of all orgs in which nothing was seen ends it.
      for (let quietSince: OrgKey | null = null; hand.left > 0 && steps < limits.orgsPerClaimMax; steps += 1) {
        if (passedOver.length >= limits.lanesPassedOverMax) break;
        const org = (await lanes.orgAfter(turn.lastOrg)) ?? (await lanes.orgAfter(0));
        if (org === null || org === quietSince) break;
        turn.lastOrg = org;
        if (await takeFromOrg(org, taking)) quietSince = null;
        else quietSince ??= org;
        if (hand.claims.length > 0) firstServed ??= org;
      }
      // Where the limit was not what ended it, orgs may have competed for the room of one origin: the one that was first is last then.
      if (hand.left > 0 && firstServed !== null) turn.lastOrg = firstServed;
      return passedOver;
    },
    nextDueAt: ({ orgs, channelKeys }) => lanes.nextDueAt(channelKeys, orgs),
    releaseAll: async (now) => {
      for (const { org, channel_key: channelKey } of await statements.release(now)) await lanes.wake(org, channelKey, now);
    },
  };
}

type Row = Tables["deliveries"];
type DueRow = Pick<Row, "org" | "id" | "attempts" | "committed_at" | "channel_key" | "channel_id" | "module" | "operation" | "record_ids"> &
  Pick<Row, "affected_fields" | "affected_values" | "replay_of" | "is_replay" | "is_test" | "body">;
type Target = Pick<Tables["channels"], "state" | "notify_url" | "token" | "secret" | "previous_secret" | "previous_secret_until">;

const ofLane = "from deliveries where org = $1 and channel_key = $2";

function claimStatements(db: PostgresDatabase) {
  return {
    target: db.rows<Target>(
      `select state, notify_url, token, secret, previous_secret, previous_secret_until from channels where org = $1 and key = $2`,
    ),
    due: db.rows<DueRow>(
      `select org, id, attempts, committed_at, channel_key, channel_id, module, operation, record_ids, affected_fields, affected_values,
         replay_of, is_replay, is_test, body
       ${ofLane} and due_at <= $3 order by due_at, id limit $4 for update skip locked`,
    ),
    hold: db.changed(`update deliveries set status = 'claimed', claim_token = $3, due_at = $4 where org = $1 and id = any ($2::bigint[])`),
    firstDue: db.rows<{ due_at: number }>(`select due_at ${ofLane} and due_at is not null order by due_at limit 1`),
    // A claim whose lease has ended is due already; the others are found among what falls due later.
    release: db.rows<{ org: number; channel_key: number }>(
      `with freed as (
         update deliveries set status = 'pending', claim_token = null, due_at = $1 where due_at > $1 and status = 'claimed'
         returning org, channel_key)
       select distinct org, channel_key from freed`,
    ),
  };
}

function claimOf(row: DueRow, target: Target, order: ClaimOrder): Claim {
  return {
    org: row.org,
    deliveryId: row.id,
    claimToken: order.claimToken,
    leaseUntil: order.leaseUntil,
    attemptsMade: row.attempts,
    committedAt: row.committed_at,
    channelKey: row.channel_key,
    channelId: row.channel_id,
    notifyUrl: target.notify_url,
    token: target.token,
    secret: target.secret,
    previousSecret: (target.previous_secret_until ?? 0) > order.now ? target.previous_secret : null,
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
