/**
 * Hands out what is due, in fair turns: orgs one after another, within an org its lanes, from each lane as much as may run at once and as
 * its org and its origin have room for. What is made while a hand is open it may take at once.
 */
import { sql } from "kysely";
import type { Claim } from "../../core/attempt.ts";
import type { PassedOver, Skipped } from "../../core/claim-room.ts";
import type { Hand } from "../../core/hand.ts";
import { limits } from "../../core/limits.ts";
import type { OrgKey } from "../../core/org.ts";
import type { DeliveryRows } from "../ports/deliveries.ts";
import { claimOf } from "../sql/delivery-row.ts";
import type { ChannelTargets } from "./channel-targets.ts";
import { type Database, arg } from "./database.ts";
import type { Lanes } from "./lanes.ts";
import type { RecordLines } from "./record-lines.ts";
import type { InHand } from "./in-hand.ts";

/** What stands around deliveries: the order of records, the turns of channels, and where they are sent. */
export type Queues = {
  readonly lines: RecordLines;
  readonly lanes: Lanes;
  readonly inHand: InHand;
  readonly targets: ChannelTargets;
};

/** One claim under way. */
type Taking = {
  readonly hand: Hand;
  readonly skipped: ReadonlyMap<OrgKey, readonly number[]>;
  /** The channels looked at, each once. */
  readonly seen: Map<OrgKey, number[]>;
  readonly passedOver: PassedOver[];
};

export function sqliteClaim(db: Database, queues: Queues): Pick<DeliveryRows, "claim" | "nextDueAt" | "releaseAll"> {
  const { lanes, targets, inHand } = queues;
  const statements = laneStatements(db);
  // Where the next claim goes on; losing it costs a turn.
  let lastOrg = 0;

  function takeFromLane(org: OrgKey, channelKey: number, { hand, passedOver }: Taking): void {
    const { order, room } = hand;
    const target = targets.get(channelKey);
    // A lane that is held is looked at again when it is let go.
    if (target?.health.state !== "active") {
      lanes.set(org, channelKey, null);
      return;
    }
    const { origin } = target;
    const left = Math.min(hand.left, room.ofOrg(org), room.ofChannel(channelKey), limits.claimsPerTurnMax);
    const ofOrigin = room.ofOrigin(origin);
    const due = ofOrigin <= 0 ? [] : statements.due({ org, channelKey, now: order.now, limit: left });
    const rows = due.slice(0, ofOrigin);
    for (const row of rows) statements.hold({ org, id: row.id, claimToken: order.claimToken, leaseUntil: order.leaseUntil });
    hand.take(
      rows.map((row) => claimOf(row, target, order)),
      origin,
    );
    const isVain = ofOrigin <= 0;
    if (isVain || rows.length < due.length) passedOver.push({ org, channelKey, origin });
    const first = isVain ? order.now : (statements.firstDue({ org, channelKey })?.due_at ?? null);
    // What is due already waits for the next turn, behind the lanes that wait now.
    lanes.set(org, channelKey, first === null ? null : Math.max(first, order.now));
  }

  /** Whether it looked at a lane. */
  function takeFromOrg(org: OrgKey, taking: Taking): boolean {
    const { hand, passedOver } = taking;
    if (hand.room.ofOrg(org) <= 0) return false;
    const seen = taking.seen.get(org) ?? [];
    taking.seen.set(org, seen);
    const skip = JSON.stringify([...(taking.skipped.get(org) ?? []), ...seen]);
    const due = lanes.due({ org, now: hand.order.now, skip, limit: limits.lanesPerTurnMax });
    for (const channelKey of due) {
      if (hand.left <= 0 || hand.room.ofOrg(org) <= 0 || passedOver.length >= limits.lanesPassedOverMax) break;
      seen.push(channelKey);
      takeFromLane(org, channelKey, taking);
    }
    return due.length > 0;
  }

  return {
    ...releaseStatement(db, queues),
    claim: (hand) => {
      const taking: Taking = { hand, skipped: new Map(hand.order.room.skipped), seen: new Map(), passedOver: [] };
      const { passedOver } = taking;
      giveBackDisturbed(statements, queues, hand);
      inHand.writeDownExpired(hand.order.now);
      // Nobody counts here what else fell due.
      if (hand.isOnlyForMade) hand.noteLeft();
      if (hand.isOnlyForMade) return passedOver;
      const takenBefore = hand.claims.length;
      let firstServed: OrgKey | null = null;
      let steps = 0;
      // A turn of all orgs in which nothing was seen ends it.
      for (let quietSince: OrgKey | null = null; hand.left > 0 && steps < limits.orgsPerClaimMax; steps += 1) {
        if (passedOver.length >= limits.lanesPassedOverMax) break;
        const org = lanes.orgAfter(lastOrg) ?? lanes.orgAfter(0);
        if (org === null || org === quietSince) break;
        lastOrg = org;
        if (takeFromOrg(org, taking)) quietSince = null;
        else quietSince ??= org;
        if (hand.claims.length > takenBefore) firstServed ??= org;
      }
      // Where the limit was not what ended it, orgs may have competed for the room of one origin: the one that was first is last then.
      if (hand.left > 0 && firstServed !== null) lastOrg = firstServed;
      return passedOver;
    },
    nextDueAt: (skipped) => nextDueAt(queues, skipped),
  };
}

/**
 * Gives back what was claimed as it was made where its channel changed since: it may be held, be sent elsewhere or be signed otherwise. What
 * still may go the claim takes again, as the channel is now. What was cancelled is dropped.
 */
function giveBackDisturbed(statements: ReturnType<typeof laneStatements>, { lanes, inHand }: Queues, hand: Hand): void {
  const { now, claimToken } = hand.order;
  const isDisturbed = ({ channelKey }: Claim): boolean => inHand.isDisturbed(channelKey);
  for (const { org, deliveryId: id, channelKey } of hand.claims.filter(isDisturbed)) {
    inHand.writeDown(id);
    if (statements.giveBack({ org, id, claimToken, now }) > 0) lanes.wake(org, channelKey, now);
  }
  hand.drop(isDisturbed);
}

function nextDueAt({ lanes, inHand }: Queues, { orgs, channelKeys }: Skipped): number | null {
  const ofLanes = lanes.nextDueAt(JSON.stringify(channelKeys), JSON.stringify(orgs));
  return ofLanes === null || inHand.leaseUntil === null ? (ofLanes ?? inHand.leaseUntil) : Math.min(ofLanes, inHand.leaseUntil);
}

/** For the start: whoever held a claim is gone. */
function releaseStatement(db: Database, { lanes, inHand }: Queues): Pick<DeliveryRows, "releaseAll"> {
  const statements = releaseStatements(db);
  return {
    releaseAll: (now) => {
      // A channel that is held may have claims and no lane.
      for (const { org, channel_key: channelKey } of [...statements.allLanes({}), ...statements.allHeld({})]) {
        if (statements.release({ org, channelKey, now }) > 0) lanes.wake(org, channelKey, now);
      }
      inHand.releaseAll(now);
    },
  };
}

function laneStatements(db: Database) {
  const q = db.builder;
  const columns = ["org", "id", "attempts", "committed_at", "channel_key", "channel_id", "module", "operation"] as const;
  const more = ["record_ids", "affected_fields", "affected_values", "replay_of", "is_replay", "is_test", "body"] as const;
  const ofLane = q
    .selectFrom("deliveries")
    .where("org", "=", arg<number>("org"))
    .where("channel_key", "=", arg<number>("channelKey"))
    .where("is_in_hand", "=", sql.lit(0))
    .orderBy("due_at");
  return {
    due: db.all(
      ofLane
        .select([...columns, ...more])
        .where("due_at", "<=", arg<number>("now"))
        .orderBy("id")
        .limit(arg<number>("limit")),
    ),
    hold: db.run(
      q
        .updateTable("deliveries")
        .set({ status: sql.lit("claimed"), claim_token: arg<string>("claimToken"), due_at: arg<number>("leaseUntil") })
        .where("org", "=", arg<number>("org"))
        .where("id", "=", arg<number>("id")),
    ),
    giveBack: db.run(
      q
        .updateTable("deliveries")
        .set({ status: sql.lit("pending"), claim_token: sql.lit(null), due_at: arg<number>("now") })
        .where("org", "=", arg<number>("org"))
        .where("id", "=", arg<number>("id"))
        .where("claim_token", "=", arg<string>("claimToken")),
    ),
    firstDue: db.first(ofLane.select("due_at").where("due_at", "is not", null).limit(sql.lit(1))),
  };
}

function releaseStatements(db: Database) {
  const q = db.builder;
  return {
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
        .where("is_in_hand", "=", sql.lit(0))
        .where("status", "=", sql.lit("claimed")),
    ),
  };
}
